#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright 2026 the gaitd authors
#
# Displays on the socket of a running gaitd: what is personal stays with whom it
# is granted to, and gaitctl prompt --test leaves no trace.
set -eu

cd "${builddir:-.}"
srcdir=${srcdir:-.}
export LC_ALL=C
work=$(mktemp -d "${TMPDIR:-/tmp}/live.XXXXXX")
pids= listeners=
clean_up() {
	for pid in $pids $listeners; do
		kill "$pid" 2>/dev/null || :
	done
	wait
	rm -rf "$work"
}
trap clean_up EXIT
unset XDG_RUNTIME_DIR || :
GAITD_SOCKET=$work/display.sock
export GAITD_SOCKET
failures=0

fail() {
	echo "FAIL: $*"
	failures=$((failures + 1))
}

# until COMMAND...: tries for a while, fails if it never succeeds
until_() {
	for _ in $(seq 100); do
		! "$@" 2>/dev/null || return 0
		sleep 0.05
	done
	fail "never: $*"
}

# gaitd_starts OPTION...: and listens
gaitd_starts() {
	./gaitd --config "$work/config.yaml" --socket "$GAITD_SOCKET" "$@" 2>"$work/log" &
	gaitd=$!
	pids="$pids $gaitd"
	until_ test -S "$GAITD_SOCKET"
}

gaitd_ends() {
	kill "$gaitd" 2>/dev/null || :
	wait "$gaitd" || :
}

# listener NAME: a display that keeps every line it is told, and asks for all
listener() {
	./gaitd-run --name "$1" --caps metrics,shown,input,personal sh -c "exec cat >'$work/$1'" 2>/dev/null &
	listeners="$listeners $!"
	until_ test -s "$work/$1"
}

listeners_end() {
	# shellcheck disable=SC2086 # words on purpose
	kill $listeners 2>/dev/null || :
	pids="$pids $listeners" listeners=
}

printf 'display:\n  personal: [own]\n' >"$work/config.yaml"

# ---- what is personal ------------------------------------------------------
# A runner with a name, a heart that is measured, pain of today and of last time
{
	cat <<'END'
# gaitd recording 1
# Model: test
# Runner: {"height_m":1.75,"usual_kmh":10,"sessions":20,"baseline_spm":172,"baseline_kmh":10,"last_pain":7,"last_pain_age_h":20}
# End: 60000000
0 treadmill link live
0 heart_rate link live
END
	for second in $(seq 0 59); do
		# the belt stands until all are there, then 8.07 km/h; 143 beats a minute
		[ "$second" -ge 25 ] && speed=2703 || speed=0000
		printf '%d000000 treadmill notify 2acd 0000%s\n' "$second" "$speed"
		printf '%d100000 heart_rate notify 2a37 008f\n' "$second"
		[ "$second" -ne 30 ] || echo '30200000 input runner Zebedee'
		[ "$second" -ne 45 ] || echo '45200000 input pain 6'
	done
} >"$work/personal.rec"
gaitd_starts --replay "$work/personal.rec" --speed 10
listener own
listener others
wait "$gaitd" || fail "gaitd ended with $?: $(cat "$work/log")"
for secret in Zebedee heart_rate '"summary"' '7/10' '"pain":' '143'; do
	! grep -e "$secret" "$work/others" || fail "another display was told $secret"
done
grep -q '"runner":"anonymous"\|"runner":"known"' "$work/others" || fail "the other display heard of no session"
grep -q '"heart_rate_bpm":143' "$work/own" || fail "the test is blind: no heart rate"
grep -q '7/10' "$work/own" || fail "the test is blind: no pain"
grep -q 'Zebedee' "$work/own" || fail "the test is blind: no name"

# ---- gaitctl prompt --test -------------------------------------------------
listeners_end
rm -f "$GAITD_SOCKET" "$work/own"
printf '# gaitd recording 1\n# Model: test\n# End: 600000000\n0 treadmill link live\n' >"$work/idle.rec"
gaitd_starts --replay "$work/idle.rec" --speed 1 --record "$work/out.rec" --prompts "$work/out.prompts"
! ./gaitctl prompt --test 2>"$work/err" || fail "a test without displays"
grep -q 'no display is connected' "$work/err" || fail "it does not say that no display is connected"
listener own
./gaitctl prompt --test >"$work/out" || fail "gaitctl prompt --test ends with $?"
grep -q 'on 1 display, 3 s each: system praise habit form load safety' "$work/out" || fail "it says: $(cat "$work/out")"
until_ grep -q '"rule":"display-test","level":"system","headline":"Test: system"' "$work/own"
! ./gaitctl prompt --test 2>"$work/err" || fail "a second test beside the first"
status=0
./gaitctl prompt 2>"$work/err" || status=$?
[ $status -eq 2 ] || fail "gaitctl prompt alone ends with $status"
gaitd_ends
for trace in "$work/out.rec" "$work/out.prompts"; do
	[ -f "$trace" ] || fail "no $trace"
	! grep -i 'test:\|display-test\|prompt' "$trace" || fail "the test left a trace in $trace"
done
[ $failures -eq 0 ]
