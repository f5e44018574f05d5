#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright 2026 the gaitd authors
#
# A runner of whom much is known runs with a strap, and his back hurts. Of all that,
# nothing is in anything that a broker hears, whoever listens to "#"; where
# running_values is on, cadence, target and gait are, and no more.
set -eu
# shellcheck source=tests/mqtt/lib.sh
. "${srcdir:-.}/tests/mqtt/lib.sh"

# His weight, height, heart, pain and answers, the numbers such as nothing else has
"$builddir/gaitd" --config /dev/null --simulate demo --speed max --socket "$work/made.sock" --record - 2>"$work/made.err" |
	awk -F ' ' '
		/^# Runner:/ { sub(/"height_m":1.75/, "\"height_m\":1.937"); sub(/"weight_kg":70/, "\"weight_kg\":83.77,\"back_pain\":true") }
		/^# End:/ || $3 == "ack" { next }
		/^[0-9]/ && $1 > 200000000 { exit }
		/^[0-9]/ { for (; at * 1000000 <= $1; at++) {
			if (at > 4) print at * 1000000, "heart_rate notify 2a37 00b7"
			if (at == 60) print at * 1000000, "input profile {\"height_m\":1.937,\"novice\":true,\"lang\":\"de\"}"
			if (at == 100) print at * 1000000, "input pain 7"
		} }
		{ print }
		END { print "# End: 200000000" }' >"$work/run"

printf 'a key of this site, for a test alone\n' >"$work/key"
broker_up
wait_for "the broker" mosquitto_pub -h 127.0.0.1 -p "$port" -t test/there -m here
start heard mosquitto_sub -h 127.0.0.1 -p "$port" -v -q 1 -t '#'
wait_for "the subscription" hears 1
for name in hall-7 hall-8; do
	mkdir "$work/spool-$name"
	configure $name "spool: {directory: $work/spool-$name}" 'home_assistant: {enabled: yes}' "pods: {key_file: $work/key}"
done
echo 'running_values: yes' >>"$work/hall-8.yaml"
rmdir "$work/hall-8"
ln -s hall-7 "$work/hall-8" # both see one run
console hall-7
console hall-8
for name in hall-7 hall-8; do
	wait_for "that $name is there" has "^gaitd/v1/gym-a/$name/status .*\"online\""
done
heard_by() { # heard_by NAME
	has "^gaitd/v1/gym-a/$1/state .*\"speed_mps\""
}
# again where a slow machine had them miss it
for try in 1 2 3 4 5; do
	daemon hall-7 --replay "$work/run" --speed 20 --prompts "$work/told" --metrics
	for name in hall-7 hall-8; do
		mosquitto_pub -h 127.0.0.1 -p "$port" -q 1 -t gaitd/v1/gym-a/$name/cmd/identify \
			-m "{\"schema\":\"gaitd.cmd/1\",\"id\":\"who-$try\",\"expires_at\":\"$(date -u -d '+60 seconds' +%Y-%m-%dT%H:%M:%SZ)\"}"
	done
	wait "$gaitd" || fail "gaitd ended with $?"
	heard_by hall-7 && heard_by hall-8 && break
done
for name in hall-7 hall-8; do
	heard_by $name || fail "$name has not heard the run"
	wait_for "the result" has "^gaitd/v1/gym-a/$name/cmd-result "
	wait_for "that it ends" has "^gaitd/v1/gym-a/$name/event .*\"gaitd\":\"away\""
done

# ---- it was all there
for what in '"heart_rate_bpm":183' '"energy_kcal":[1-9]' '"rule":"pain-red-flag"'; do
	has "$what" told || fail "the run has no $what, and this test shows nothing"
done
check
# what is under way and what was said, too
cat "$work"/spool-hall-*/* "$work"/hall-*.mqtt.err >"$work/beside" 2>/dev/null || :
python3 "$srcdir/tests/mqtt/private.py" "$work/beside" <"$work/heard" >"$work/private" || {
	fail "something is told of the runner:"
	cat "$work/private"
}
[ "$failures" -eq 0 ] && echo "private: $(cat "$work/private")"
