"""The installation that the README describes, started whole and used from outside."""

import contextlib
import gzip
import http.client
import os
import socket
import ssl
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from time import perf_counter

import pytest
from django.core.management import call_command
from django.db import connection
from pytest_django import DjangoDbBlocker

from accounts.events import ClaveEvent
from accounts.models import Clave
from tests.builders import PASSWORD, TRAMITE, make_person
from tests.deploy.https_client import HttpsClient, begun, conversation, handshake
from tests.deploy.machine import HERE, HOST, OFFICE, STRANGER, Machine, NotHere, running
from tests.test_architecture import HEADERS
from tests.visitor import Visitor
from tests.walker import log_in, walk

pytestmark = pytest.mark.skipif(
    connection.vendor != "postgresql", reason="an installation for a country runs on PostgreSQL"
)
TOKEN = "MDAwMDAwMDAwMDA:1vQ:Zm9yZ2VkLXRva2Vu"


@pytest.fixture(scope="module")
def machine(
    tmp_path_factory: pytest.TempPathFactory, django_db_blocker: DjangoDbBlocker
) -> Iterator[Machine]:
    with django_db_blocker.unblock():
        try:
            with running(tmp_path_factory.mktemp("machine")) as machine:
                yield machine
        except NotHere as missing:
            if os.environ.get("REQUIRE_BROWSER"):  # where everything was installed for it
                pytest.fail(str(missing))
            pytest.skip(str(missing))


@pytest.fixture
def citizen(machine: Machine) -> Visitor:
    return visitor_of(machine)


def visitor_of(machine: Machine, host: str = HOST, source: str = HERE) -> Visitor:
    visitor = Visitor()
    visitor.client = HttpsClient(machine, host, source)
    return visitor


def over_plain_http(machine: Machine, path: str, host: str) -> tuple[int, str]:
    """The status and where it leads."""
    with closing(http.client.HTTPConnection(HERE, machine.http_port, timeout=10)) as sender:
        sender.request("GET", path, headers={"Host": host})
        answer = sender.getresponse()
        return answer.status, answer.headers["Location"]


def test_a_key_is_created_over_https_opens_the_portal_and_nothing_of_it_is_written_down(
    machine: Machine, citizen: Visitor
) -> None:
    marta = make_person()
    walk(citizen, marta)
    assert Clave.objects.get(cuil=marta.cuil).state == "level_2"
    log_in(citizen, marta)
    assert citizen.url == "/inicio/"
    assert "Mi clave" in citizen.response.text
    # The visitor's address as nginx wrote it, whatever the visitor claims.
    visitor_of(machine).client.get("/", **{"X-Forwarded-For": "203.0.113.7"})
    assert set(ClaveEvent.objects.values_list("address", flat=True)) == {HERE}
    for address in (f"/no-fui-yo/{TOKEN}/", f"/usi-07/{TOKEN}/formulario-usi-07.pdf", f"/?cuil={marta.cuil}"):
        citizen.open(address)
    citizen.open(f"/{marta.cuil}/")
    citizen.open(f"/{marta.cuil[:2]}-{marta.cuil[2:10]}-{marta.cuil[10]}/")
    citizen.open(f"/no%2dfui-yo/{TOKEN}/")
    log = machine.written_down()
    assert " POST /crear/cuil/ 302 " in log
    assert " GET /no-fui-yo/- " in log
    for secret in (marta.cuil, marta.document_number, PASSWORD, TRAMITE, TOKEN, marta.surname):
        assert secret not in log


def test_cookies_are_bound_to_the_host_and_headers_are_those_of_the_portal(citizen: Visitor) -> None:
    citizen.open("/")
    assert set(citizen.client.cookies) == {"__Host-csrf"}
    cookie = citizen.client.cookies["__Host-csrf"]
    assert (cookie["secure"], cookie["httponly"], cookie["path"], cookie["domain"]) == (True, True, "/", "")
    headers = citizen.response.headers
    assert headers["Strict-Transport-Security"].startswith("max-age=31536000")
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert headers["Cache-Control"] == "no-store"
    assert headers["Server"] == "nginx"


def test_what_nginx_answers_itself_carries_every_header_too(citizen: Visitor) -> None:
    """Its policy for content is narrower than that of the pages: there is no script in what it sends."""
    for path in ("/static/css/portal.css", "/metricas"):
        headers = citizen.client.get(path).headers
        assert headers["Content-Security-Policy"].startswith("default-src 'none'; style-src 'self'")
        for name in HEADERS.keys() - {"Content-Security-Policy"}:
            assert headers[name] == HEADERS[name], (path, name)


