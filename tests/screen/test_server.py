"""Who is answered by the page's server, and what happens to all others."""

from __future__ import annotations

import json
import socket
import threading
import time
from contextlib import ExitStack
from typing import Any

import pytest
from page_client import Client
from shown_page import Shown

from voice_coach.errors import SetupError
from voice_coach.screen.board import Board
from voice_coach.screen.process import Page
from voice_coach.screen.server import CONNECTIONS


@pytest.fixture
def client(shown: Shown) -> Client:
    return Client(shown.page.address)


def test_the_page_comes_with_everything_it_needs_and_is_small(client: Client) -> None:
    sizes = {}
    for name, kind in {"": "text/html", "page.css": "text/css", "page.js": "text/javascript"}.items():
        status, headers, body = client.ask(name)
        assert status == 200
        assert headers["Content-Type"].startswith(kind)
        assert headers["Cache-Control"] == "no-store"
        assert headers["Referrer-Policy"] == "no-referrer"
        assert b"http://" not in body.replace(b"http://www.w3.org/", b"")
        assert b"https://" not in body
        sizes[name] = len(body)
    assert sum(sizes.values()) < 60_000, sizes


def test_nothing_may_be_loaded_from_elsewhere_or_run_inline(client: Client) -> None:
    rules = client.ask()[1]["Content-Security-Policy"].split("; ")
    assert "default-src 'none'" in rules
    assert not any(unsafe in rule for rule in rules for unsafe in ("unsafe", "*", "data:", "http:"))
    page = client.ask()[2].decode()
    assert page.count("<script") == 1
    assert "<style" not in page
    assert " style=" not in page
    assert " onclick" not in page
    assert "localStorage" not in client.ask("page.js")[2].decode()


def test_it_listens_on_the_loopback_address_only(client: Client) -> None:
    with open("/proc/net/tcp", encoding="ascii") as table:
        rows = [line.split()[1] for line in table if line.split()[3] == "0A"]
    mine = [row for row in rows if int(row.partition(":")[2], 16) == client.port]
    assert mine == [f"0100007F:{client.port:04X}"]


@pytest.mark.parametrize("host", ["evil.example", "evil.example:{port}", "127.0.0.1", "", "[::1]:{port}"])
def test_a_foreign_host_is_refused(client: Client, host: str) -> None:
    assert client.ask(Host=host.format(port=client.port))[0] == 403


@pytest.mark.parametrize(
    "origin", ["http://evil.example", "null", "https://127.0.0.1:{port}", "http://127.0.0.1"]
)
def test_another_origin_is_refused(client: Client, origin: str) -> None:
    given = origin.format(port=client.port)
    assert client.ask(Origin=given)[0] == 403
    assert client.ask("events", Origin=given)[0] == 403
    with client.watch() as stream:
        viewer = stream.next("hello")["viewer"]
        assert client.press(viewer, 0, "STOP", Origin=given) == 403


def test_a_page_that_links_here_is_refused(client: Client) -> None:
    assert client.ask(Sec_Fetch_Site="cross-site")[0] == 403
    assert client.ask(Sec_Fetch_Site="same-site")[0] == 403
    assert client.ask(Sec_Fetch_Site="none")[0] == 200


@pytest.mark.parametrize(
    "path", ["/", "//", "/x/", "/../", "/page.css", "/%2e%2e/", "/?token=x", "http://127.0.0.1/x/", "*"]
)
def test_without_the_token_there_is_nothing(client: Client, path: str) -> None:
    status, _, body = client.ask(path=path)
    assert status in {400, 403, 404}
    assert body == b""


def test_a_token_that_is_nearly_right_is_wrong(client: Client) -> None:
    token = client.path.strip("/")
    for wrong in (token[:-1], token + "x", token.swapcase(), ""):
        assert client.ask(path=f"/{wrong}/")[0] == 404


def test_every_page_has_a_token_of_its_own(client: Client, board: Board) -> None:
    other = Page(board, lambda intent: None)
    try:
        assert len(client.path) > 30
        assert Client(other.address).path != client.path
    finally:
        other.close()


def test_a_second_viewer_is_refused_until_the_first_has_gone(client: Client) -> None:
    with client.watch() as stream:
        stream.next("hello")
        assert client.ask("events")[0] == 409
        viewer = client.ask("events")[2].decode()
        assert client.press(viewer, 0, "STOP") == 403
    with client.watch() as stream:
        stream.next("hello")


def test_a_press_counts_once_shown_from_the_viewer_and_in_time(client: Client, shown: Shown) -> None:
    text = shown.enter("CONNECT_CHECK")
    with client.watch() as stream:
        viewer = stream.next("hello")["viewer"]
        turn = stream.view(text)["turn"]
        assert client.press(viewer, turn, "STEADY") == 204
        assert client.press(viewer, turn, "STOP") == 204
        assert client.press(viewer, turn, "HUSH") == 204
        assert client.press(viewer, turn, "ASK_ME") == 409
        assert client.press(viewer, turn - 1, "STEADY") == 409
        assert client.press(viewer + "x", turn, "STEADY") == 403
        stream.view(shown.enter("TOWARDS"))
        assert client.press(viewer, turn, "STOP") == 409
    assert [shown.pressed.get(timeout=5) for _ in range(3)] == ["STEADY", "STOP", "HUSH"]
    assert shown.pressed.empty()


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"{", 400),
        (b"[]", 400),
        (b"null", 400),
        (b'"STOP"', 400),
        (b'{"viewer": 1, "turn": 1, "intent": "STOP"}', 403),
        (b'{"viewer": [], "turn": 1, "intent": {}}', 403),
        (b"\xff\xfe\x00", 400),
        (b"[" * 200, 400),
        (b"x" * 300, 413),
    ],
)
def test_a_malformed_press_is_refused_quietly(client: Client, shown: Shown, body: bytes, status: int) -> None:
    with client.watch() as stream:
        stream.next("hello")
        assert client.send(body) == status
    assert shown.pressed.empty()
    assert client.ask()[0] == 200


