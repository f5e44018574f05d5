#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright 2026 the gaitd authors
#
# Many consoles and one broker, in network namespaces of their own: the broker is
# started anew, the network is cut, disks are full, the broker's or the consoles',
# the broker or gaitd-mqtt is killed; and of the events, which have QoS 1, none may be
# missing in the end. Tells what a console takes of its machine, and how reconnecting
# consoles spread out.
#
# usage: tests/fleet/gym_load.py [--consoles N] [--away S...] [--save S] [--window S]
import argparse
import collections
import os
import re
import signal
import subprocess
import sys
import time

SOURCE = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path[:0] = [os.path.join(SOURCE, "plugins/fleet"), os.path.join(SOURCE, "tests/fleet")]
sys.dont_write_bytecode = True
from audit import (Audit, bounce_gaitds, judge, spooled, wait, wait_all_back,  # noqa: E402
                   wait_ended, wait_heard, wait_saved)
import gym as box  # noqa: E402  (plugins/fleet/gym.py)

BROKER, CONSOLES = "10.99.0.1", "10.99.0.2"
SKIPPED = 77


def enter_namespaces():
    """Runs this program anew where a network and mounts are its own."""
    if os.environ.get("GYM_INSIDE"):
        return
    if not all(box.shutil.which(p) for p in ("unshare", "nsenter", "ip", "mosquitto")):
        print("gym_load: no unshare, nsenter, ip or mosquitto here")
        sys.exit(SKIPPED)
    for user in ([], ["--user", "--map-root-user"]):
        unshare = ["unshare", *user, "--net", "--mount", "--kill-child"]
        probe = ("mount -t tmpfs none /mnt && ip link add gym0 type veth peer name console0")
        if subprocess.run([*unshare, "sh", "-c", probe], stderr=subprocess.DEVNULL).returncode == 0:
            os.environ["GYM_INSIDE"] = "1"
            os.execvp("unshare", [*unshare, sys.executable, *sys.argv])
    print("gym_load: no network namespaces here")
    sys.exit(SKIPPED)


def sh(*command):
    subprocess.run(command, check=True)


class Network:
    """A cable between this namespace, where the broker is, and the consoles'."""

    def __init__(self):
        self.holder = subprocess.Popen(["unshare", "--net", "sleep", "infinity"])
        own = os.readlink("/proc/self/ns/net")
        while os.readlink(f"/proc/{self.holder.pid}/ns/net") == own:
            time.sleep(0.02)
        self.inside = ["nsenter", "--net", "--target", str(self.holder.pid), "--"]
        sh("ip", "link", "set", "lo", "up")
        sh("ip", "link", "add", "gym0", "type", "veth", "peer", "name", "console0", "netns",
           str(self.holder.pid))
        sh("ip", "addr", "add", f"{BROKER}/24", "dev", "gym0")
        sh("ip", "link", "set", "gym0", "up")
        for command in (("addr", "add", f"{CONSOLES}/24", "dev", "console0"),
                        ("link", "set", "console0", "up"), ("link", "set", "lo", "up")):
            sh(*self.inside, "ip", *command)

    def cut(self):
        sh("ip", "link", "set", "gym0", "down")

    def mend(self):
        sh("ip", "link", "set", "gym0", "up")

    def close(self):
        self.holder.kill()
        self.holder.wait()


class Disk:
    """A small one: for all consoles' spools, or for what the broker keeps"""

    def __init__(self, directory, kib):
        os.mkdir(directory)
        sh("mount", "-t", "tmpfs", "-o", f"size={kib}k", "none", directory)
        self.directory, self.ballast = directory, os.path.join(directory, "ballast")

    def fill(self):
        with open(self.ballast, "wb", buffering=0) as file:
            try:
                while True:
                    file.write(b"x" * 4096)
            except OSError:
                pass

    def empty(self):
        os.unlink(self.ballast)

    def close(self):
        sh("umount", "-l", self.directory)


