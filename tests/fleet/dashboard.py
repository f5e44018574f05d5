#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright 2026 the gaitd authors
#
# Three consoles write their metrics by gaitctl: one that simulates a run, one that
# hears a bad world, and one whose answers are made up, as of a console with radios,
# old batteries and a watchdog that bit. node_exporter serves the files, Prometheus
# reads them, and every query of every panel of the dashboard has to give something.
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse
import urllib.request

SOURCE = os.environ.get("srcdir", ".")
BUILD = os.path.abspath(os.environ.get("builddir", "."))
FLEET = os.path.join(os.path.abspath(SOURCE), "plugins/fleet")
sys.path.append(FLEET)
sys.dont_write_bytecode = True
import gym as box  # noqa: E402  (plugins/fleet/gym.py)

ROUNDS = 600  # a bound for a machine that does nothing, not for a slow one

WORLD = """# gaitd recording 1
0 treadmill link live
0 treadmill notify 2acd 00
0 footpod link live
0 footpod rssi -88
0 footpod notify 2a53 0666025048000000
0 heart_rate notify 2a37 0048
0 treadmill link lost
"""

STATUS = {
    "ok": True, "daemon": "gaitd 0.0.9", "started_unix_s": 1700000000, "display_count": 2,
    "session": {"state": "idle"}, "pod": {"battery": "low", "signal_p10_dbm": -93},
    "sources": {"bluetooth": {"state": "ready", "treadmill": {"battery_pct": 40}},
                "ant": {"state": "absent", "message": "no stick"}},
}


class Made:
    """A daemon's control socket, with a console's answers that grow."""

    def __init__(self, path):
        self.asked = 0
        self.listener = socket.socket(socket.AF_UNIX)
        self.listener.bind(path)
        self.listener.listen()
        threading.Thread(target=self.serve, daemon=True).start()

    def meter(self):
        self.asked += 1
        return {"ok": True, "links": {"treadmill": {"state": "searching", "connects": self.asked,
                                                    "losses": self.asked}},
                "undecoded": {"treadmill": {"notify": self.asked}}, "sessions": self.asked,
                "fleet": {"age_us": 1000000, "connected": self.asked % 2, "connects": self.asked,
                          "acknowledged_age_s": 7, "refused": 1, "waiting_events": self.asked,
                          "waiting_bytes": 220 * self.asked, "limit_events": 1000,
                          "dropped_metrics": self.asked, "dropped_events": self.asked,
                          "merged_safety": 0}}

    def serve(self):
        while True:
            connection, _ = self.listener.accept()
            with connection, connection.makefile("rwb") as lines:
                request = json.loads(lines.readline())
                reply = STATUS if request["cmd"] == "status" else self.meter()
                lines.write(json.dumps(reply).encode() + b"\n")


class Gym:
    def __init__(self, work):
        self.work = work
        self.running = []
        self.path = os.path.join(work, "bin")

    def start(self, *command):
        log = open(os.path.join(self.work, os.path.basename(command[0]) + ".log"), "ab")
        process = subprocess.Popen(command, stdout=log, stderr=log, stdin=subprocess.DEVNULL)
        self.running.append((command[0], process))

    def stop(self):
        for _, process in reversed(self.running):
            process.send_signal(signal.SIGTERM)
        for _, process in self.running:
            process.wait()

    def check(self):
        for name, process in self.running:
            if process.poll() is not None:
                raise SystemExit(f"{name} ended with {process.returncode}: " + open(os.path.join(
                    self.work, os.path.basename(name) + ".log"), errors="replace").read()[-2000:])

    def write_program(self, name, text):
        os.makedirs(self.path, exist_ok=True)
        with open(os.path.join(self.path, name), "w") as file:
            file.write("#!/bin/sh\ncat <<'END'\n" + text + "\nEND\n")
        os.chmod(os.path.join(self.path, name), 0o755)

    def socket_of(self, name):
        directory = os.path.join(self.work, name)
        os.makedirs(directory, exist_ok=True)
        return os.path.join(directory, "display.sock")

    def write_metrics(self, name):
        environment = dict(os.environ)
        if name == "made":
            environment["PATH"] = self.path + ":" + environment["PATH"]
        return subprocess.run(
            [f"{BUILD}/gaitctl", "--instance", name, "--socket", self.socket_of(name),
             "metrics", "-o", f"{self.work}/metrics/gaitd-{name}.prom"], env=environment,
            stderr=subprocess.DEVNULL).returncode


def prepare(gym):
    os.mkdir(f"{gym.work}/metrics")
    open(f"{gym.work}/none.yaml", "w").close()
    open(f"{gym.work}/world", "w").close()
    os.unlink(f"{gym.work}/world")
    os.mkfifo(f"{gym.work}/world")
    gym.world = os.open(f"{gym.work}/world", os.O_RDWR)
    os.write(gym.world, WORLD.encode())
    gym.write_program("systemctl", "LoadState=loaded\nNRestarts=2")
    gym.write_program("journalctl", '{"__REALTIME_TIMESTAMP":"1700000000000000"}')
    for name, arguments in (("run", ["--simulate", "demo"]),
                            ("world", ["--replay", f"{gym.work}/world"])):
        gym.start(f"{BUILD}/gaitd", "--config", f"{gym.work}/none.yaml", "--socket",
                  gym.socket_of("tm-" + name), *arguments)
    gym.made = Made(os.path.join(os.path.dirname(gym.socket_of("made")), "control.sock"))


CONSOLES = ("tm-run", "tm-world", "made")


