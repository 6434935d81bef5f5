"""A media player on the desktop's session bus (MPRIS): where a desktop sends the key of a headset.

In: calls of the bus, over its own Unix socket, only while headset keys are asked for. Out: presses. It tells
the bus no title, no word and no name of this program, and opens no other socket. Needs the extra `headset`.
"""

from __future__ import annotations

import contextlib
import importlib.util
import os
import queue
import threading
from typing import Any, Literal

Press = Literal["key", "pause", "next", "previous", "stop"]
"""What was asked of the player; `pause` may also come from an ear bud that is taken out."""

PATH = "/org/mpris/MediaPlayer2"
ROOT = "org.mpris.MediaPlayer2"
PLAYER = f"{ROOT}.Player"
PROPERTIES = "org.freedesktop.DBus.Properties"
NAME = "headset_keys"
"""It may be shown on a lock screen, or by what else follows the bus: so it does not say what for."""
PRESSES: dict[str, Press] = {
    "PlayPause": "key",
    "Play": "key",
    "Pause": "pause",
    "Next": "next",
    "Previous": "previous",
    "Stop": "stop",
}
SHOWN: dict[str, dict[str, tuple[str, Any]]] = {
    ROOT: {
        "CanQuit": ("b", False),
        "CanRaise": ("b", False),
        "HasTrackList": ("b", False),
        "Identity": ("s", NAME),
        "SupportedUriSchemes": ("as", []),
        "SupportedMimeTypes": ("as", []),
    },
    PLAYER: {
        "PlaybackStatus": ("s", "Playing"),
        "Rate": ("d", 1.0),
        "MinimumRate": ("d", 1.0),
        "MaximumRate": ("d", 1.0),
        "Volume": ("d", 1.0),
        "Position": ("x", 0),
        "Metadata": ("a{sv}", {"mpris:trackid": ("o", f"{PATH}/TrackList/NoTrack")}),
        "CanGoNext": ("b", True),
        "CanGoPrevious": ("b", True),
        "CanPlay": ("b", True),
        "CanPause": ("b", True),
        "CanSeek": ("b", False),
        "CanControl": ("b", True),
    },
}
"""All that the bus can learn: the same in every session and at every moment of it."""
NOT_HERE = "org.freedesktop.DBus.Error.UnknownMethod"
PRIMARY_OWNER = 1
CONNECT_SECONDS = 1.5


class MediaPlayer:
    """A player that is registered on the bus until it is closed."""

    def __init__(self, connection: Any) -> None:
        """`connection`: to a bus that has given it its name."""
        self._connection = connection

    def fileno(self) -> int:
        """To wait for calls with `select`."""
        return int(self._connection.sock.fileno())

    def presses(self) -> list[Press]:
        """What was asked since the last time, each call answered. Raises OSError when the bus has gone."""
        found: list[Press] = []
        while True:
            try:
                message = self._connection.receive(timeout=0)
            except TimeoutError:
                return found
            except (ValueError, LookupError, TypeError) as spoilt:
                raise ConnectionResetError("the bus sent what is no message") from spoilt
            press = self._answer(message)
            if press is not None:
                found.append(press)

    def close(self) -> None:
        """Leave the bus, which forgets the name."""
        with contextlib.suppress(OSError):
            self._connection.close()

    def _answer(self, message: Any) -> Press | None:
        from jeepney import HeaderFields, MessageType, new_error, new_method_return

        if message.header.message_type != MessageType.method_call:
            return None
        fields = message.header.fields
        interface, member = fields.get(HeaderFields.interface, PLAYER), fields.get(HeaderFields.member)
        press = PRESSES.get(member) if interface == PLAYER else None
        if press is not None:
            answer = new_method_return(message)
        elif (shown := _shown(interface, member, message.body)) is not None:
            answer = new_method_return(message, *shown)
        else:
            answer = new_error(message, NOT_HERE)
        self._connection.send(answer)
        return press


def _shown(interface: str, member: str, body: tuple[Any, ...]) -> tuple[str, tuple[Any, ...]] | None:
    if interface != PROPERTIES or not body or body[0] not in SHOWN:
        return None
    properties = SHOWN[body[0]]
    if member == "GetAll":
        return "a{sv}", (properties,)
    if member == "Get" and len(body) == 2 and body[1] in properties:
        return "v", (properties[body[1]],)
    return None


def open_player() -> MediaPlayer | None:
    """Register on the session bus; None where there is no bus that answers, or the extra is not installed."""
    if importlib.util.find_spec("jeepney") is None:
        return None
    answer: queue.SimpleQueue[MediaPlayer | None] = queue.SimpleQueue()
    # The library waits for ever where a bus takes a connection and then says nothing.
    threading.Thread(target=lambda: answer.put(_registered()), name="bus", daemon=True).start()
    try:
        return answer.get(timeout=CONNECT_SECONDS)
    except queue.Empty:
        return None


def _registered() -> MediaPlayer | None:
    from jeepney.bus_messages import message_bus
    from jeepney.io.blocking import open_dbus_connection

    connection = None
    try:
        connection = open_dbus_connection("SESSION", auth_timeout=CONNECT_SECONDS)
        name = f"{ROOT}.{NAME}.instance{os.getpid()}"
        reply = connection.send_and_get_reply(message_bus.RequestName(name), timeout=CONNECT_SECONDS)
        if reply.body[:1] == (PRIMARY_OWNER,):
            connection.sock.settimeout(CONNECT_SECONDS)
            return MediaPlayer(connection)
    except (OSError, LookupError, ValueError, RuntimeError):
        pass
    if connection is not None:
        connection.close()
    return None
