#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright 2026 the gaitd authors
#
# killed.py GAITD-MQTT DIRECTORY PORT ROUNDS: a daemon that has much to say, a gaitd-mqtt
# that is killed at any instant and started anew, and a broker that takes its time, and
# of what it has not said that it has it has nothing. An event is on the disk before it is
# told, and they are told in order: so of each start of gaitd-mqtt those that come have no
# gap, and none that was on the disk is missing.
import collections, json, os, random, socket, subprocess, sys, threading, time

sys.path.append(os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "fleet"))
from reader import CONNACK, CONNECT, PING, PUBACK, PUBLISH, Stream, packet

program, work, port, rounds = sys.argv[1:]
port, rounds = int(port), int(rounds)
seed = int(os.environ.get("SEED", random.randrange(1 << 32)))
chance = random.Random(seed)
spool = work + "/spool"
started = None


def line(**members):
    return json.dumps(members, separators=(",", ":")).encode() + b"\n"


def chatter(connection, speaks):
    """A prompt each 10 ms, some of safety: what a disk bears that takes 5 ms for one"""
    with connection:
        connection.sendall(line(type="hello", protocol=[1], daemon="gaitd 0", ping_ms=5000))
        connection.recv(4096)
        connection.sendall(line(type="ready", caps=["metrics"]))
        number = 0
        while speaks.is_set():
            number += 1
            connection.sendall(line(type="prompt", id=number, rule="cadence-low", headline="x",
                                    level="form" if number % 7 else "safety", text="y", why="z",
                                    args={}, ttl_ms=1000))
            time.sleep(0.01)
        while connection.recv(4096):
            pass


def daemon(speaks):
    os.makedirs(work + "/hall-7", exist_ok=True)
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(work + "/hall-7/display.sock")
    listener.listen()
    while True:
        try:
            chatter(listener.accept()[0], speaks)
        except OSError:
            pass  # it was killed


class Broker:
    def __init__(self):
        self.events, self.connection = [], None
        self.listener = socket.create_server(("127.0.0.1", port))
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        while True:
            connection = self.connection = self.listener.accept()[0]
            try:
                with connection:
                    self.talk(connection, Stream(connection))
            except OSError:
                pass

    def talk(self, connection, stream):
        while True:
            first, body = stream.packet()
            end = 2 + int.from_bytes(body[:2], "big")
            if first == CONNECT:
                connection.sendall(packet(CONNACK, b"\0\0"))
            elif first == PING:
                connection.sendall(packet(0xd0, b""))
            elif first & 0xf0 == PUBLISH:
                if body[2:end].endswith(b"/event"):
                    time.sleep(chance.random() * 0.02)
                    if self.connection is not connection:
                        return
                    self.events.append(body[end + 2:].decode())
                connection.sendall(packet(PUBACK, body[end:end + 2]))

    def forget(self):
        """What it has not answered"""
        self.connection = None


def start():
    return subprocess.Popen([program, "--config", work + "/hall-7.yaml", "--socket",
                             work + "/hall-7/display.sock"],
                            stderr=open(work + "/hall-7.mqtt.err", "ab"))


def on_disk():
    """What is there under its whole name"""
    found = set()
    for name in os.listdir(spool):
        try:
            with open(f"{spool}/{name}") as file:
                found.add("" if name.endswith(".new") else file.read())
        except FileNotFoundError:
            pass  # the broker has it now
    return found - {""}


def seen_for(seconds):
    """What was on the disk at any time meanwhile, even if it is not any more"""
    found, until = set(), time.monotonic() + seconds
    while time.monotonic() < until:
        found |= on_disk()
    return found


def wait(what, true):
    for _ in range(30000):
        if true():
            return
        time.sleep(0.01)
    print(f"FAIL: {what} never came; {len(broker.events)} came; {len(os.listdir(spool))} files; seed {seed}")
    sys.exit(1)


speaks = threading.Event()
speaks.set()
threading.Thread(target=daemon, args=[speaks], daemon=True).start()
broker = Broker()

kept, seen = set(), set()
try:
    for number in range(rounds):
        before = len(broker.events), set(os.listdir(spool))
        started = start()
        # from the first that it writes on, or from the first that it tells
        if number % 2:
            wait("an event", lambda: set(os.listdir(spool)) != before[1])
        else:
            wait("an event", lambda: len(broker.events) > before[0])
        seen |= seen_for(chance.random() * 0.25)
        started.kill()
        broker.forget()
        started.wait()
        kept |= on_disk()
    speaks.clear()
    started = start()
    wait("an empty spool", lambda: not os.listdir(spool))
finally:
    started.kill()
    started.wait()

came = list(broker.events)
texts = {}
failures = [f"it was on the disk, and never came: {text}" for text in (kept | seen) - set(came)]
for text in came:
    known = texts.setdefault(json.loads(text)["id"], text)
    if known != text:
        failures.append(f"one id, two events: {known} {text}")
boots = collections.defaultdict(set)
for name in texts:
    boot, _, number = name.rpartition("-")
    boots[boot].add(int(number))
for boot, numbers in boots.items():
    failures += [f"{boot}-{n} is missing" for n in set(range(max(numbers))) - numbers]
for failure in failures[:20]:
    print("FAIL:", failure)
print(f"killed: {rounds} times, {len(kept | seen)} events seen on the disk, {len(kept)} left "
      f"there, {len(texts)} came, "
      f"{len(came) - len(texts)} twice; seed {seed}")
sys.exit(1 if failures or not kept or len(boots) < 2 else 0)
