#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright 2026 the gaitd authors
#
# MQTT 3.1.1 does what messages.sh shows of 5; commands that are none do nothing; a
# broker that speaks no 5, one that does not answer, and a resolver that never does, are
# told in words, and nothing is lost.
set -eu
# shellcheck source=tests/mqtt/lib.sh
. "${srcdir:-.}/tests/mqtt/lib.sh"

expires=$(date -u -d '+600 seconds' +%Y-%m-%dT%H:%M:%SZ)
tell() { # tell VERB PAYLOAD [OPTION...]
	verb=$1 payload=$2
	shift 2
	printf '%s' "$payload" | mosquitto_pub -h 127.0.0.1 -p "$port" -q 1 "$@" -t "gaitd/v1/gym-a/hall-8/cmd/$verb" -s
}
results() { # results ID: how many came
	grep -c "/cmd-result .*\"id\":\"$1\"" "$work/heard" || :
}

# ---- the same, by 3.1.1
mkdir "$work/spool"
configure hall-8 "spool: {directory: $work/spool}"
sed -i 's/^broker: {/broker: {protocol: "3.1.1", /' "$work/hall-8.yaml"
broker_up
listen
daemon hall-8 --simulate demo --seed 1 --speed 4
console hall-8
wait_for "status" has '/status .*"online".*"gaitd":"up".*"hash"'
wait_for "state" has '/state .*"speed_mps"'
wait_for "a prompt" has '/event .*"kind":"prompt"'
# not while the runner is shown a prompt
try=0
identified() {
	try=$((try + 1))
	tell identify "{\"id\":\"who-$try\",\"expires_at\":\"$expires\"}"
	sleep 0.5
	has "/cmd-result .*\"id\":\"who-$try\".*\"ok\":true"
}
wait_for "that identify is done" identified
wait_for "that the displays show it" has '/event .*"rule":"identify"'

# ---- once more, too long, none at all, unknown: each is named, and nothing is done
tell identify "{\"id\":\"who-$try\",\"expires_at\":\"$expires\"}"
tell reload "{\"id\":\"long\",\"expires_at\":\"$expires\",\"x\":\"$(printf '%2100s' x)\"}"
wait_for "that it is too long" has 'cmd/reload: a command of more than 2048 octets' hall-8.mqtt.err
tell reload '{"id":"torn"'
wait_for "that it is no JSON" has 'cmd/reload: a command that is no JSON object with an id' hall-8.mqtt.err
tell reload "{\"id\":\"kept\",\"expires_at\":\"$expires\"}" -r
tell format "{\"id\":\"unknown\",\"expires_at\":\"$expires\"}"
wait_for "the result of an unknown one" has '/cmd-result .*"id":"unknown".*"ok":false.*there is no such command'
# retained, but new to who listens already: it came as any other, and is done once
wait_for "the result of the one to be kept" has '/cmd-result .*"id":"kept".*"ok":true'
[ "$(results "who-$try")" -eq 1 ] || fail "a command that came twice was done twice"
[ "$(results long)$(results torn)" = 00 ] || fail "a command that is none was answered"