def test_a_press_as_a_form_or_without_an_origin_is_refused(client: Client) -> None:
    with client.watch() as stream:
        viewer = stream.next("hello")["viewer"]
        assert client.press(viewer, 0, "STOP", Content_Type="text/plain") == 415
        body = json.dumps({"viewer": viewer, "turn": 0, "intent": "STOP"}).encode()
        status, _, _ = client.ask("key", method="POST", body=body, Content_Type="application/json")
        assert status == 403


def test_only_two_methods_are_known(client: Client) -> None:
    for method in ("PUT", "DELETE", "OPTIONS", "TRACE", "PATCH"):
        assert client.ask(method=method)[0] == 501


def test_garbage_is_no_request(client: Client) -> None:
    for garbage in (b"\r\n" * 5, b"\x16\x03\x01\x02\x00" * 50, b"GET " + b"/" * 70_000, b"A: " * 1000):
        with socket.create_connection((client.host, client.port), timeout=10) as connection:
            connection.settimeout(10)
            try:
                connection.sendall(garbage + b"\r\n\r\n")
                connection.recv(1000)
            except ConnectionError:
                pass
    assert client.ask()[0] == 200


def test_a_port_in_use_is_one_sentence(client: Client, board: Board) -> None:
    with pytest.raises(SetupError, match=str(client.port)):
        Page(board, lambda intent: None, port=client.port)


def test_the_last_view_reaches_the_viewer_and_then_the_stream_ends(board: Board) -> None:
    page = Page(board, lambda intent: None)
    shown = Shown(page, _screen(board, page))
    shown.enter("GOODBYE", "speaking")
    client = Client(page.address)
    with client.watch() as stream:
        stream.next("hello")
        shown.screen.notice({"event": "end", "why": "finished"})
        threading.Thread(target=page.close).start()
        while not (view := stream.next("view"))["over"]:
            pass
        assert view["caption"] == ""
        with pytest.raises(EOFError):
            stream.next("view")
    with pytest.raises(OSError):
        client.ask()


def test_a_page_that_dies_is_noticed_and_hinders_nobody(board: Board) -> None:
    lost = threading.Event()
    page = Page(board, lambda intent: None, lost=lost.set)
    page._child.kill()
    assert lost.wait(10)
    shown = Shown(page, _screen(board, page))
    for _ in range(50):
        shown.enter("LISTEN")
    page.close()


def test_a_reader_that_does_not_read_holds_up_nobody(client: Client, shown: Shown) -> None:
    with socket.create_connection((client.host, client.port)) as sloth:
        sloth.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        sloth.sendall(f"GET {client.path}events HTTP/1.1\r\nHost: 127.0.0.1:{client.port}\r\n\r\n".encode())
        longest = 0.0
        for number in range(20_000):
            begun = time.perf_counter()
            shown.screen.notice({"event": "prompt", "text": f"{number} " + "word " * 200})
            longest = max(longest, time.perf_counter() - begun)
        assert client.ask("page.css")[0] == 200
        # Two orders of magnitude above what a slot that is only replaced takes on a busy machine.
        assert longest < 0.5


def test_a_thousand_connections_are_few(client: Client, shown: Shown) -> None:
    with client.watch() as stream, ExitStack() as stack:
        viewer = stream.next("hello")["viewer"]
        turn = stream.next("view")["turn"]
        for _ in range(1000):
            connection = socket.socket()
            stack.callback(connection.close)
            connection.setblocking(False)
            connection.connect_ex((client.host, client.port))
        stream.view(shown.enter("CONNECT"))
        with open(f"/proc/{shown.page.pid}/status", encoding="ascii") as status:
            facts = dict(line.split(":\t", 1) for line in status if ":\t" in line)
        assert int(facts["Threads"]) <= CONNECTIONS + 3
    _until(lambda: client.press(viewer, turn, "STOP") in {403, 409})


def test_strangers_are_cut_off_after_a_while(client: Client) -> None:
    with ExitStack() as stack:
        slow = [
            stack.enter_context(socket.create_connection((client.host, client.port), timeout=15))
            for _ in range(CONNECTIONS)
        ]
        for connection in slow:
            connection.sendall(b"GET / HTTP/1.1\r\nX: ")
        assert all(connection.recv(100) == b"" for connection in slow)
        assert client.ask()[0] == 200


def _screen(board: Board, page: Page) -> Any:
    from voice_coach.screen.view import Screen

    return Screen(board, page.show)


def _until(holds: Any) -> None:
    for _ in range(100):
        try:
            if holds():
                return
        except OSError:
            pass
        time.sleep(0.1)  # the other side tells nobody that it has a free place again
    raise AssertionError
