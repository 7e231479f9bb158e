"""The server of the page, asked by whoever should and should not ask."""

from __future__ import annotations

import http.client
import socket
import threading
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from notify.actions.campaign_page import CampaignPage
from notify.actions.outbox_page import OutboxPage
from notify.errors import WriteError
from notify.pages import PageServer, tabs
from tests.campaign import Folder
from tests.outboxes import message, outbox_served, serving

pytestmark = pytest.mark.both_ledgers

PIECES = ("/", "/strip", "/state", "/groups", "/list", "/beside?number=0", "/place?key=x", "/page.css", "/page.js")
OF_A_MESSAGE = ("", "/html", "/text", "/source", "/eml", "/file/1", "/file/1?save")
CELL = "<img src=x onerror=alert(1)>\"'&{{ 7*7 }}"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PageServer]:
    """Give the page of an outbox with one message that has a file."""
    kept = message("<p>Guten Tag</p>")
    kept.add_attachment(b"<script>alert(1)</script>", "text", "html", filename='"; filename=x.exe\\..\\..\\evil.html')
    with outbox_served(tmp_path_factory.mktemp("outbox"), kept) as server:
        yield server


def asked(
    server: PageServer, path: str, method: str = "GET", body: str | None = None, **headers: str
) -> tuple[int, dict[str, str], str]:
    """Ask for something; return status, headers and body. A header that is empty is not sent."""
    sent = {"Host": f"127.0.0.1:{server.port}"} | {name.replace("_", "-"): value for name, value in headers.items()}
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
    connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
    for name, value in sent.items():
        if value:
            connection.putheader(name, value)
    if body is not None:
        connection.putheader("Content-Length", str(len(body)))
    connection.endheaders(body.encode() if body else None)
    answer = connection.getresponse()
    text = answer.read().decode()
    connection.close()
    return answer.status, dict(answer.getheaders()), text


def cookie_of(server: PageServer) -> str:
    """Come in by the address that is printed; return the cookie."""
    status, headers, _ = asked(server, server.address.partition(str(server.port))[2])
    assert (status, headers["Location"]) == (303, "/")
    return headers["Set-Cookie"].partition(";")[0]


def every_path() -> list[str]:
    """Return everything that can be asked for."""
    return [*PIECES, *(f"/message/0{part}" for part in OF_A_MESSAGE), "/events"]


@pytest.mark.parametrize("path", every_path())
def test_without_the_cookie_nobody_gets_anything(server: PageServer, path: str) -> None:
    """Nor with that of another page, nor with a wrong token."""
    for cookie in ("", "notify-1=x", f"notify-{server.port}=x"):
        status, headers, body = asked(server, path, Cookie=cookie)
        assert (status, body) == (403, "This page is only for the tab that notify opened.\n")
        assert "Set-Cookie" not in headers
    assert asked(server, "/?token=wrong")[0] == 403


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "evil.example"},
        {"Host": ""},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Sec_Fetch_Site": "cross-site"},
        {"Sec_Fetch_Site": "same-site"},
    ],
)
def test_another_page_gets_nothing_though_the_browser_has_the_cookie(
    server: PageServer, headers: dict[str, str]
) -> None:
    """No page, no message, no stream of events; and the token lets nobody in either."""
    cookie = cookie_of(server)
    for path in every_path():
        assert asked(server, path, Cookie=cookie, **headers)[0] == 403
    status, answered, _ = asked(server, server.address.partition(str(server.port))[2], **headers)
    assert (status, "Set-Cookie" in answered) == (403, False)


def test_the_page_itself_gets_everything(server: PageServer) -> None:
    """With a policy that lets nothing else in, and never from a cache."""
    cookie = cookie_of(server)
    for path in every_path()[:-1]:
        status, headers, _ = asked(server, path, Cookie=cookie, Sec_Fetch_Site="same-origin")
        assert status == 200, path
        assert headers["Cache-Control"] == "no-store"
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
        assert "default-src 'none'" in headers["Content-Security-Policy"]
        assert (
            "unsafe-inline" not in headers["Content-Security-Policy"] or "sandbox" in headers["Content-Security-Policy"]
        )
        assert "Access-Control-Allow-Origin" not in headers
    for path in (
        "/../page.css",
        "/page.html",
        "/files/page.css",
        "/message/1",
        "/message/0/file/2",
        "/message/0/x",
    ):
        assert asked(server, path, Cookie=cookie)[0] == 404, path


def test_no_file_name_comes_from_a_message(server: PageServer) -> None:
    """What is saved has a name of ours, and what could run is only ever saved."""
    cookie = cookie_of(server)
    for path in ("/message/0/file/1", "/message/0/file/1?save"):
        _, headers, body = asked(server, path, Cookie=cookie)
        assert headers["Content-Disposition"] == 'attachment; filename="attachment-1.bin"'
        assert headers["Content-Type"] == "application/octet-stream"
        assert body == "<script>alert(1)</script>"
    assert asked(server, "/message/0/eml", Cookie=cookie)[1]["Content-Disposition"].endswith('"message-1.eml"')