# ---- it dies: its last will; the broker dies: what happened meanwhile comes
stop "$mqtt" KILL
wait_for "the last will" has '/status .*"offline".*"connection lost"'
console hall-8
wait_for "the retained one" has 'a retained command is an old one' hall-8.mqtt.err
[ "$(results kept)" -eq 1 ] || fail "a retained command was done again"
mosquitto_pub -h 127.0.0.1 -p "$port" -r -t gaitd/v1/gym-a/hall-8/cmd/reload -n
stop "$broker" KILL
wait_for "that it is noticed" has 'is (gone|not reached)' hall-8.mqtt.err
stop "$gaitd"
waits() { grep -l '"gaitd":"away"' "$work"/spool/*.event; }
wait_for "an event that waits" waits
id=$(cat $(waits) | grep -o '"id":"[^"]*"' | head -n 1)
stop "$mqtt" KILL # else it may be told before anybody hears
broker_up
listen
console hall-8
wait_for "event $id" has "/event .*$id"
stop "$mqtt"
wait_for "the farewell" has '/status .*"offline".*"stopped"'
stop "$ears"
stop "$broker"

# ---- a broker of old, which knows of no 5
cat >"$work/old.py" <<'END'
import socket, sys
s = socket.socket()
s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
s.bind(("127.0.0.1", int(sys.argv[1])))
s.listen()
while True:
    c = s.accept()[0]
    c.recv(4096)
    c.sendall(b"\x20\x02\x00\x01")  # CONNACK: unacceptable protocol version
    c.close()
END
start old python3 "$work/old.py" "$port"
configure hall-9
console hall-9
wait_for "that 3.1.1 is advised" has 'it does not speak MQTT 5: set broker.protocol to 3.1.1' hall-9.mqtt.err
stop "$mqtt"

# ---- a broker that lives, but has no word for what it was told, and no subscription
cat >"$work/mute.py" <<'END'
import socket, sys
sys.path.append(sys.argv[3])
from reader import CONNECT, PING, PUBACK, PUBLISH, SUBACK, SUBSCRIBE, Stream, packet
log = open(sys.argv[2], "w", buffering=1)
def serve(connection, number):
    stream, refused = Stream(connection), False
    while True:
        first, body = stream.packet()
        end = 2 + int.from_bytes(body[:2], "big")
        if first == CONNECT:
            connection.sendall(packet(0x20, b"\0\0"))
        elif first == PING:
            connection.sendall(packet(0xd0, b""))
        elif first == SUBSCRIBE:
            connection.sendall(packet(SUBACK, body[:2] + (b"\1" if refused else b"\x80")))
            print(number, "granted" if refused else "refused", file=log)
            refused = True
        elif first & 0xf0 == PUBLISH:
            print(number, body[2:end].decode(), body[end + 2:].decode(), file=log)
            if number > 1 or not body[2:end].endswith(b"/event"):
                connection.sendall(packet(PUBACK, body[end:end + 2]))
s = socket.create_server(("127.0.0.1", int(sys.argv[1])))
number = 0
while True:
    number += 1
    try:
        serve(s.accept()[0], number)
    except OSError:
        pass
END
port=$(free_port)
start mute env PYTHONDONTWRITEBYTECODE=1 python3 "$work/mute.py" "$port" "$work/muted" "$srcdir/tests/fleet"
mute=$started
mkdir "$work/spool-6"
configure hall-6 "spool: {directory: $work/spool-6, keep_s: 0}"
sed -i 's/^broker: {/broker: {protocol: "3.1.1", answer_s: 5, /' "$work/hall-6.yaml"
daemon hall-6 --simulate demo --seed 1 --speed 4
console hall-6
wait_for "that it is given up" has 'is given up: for 5 s it has not said that it has what it was told' hall-6.mqtt.err
id=$(grep -o '^1 .*/event .*"id":"[^"]*"' "$work/muted" | head -n 1 | grep -o '"id":.*')
wait_for "event $id again" has "^2 .*/event .*$id" muted
wait_for "that it has been taken" sh -c "! ls $work/spool-6 | grep -q 0001.event"
wait_for "the subscription, asked for again" has '^2 granted' muted
stop "$mqtt"
stop "$gaitd"
stop "$mute"

# ---- a resolver that never answers, where there may be one: its port is 53
cat >"$work/deaf.sh" <<'END'
set -e
ip link set lo up
echo 'nameserver 127.0.0.1' >"$1/resolv.conf"
mount --bind "$1/resolv.conf" /etc/resolv.conf
python3 -c 'import os, socket, sys
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.bind(("127.0.0.1", 53))
s.settimeout(0.5)
mine = os.getppid()
while os.getppid() == mine:
    try:
        s.recv(512)
        open(sys.argv[1], "w").close()
    except OSError:
        pass' "$1/asked" &
exec "$2" --config "$1/hall-9.yaml" --socket "$1/hall-9/display.sock"
END
map=none
for option in '' --map-root-user; do
	# shellcheck disable=SC2086 # none or one
	unshare -nm $option true 2>/dev/null && map=$option && break
done
if [ "$map" = none ]; then
	echo "no name spaces here: a deaf resolver is not tried"
else
	sed -i 's/host: 127.0.0.1/host: broker.gym.example/' "$work/hall-9.yaml"
	mkdir "$work/spool-9"
	echo "spool: {directory: $work/spool-9}" >>"$work/hall-9.yaml"
	# shellcheck disable=SC2086 # none or one
	start hall-9.deaf unshare -nm $map sh "$work/deaf.sh" "$work" "$builddir/gaitd-mqtt"
	deaf=$started
	wait_for "a question to the resolver" test -e "$work/asked"
	daemon hall-9 --simulate demo --seed 1 --speed 4
	# it hears its daemon meanwhile, and keeps what that tells
	wait_for "events that wait" sh -c "ls $work/spool-9 | grep -q event"
	wait_for "that the resolver's silence is said" has 'nobody answers which address its name has|there is no such name' hall-9.deaf.err
	stop "$deaf" # in the midst of its question
fi
[ "$failures" -eq 0 ] && echo "protocols: 3.1.1 as 5; commands that are none; an old broker, a mute one, a deaf resolver"
