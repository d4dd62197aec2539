"""Requests as no browser makes them: every part of one may be wrong, alone or with others."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, urlsplit

from django.http import HttpResponseBase
from django.test import Client
from hypothesis import strategies as st

from tests.hostile.places import SECURE, Place, Target
from tests.hostile.texts import ELSEWHERE, hostile_text

Fields = list[tuple[str, str]]

METHODS = ["GET", "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT", "ZQ", "get", "\u00d1"]
FORM = "application/x-www-form-urlencoded"
_BOUNDARY = "zqborde"
KINDS = [
    "application/json", "text/xml", "text/plain", "application/octet-stream", "image/svg+xml", "", "zq", "/",
    ";;;", "multipart/form-data", "multipart/form-data; boundary=",
    "multipart/form-data; boundary=" + "b" * 300,
    "multipart/form-data; boundary=\u00f1", "multipart/mixed; boundary=" + _BOUNDARY,
    *(f"{FORM}; charset={name}" for name in ("utf-16", "utf-7", "latin-1", "inventado", "", "idna", "rot13")),
    f"multipart/form-data; boundary={_BOUNDARY}; charset=utf-7",
]  # fmt: skip
# What stands in the way of a well-made part.
BROKEN_PARTS = [
    b"", b"--", b"--" + _BOUNDARY.encode(), b"--" + _BOUNDARY.encode() + b"--",
    b'Content-Disposition: form-data; name="cuil\r\n\r\nzq', b"Content-Disposition: form-data\r\n\r\nzq",
    b"Content-Transfer-Encoding: base64\r\n\r\n%%%", b"\x00\xff\xfe" * 40,
    b"Content-Disposition: form-data; name*=utf-16''%ff%fe; name=a\r\n\r\nb",
    b"Content-Disposition: form-data; name=a; filename=" + b"../" * 40 + b"zq\r\nContent-Type: zq\r\n\r\nx",
    b"Content-Disposition: " + b"a" * 5000,
]  # fmt: skip
HEADERS = {
    "HTTP_ACCEPT": ["application/json", "*/*;q=zq", "\u00ff" * 50],
    "HTTP_ACCEPT_LANGUAGE": ["en", "zq" * 300, "es-AR;q=NaN", "*", "../../etc"],
    "HTTP_ACCEPT_ENCODING": ["br", "zq;q=-1", "gzip, gzip, gzip"],
    "HTTP_REFERER": ["https://zq.example/", "\u00ff", "http://[", "javascript:zq"],
    "HTTP_ORIGIN": ["https://zq.example", "null", "http://["],
    "HTTP_RANGE": ["bytes=0-", "bytes=-" + "9" * 5000, "bytes=9-1", "zq"],
    "HTTP_IF_MODIFIED_SINCE": ["Thu, 01 Jan 1970 00:00:00 GMT", "31 Feb 99999", "\u00ff"],
    "HTTP_IF_NONE_MATCH": ["*", '"zq"', "zq"],
    "HTTP_USER_AGENT": ["", "\u00f1<zq>" * 200, "%s{0}", "\ud83d"],
    "HTTP_X_FORWARDED_FOR": ["zq", "1.1.1.1," * 200, "::1%zq", "\u00ff"],
    "HTTP_X_FORWARDED_PROTO": ["http", "zq"],
    "HTTP_X_FORWARDED_HOST": [ELSEWHERE],
    "HTTP_X_HTTP_METHOD_OVERRIDE": ["DELETE"],
    "HTTP_X_REQUESTED_WITH": ["XMLHttpRequest"],
    "HTTP_X_CSRFTOKEN": ["zq", "\u00ff", "x" * 10_000],
    "HTTP_AUTHORIZATION": ["Basic zq", "Bearer " + "z" * 5000, "\u00ff"],
    "HTTP_EXPECT": ["100-continue", "zq"],
    "HTTP_UPGRADE": ["websocket"],
    "HTTP_TRANSFER_ENCODING": ["chunked"],
    "CONTENT_LENGTH": ["", "0", "3", "99999999999"],
    "REMOTE_ADDR": ["", "zq", "::ffff:1.2.3.4", "2001:db8::1"],
}
COOKIES = ["sesion", "csrf", "messages", "equipo", "\u00f1", "zq"]
PARAMETERS = [
    "q",
    "next",
    "desde",
    "codigo",
    "de",
    "estado",
    "despues",
    "_popup",
    "_to_field",
    "o",
    "p",
    "e",
    "all",
]


@dataclass(frozen=True)
class Sent:
    """One request, as the portal is going to get it."""

    method: str
    path: str
    query: str
    body: bytes
    kind: str
    headers: dict[str, str] = field(default_factory=dict)
    cookies: dict[str, str] = field(default_factory=dict)

    def by(self, client: Client) -> HttpResponseBase:
        """Sends it. What is wrong in it arrives: nothing is put right on the way."""
        environ: dict[str, Any] = {"QUERY_STRING": self.query, **self.headers}
        if self.cookies:
            kept = {name: morsel.value for name, morsel in client.cookies.items()}
            environ["HTTP_COOKIE"] = "; ".join(f"{n}={v}" for n, v in (kept | self.cookies).items())
        return client.generic(self.method, self.path, self.body, self.kind, **SECURE, **environ)


def percent(text: str, safe: str = "") -> str:
    """A lone surrogate becomes bytes that are no UTF-8."""
    return quote(text.encode("utf-8", "surrogatepass"), safe=safe)


# --- The parts --------------------------------------------------------------------------------------


def _sometimes(unlikely: int, strategy: st.SearchStrategy[Any], otherwise: Any) -> st.SearchStrategy[Any]:
    """Once in `unlikely`."""
    return st.integers(0, unlikely - 1).flatmap(lambda n: strategy if n == 0 else st.just(otherwise))


@st.composite
def _path(draw: st.DrawFn, address: str) -> str:
    path = urlsplit(address).path
    odd = percent(draw(hostile_text), safe=draw(st.sampled_from(["", "/", "/%"])))
    place = draw(st.integers(0, 3))
    if place == 0:
        return path + odd
    parts = path.split("/")
    at = draw(st.integers(1, len(parts) - 1))
    if place == 1:
        return "/".join([*parts[:at], odd, *parts[at + 1 :]])
    return "/".join(
        [*parts[:at], draw(st.sampled_from(["", "", "..", ".", "%2e%2e", "%2f", ";zq", odd])), *parts[at:]]
    )


@st.composite
def _pairs(draw: st.DrawFn, fields: Fields) -> Fields:
    """Each field as it should be, with something else in it, twice, or not at all; and some of no form."""
    out: Fields = []
    for name, value in fields:
        match draw(st.integers(0, 9)):
            case 0 | 1 | 2:
                out.append((name, draw(hostile_text)))
            case 3:
                out += [(name, value), (name, draw(hostile_text))]
            case 4:
                pass
            case _:
                out.append((name, value))
    names = st.one_of(
        st.sampled_from([*PARAMETERS, *(n for n, _ in fields), "cuil[]", "a" * 300]), hostile_text
    )
    out += draw(_sometimes(3, st.lists(st.tuples(names, hostile_text), max_size=3), []))
    return out


def _urlencoded(pairs: Fields) -> bytes:
    return "&".join(f"{percent(name)}={percent(value)}" for name, value in pairs).encode()


@st.composite
def _multipart(draw: st.DrawFn, pairs: Fields) -> bytes:
    parts = [
        f'Content-Disposition: form-data; name="{name}"{filename}\r\n\r\n{value}'.encode(
            "utf-8", "surrogatepass"
        )
        for name, value in pairs
        for filename in [
            draw(_sometimes(6, st.just('; filename="<zq>.html"\r\nContent-Type: text/html'), ""))
        ]
    ]
    parts += draw(_sometimes(3, st.lists(st.sampled_from(BROKEN_PARTS), max_size=2), []))
    separator = draw(_sometimes(6, st.sampled_from([b"\n", b"\r\n\r\n", b""]), b"\r\n"))
    end = draw(_sometimes(4, st.sampled_from([b"", b"-", b"--zq"]), b"--"))
    mark = b"--" + _BOUNDARY.encode()
    return separator.join([*(mark + separator + part for part in parts), mark + end])


@st.composite
def _body(draw: st.DrawFn, fields: Fields) -> tuple[bytes, str]:
    pairs = draw(_pairs(fields))
    match draw(st.integers(0, 9)):
        case 0 | 1:
            return draw(_multipart(pairs)), f"multipart/form-data; boundary={_BOUNDARY}"
        case 2:
            return _urlencoded(pairs), draw(st.sampled_from(KINDS))
        case 3:
            return draw(_odd_bytes(pairs)), draw(st.sampled_from([FORM, *KINDS]))
        case _:
            return _urlencoded(pairs), FORM


@st.composite
def _odd_bytes(draw: st.DrawFn, pairs: Fields) -> bytes:
    return draw(st.one_of(
        st.binary(max_size=60),
        st.sampled_from([b"&&&===&", b"a" * 70_000, b"a=1&" * 60, b"%", b"cuil=%zz&%=%", b"=" * 200]),
        st.just(_urlencoded(pairs) + b"&" + b"a" * 66_000),
        st.just(json.dumps(dict(pairs)).encode()),
        st.just(b'<!DOCTYPE a [<!ENTITY zq SYSTEM "file:///etc/passwd">]><a>&zq;</a>'),
    ))  # fmt: skip


def _of_the_header(name: str) -> st.SearchStrategy[str]:
    known = st.sampled_from(HEADERS[name])
    # A server hands on no length that is not one.
    return known if name == "CONTENT_LENGTH" else st.one_of(known, hostile_text.map(_header_value))


_header = st.sampled_from(sorted(HEADERS)).flatmap(
    lambda name: st.tuples(st.just(name), _of_the_header(name))
)
_cookie = st.tuples(
    st.sampled_from(COOKIES), hostile_text.map(lambda text: _header_value(text).replace(";", ""))
)


def _header_value(text: str) -> str:
    """As a server hands it on: one line, a byte a character."""
    one_line = text.replace("\r", "").replace("\n", "").replace("\0", "")
    return one_line.encode("utf-8", "surrogatepass").decode("latin-1")[:4000]


# --- The whole --------------------------------------------------------------------------------------


@st.composite
def requests(draw: st.DrawFn, place: Place) -> Sent:
    """Mostly to a form of the place, with something wrong in it; sometimes to anywhere, all wrong."""
    around = draw(st.integers(0, 3)) == 0
    target: Target = draw(st.sampled_from(place.everywhere if around else place.here))
    path = draw(_sometimes(8, _path(target.address), urlsplit(target.address).path))
    query = draw(_sometimes(4, _pairs([(name, "1") for name in PARAMETERS[:3]]).map(_urlencoded), b""))
    if draw(st.integers(0, 2)) and target.fields:
        method = "POST"
    else:
        method = draw(st.sampled_from(["GET", "GET", "POST", *METHODS]))
    body, kind = draw(
        _body(list(target.fields)) if method not in {"GET", "HEAD"} else _sometimes(9, _body([]), (b"", ""))
    )
    return Sent(
        method,
        path,
        query.decode() or urlsplit(target.address).query,
        body,
        kind,
        dict(draw(_sometimes(3, st.lists(_header, max_size=3), []))),
        dict(draw(_sometimes(5, st.lists(_cookie, max_size=2), []))),
    )
