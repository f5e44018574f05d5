# SPDX-License-Identifier: MIT
# Copyright 2026 the gaitd authors
"""A display of gaitd in Python, with nothing beyond its library.

    import gaitd_display

    with gaitd_display.Display("board", caps=["metrics", "shown"]) as display:
        for message in display:
            if message["type"] == "prompt":
                print(message["headline"])
                display.shown(message["id"])

gaitd-display(7) has the messages and their members. Beside them there are
{"type": "ready", ...} when the daemon is there and {"type": "gone", "why": ...}
when it is not any more: then forget all that was shown. A prompt whose time is
over is cleared as if the daemon had said so.

With a loop of your own, wait until fileno() can be read or a second has passed,
and call take(0).
"""
import json
import math
import os
import select
import socket
import time

LINE_MAX = 4096  # octets, with the LF
CAPS = ("metrics", "shown", "input", "personal")
_LEVELS = ("system", "praise", "habit", "form", "load", "safety")
_LINKS = ("off", "searching", "live", "stale", "lost")
_SESSIONS = ("idle", "running", "paused", "ended")
_REASONS = ("expired", "acknowledged", "replaced", "condition")
_GAITS = ("unknown", "idle", "walk", "run")
_BATTERIES = ("new", "good", "ok", "low", "critical")
_REALS = ("speed_kmh", "incline_pct", "step_m", "vertical_oscillation_mm", "ground_contact_ms",
          "stance_pct", "balance_pct", "vertical_ratio_pct")
_WHOLES = ("cadence_spm", "target_spm", "heart_rate_bpm", "elevation_gain_m", "energy_kcal")
_COUNTS = ("distance_m", "elapsed_s")


# ---- the daemon's lines -----------------------------------------------------

def _number(m, name):
    value = m.get(name)
    good = isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)
    return value if good else None


def _whole(m, name, low=-2**31, high=2**31 - 1):
    value = _number(m, name)
    return int(value) if value is not None and value == int(value) and low <= value <= high else None


def _count(m, name):
    return _whole(m, name, 0, 2**32 - 1)


def _list(m, name):
    return m[name] if isinstance(m.get(name), list) else []


def _text(m, name):
    return m[name] if isinstance(m.get(name), str) else ""


def _word(m, name, words, otherwise):
    return m[name] if m.get(name) in words else otherwise


def _known(**members):
    return {name: value for name, value in members.items() if value is not None}


def _link(m, name):
    return _word(m, name, _LINKS, "lost" if _text(m, name) else "off")


def _metrics(m):
    found = {name: _number(m, name) for name in _REALS}
    found.update({name: _whole(m, name) for name in _WHOLES})
    found.update({name: _count(m, name) for name in _COUNTS})
    return _known(gait=_word(m, "gait", _GAITS, None), **found)


def _ask(m):
    ask = m.get("ask") if isinstance(m.get("ask"), dict) else {}
    if ask.get("kind") == "scale":
        low, high = _whole(ask, "min"), _whole(ask, "max")
        if low is not None and high is not None and low < high:
            return {"kind": "scale", "min": low, "max": high}
    if ask.get("kind") == "choice":
        choices = [{"value": _whole(c, "value"), "text": _text(c, "text")}
                   for c in _list(ask, "choices") if isinstance(c, dict)]
        choices = [c for c in choices if c["value"] is not None and c["text"]]
        return {"kind": "choice", "choices": choices[:6]} if choices else None
    return None


def _prompt(m):
    if not _count(m, "id") or not _text(m, "headline"):
        return None
    english = m.get("english") if isinstance(m.get("english"), dict) else None
    args = m.get("args") if isinstance(m.get("args"), dict) else {}
    return _known(
        id=_count(m, "id"), rule=_text(m, "rule"), level=_word(m, "level", _LEVELS, "safety"),
        headline=_text(m, "headline"), text=_text(m, "text"), why=_text(m, "why"),
        english=english and {"headline": _text(english, "headline"), "text": _text(english, "text")},
        args={name: args[name] for name in args if _number(args, name) is not None},
        ttl_ms=_count(m, "ttl_ms") or 0, ack=m.get("ack") is True, ask=_ask(m))


