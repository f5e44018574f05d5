#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright 2026 the gaitd authors
#
# The brokers that plugins/fleet/README.md shows, with their files as they are there:
# a gym's with certificates and an access list, two gyms whose brokers are bridged to
# a head office's, and a cluster of three NATS servers of which one is killed. Of what
# the consoles tell, nothing is lost.
#
# usage: tests/fleet/brokers.py gym | bridge | nats
import argparse
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request

SOURCE = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
FLEET = os.path.join(SOURCE, "plugins/fleet")
sys.path[:0] = [FLEET, os.path.join(SOURCE, "tests/fleet")]
sys.dont_write_bytecode = True
import audit  # noqa: E402  (tests/fleet/audit.py)
import gym as box  # noqa: E402  (plugins/fleet/gym.py)

RETRY = "broker: {{host: {0}, port: {1}, protocol: \"{2}\", keepalive_s: 5, retry_max_s: 2}}\n"


def filled_in(template, **values):
    text = open(os.path.join(FLEET, template)).read()
    for key, value in values.items():
        text = text.replace(f"@{key}@", str(value))
    return text


def rewrite(console, first_line):
    path = console.directory + "/mqtt.yaml"
    rest = open(path).read().split("\n", 1)[1]
    with open(path, "w") as file:
        file.write(first_line + rest)


def consoles_of(gym, count, broker, site, protocol="5", more=""):
    made = [box.Console(gym.programs, gym.found, len(gym.consoles) + n, broker, site=site)
            for n in range(count)]
    for console in made:
        rewrite(console, RETRY.format(broker.address, broker.port, protocol) + more)
        console.start()
    gym.consoles += made


def online(gym, count):
    return lambda: len(gym.view.online()) == count


# ---- a gym, with certificates ------------------------------------------------------

def openssl(directory, *arguments):
    subprocess.run(["openssl", *arguments], cwd=directory, check=True,
                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def make_certificates(directory, names):
    """An authority, its list of nobody revoked, and a certificate for each name"""
    os.mkdir(directory)
    with open(directory + "/ca.cnf", "w") as file:
        file.write("[ca]\ndefault_ca = it\n[it]\ndatabase = index\n"
                   "default_md = sha256\ndefault_crl_days = 30\n")
    open(directory + "/index", "w").close()
    key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]
    openssl(directory, "req", "-x509", *key, "-keyout", "ca.key", "-out", "ca.crt", "-subj",
            "/CN=a gym's authority", "-days", "30")
    for name in names:
        openssl(directory, "req", *key, "-keyout", name + ".key", "-out", name + ".csr", "-subj",
                f"/CN={name}", "-addext", "subjectAltName=IP:127.0.0.1")
        openssl(directory, "x509", "-req", "-in", name + ".csr", "-CA", "ca.crt", "-CAkey",
                "ca.key", "-CAcreateserial", "-copy_extensions", "copy", "-days", "30", "-out",
                name + ".crt")
    openssl(directory, "ca", "-gencrl", "-config", "ca.cnf", "-cert", "ca.crt", "-keyfile",
            "ca.key", "-out", "ca.crl")


def one_gym(gym):
    broker = gym.broker
    certificates = gym.work + "/certificates"
    make_certificates(certificates, ["broker", "operator", "console-000", "console-001"])
    with open(certificates + "/acl", "w") as file:
        file.write(filled_in("acl"))
        file.write(f"user operator\ntopic write gaitd/v1/{audit.PROBE}/#\n")
    with open(broker.config, "w") as file:
        file.write(filled_in("mosquitto-gym.conf").replace("/etc/mosquitto/gaitd", certificates)
                   .replace("listener 8883", f"listener {broker.port} 127.0.0.1"))
        file.write(filled_in("mosquitto-keep.conf"))
        file.write(f"persistence true\npersistence_location {broker.directory}/\n")
        if os.geteuid() == 0:
            file.write("user root\n")
    broker.start()
    tls = ["--cafile", certificates + "/ca.crt", "--cert", certificates + "/operator.crt",
           "--key", certificates + "/operator.key"]
    gym.view = box.View(gym.programs, gym.found, broker, more=tls)
    log = audit.Audit(gym, tls)
    own = RETRY.replace("}}\n", ", ca: {2}/ca.crt, certificate: {2}/{3}.crt, key: {2}/{3}.key}}\n")
    for n in range(2):
        console = box.Console(gym.programs, gym.found, n, broker)
        rewrite(console, own.replace(', protocol: "{2}"', "").format(
            broker.address, broker.port, certificates, console.name))
        console.start()
        gym.consoles.append(console)
    audit.wait("the operator sees two consoles", online(gym, 2), gym)
    since = broker.restart()
    audit.wait("they are back", lambda: len(audit.back_since(gym, since)) == 2, gym)
    audit.wait_ended(log, gym)
    return audit.judge(log, set(), 2)