def test_what_is_no_request_of_ours(server: PageServer) -> None:
    """Other methods, long forms and noise are refused, and the server goes on."""
    cookie, origin = cookie_of(server), f"http://127.0.0.1:{server.port}"
    form = {"Cookie": cookie, "Content_Type": "application/x-www-form-urlencoded"}
    assert asked(server, "/message/0/draft", "POST", "form=Du", **form)[0] == 403
    assert asked(server, "/message/0/draft", "POST", "form=Du", **form, Origin="https://evil.example")[0] == 403
    assert asked(server, "/message/0/draft", "POST", "form=Du", **(form | {"Cookie": ""}), Origin=origin)[0] == 403
    assert asked(server, "/message/0/draft", "POST", "form=Du", Cookie=cookie, Origin=origin)[0] == 403
    assert asked(server, "/message/0/draft", "POST", "x" * 20_001, **form, Origin=origin)[0] == 413
    assert asked(server, "/message/0/draft", "POST", None, **form, Origin=origin)[0] == 413
    status, _, body = asked(server, "/message/0/draft", "POST", "form=Du", **form, Origin=origin)
    assert (status, "kept as it was sent" in body) == (200, True)
    assert asked(server, "/strip", "POST", "", **form, Origin=origin)[0] == 404
    for deed in ("/approval", "/approve"):
        assert asked(server, deed, Cookie=cookie)[0] == 404
        assert asked(server, deed, "POST", "name=Anna&mark=", **form, Origin="https://evil.example")[0] == 403
        _, _, body = asked(server, deed, "POST", "name=Anna&mark=", **form, Origin=origin)
        assert "A rehearsal needs no approval." in body
    assert asked(server, "/", "PUT", "", Cookie=cookie)[0] == 501
    for noise in (
        b"\x16\x03\x01\x02\x00\x01\r\n\r\n",
        b"GET\r\n\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
        b"GET " + b"/" * 70_000,
    ):
        with socket.create_connection(("127.0.0.1", server.port), timeout=10) as connection:
            connection.sendall(noise)
            connection.shutdown(socket.SHUT_WR)
            assert b"<" not in connection.recv(1000)
    assert asked(server, "/", Cookie=cookie)[0] == 200


def test_a_hostile_cell_is_text_everywhere(tmp_path: Path) -> None:
    """In the list, in the message, beside it, in its search and in what would be corrected."""
    cells = ";".join(f'"{CELL.replace(chr(34), chr(34) * 2)}"' for _ in range(2))
    folder = Folder(tmp_path, people=f"Firma;Bemerkung;E-Mail\n{cells};anna@example.com\n", real=False)  # fmt: skip
    folder.edit(folder.message, "{{ salutation }}", "{{ salutation }} {{ row['Bemerkung'] }}")
    with CampaignPage(folder.settings) as page, serving(page) as server:
        page.begin(server.tabs.tell)
        until = time.monotonic() + 10
        while page.progress().stage != "done":
            assert time.monotonic() < until
            time.sleep(0.01)
        cookie = cookie_of(server)
        seen = ""
        for path in ("/list", "/groups", "/strip", "/state", "/message/0", "/message/0/text", "/message/0/source"):
            _, _, body = asked(server, path, Cookie=cookie)
            assert "<img" not in body, path
            seen += body
        assert seen.count("&lt;img src=x onerror=alert(1)&gt;") > 3
        form = {"Cookie": cookie, "Origin": f"http://127.0.0.1:{server.port}"}
        form["Content_Type"] = "application/x-www-form-urlencoded"
        _, _, body = asked(server, "/message/0/draft", "POST", "salutation=%3Cimg%3E&form=&other=%3Cb%3E", **form)
        assert "<img" not in body
        assert "&lt;img&gt;" in body


def test_a_tab_is_told_and_the_last_one_ends_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What happens is told at once; when the stream is closed, the server ends a moment later."""
    monkeypatch.setattr(tabs, "_GRACE_S", 0.2)
    with PageServer(OutboxPage(tmp_path), "notify outbox --web") as server:
        serves = threading.Thread(target=server.run)
        serves.start()
        stream = f"GET /events HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\nCookie: {cookie_of(server)}\r\n\r\n"
        with socket.create_connection(("127.0.0.1", server.port), timeout=10) as connection:
            connection.sendall(stream.encode())
            with connection.makefile("rb") as lines:
                wait_for(lines, b"retry: 500\n")
                server.tabs.tell("changed")
                wait_for(lines, b"event: changed\n")
                assert serves.is_alive()
        serves.join(10)
        assert not serves.is_alive()


def wait_for(lines: Iterable[bytes], wanted: bytes) -> None:
    """Read until a line comes."""
    assert wanted in lines


def test_a_port_that_is_taken(tmp_path: Path) -> None:
    """One sentence, with the mend."""
    page = OutboxPage(tmp_path)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(WriteError, match=rf"^The port {port} cannot be used: .+\.$"):
            PageServer(page, "notify outbox --web", port)