def watch(gym):
    exporter, port = box.free_port(), box.free_port()
    with open(f"{gym.work}/prometheus.yml", "w") as file:
        json.dump({"global": {"scrape_interval": "1s", "evaluation_interval": "1s"},
                   "rule_files": [f"{FLEET}/alerts.yml"],
                   "scrape_configs": [{"job_name": "node", "static_configs": [
                       {"targets": [f"127.0.0.1:{exporter}"]}]}]}, file)
    gym.start("prometheus-node-exporter", "--collector.disable-defaults",
              "--collector.textfile", f"--collector.textfile.directory={gym.work}/metrics",
              f"--web.listen-address=127.0.0.1:{exporter}")
    gym.start("prometheus", f"--config.file={gym.work}/prometheus.yml",
              f"--storage.tsdb.path={gym.work}/data", f"--web.listen-address=127.0.0.1:{port}")
    return f"http://127.0.0.1:{port}/api/v1"


def ask(api, what):
    try:
        with urllib.request.urlopen(f"{api}/{what}") as reply:
            return json.load(reply)["data"]
    except urllib.error.HTTPError as error:
        if error.code == 503:
            return None  # it is still starting
        raise SystemExit(f"{what}: {error.read().decode(errors='replace')}")
    except OSError:
        return None  # it is still starting


def queries():
    dashboard = json.load(open(f"{FLEET}/dashboard.json"))
    for panel in dashboard["panels"]:
        for target in panel.get("targets", []):
            yield panel["title"], target["expr"].replace("$instance", ".+")


# units of Grafana's that are in use; another one is to be looked up there first
UNITS = {"none", "short", "s", "dBm", "percentunit", "bytes", "cps"}
TYPES = {"row": set(), "stat": {"instant"}, "table": {"instant", "format"}, "timeseries": set()}


def faults_of(panel):
    """What Grafana would show badly, or not at all"""
    place, targets = panel["gridPos"], panel.get("targets", [])
    if panel["type"] not in TYPES:
        return [f"no type {panel['type']}"]
    found = [] if place["x"] >= 0 and place["w"] > 0 and place["x"] + place["w"] <= 24 else [
        "beyond the 24 columns"]
    if panel["type"] == "row":
        return found
    if panel.get("datasource") != {"type": "prometheus", "uid": "${datasource}"}:
        found.append("not of the data source that was chosen")
    if len({target["refId"] for target in targets}) != len(targets) or not targets:
        found.append("queries without a name of their own")
    for target in targets:
        if any(name not in target for name in TYPES[panel["type"]]):
            found.append(f"a query without {TYPES[panel['type']]}")
        if panel["type"] != "table" and not target["legendFormat"]:
            found.append("a curve without a name")
    if panel["type"] != "table" and panel["fieldConfig"]["defaults"].get("unit") not in UNITS:
        found.append("no unit, or an unknown one")
    return found


def overlap(a, b):
    return (a["x"] < b["x"] + b["w"] and b["x"] < a["x"] + a["w"] and
            a["y"] < b["y"] + b["h"] and b["y"] < a["y"] + a["h"])


def layout_faults():
    panels = json.load(open(f"{FLEET}/dashboard.json"))["panels"]
    found = [f"panel \"{p['title']}\": {fault}" for p in panels for fault in faults_of(p)]
    if len({p["id"] for p in panels}) != len(panels):
        found.append("two panels with one id")
    for n, a in enumerate(panels):
        found += [f"\"{a['title']}\" lies over \"{b['title']}\"" for b in panels[n + 1:]
                  if overlap(a["gridPos"], b["gridPos"])]
    return found


def unknown_variables():
    text = open(f"{FLEET}/dashboard.json").read()
    known = {"instance", "datasource", "__all"}
    return {name for name in re.findall(r"\$\{?(\w+)", text)} - known


def has_data(api, expression):
    data = ask(api, "query?" + urllib.parse.urlencode({"query": expression}))
    return bool(data and data["result"])


def judge(gym, api):
    missing = list(queries())
    count = len(missing)
    for _ in range(ROUNDS):
        gym.check()
        for name in CONSOLES:
            gym.write_metrics(name)
        missing = [(title, e) for title, e in missing if not has_data(api, e)]
        if not missing:
            break
        time.sleep(1)
    for title, expression in missing:
        print(f"FAIL: panel \"{title}\" shows nothing: {expression}")
    # rules that Prometheus evaluates on their own are asked for until it has
    rules = []
    for _ in range(ROUNDS):
        groups = (ask(api, "rules") or {}).get("groups", [])
        rules = [rule for group in groups for rule in group["rules"]]
        if rules and all(rule["health"] != "unknown" for rule in rules):
            break
        time.sleep(1)
    bad = [rule for rule in rules if rule["health"] != "ok"]
    for rule in bad:
        print(f"FAIL: alert {rule['name']}: {rule.get('lastError')}")
    print(f"{count} queries, {len(rules)} alerts")
    return not missing and not bad and count > 0 and len(rules) > 0


def main():
    strange = unknown_variables()
    if strange:
        raise SystemExit(f"FAIL: the dashboard has variables that nobody sets: {strange}")
    for fault in layout_faults():
        raise SystemExit(f"FAIL: the dashboard: {fault}")
    gym = Gym(tempfile.mkdtemp(prefix="gaitd-dashboard."))
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    try:
        prepare(gym)
        good = judge(gym, watch(gym))
    finally:
        gym.stop()
        shutil.rmtree(gym.work)
    sys.exit(0 if good else 1)


main()