def test_each_door_is_found_at_its_own_host_only(machine: Machine, citizen: Visitor) -> None:
    assert citizen.open("/admin/").status == 404
    office = visitor_of(machine, OFFICE)
    assert office.open("/admin/").status == 200
    assert office.url.startswith("/admin/login/")
    assert all(name.startswith("__Host-oficina") for name in office.client.cookies)
    assert office.open("/crear/politicas/").status == 404
    stranger = visitor_of(machine, OFFICE, STRANGER).open("/admin/login/")
    assert stranger.status == 403
    assert "Se abre sólo desde las oficinas" in stranger.text
    assert visitor_of(machine, HOST, STRANGER).open("/").status == 200


def test_plain_http_leads_to_https_and_another_host_gets_no_answer(machine: Machine) -> None:
    assert over_plain_http(machine, "/crear/?x=1", HOST) == (301, f"https://{HOST}/crear/?x=1")
    with pytest.raises(http.client.RemoteDisconnected):
        over_plain_http(machine, "/", "otro.prueba.test")
    with socket.create_connection((HERE, machine.https_port), 10) as sock, pytest.raises(ssl.SSLError):
        ssl.create_default_context().wrap_socket(sock, server_hostname="otro.prueba.test")


def test_who_sends_slowly_holds_nobody_up_and_is_let_go(machine: Machine, citizen: Visitor) -> None:
    with contextlib.ExitStack() as all_of_them:
        half = f"POST / HTTP/1.1\r\nHost: {HOST}\r\nContent-Le".encode()
        slow = [all_of_them.enter_context(begun(machine, half)) for _ in range(60)]
        assert citizen.open("/").status == 200
        for line in slow:
            line.settimeout(20)  # nginx's own default is a minute
            assert line.recv(1) == b""


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1], ids=str)
def test_old_versions_of_tls_are_not_spoken(machine: Machine, version: ssl.TLSVersion) -> None:
    with pytest.raises(ssl.SSLError) as refused:
        handshake(machine, version, "ALL")
    # The other side's words: ours would have spoken it.
    assert refused.value.reason == "TLSV1_ALERT_PROTOCOL_VERSION"
    assert handshake(machine, ssl.TLSVersion.TLSv1_3, "ALL").startswith("TLS_")


def test_of_all_suites_only_those_are_taken_that_keep_what_was_said_secret_for_good(machine: Machine) -> None:
    """With TLS 1.2, and the certificate of an elliptic curve: ephemeral keys, and ciphers that seal."""
    every = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    every.set_ciphers("ALL:COMPLEMENTOFALL:@SECLEVEL=0")
    taken = set()
    offered = [suite["name"] for suite in every.get_ciphers() if suite["protocol"] != "TLSv1.3"]
    for name in offered:
        with contextlib.suppress(ssl.SSLError, ConnectionError):
            taken.add(handshake(machine, ssl.TLSVersion.TLSv1_2, name))
    assert {"AES128-SHA", "ECDHE-ECDSA-AES128-SHA"} <= set(offered)
    assert taken == {
        "ECDHE-ECDSA-AES128-GCM-SHA256", "ECDHE-ECDSA-AES256-GCM-SHA384", "ECDHE-ECDSA-CHACHA20-POLY1305",
    }  # fmt: skip