def _hello(m):
    versions = m.get("protocol")
    return {"serves_1": 1 in versions, "daemon": _text(m, "daemon"),
            "ping_ms": _count(m, "ping_ms") or 0} if isinstance(versions, list) else None


def _caps(m):
    return {"caps": [cap for cap in CAPS if cap in _list(m, "caps")]}


def _session(m):
    return {"state": _word(m, "state", _SESSIONS, "idle"), "elapsed_s": _count(m, "elapsed_s") or 0,
            "distance_m": _count(m, "distance_m") or 0, "runner": _text(m, "runner"),
            "lang": _text(m, "lang"), "units": _word(m, "units", ("mi",), "km"),
            "feedback": m.get("feedback") is True, "intervals": m.get("intervals") is True}


def _target(m):
    low, high = _whole(m, "low_spm"), _whole(m, "high_spm")
    return None if low is None or high is None else {"low_spm": low, "high_spm": high}


_READERS = {
    "hello": _hello,
    "ready": _caps,
    "link": lambda m: {"treadmill": _link(m, "treadmill"), "footpod": _link(m, "footpod")},
    "session": _session,
    "metrics": _metrics,
    "target": _target,
    "prompt": _prompt,
    "clear": lambda m: {"id": _count(m, "id"), "reason": _word(m, "reason", _REASONS, "condition")}
    if _count(m, "id") else None,
    "battery": lambda m: {"footpod": m["footpod"]} if m.get("footpod") in _BATTERIES else None,
    "summary": lambda m: {"elapsed_s": _count(m, "elapsed_s") or 0,
                          "distance_m": _count(m, "distance_m") or 0, "text": _text(m, "text")},
    "ping": lambda m: {},
    "error": lambda m: {"code": _text(m, "code"), "detail": _text(m, "detail"),
                        "fatal": m.get("fatal") is True},
    "bye": lambda m: {"reason": _text(m, "reason")},
}


def decode(line):
    """A line of the daemon's without LF, str or bytes, as a dict of what this
    version knows; None: to be ignored. A type that is not known is "other"."""
    try:
        m = json.loads(line if isinstance(line, str) else line.decode())
    except (ValueError, RecursionError):
        return None
    if not isinstance(m, dict) or not isinstance(m.get("type"), str):
        return None
    if m["type"] not in _READERS:
        return {"type": "other"}
    found = _READERS[m["type"]](m)
    return None if found is None else {"type": m["type"], **found}


def encode(**members):
    """A line of the display's, with LF."""
    return (json.dumps(members, ensure_ascii=False, separators=(",", ":")) + "\n").encode()


def socket_path():
    """Where the daemon is, if nobody says."""
    runtime = os.environ.get("XDG_RUNTIME_DIR") if os.geteuid() else None
    return (os.environ.get("GAITD_SOCKET")
            or (runtime and runtime + "/gaitd/display.sock") or "/run/gaitd/display.sock")


# ---- the display ------------------------------------------------------------

