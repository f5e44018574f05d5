#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright 2026 the gaitd authors
#
# A console and a real broker: what is told is by its schemas and nothing personal,
# commands do what they say, and nothing of QoS 1 is lost where broker, console
# and disk come and go.
set -eu
# shellcheck source=tests/mqtt/lib.sh
. "${srcdir:-.}/tests/mqtt/lib.sh"

soon() { date -u -d "+${1:-60} seconds" +%Y-%m-%dT%H:%M:%SZ; }
command_to() { # command_to VERB ID [MEMBERS]
	mosquitto_pub -h 127.0.0.1 -p "$port" -q 1 -t "gaitd/v1/gym-a/hall-7/cmd/$1" \
		-m "{\"schema\":\"gaitd.cmd/1\",\"id\":\"$2\",\"expires_at\":\"$(soon)\"${3:-}}"
}
result() { # result ID OK: that came
	wait_for "the result of $1" has "/cmd-result .*\"id\":\"$1\".*\"ok\":$2"
}

# ---- files with mistakes: where, and what
configure hall-7 'spool: {directory: x' 'speed: 3'
"$builddir/gaitd-mqtt" --check-config "$work/hall-7.yaml" >/dev/null 2>"$work/said" && fail "no YAML is taken"
has 'hall-7.yaml:[0-9]+:[0-9]+: no YAML' said || fail "no YAML: $(cat "$work/said")"
configure hall-7 'sped: 3'
"$builddir/gaitd-mqtt" --check-config "$work/hall-7.yaml" 2>"$work/said" && fail "an unknown key is taken"
has 'hall-7.yaml:4:1: sped: there is no such key' said || fail "unknown key: $(cat "$work/said")"
configure hall-7 'spool: {events: 3}'
"$builddir/gaitd-mqtt" --check-config "$work/hall-7.yaml" 2>"$work/said" && fail "a number out of range is taken"
has 'hall-7.yaml:4:17: spool.events: expected 64 to' said || fail "range: $(cat "$work/said")"

# ---- a run, heard
mkdir "$work/spool"
configure hall-7 "spool: {directory: $work/spool, keep_s: 0}" 'home_assistant: {enabled: yes}' 'running_values: yes'
broker_up
listen
daemon hall-7 --simulate demo --seed 1 --speed 4
console hall-7
wait_for "status" has '/status .*"online".*"gaitd":"up".*"hash"'
wait_for "state" has '/state .*"speed_mps".*"cadence_spm"'
wait_for "a prompt" has '/event .*"kind":"prompt"'
wait_for "discovery" has '^homeassistant/device/gaitd-gym-a-hall-7/config '

# ---- how it fares, by the metrics of gaitctl
metric() { # metric PATTERN
	"$builddir/gaitctl" --socket "$work/hall-7/display.sock" metrics >"$work/metrics" 2>&1 && has "$1" metrics
}
wait_for "that metrics say it is connected" metric '^gaitd_broker_connected 1'
has '^gaitd_broker_connects_total 1' metrics || fail "how often it came: $(grep broker "$work/metrics")"
has '^gaitd_spool_limit 1000' metrics || fail "its spool: $(grep spool "$work/metrics")"

# ---- what is not open to the fleet is refused, with what is
for verb in status pair runner history restart; do
	ask hall-7 "{\"cmd\":\"$verb\",\"id\":1}" >"$work/said"
	has '"ok": ?false.*"unknown cmd.*there are about figures forget-session free-pod held-pod identify release-pod reload"' said ||
		fail "$verb on fleet.sock: $(cat "$work/said")"
done

# ---- commands
printf 'log: {level: loud}\n' >"$work/hall-7.gaitd.yaml"
command_to reload bad
result bad false
has '"id":"bad".*gaitd.yaml:1:' || fail "the refused reload does not say where"
wait_for "the status after it" has '/status .*"valid":false.*"last_reload":"failed"'
: >"$work/hall-7.gaitd.yaml"
command_to reload good ',"jitter_s":1'
result good true
wait_for "the status after it" has '/status .*"valid":true.*"last_reload":"ok"'
command_to forget-session forget
result forget true
wait_for "the session's end" has '/event .*"kind":"session".*"ended"'
command_to poweroff other
result other false
command_to reload late ',"at":"2026-01-01T00:00:00Z","reply_to":"gaitd/v1/gym-a/hall-7/status"'
result late false
mosquitto_pub -h 127.0.0.1 -p "$port" -q 1 -t gaitd/v1/gym-a/hall-7/cmd/reload -m '{"id":"old","expires_at":"2026-01-01T00:00:00Z"}'
result old false
stop "$mqtt"
mosquitto_pub -h 127.0.0.1 -p "$port" -q 1 -r -t gaitd/v1/gym-a/hall-7/cmd/reload -m "{\"id\":\"kept\",\"expires_at\":\"$(soon)\"}"
console hall-7
wait_for "the retained one" has 'a retained command is an old one' hall-7.mqtt.err
! has '/cmd-result .*"id":"kept"' || fail "a retained command was taken"
mosquitto_pub -h 127.0.0.1 -p "$port" -r -t gaitd/v1/gym-a/hall-7/cmd/reload -n

# ---- the broker goes, the console's program dies, both come back
stop "$broker"
wait_for "that it is noticed" has 'is (gone|not reached)' hall-7.mqtt.err
wait_for "that metrics say so" metric '^gaitd_broker_connected 0'
stop "$gaitd"
wait_for "events that wait" sh -c "ls $work/spool | grep -q event"
stop "$mqtt" KILL
waiting=$(cat "$work/spool"/*.event | grep -o '"id":"[^"]*"')
cp "$work/heard" "$work/before"
broker_up
listen
console hall-7
for id in $waiting; do
	wait_for "event $id" has "/event .*$id"
done
wait_for "an empty spool" sh -c "! ls $work/spool | grep -q ."
stop "$mqtt"
wait_for "the farewell" has '/status .*"offline".*"stopped"'
stop "$ears"

check
python3 "$srcdir/tests/mqtt/refused.py" "$srcdir/tests/mqtt/home-assistant.json" <"$work/heard" >"$work/refused" ||
	fail "what Home Assistant refuses: $(cat "$work/refused")"
for kind in status state event cmd-result home-assistant; do
	has "$kind=[1-9]" checked || fail "no $kind was heard"
done
[ "$failures" -eq 0 ] && echo "messages: $(cat "$work/checked"); $(cat "$work/refused") of Home Assistant"
