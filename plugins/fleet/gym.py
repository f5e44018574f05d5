#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
# Copyright 2026 the gaitd authors
#
# A gym in a box: a broker of MQTT, consoles that simulate runs, each a gaitd and a
# gaitd-mqtt as on a real one, and an operator's view of them. All of it lives in a
# directory that is removed, and ends with this program.
"""plugins/fleet/gym.py [--consoles N] [--seconds S]

Starts Mosquitto and N consoles that simulate runs, and shows what an operator
sees of them. Ctrl-C ends it all, and nothing stays."""
import argparse
import datetime
import json
import os
import random
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time

HERE = os.path.dirname(os.path.abspath(__file__))
SCENARIOS = ("demo", "cadence-low-obedient", "treadmill-lost", "intervals", "steep", "walk",
             "speed-jump", "cadence-lost")
LEVELS = ("safety", "load", "form", "habit", "praise", "system")
# what catches the eye, on a terminal: words of the table that are to be seen
COLOURS = {"offline": "31", "lost": "31", "stale": "33", "searching": "33", "safety": "31;1"}
EACH_S = 1.0
PORTS = 20000, 32768  # below those that clients get
END_S = 20  # then a program that was asked to end is killed


def free_port(given=set()):
    """A port that nobody has, and that was not given before. One that the kernel draws
    may be drawn again before its listener is there, for another or for a client."""
    while True:
        port = random.randrange(*PORTS)
        with socket.socket() as s:
            try:
                s.bind(("", port))
            except OSError:
                continue
        if port not in given:
            given.add(port)
            return port


def find_programs(directory):
    """Where gaitd and gaitd-mqtt are: named, built here, or installed."""
    top = os.path.dirname(os.path.dirname(HERE))
    places = [directory] if directory else [
        os.getcwd(), os.environ.get("builddir", ""), f"{top}/.build/quickstart", f"{top}/build"]
    found = {}
    for program in ("gaitd", "gaitd-mqtt", "mosquitto", "mosquitto_sub"):
        path = os.pathsep.join([p for p in places if p] + [os.environ["PATH"], "/usr/sbin"])
        found[program] = shutil.which(program, path=path)
        if not found[program]:
            package = {"mosquitto": "apt install mosquitto", "mosquitto_sub":
                       "apt install mosquitto-clients"}.get(program, "make, or --programs DIR")
            raise SystemExit(f"gym: no {program} here; {package}")
        found[program] = os.path.abspath(found[program])
    return found


class Programs:
    """Everything that was started, so that all of it ends."""

    def __init__(self, work):
        self.work = work
        self.log = open(os.path.join(work, "log"), "ab")
        self.started = []

    def start(self, command, environment=None, output=None):
        self.started = [p for p in self.started if p.poll() is None]
        self.started.append(subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=output or self.log, stderr=self.log,
            env=dict(os.environ, **(environment or {})),
            start_new_session=True))  # Ctrl-C is ours to hand on, in order
        return self.started[-1]

    def close(self):
        self.stop(self.started)
        self.log.close()
        shutil.rmtree(self.work, ignore_errors=True)

    @staticmethod
    def stop(processes):
        processes = [p for p in processes if p and p.poll() is None]
        for process in processes:
            process.send_signal(signal.SIGTERM)
        for process in processes:
            try:
                process.wait(END_S)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


class Broker:
    """Mosquitto, which keeps what it has taken as mosquitto-keep.conf says."""

    def __init__(self, programs, found, port=None, address="127.0.0.1", extra="", keeps=None,
                 save_s=None):
        self.programs, self.found, self.address = programs, found, address
        self.port = port or free_port()
        self.directory = os.path.join(programs.work, f"broker-{self.port}")
        self.process = None
        os.mkdir(self.directory)
        self.database = os.path.join(keeps or self.directory, "mosquitto.db")
        self.config = os.path.join(self.directory, "mosquitto.conf")
        with open(os.path.join(HERE, "mosquitto-keep.conf")) as file:
            keep = file.read()
        if save_s:
            keep = keep.replace("autosave_interval 30", f"autosave_interval {save_s}")
        with open(self.config, "w") as file:
            file.write(f"listener {self.port} {address}\nallow_anonymous true\npersistence true\n"
                       f"persistence_location {os.path.dirname(self.database)}/\n{keep}"
                       "log_type error\nlog_type warning\n" + extra)
            if os.geteuid() == 0:
                file.write("user root\n")

    def start(self):
        self.process = self.programs.start([self.found["mosquitto"], "-c", self.config])
        while not self.answers():
            if self.process.poll() is not None:
                raise SystemExit("gym: mosquitto ended: " + tail(self.programs))
            time.sleep(0.05)

    def answers(self):
        with socket.socket() as s:
            return s.connect_ex((self.address, self.port)) == 0

    def stop(self):
        Programs.stop([self.process])

    def kill(self):
        self.process.kill()
        self.process.wait()

    def restart(self):
        """When it was ready to start again"""
        self.stop()
        since = time.time()
        self.start()
        return since


