#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright 2026 the gaitd authors
#
# What is recorded replays to the same prompts and metrics, to the byte, at any
# speed; and records again as the same recording.
. "${srcdir:-.}/tests/hostile/lib.sh"

same() {
	checked
	cmp "$1" "$2" || fail "$3"
}

for scenario in demo pain-mild red-flag cadence-lost intervals; do
	"$gaitd" --config "$work/none.yaml" --simulate "$scenario" --seed 7 --speed max \
		--record "$work/$scenario.rec" --prompts "$work/$scenario.live" --metrics 2>/dev/null
	"$replay" "$work/$scenario.rec" --metrics --record "$work/again.rec" >"$work/replayed"
	same "$work/$scenario.live" "$work/replayed" "$scenario: the replay says something else"
	same "$work/$scenario.rec" "$work/again.rec" "$scenario: the replay records something else"
	"$gaitd" --config "$work/none.yaml" --simulate "$scenario" --seed 7 --speed 2000 \
		--prompts "$work/paced" --metrics 2>/dev/null
	same "$work/$scenario.live" "$work/paced" "$scenario: at 2000 times it says something else"
done

# The first two seconds, at real time, too
awk '/^#/ && !/^# End/ || /^[0-9]/ && $1 < 2000000' "$work/demo.rec" >"$work/short.rec"
echo '# End: 2500000' >>"$work/short.rec"
"$replay" "$work/short.rec" --metrics >"$work/max"
[ -s "$work/max" ] || fail "the short recording says nothing"
for speed in 1 7.5 100; do
	"$gaitd" --config "$work/none.yaml" --replay "$work/short.rec" --speed $speed \
		--prompts "$work/at-$speed" --metrics 2>/dev/null
	same "$work/max" "$work/at-$speed" "at speed $speed it says something else"
done

# So does a run with a display that tells things, ended by a signal.
"$gaitd" --config "$work/none.yaml" --simulate demo --record "$work/ended.rec" \
	--prompts "$work/ended.live" --metrics 2>"$work/log" &
pids=$!
wait_for "$work/log" 'displays connect to'
cat >"$work/tell" <<'END'
read -r ready
echo '{"type":"input","input":"profile","height_m":1.82,"novice":true}'
echo '{"type":"input","input":"intervals","value":"on"}'
echo '{"type":"input","input":"pain","value":3}'
while read -r line; do
	case $line in
	*'"rule":"pain-mild"'*) exit 0 ;;
	*'"type":"error"'*) echo "$line" >&2 && exit 1 ;;
	esac
done
exit 1
END
expect 0 '' "$builddir/gaitd-run" --name tell sh "$work/tell"
kill -TERM "$pids"
seen=0
wait "$pids" || seen=$?
pids=
checked
[ "$seen" -eq 0 ] || fail "SIGTERM ends it with $seen"
[ "$(grep -c ' input ' "$work/ended.rec")" -eq 3 ] || fail "inputs are not recorded"
tail -n 1 "$work/ended.rec" | grep -q '^# End: ' || fail "the recording was not closed"
"$replay" "$work/ended.rec" --metrics >"$work/replayed"
same "$work/ended.live" "$work/replayed" "an ended run replays to something else"

finish