# ---- gyms that are bridged -------------------------------------------------------

def bridge(gym):
    head = gym.broker
    head.start()
    gym.view = box.View(gym.programs, gym.found, head)
    log = audit.Audit(gym)
    for site in ("gym-a", "gym-b"):
        extra = filled_in("mosquitto-bridge.conf").replace("gym-a", site).replace(
            "@head-office@", f"127.0.0.1:{head.port}").replace("restart_timeout 1 60",
                                                               "restart_timeout 1 2")
        broker = box.Broker(gym.programs, gym.found, extra=extra)
        broker.start()
        # nothing is told twice: what the head office has, the bridge has kept
        consoles_of(gym, 2, broker, site, more="spool: {keep_s: 0}\n")
    audit.wait("the head office sees four consoles", online(gym, 4), gym)
    head.stop()
    audit.bounce_gaitds(gym)
    time.sleep(2)  # some of what is told meanwhile
    audit.wait("the consoles have told their gyms", lambda: not audit.spooled(gym), gym)
    head.start()
    audit.wait_ended(log, gym)
    return audit.judge(log, set(), 4)


# ---- a cluster --------------------------------------------------------------------

class Node:
    def __init__(self, gym, name, routes):
        self.gym, self.name, self.process = gym, name, None
        self.client, self.mqtt, self.monitor = (box.free_port() for _ in range(3))
        self.directory = os.path.join(gym.work, name)
        os.mkdir(self.directory)
        self.config = os.path.join(gym.work, name + ".conf")
        self.routes, self.route = routes, box.free_port()

    def start(self):
        with open(self.config, "w") as file:
            file.write(filled_in(
                "nats.conf", name=self.name, client=self.client, route=self.route,
                mqtt=self.mqtt, address="127.0.0.1", directory=self.directory,
                routes=", ".join(f'"nats://127.0.0.1:{n.route}"' for n in self.routes)))
        self.process = self.gym.programs.start(
            ["nats-server", "-c", self.config, "-m", str(self.monitor), "-a", "127.0.0.1"])

    def lives(self):
        return self.process.poll() is None

    def is_ready(self):
        if not self.lives():
            raise SystemExit(f"{self.name} ended: " + box.tail(self.gym.programs))
        try:
            with urllib.request.urlopen(
                    f"http://127.0.0.1:{self.monitor}/healthz", timeout=10) as reply:
                return reply.status == 200
        except OSError:
            return False


class Address:
    """The one that moves: hands each connection to a node that lives."""

    def __init__(self, nodes):
        self.address, self.nodes = "127.0.0.1", nodes
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=512)
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        while True:
            client, _ = self.listener.accept()
            node = next((n for n in self.nodes if n.lives()), None)
            try:
                server = socket.create_connection(("127.0.0.1", node.mqtt))
            except (OSError, AttributeError):
                client.close()
                continue
            for a, b in ((client, server), (server, client)):
                threading.Thread(target=self.copy, args=(a, b), daemon=True).start()

    @staticmethod
    def copy(source, sink):
        try:
            while True:
                data = source.recv(65536)
                if not data:
                    break
                sink.sendall(data)
        except OSError:
            pass
        for end in (source, sink):
            try:
                end.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass


def nats(gym):
    nodes = []
    nodes += [Node(gym, f"node-{n}", nodes) for n in range(3)]  # each knows them all
    for node in nodes:
        node.start()
    audit.wait("the cluster has come together", lambda: all(n.is_ready() for n in nodes), gym)
    broker = gym.broker = Address(nodes)
    gym.view = box.View(gym.programs, gym.found, broker)
    log = audit.Audit(gym)
    consoles_of(gym, 3, broker, "gym-a", "3.1.1")
    audit.wait("three consoles are seen", online(gym, 3), gym)
    print(f"three consoles at {nodes[0].name}, which is killed now")
    nodes[0].process.kill()
    nodes[0].process.wait()
    audit.bounce_gaitds(gym)
    since = time.time()
    audit.wait("the consoles are back at another node",
               lambda: len(audit.back_since(gym, since)) == 3, gym)
    audit.wait_ended(log, gym)
    return audit.judge(log, set(), 3)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("what", choices=["gym", "bridge", "nats"])
    what = parser.parse_args().what
    if what == "nats" and not shutil.which("nats-server", path=os.environ["PATH"] + ":/usr/sbin"):
        print("no nats-server here")
        sys.exit(77)
    os.environ["PATH"] += ":/usr/sbin"
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    gym = box.Gym(box.find_programs(None), 0)
    try:
        good = {"gym": one_gym, "bridge": bridge, "nats": nats}[what](gym)
    finally:
        gym.stop()
    sys.exit(0 if good else 1)


main()