def tail(programs, length=1500):
    with open(os.path.join(programs.work, "log"), errors="replace") as file:
        return file.read()[-length:]


class Console:
    """A gaitd that simulates one run after another, and its gaitd-mqtt."""

    def __init__(self, programs, found, number, broker, site="gym-a", mqtt_prefix=(),
                 state=None, settings=""):
        self.programs, self.found = programs, found
        self.name = f"console-{number:03}"
        self.site, self.number = site, number
        self.runs = 0
        self.directory = os.path.join(programs.work, self.name)
        self.state = os.path.join(state or self.directory, self.name + "-spool")
        self.socket = os.path.join(self.directory, "display.sock")
        self.mqtt_prefix = list(mqtt_prefix)
        self.gaitd = self.mqtt = None
        os.mkdir(self.directory)
        os.makedirs(self.state)
        with open(self.directory + "/gaitd.yaml", "w") as file:
            file.write("log: {level: error}\n")
        with open(self.directory + "/mqtt.yaml", "w") as file:
            file.write(f"broker: {{host: {broker.address}, port: {broker.port}}}\n"
                       f"site: {site}\nconsole: {self.name}\n"
                       f"commands: {{enabled: no}}\n{settings}")

    def start_gaitd(self):
        scenario = SCENARIOS[(self.number + self.runs) % len(SCENARIOS)]
        self.runs += 1
        self.gaitd = self.programs.start(
            [self.found["gaitd"], "--config", self.directory + "/gaitd.yaml", "--socket",
             self.socket, "--simulate", scenario, "--seed", str(self.number + 1)],
            {"STATE_DIRECTORY": self.directory})

    def start_mqtt(self):
        self.mqtt = self.programs.start(
            self.mqtt_prefix + [self.found["gaitd-mqtt"], "--config",
                                self.directory + "/mqtt.yaml", "--socket", self.socket],
            {"STATE_DIRECTORY": self.state})

    def start(self):
        self.start_gaitd()
        self.start_mqtt()

    def keep(self):
        """Whoever has run goes; the next one comes."""
        if self.gaitd.poll() is not None:
            self.start_gaitd()

    def check(self):
        if self.mqtt and self.mqtt.poll() is not None:
            raise SystemExit(f"gym: {self.name}: gaitd-mqtt ended: " + tail(self.programs))


def minutes(seconds):
    return f"{seconds // 60}:{seconds % 60:02}" if isinstance(seconds, int) else ""


def age(ts):
    """How long ago a message says that it was written"""
    try:
        then = datetime.datetime.fromisoformat(ts.replace("Z", "+00:00"))
    except (AttributeError, ValueError):
        return ""
    now = datetime.datetime.now(datetime.timezone.utc)
    return minutes(max(int((now - then).total_seconds()), 0))


class View:
    """What came by way of the broker, and nothing else"""

    def __init__(self, programs, found, broker, site="+", more=()):
        self.rows = {}
        self.events = 0
        self.prompts = {}  # by level
        self.lock = threading.Lock()
        self.process = programs.start(
            [found["mosquitto_sub"], "-h", broker.address, "-p", str(broker.port), "-t",
             f"gaitd/v1/{site}/#", "-F", "%t %p", *more], output=subprocess.PIPE)
        self.thread = threading.Thread(target=self.read, daemon=True)
        self.thread.start()

    def read(self):
        for line in self.process.stdout:
            topic, _, payload = line.decode(errors="replace").rstrip("\n").partition(" ")
            levels = topic.split("/")
            try:
                message = json.loads(payload)
            except ValueError:
                continue
            if len(levels) == 5 and isinstance(message, dict) and message:
                with self.lock:
                    row = self.rows.setdefault("/".join(levels[2:4]), {})
                    row[levels[4]] = message
                    if levels[4] == "event":
                        self.count(message)
                    row["heard"] = time.monotonic()

    def count(self, event):
        self.events += 1
        if event.get("kind") == "prompt":
            level = str(event.get("level", "?"))
            self.prompts[level] = self.prompts.get(level, 0) + 1

    def summary(self):
        """What one wants to know who has no time for the table"""
        with self.lock:
            rows = list(self.rows.values())
            live = [row for row in rows if row.get("status", {}).get("state") == "online"]
            states = [row.get("state", {}) for row in live]
            treadmills = sum(s.get("link", {}).get("treadmill") == "live" for s in states)
            running = sum(s.get("session", {}).get("state") == "running" for s in states)
            prompts = ", ".join(f"{self.prompts[level]} {level}" for level in LEVELS
                                if level in self.prompts) or "none yet"
            return (f"consoles online: {len(live)} of {len(rows)}; treadmills live: {treadmills}; "
                    f"runs: {running}; events: {self.events}; prompts: {prompts}")

    def online(self):
        with self.lock:
            return {name for name, row in self.rows.items()
                    if row.get("status", {}).get("state") == "online"}

    @staticmethod
    def event_words(event):
        words = [event.get("kind", "")]
        words += [str(event[key]) for key in ("level", "rule", "state", "gaitd") if key in event]
        if isinstance(event.get("session"), dict):
            words.append(str(event["session"].get("state", "")))
        if isinstance(event.get("link"), dict):
            words += [f"{k} {v}" for k, v in event["link"].items()]
        return " ".join(words)

    def table(self):
        head = ("CONSOLE", "IS", "TREADMILL", "POD", "SESSION", "FOR", "KM/H", "LAST EVENT", "AGO",
                "VERSION")
        lines = [head]
        with self.lock:
            for name in sorted(self.rows):
                row = self.rows[name]
                status, state = row.get("status", {}), row.get("state", {})
                link, session = state.get("link", {}), state.get("session", {})
                speed, event = state.get("speed_mps"), row.get("event", {})
                lines.append((
                    name, status.get("state", "?"), link.get("treadmill", ""),
                    link.get("footpod", ""), session.get("state", ""),
                    minutes(session.get("elapsed_s")),
                    "" if speed is None else f"{speed * 3.6:.1f}", self.event_words(event)[:32],
                    age(event.get("ts")), status.get("version", "")))
        widths = [max(len(line[i]) for line in lines) for i in range(len(head))]
        return ["  ".join(text.ljust(w) for text, w in zip(line, widths)).rstrip()
                for line in lines]