def print_histogram(what, delays):
    print(f"{what}: {len(delays)} back, first after {delays[0]:.2f} s, half after "
          f"{delays[len(delays) // 2]:.2f} s, last after {delays[-1]:.2f} s")
    width = max(delays[-1] / 12, 0.05)
    counts = collections.Counter(int(d / width) for d in delays)
    for i in range(max(counts) + 1 if len(delays) >= 20 else 0):
        bar = "#" * (counts[i] * 50 // max(counts.values()))
        print(f"  {i * width:6.2f} s {counts[i]:4} {bar}")
    window = max(sum(1 for d in delays if start <= d < start + 0.1) for start in delays)
    print(f"  the busiest 0.1 s: {window} of {len(delays)}")
    return window


def cpu_and_memory(processes):
    ticks = os.sysconf("SC_CLK_TCK")
    cpu, pss, rss = 0.0, 0, 0
    for process in processes:
        fields = open(f"/proc/{process.pid}/stat").read().rsplit(")", 1)[1].split()
        cpu += (int(fields[11]) + int(fields[12])) / ticks
        for line in open(f"/proc/{process.pid}/smaps_rollup"):
            name, _, value = line.partition(":")
            pss += int(value.split()[0]) if name == "Pss" else 0
            rss += int(value.split()[0]) if name == "Rss" else 0
    return cpu, pss, rss


def measure(gym, seconds):
    groups = {"gaitd": [c.gaitd for c in gym.consoles],
              "gaitd-mqtt": [c.mqtt for c in gym.consoles], "mosquitto": [gym.broker.process]}
    before = {name: cpu_and_memory(p)[0] for name, p in groups.items()}
    start = time.monotonic()
    time.sleep(seconds)
    took = time.monotonic() - start
    for name, processes in groups.items():
        cpu, pss, rss = cpu_and_memory(processes)
        n = len(processes)
        print(f"{name}: each {(cpu - before[name]) / took / n * 100:.2f} % of a processor, "
              f"{pss / n / 1024:.2f} MiB of its own share (PSS), {rss / n / 1024:.2f} MiB resident")


# ---- what is done to them ----------------------------------------------------

def said(gym, pattern):
    """Until one of the programs says so"""
    wait(f"'{pattern}' in what is said", lambda: re.search(
        pattern, open(gym.programs.log.name, errors="replace").read(), re.M), gym)


def broker_restarts(gym, options, network, disk):
    for away in options.away:
        gym.broker.stop()
        bounce_gaitds(gym)
        time.sleep(away)
        since = time.time()
        gym.broker.start()
        delays = wait_all_back(gym, since, "consoles after the broker's restart")
        window = print_histogram(f"broker away for {away:g} s and more", delays)
        # 0.75 s and more is what the first wait spreads over
        if len(delays) >= 100 and window > len(delays) * 0.4:
            raise SystemExit("FAIL: they came back all at once")


def broker_disk_full(gym, options, network, disk):
    """Mosquitto goes on with what it has in memory, and saves again when it can."""
    gym.audit.stop()
    gym.broker_disk.fill()
    since = time.time()
    bounce_gaitds(gym)
    said(gym, r"^\d+: Error: No space left")  # Mosquitto's
    wait_heard(gym, since)
    gym.broker_disk.empty()
    wait_saved(gym)
    gym.audit.start()


def broker_killed(gym, options, network, disk):
    """It took what it has not saved, and who reads events is away."""
    gym.audit.stop()
    wait_saved(gym)
    since = time.time()
    bounce_gaitds(gym)
    wait_heard(gym, since)
    gym.broker.kill()
    since = time.time()
    gym.broker.start()
    gym.audit.start()
    print_histogram("broker killed", wait_all_back(gym, since, "consoles of a broker killed"))


def network_cut(gym, options, network, disk):
    network.cut()
    bounce_gaitds(gym)
    wait("the broker notices that the consoles are gone", lambda: not gym.view.online(),
         gym, keep=False)
    since = time.time()
    network.mend()
    print_histogram("network cut until the broker noticed",
                    wait_all_back(gym, since, "consoles after the cut"))


def full_disk(gym, options, network, disk):
    gym.broker.stop()
    disk.fill()
    happened = time.time()
    bounce_gaitds(gym)
    said(gym, "the spool .* takes no more: No space left")
    since = time.time()
    gym.broker.start()
    wait_all_back(gym, since, "consoles with a full disk")
    wait_heard(gym, happened)
    disk.empty()


def killed_bridges(gym, options, network, disk):
    """What waits on the disk survives the program that wrote it."""
    gym.broker.stop()
    taken = spooled(gym)
    bounce_gaitds(gym)
    wait("events on the disk of each", lambda: len({c for c, _ in spooled(gym) - taken}) ==
         len(gym.consoles), gym)
    for console in gym.consoles:
        console.mqtt.kill()
        console.mqtt.wait()
    kept = spooled(gym)
    for console in gym.consoles:
        console.start_mqtt()
    since = time.time()
    gym.broker.start()
    wait_all_back(gym, since, "consoles whose gaitd-mqtt was killed")
    return kept


def run(options):
    found = box.find_programs(None)
    network = Network()
    gym = disk = broker_disk = None
    try:
        gym = box.Gym(found, 0)
        disk = Disk(os.path.join(gym.work, "disk"), 64 + 128 * options.consoles)
        broker_disk = Disk(os.path.join(gym.work, "broker-disk"), 256 + 64 * options.consoles)
        gym.broker_disk = broker_disk
        gym.broker = box.Broker(gym.programs, found, address="0.0.0.0", save_s=options.save,
                                keeps=broker_disk.directory)
        far = argparse.Namespace(address=BROKER, port=gym.broker.port)
        gym.consoles = [
            box.Console(gym.programs, found, n, far, mqtt_prefix=network.inside,
                        state=disk.directory, settings="") for n in range(options.consoles)]
        for console in gym.consoles:
            path = console.directory + "/mqtt.yaml"
            text = open(path).read().replace(
                "}\nsite", f", keepalive_s: 5, retry_max_s: {options.retry_max}}}\nsite", 1)
            open(path, "w").write(text)
        gym.broker.address = "127.0.0.1"
        began = time.time()
        gym.broker.start()
        audit = gym.audit = Audit(gym)
        gym.view = box.View(gym.programs, found, gym.broker)
        for console in gym.consoles:
            console.start()
        wait_all_back(gym, began, "consoles")
        print(f"{options.consoles} consoles online after {time.time() - began:.1f} s")
        measure(gym, options.window)
        kept = set()
        for trouble in (broker_disk_full, broker_killed, broker_restarts, network_cut, full_disk,
                        killed_bridges):
            kept |= trouble(gym, options, network, disk) or set()
        wait_ended(audit, gym)
        audit.stop()
        good = judge(audit, kept, options.consoles)
    finally:
        for mounted in filter(None, (disk, broker_disk)):
            mounted.close()
        if gym:
            gym.stop()
        network.close()
    return good


def main():
    enter_namespaces()
    parser = argparse.ArgumentParser()
    parser.add_argument("--consoles", type=int, default=6)
    parser.add_argument("--away", type=float, nargs="+", default=[1],
                        help="how often, and for how many seconds, there is no broker")
    parser.add_argument("--save", type=int, default=2, help="the broker saves so often")
    parser.add_argument("--window", type=float, default=1, help="seconds to measure for")
    parser.add_argument("--retry-max", type=int, default=3)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    sys.exit(0 if run(parser.parse_args()) else 1)


main()
