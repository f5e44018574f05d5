# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright 2026 the gaitd authors
#
# Who reads events, over a session of MQTT 3.1.1 that the broker keeps: it says that it
# has one only when it has it. (mosquitto_sub says so before it prints, and prints
# nothing more once it was asked to end: what comes then would seem lost.)
import socket
import ssl
import threading
import time

CONNECT, CONNACK, PUBLISH, PUBACK, SUBSCRIBE, SUBACK, PING = (
    0x10, 0x20, 0x30, 0x40, 0x82, 0x90, 0xc0)
PING_S = 5
SILENT_S = 60  # a connection on which nothing comes for so long is given up


class Ended(OSError):
    """Refused, silent or closed: the next connection may fare better."""


def text(data):
    return len(data).to_bytes(2, "big") + data.encode()


def packet(kind, body):
    length, rest = b"", len(body)
    while True:
        rest, digit = divmod(rest, 128)
        length += bytes([digit | (0x80 if rest else 0)])
        if not rest:
            return bytes([kind]) + length + body


class Stream:
    """Packets, one after the other"""

    def __init__(self, connection):
        self.connection, self.data = connection, b""
        connection.settimeout(PING_S)

    def more(self):
        """Something comes in the end, or it is over."""
        for _ in range(SILENT_S // PING_S):
            try:
                data = self.connection.recv(65536)
            except TimeoutError:
                self.connection.sendall(packet(PING, b""))
                continue
            if not data:
                raise Ended("closed by the broker")
            self.data += data
            return
        raise Ended(f"nothing came for {SILENT_S} s")

    def take(self, length):
        while len(self.data) < length:
            self.more()
        taken, self.data = self.data[:length], self.data[length:]
        return taken

    def packet(self):
        """Its first octet and its body"""
        first = self.take(1)[0]
        length, shift, digit = 0, 0, 0x80
        while digit & 0x80:
            digit = self.take(1)[0]
            length |= (digit & 0x7f) << shift
            shift += 7
        return first, self.take(length)


class Reader:
    def __init__(self, port, topic, tls=None):
        """`tls`: files by the names of mosquitto_sub's options"""
        self.port, self.topic, self.tls = port, topic, tls
        self.events = []  # (topic, payload)
        self.thread = self.connection = None
        self.state, self.last_end = "not started", "none"
        self.connections = self.sessions = 0  # the latter: that the broker began anew

    def __str__(self):
        return (f"{self.state}; {self.connections} connections, {self.sessions} new sessions, "
                f"{len(self.events)} events; what ended the last connection: {self.last_end}")

    def start(self):
        self.ended = False
        self.thread = threading.Thread(target=self.run, daemon=True)
        self.thread.start()

    def stop(self):
        """Goes without a word."""
        self.ended = True
        if self.connection:
            try:
                self.connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
        self.thread.join()

    def run(self):
        while not self.ended:
            try:
                self.state = "connecting"
                self.connection = self.connect()
                with self.connection:
                    self.read(Stream(self.connection))
            except OSError as error:
                self.last_end = f"{self.state}: {error}"
                time.sleep(0.1)

    def connect(self):
        connection = socket.create_connection(("127.0.0.1", self.port))
        if self.tls:
            context = ssl.create_default_context(cafile=self.tls["--cafile"])
            context.load_cert_chain(self.tls["--cert"], self.tls["--key"])
            connection = context.wrap_socket(connection, server_hostname="127.0.0.1")
        return connection

    def read(self, stream):
        hello = text("MQTT") + b"\x04\x00\x00\x00" + text("audit")  # it keeps the session
        self.connection.sendall(packet(CONNECT, hello))
        self.state = "waits for CONNACK"
        while not self.ended:
            first, body = stream.packet()
            kind = first & 0xf0
            if kind == CONNACK:
                self.take_connack(body)
            elif kind == SUBACK:
                self.take_suback(body)
            elif kind == PUBLISH:
                self.take(first >> 1 & 3, body)

    def take_connack(self, body):
        if body[1]:
            raise Ended(f"the broker refuses it: {body[1]}")
        self.connections += 1
        self.sessions += not body[0] & 1
        self.state = "waits for SUBACK"
        self.connection.sendall(packet(SUBSCRIBE, b"\0\1" + text(self.topic) + b"\1"))

    def take_suback(self, body):
        if body[2] != 1:
            raise Ended(f"the broker refuses the subscription: {body[2]:#x}")
        self.state = "subscribed"

    def take(self, qos, body):
        end = 2 + int.from_bytes(body[:2], "big")
        payload = end + 2 if qos else end
        self.events.append((body[2:end].decode(), body[payload:].decode()))
        if qos:
            self.connection.sendall(packet(PUBACK, body[end:payload]))
