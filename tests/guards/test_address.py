"""Whose address a request has, and who may say so."""

import pytest
from django.conf import LazySettings
from django.test import RequestFactory

from guards.address import client_address, network_of


def address(**headers: str) -> str:
    return client_address(RequestFactory().get("/", REMOTE_ADDR="10.0.0.9", **headers))


@pytest.mark.parametrize("claimed", ["1.2.3.4", "1.2.3.4, 5.6.7.8", ""])
def test_without_proxies_of_ours_nobody_says_where_they_come_from(claimed: str) -> None:
    assert address(HTTP_X_FORWARDED_FOR=claimed) == "10.0.0.9"


@pytest.mark.parametrize(
    ("proxies", "claimed", "believed"),
    [
        (1, "200.45.1.2", "200.45.1.2"),
        (1, "6.6.6.6, 200.45.1.2", "200.45.1.2"),
        (1, "6.6.6.6,200.45.1.2", "200.45.1.2"),
        (2, "6.6.6.6, 200.45.1.2, 10.0.0.1", "200.45.1.2"),
        (2, "200.45.1.2", "10.0.0.9"),  # came past the first proxy
        (3, "6.6.6.6, 200.45.1.2, 10.0.0.1, 10.0.0.2", "200.45.1.2"),
        (1, "2001:db8:0:0:0:0:0:1", "2001:db8:0:0:0:0:0:1"),
    ],
)
def test_our_proxies_are_believed_and_nothing_further_left(
    settings: LazySettings, proxies: int, claimed: str, believed: str
) -> None:
    settings.PORTAL_PROXIES = proxies
    assert address(HTTP_X_FORWARDED_FOR=claimed) == believed


def test_without_the_header_the_peer_is_the_visitor(settings: LazySettings) -> None:
    settings.PORTAL_PROXIES = 1
    assert address() == "10.0.0.9"


def test_no_address_is_longer_than_its_column(settings: LazySettings) -> None:
    settings.PORTAL_PROXIES = 1
    assert len(address(HTTP_X_FORWARDED_FOR="9" * 500)) == 45


@pytest.mark.parametrize(
    ("address", "counted"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::1", "2001:db8:1:2::/64"),
        ("", ""),
        ("no es nada", "no es nada"),
    ],
)
def test_a_limit_counts_an_ipv4_address_or_the_line_of_an_ipv6_one(address: str, counted: str) -> None:
    assert network_of(address) == counted
