# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright 2026 the gaitd authors
#
# Whether all that consoles told has come: an event's id is BOOT-NUMBER, and numbers
# have no gaps, so that what is missing shows. The last event of each console is that
# its gaitd went, so that a lost end shows as well. Needs plugins/fleet on the path.
import contextlib
import datetime
import glob
import json
import os
import time

import gym as box
from reader import Reader

ROUNDS = 3000  # of 0.1 s: a bound for what does not happen, not for slow machines
TICK_S = 0.1
PROBE = "probe"


class Audit:
    """All events, as they came to one who reads them"""

    def __init__(self, gym, more=()):
        self.gym = gym
        at = ["-h", "127.0.0.1", "-p", str(gym.broker.port), *more]
        self.publish = ["mosquitto_pub", *at, "-q", "1", "-t", f"gaitd/v1/{PROBE}/{PROBE}/event",
                        "-m", "{}"]
        self.reader = Reader(gym.broker.port, "gaitd/v1/+/+/event", dict(zip(more[::2], more[1::2])))
        self.start, self.stop = self.reader.start, self.reader.stop
        self.done, self.events = 0, []  # each is read once: with 300 consoles there are many
        gym.audit = self
        self.start()
        wait("the broker hands on what it takes", self.hears, gym, keep=False)

    def hears(self):
        self.gym.programs.start(self.publish).wait()
        return len(self.reader.events) > 0

    def read(self):
        for topic, payload in self.reader.events[self.done:]:
            self.done += 1
            if PROBE not in topic:
                self.events.append((topic.split("/")[3], json.loads(payload)))
        return self.events


def wait(what, true, gym, keep=True):
    """`keep`: whoever has run goes, and the next one comes."""
    for _ in range(ROUNDS):
        if true():
            return
        if keep:
            gym.keep()
        else:
            gym.check()
        time.sleep(TICK_S)
    print("\n".join(how_it_is(gym)))
    raise SystemExit(f"FAIL: {what}: did not come")


def how_it_is(gym):
    """What one has to know who was not there"""
    audit = getattr(gym, "audit", None)
    last = newest(audit, ("gaitd", "link", "session", "prompt", "minute")) if audit else {}
    if audit:
        yield f"who reads events: {audit.reader}"
    with gym.view.lock if gym.view else contextlib.nullcontext():
        rows = dict(gym.view.rows) if gym.view else {}
    for console in gym.consoles:
        status = rows.get(f"{console.site}/{console.name}", {}).get("status")
        lives = [name for name, process in (("gaitd", console.gaitd), ("gaitd-mqtt", console.mqtt))
                 if process and process.poll() is None]
        kept = sorted(event for name, event in spooled(gym) if name == console.name)
        yield (f"{console.name}: runs: {', '.join(lives) or 'nothing'}; status: {status}; "
               f"last event: {last.get(console.name)}; {len(kept)} on its disk: {kept[:8]}")
    yield "what was said last:"
    said = box.tail(gym.programs, 200000).splitlines()
    yield "\n".join([text for text in said if "connect to route (attempt" not in text][-60:])


def unix_of(ts):
    return datetime.datetime.fromisoformat(ts.replace("Z", "+00:00")).timestamp()


def back_since(gym, since):
    """Seconds after `since` at which each console said that it is online"""
    delays = []
    with gym.view.lock:
        for row in gym.view.rows.values():
            status = row.get("status", {})
            if status.get("state") == "online" and unix_of(status["ts"]) >= since:
                delays.append(unix_of(status["ts"]) - since)
    return sorted(delays)


def wait_all_back(gym, since, what):
    wait(what, lambda: len(back_since(gym, since)) == len(gym.consoles), gym)
    return back_since(gym, since)


def bounce_gaitds(gym):
    """A run ends and another begins, at all consoles: many events"""
    box.Programs.stop([c.gaitd for c in gym.consoles])
    gym.keep()


def wait_heard(gym, since):
    """Until the broker has handed on an event of each console that happened since."""
    def heard():
        with gym.view.lock:
            events = [row["event"] for row in gym.view.rows.values() if "event" in row]
        return sum(unix_of(e["ts"]) >= since for e in events) == len(gym.consoles)
    wait("events of all consoles", heard, gym)


def wait_saved(gym):
    """Until the broker has written anew what it has."""
    def written():
        try:
            found = os.stat(gym.broker.database)
            return found.st_mtime_ns if found.st_size else None
        except FileNotFoundError:
            return None
    before = written()
    wait("the broker saves", lambda: written() not in (None, before), gym)


def spooled(gym):
    ids = set()
    for console in gym.consoles:
        for path in glob.glob(console.state + "/**/*", recursive=True):
            try:
                with open(path) as file:
                    ids.add((console.name, json.load(file)["id"]))
            except (OSError, ValueError, KeyError, TypeError):
                pass
    return ids


def judge(audit, kept, consoles):
    events = audit.read()
    seen, repeated = {}, 0
    for console, event in events:
        boot, _, number = event["id"].rpartition("-")
        numbers = seen.setdefault((console, boot), set())
        repeated += int(number) in numbers
        numbers.add(int(number))
    lost = [f"{console} {boot}-{missing}" for (console, boot), numbers in seen.items()
            for missing in set(range(max(numbers))) - numbers]
    have = {(console, event["id"]) for console, event in events}
    lost += [f"{console} {event}, which was on its disk" for console, event in kept - have]
    total = sum(len(numbers) for numbers in seen.values())
    print(f"{total} events of {len({c for c, _ in seen})} consoles, {len(lost)} lost, "
          f"{repeated} came twice")
    for line in sorted(lost)[:20]:
        print(f"FAIL: lost: {line}")
    # a descriptor that was closed before its events were
    with open(audit.gym.programs.log.name, errors="replace") as file:
        bad = [line for line in file if "[warn] Epoll" in line]
    for line in bad[:3]:
        print(f"FAIL: libevent: {line}", end="")
    return not lost and not bad and len({c for c, _ in seen}) == consoles


def when(event):
    return event["ts"], int(event["id"].rpartition("-")[2])


def newest(audit, kinds):
    """The newest event of each console. An older one may come later, and what happened in
    the same millisecond goes by its number."""
    last = {}
    for console, event in audit.read():
        if event["kind"] in kinds and (
                console not in last or when(event) > when(last[console])):
            last[console] = event
    return last


def wait_ended(audit, gym):
    """Stops what was simulated, and waits until the last word of each console is that its
    gaitd went. Only the minute in which it went may come after that: when it is over. Who
    has not seen his gaitd yet would have nothing to tell."""
    def there():
        last = newest(audit, ("gaitd",))
        return len(last) == len(gym.consoles) and all(
            event["gaitd"] == "up" for event in last.values())
    wait("that each console has its gaitd", there, gym)
    box.Programs.stop([c.gaitd for c in gym.consoles])

    def ended():
        last = newest(audit, ("gaitd", "link", "session", "prompt"))
        return len(last) == len(gym.consoles) and all(
            event["kind"] == "gaitd" and event["gaitd"] == "away" for event in last.values())
    wait("the last event of each console", ended, gym, keep=False)
