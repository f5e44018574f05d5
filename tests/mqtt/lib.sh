# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright 2026 the gaitd authors
# shellcheck shell=sh
#
# A broker, consoles and ears, all of this test alone; whatever happens, nothing
# of them stays.

srcdir=$(cd "${srcdir:-.}" && pwd)
builddir=$(cd "${builddir:-.}" && pwd)
export LC_ALL=C
PATH=$PATH:/usr/sbin
for program in mosquitto mosquitto_sub mosquitto_pub python3; do
	command -v $program >/dev/null || { echo "skipped: no $program"; exit 77; }
done
python3 -c 'import jsonschema' 2>/dev/null || { echo "skipped: no python3-jsonschema"; exit 77; }
[ -x "$builddir/gaitd-mqtt" ] || { echo "skipped: built without MQTT"; exit 77; }

work=$(mktemp -d "${TMPDIR:-/tmp}/gaitd-mqtt.XXXXXX")
pids=
failures=0
cleanup() {
	# shellcheck disable=SC2086 # words on purpose
	[ -z "$pids" ] || kill $pids 2>/dev/null || :
	wait 2>/dev/null || :
	rm -rf "$work"
}
trap cleanup EXIT
trap 'exit 1' INT TERM HUP

fail() {
	echo "FAIL: $*"
	failures=$((failures + 1))
}

# start LOG COMMAND...: in the background; its process id is in $started
start() {
	log=$1
	shift
	"$@" >>"$work/$log" 2>>"$work/$log.err" &
	started=$!
	pids="$pids $started"
}

stop() { # stop PID [SIGNAL]
	kill -s "${2:-TERM}" "$1" 2>/dev/null || :
	wait "$1" 2>/dev/null || :
}

# wait_for WHAT COMMAND...: until it succeeds; the machine may be slow
wait_for() {
	what=$1 tries=3000
	shift
	until "$@" >/dev/null 2>&1; do
		tries=$((tries - 1))
		if [ $tries -eq 0 ]; then
			fail "$what never came"
			tail -n 8 "$work"/*.err "$work"/heard | cut -c 1-240
			exit 1
		fi
		sleep 0.1
	done
}

# has PATTERN [FILE]: a line says so
has() {
	grep -qE -e "$1" "$work/${2:-heard}"
}

# A port that nobody has
free_port() {
	PYTHONPATH=$srcdir/plugins/fleet PYTHONDONTWRITEBYTECODE=1 python3 -c 'import gym; print(gym.free_port())'
}

port=$(free_port)

broker_up() { # broker_up [LINE...]: with these lines in its file
	printf 'listener %s 127.0.0.1\nallow_anonymous true\npersistence false\n' "$port" >"$work/broker.conf"
	[ $# -eq 0 ] || printf '%s\n' "$@" >"$work/broker.conf"
	# else it becomes a user who may not read what lies here
	[ "$(id -u)" -ne 0 ] || echo 'user root' >>"$work/broker.conf"
	start broker mosquitto -c "$work/broker.conf"
	broker=$started
}

listen() { # listen TOPIC...: what comes goes to the file "heard"
	# until the broker is there
	wait_for "the broker" mosquitto_pub -h 127.0.0.1 -p "$port" -t test/there -m here
	start heard mosquitto_sub -h 127.0.0.1 -p "$port" -v -q 1 -t 'gaitd/#' -t 'homeassistant/#'
	ears=$started
	marks=$((${marks:-0} + 1))
	wait_for "the subscription" hears "$marks"
}

# Whoever listens has the mark; what came before his subscription he does not hear.
hears() {
	mosquitto_pub -h 127.0.0.1 -p "$port" -t gaitd/listening -m "mark-$1-"
	has "^gaitd/listening mark-$1-"
}

# configure NAME LINE...: a console's file
configure() {
	name=$1
	shift
	mkdir -p "$work/$name"
	printf 'broker: {host: 127.0.0.1, port: %s, retry_max_s: 2}\nsite: gym-a\nconsole: %s\n' "$port" "$name" >"$work/$name.yaml"
	[ $# -eq 0 ] || printf '%s\n' "$@" >>"$work/$name.yaml"
}

daemon() { # daemon NAME ARGUMENT...
	name=$1
	shift
	: >"$work/$name.gaitd.yaml"
	start "$name.gaitd" "$builddir/gaitd" --config "$work/$name.gaitd.yaml" --socket "$work/$name/display.sock" "$@"
	gaitd=$started
	wait_for "gaitd of $name" test -S "$work/$name/fleet.sock"
}

console() { # console NAME: its gaitd-mqtt
	start "$1.mqtt" "$builddir/gaitd-mqtt" --config "$work/$1.yaml" --socket "$work/$1/display.sock"
	mqtt=$started
}

check() { # check [FILE]: all that was heard is by its schemas
	python3 "$srcdir/tests/mqtt/check.py" "$srcdir/protocol/schemas" "$srcdir/tests/mqtt/home-assistant.json" \
		<"$work/${1:-heard}" >"$work/checked" || { cat "$work/checked"; fail "not by the schemas"; }
}

# ask NAME REQUEST: of its fleet.sock; prints the answer
ask() {
	python3 - "$work/$1/fleet.sock" "$2" <<'END'
import socket, sys
s = socket.socket(socket.AF_UNIX)
s.connect(sys.argv[1])
s.sendall(sys.argv[2].encode() + b"\n")
print(s.makefile().readline(), end="")
END
}