@pytest.mark.parametrize(
    "lengths",
    [
        pytest.param(b"Content-Length: 4\r\nContent-Length: 5", id="two lengths"),
        pytest.param(b"Content-Length: 4\r\nContent-Length: 4", id="the same length twice"),
        pytest.param(b"Content-Length: 4\r\nTransfer-Encoding: chunked", id="a length and chunks"),
        pytest.param(b"Transfer-Encoding: chunked\r\nContent-Length: 4", id="chunks and a length"),
        pytest.param(b"Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked", id="chunked twice"),
        pytest.param(b"Transfer-Encoding: identity", id="another way than chunks"),
        pytest.param(b"Transfer-Encoding: xchunked", id="nearly chunked"),
        pytest.param(b"Transfer-Encoding: chunked, identity", id="two ways"),
        pytest.param(b"Transfer-Encoding : chunked", id="a space before the colon"),
        pytest.param(b"Content-Length : 4", id="a length with a space"),
        pytest.param(b"Content-Length: +4", id="a length with a sign"),
        pytest.param(b"Content-Length: 0x4", id="a length of another base"),
        pytest.param(b"Content-Length: 4,4", id="two lengths in one"),
        pytest.param(b"X: y\r\n Transfer-Encoding: chunked", id="a line that goes on"),
    ],
)
def test_a_request_whose_end_can_be_read_in_two_ways_is_refused_and_hides_no_other(
    machine: Machine, lengths: bytes
) -> None:
    hidden = f"GET /oficinas/escondido HTTP/1.1\r\nHost: {HOST}\r\nConnection: close\r\n\r\n".encode()
    head = f"POST / HTTP/1.1\r\nHost: {HOST}\r\n".encode()
    came = conversation(machine, head + lengths + b"\r\n\r\n0\r\n\r\n" + hidden)
    assert came.startswith(b"HTTP/1.1 400 ")
    assert came.count(b"HTTP/1.1 ") == 1
    assert b"No pudimos entender el pedido" in came
    assert "escondido" not in machine.written_down()


def test_what_looks_like_a_request_within_a_form_is_none(machine: Machine) -> None:
    hidden = f"GET /oficinas/en-el-medio HTTP/1.1\r\nHost: {HOST}\r\n\r\n".encode()
    head = f"POST / HTTP/1.1\r\nHost: {HOST}\r\nConnection: close\r\n".encode()
    for body in (
        b"Content-Length: %d\r\n\r\n%b" % (len(hidden), hidden),
        b"Transfer-Encoding: chunked\r\n\r\n%x\r\n%b\r\n0\r\n\r\n" % (len(hidden), hidden),
    ):
        came = conversation(machine, head + body)
        assert came.startswith(b"HTTP/1.1 403 ")
        assert came.count(b"HTTP/1.1 ") == 1
    assert "en-el-medio" not in machine.written_down()


def test_what_nginx_refuses_is_told_in_spanish_and_in_the_portals_look(
    machine: Machine, citizen: Visitor
) -> None:
    client = citizen.client
    told = {
        413: client.post("/crear/cuil/", {"x": "a" * 70_000}),
        414: client.get("/" + "a" * 9_000),
        431: client.get("/", **{"X-Long": "a" * 9_000}),
        404: client.get("/metricas"),
        405: client.ask("TRACE", "/"),
    }
    for status, answer in told.items():
        assert answer.status_code == status
        assert '<html lang="es-AR">' in answer.text
        assert "css/portal.css" in answer.text
        assert "default-src 'none'" in answer.get("Content-Security-Policy")
    assert "no recibe archivos" in told[413].text
    assert client.get("/static/css/portal.css").status_code == 200
    assert client.get("/error-pages/413.html").status_code == 404
    assert [client.get(path).status_code for path in ("/salud/vivo", "/salud/listo")] == [200, 404]


def test_static_files_come_compressed_and_are_kept_for_a_year(citizen: Visitor) -> None:
    citizen.open("/")
    sheet = citizen.page.xpath("//link[@rel='stylesheet']/@href")[0]
    answer = citizen.client.get(sheet, **{"Accept-Encoding": "gzip"})
    assert answer.get("Content-Encoding") == "gzip"
    assert "immutable" in answer.get("Cache-Control")
    assert answer.get("Content-Type").startswith("text/css")
    assert "Portal Sans" in gzip.decompress(answer.content).decode()


def test_the_portals_role_is_enough_for_the_copy_of_each_night(machine: Machine, tmp_path: Path) -> None:
    call_command("back_up", str(tmp_path))
    (copy,) = tmp_path.iterdir()
    assert {file.stat().st_size > 0 for file in copy.iterdir()} == {True}


def test_whoever_sends_form_after_form_is_told_to_wait_and_others_are_not(machine: Machine) -> None:
    flood, began = HttpsClient(machine, HOST, "127.0.0.33"), perf_counter()
    while (answer := flood.post("/", {})).status_code == 403 and perf_counter() - began < 60:
        pass
    assert answer.status_code == 429
    assert answer.get("Retry-After") == "60"
    assert "demasiados pedidos desde tu conexión" in answer.text
    assert flood.get("/").status_code == 200
    assert visitor_of(machine, HOST, STRANGER).client.post("/", {}).status_code == 403
