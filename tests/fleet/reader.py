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

CONNECT, PUBLISH, PUBACK, SUBSCRIBE = 0x10, 0x30, 0x40, 0x82


def text(data):
    return len(data).to_bytes(2, "big") + data.encode()


def packet(kind, body):
    length, rest = b"", len(body)
    while True:
        rest, digit = divmod(rest, 128)
        length += bytes([digit | (0x80 if rest else 0)])
        if not rest:
            return bytes([kind]) + length + body


def read_packet(stream):
    """Its first octet and its body; None: the connection has ended."""
    first = stream.read(1)
    length, shift, digit = 0, 0, 0x80
    while first and digit & 0x80:
        digit = (stream.read(1) or b"\0")[0]
        length |= (digit & 0x7f) << shift
        shift += 7
    body = stream.read(length) if first else b""
    return (first[0], body) if first and len(body) == length else None


class Reader:
    def __init__(self, port, topic, tls=None):
        """`tls`: files by the names of mosquitto_sub's options"""
        self.port, self.topic, self.tls = port, topic, tls
        self.events = []  # (topic, payload)
        self.thread = self.connection = None

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
                self.connection = self.connect()
                with self.connection, self.connection.makefile("rb") as stream:
                    self.read(stream)
            except OSError:
                time.sleep(0.1)

    def connect(self):
        connection = socket.create_connection(("127.0.0.1", self.port))
        if self.tls:
            context = ssl.create_default_context(cafile=self.tls["--cafile"])
            context.load_cert_chain(self.tls["--cert"], self.tls["--key"])
            connection = context.wrap_socket(connection, server_hostname="127.0.0.1")
        hello = text("MQTT") + b"\x04\x00\x00\x00" + text("audit")  # it keeps the session
        connection.sendall(packet(CONNECT, hello) +
                           packet(SUBSCRIBE, b"\0\1" + text(self.topic) + b"\1"))
        return connection

    def read(self, stream):
        while not self.ended:
            came = read_packet(stream)
            if not came:
                return
            first, body = came
            if first & 0xf0 == PUBLISH:
                self.take(first >> 1 & 3, body)

    def take(self, qos, body):
        end = 2 + int.from_bytes(body[:2], "big")
        payload = end + 2 if qos else end
        self.events.append((body[2:end].decode(), body[payload:].decode()))
        if qos:
            self.connection.sendall(packet(PUBACK, body[end:payload]))