class Display:
    """Connects, says hello, answers pings, connects again."""

    def __init__(self, name, caps=("metrics", "shown"), path=None, version=None, cols=None, rows=None):
        self.path = path or socket_path()
        self.caps = []  # granted; empty while the daemon is not there
        self.ready = False
        self._hello = _known(type="hello", protocol=1, name=name, version=version,
                             caps=list(caps), cols=cols, rows=rows)
        self._socket = None
        self._at = self._ran = 0.0  # the next try, or the daemon's last word expected; the last take()
        self._retry, self._ping = 0.2, 0.0
        self._bytes, self._skipping = b"", False
        self._live, self._why = None, None

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        if self._socket:
            self._socket.close()
        self._socket, self.ready, self.caps = None, False, []

    def fileno(self):
        """-1: not connected"""
        return self._socket.fileno() if self._socket else -1

    def __iter__(self):
        while True:
            yield from self.take(1.0)

    def take(self, timeout):
        """The messages there are; waits for `timeout` seconds at most, and never
        more than one: who comes later than that was stopped."""
        messages = []
        if self.ready and time.monotonic() > self._ran + 2.0:
            self._gone("this display was stopped: what it showed may be old", messages)
            self._at, self._retry = 0.0, 0.2
        if not messages:
            self._wait(min(timeout, 1.0))
        now = time.monotonic()
        if not self._socket and now >= self._at:
            self._connect(messages)
        elif self._socket:
            self._read(messages)
        if self._live and time.monotonic() >= self._live[1]:
            messages.append({"type": "clear", "id": self._live[0], "reason": "expired"})
            self._live = None
        if self._socket and self._at and time.monotonic() >= self._at:
            self._gone("gaitd is silent", messages)
        self._ran = time.monotonic()
        return messages

    # what the runner tells; False: not ready, not granted, or the daemon does not read
    def shown(self, prompt_id):
        return "shown" in self.caps and self._send(encode(type="shown", id=prompt_id))

    def input(self, what, **members):
        """input("pain", value=4), input("ack", id=18) ...: see gaitd-display(7)"""
        return "input" in self.caps and self._send(encode(type="input", input=what, **members))

    # ---- inside ----
    def _wait(self, timeout):
        ends = [self._at] if self._at else []
        if self._live:
            ends.append(self._live[1])
        timeout = max(0.0, min([timeout] + [end - time.monotonic() for end in ends]))
        select.select([self._socket] if self._socket else [], [], [], timeout)

    def _connect(self, messages):
        self._bytes, self._skipping = b"", False
        self._socket = socket.socket(socket.AF_UNIX)
        self._socket.setblocking(False)
        try:
            self._socket.connect(self.path)
            self._at = time.monotonic() + 3.0
        except OSError as error:
            self._gone("%s: %s" % (self.path, error.strerror), messages)

    def _gone(self, why, messages):
        self.close()
        self._live = None
        self._at = time.monotonic() + self._retry
        self._retry = min(self._retry * 2, 5.0)
        if why != self._why:
            messages.append({"type": "gone", "why": why})
        self._why = why

    def _send(self, line):
        try:
            sent = self._socket.send(line) if self._socket else 0
        except OSError:
            return False
        if 0 < sent < len(line):
            self.close()  # half a line is worse than none: it connects again
        return sent == len(line)

    def _read(self, messages):
        try:
            received = self._socket.recv(LINE_MAX)
        except (BlockingIOError, InterruptedError):
            return
        except OSError:
            received = b""
        if not received:
            self._gone("%s: gaitd has gone" % self.path, messages)
            return
        if self.ready:
            self._at = self._ping and time.monotonic() + 4 * self._ping
        *lines, self._bytes = (self._bytes + received).split(b"\n")
        for line in lines:
            message = None if self._skipping else decode(line)
            self._skipping = False
            if message and self._socket:
                self._handle(message, messages)
        if len(self._bytes) >= LINE_MAX:
            self._bytes, self._skipping = b"", True

    def _handle(self, message, messages):
        kind = message["type"]
        if kind == "hello" and not message["serves_1"]:
            self._gone("gaitd speaks another version of the display protocol", messages)
        elif kind == "hello":
            self._ping = message["ping_ms"] / 1000
            self._send(encode(**self._hello))
        elif kind == "ping":
            self._send(encode(type="pong"))
        elif kind == "bye" or (kind == "error" and message["fatal"]):
            self._gone("gaitd: %s" % (message.get("reason") or message.get("detail")), messages)
        else:
            self._tell(kind, message, messages)

    def _tell(self, kind, message, messages):
        if kind == "ready":
            self.ready, self.caps, self._retry, self._why = True, message["caps"], 0.2, None
            self._at = self._ping and time.monotonic() + 4 * self._ping
        if kind == "prompt":
            self._live = (message["id"], time.monotonic() + message["ttl_ms"] / 1000)
        if kind == "clear":
            if not self._live or self._live[0] != message["id"]:
                return  # told before
            self._live = None
        if self.ready and kind != "other":
            messages.append(message)