class Gym:
    def __init__(self, found, consoles, port=None, **more):
        self.work = tempfile.mkdtemp(prefix="gaitd-gym.")
        self.programs = Programs(self.work)
        self.broker = Broker(self.programs, found, port)
        self.consoles = [Console(self.programs, found, n, self.broker, **more)
                         for n in range(consoles)]
        self.found = found
        self.view = None

    def start(self):
        self.broker.start()
        self.view = View(self.programs, self.found, self.broker)
        for console in self.consoles:
            console.start()

    def keep(self):
        self.check()
        for console in self.consoles:
            console.keep()

    def check(self):
        """What is to run for ever does."""
        for console in self.consoles:
            console.check()
        if self.view and self.view.process.poll() is not None:
            raise SystemExit("gym: mosquitto_sub ended: " + tail(self.programs))

    def stop(self):
        Programs.stop([c.mqtt for c in self.consoles])
        self.programs.close()


def coloured(line):
    if os.environ.get("NO_COLOR"):
        return line
    return re.sub(r"\b(" + "|".join(COLOURS) + r")\b",
                  lambda word: f"\x1b[{COLOURS[word[0]]}m{word[0]}\x1b[0m", line)


def show(gym, live):
    lines = [gym.view.summary(), ""] + gym.view.table()
    if live:
        size = shutil.get_terminal_size()
        lines = [coloured(line[:size.columns]) for line in lines[:size.lines - 3]]
        sys.stdout.write("\x1b[H" + "".join(line + "\x1b[K\n" for line in lines) + "\x1b[K\n\x1b[J" +
                         f"mosquitto_sub -p {gym.broker.port} -v -t 'gaitd/v1/#' hears them too; "
                         "Ctrl-C ends it all\n")
    else:
        print("\n".join(lines) + "\n")
    sys.stdout.flush()


def run(gym, seconds):
    live = sys.stdout.isatty() and os.environ.get("TERM", "dumb") != "dumb"
    until = time.monotonic() + seconds if seconds else None
    if live:
        sys.stdout.write("\x1b[2J")
    while until is None or time.monotonic() < until:
        gym.keep()
        show(gym, live)
        time.sleep(EACH_S if live else 5 * EACH_S)


def main():
    parser = argparse.ArgumentParser(description="A gym in a box, to look at and to try things on.",
                                     epilog="Manual: plugins/fleet/README.md")
    parser.add_argument("--consoles", type=int, default=6, metavar="N", help="how many (6)")
    parser.add_argument("--seconds", type=float, metavar="S", help="end after so long")
    parser.add_argument("--port", type=int, help="of the broker, on 127.0.0.1 (a free one)")
    parser.add_argument("--programs", metavar="DIR", help="where gaitd and gaitd-mqtt are")
    options = parser.parse_args()
    if not 1 <= options.consoles <= 999:
        parser.error("--consoles: expected 1 to 999")

    for ends in (signal.SIGTERM, signal.SIGHUP):  # the latter: its terminal is closed
        signal.signal(ends, lambda *_: sys.exit(0))
    gym = Gym(find_programs(options.programs), options.consoles, options.port)
    try:
        gym.start()
        print(f"gym: {options.consoles} consoles, broker at 127.0.0.1:{gym.broker.port}; "
              f"mosquitto_sub -p {gym.broker.port} -v -t 'gaitd/v1/#' hears them too",
              file=sys.stderr)
        run(gym, options.seconds)
    except KeyboardInterrupt:
        pass
    finally:
        for ends in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(ends, signal.SIG_IGN)
        gym.stop()


if __name__ == "__main__":
    main()
