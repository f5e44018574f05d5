#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright 2026 the gaitd authors
#
# gaitctl summary of a recording: the text, the JSON and the page tell the same
# session, in the runner's language, and what is wrong is said.
set -eu

srcdir=${srcdir:-.}
builddir=${builddir:-.}

work=$(mktemp -d "${TMPDIR:-/tmp}/gaitd-summary.XXXXXX")
trap 'rm -rf "$work"' EXIT
failures=0

fail() {
	echo "FAIL: $*"
	failures=$((failures + 1))
}

# has FILE TEXT
has() {
	grep -qF -e "$2" "$1" || fail "$1 lacks \"$2\": $(cat "$1")"
}

# sum_up RECORDING OPTION...
sum_up() {
	recording=$1
	shift
	"$builddir/gaitctl" summary --recording "$recording" "$@" 2>"$work/log" ||
		fail "summary $*: $(cat "$work/log")"
}

run=$srcdir/tests/recordings/simulated-pain-rising.rec

LC_ALL=C sum_up "$run" >"$work/text"
has "$work/text" "Moving time   8:33"
has "$work/text" "5:55: 2, 7:25: 5"
has "$work/text" "Tomorrow"
has "$work/text" "Noted. Drop the speed a bit"
! grep -q '█' "$work/text" || fail "blocks on a terminal of ASCII"
[ "$(wc -L <"$work/text")" -le 80 ] || fail "wider than 80 columns"
LC_ALL=C.UTF-8 sum_up "$run" >"$work/text"
has "$work/text" '█'

sum_up "$run" --json >"$work/json"
has "$work/json" '"moving_s": 513'
has "$work/json" '"worst": 5'
has "$work/json" '"advice": "hurt"'

sum_up "$run" --html "$work/page.html" --json >"$work/both"
cmp -s "$work/json" "$work/both" || fail "another JSON beside a page"
has "$work/page.html" '<html lang="en">'
has "$work/page.html" 'Slow to a walk, then end here.'
! grep -qE '<script|https?://|url\(' "$work/page.html" || fail "the page fetches or runs something"
! command -v xmllint >/dev/null || xmllint --noout "$work/page.html" || fail "the page is not well-formed"
sum_up "$run" --html - >"$work/page"
cmp -s "$work/page.html" "$work/page" || fail "another page on standard output"

if [ -f "$builddir/daemon/rules/po/de.mo" ]; then
	sed 's/^# Runner: {/&"lang":"de","units":"mi",/' "$run" >"$work/de.rec"
	sum_up "$work/de.rec" >"$work/de"
	has "$work/de" ' mi'
	for language in de es fr ja; do
		sed "s/^# Runner: {/&\"lang\":\"$language\",/" "$run" >"$work/run.rec"
		LC_ALL=C.UTF-8 sum_up "$work/run.rec" >"$work/said"
		[ "$(LC_ALL=C.UTF-8 wc -L <"$work/said")" -le 80 ] || fail "wider than 80 columns in $language"
	done
	sum_up "$work/de.rec" --html - >"$work/de.html"
	has "$work/de.html" '<html lang="de">'
	! grep -q 'Noted. Drop' "$work/de.html" || fail "prompts in English"
fi

# At its end the card goes to displays that may have what is personal, and to no
# other. The recording goes on for days, so that they have the time to come.
cat >"$work/card.sh" <<'END'
#!/bin/sh
while read -r line; do
	case $line in
	'{"type":"session","state":"ended"'*) ended=yes ;;
	'{"type":"summary"'*) echo "$line" >"$1.card" ;;
	esac
	[ -z "${ended-}" ] || echo "$line" >>"$1.after"
done
END
chmod +x "$work/card.sh"
sed 's/^# End: .*/# End: 900000000000/' "$run" >"$work/long.rec"
grep -q '^# End: 9' "$work/long.rec" || sed -i '1a # End: 900000000000' "$work/long.rec"
printf 'display:\n  socket: %s\n  personal: [ours]\n' "$work/display.sock" >"$work/gaitd.yaml"
"$builddir/gaitd" --config "$work/gaitd.yaml" --replay "$work/long.rec" --speed 500 2>"$work/gaitd.log" &
daemon=$!
for name in ours other; do
	"$builddir/gaitd-run" --socket "$work/display.sock" --name "$name" --caps personal,metrics \
		"$work/card.sh" "$work/$name" 2>"$work/$name.log" &
	eval "$name=\$!"
done
# shellcheck disable=SC2154 # $ours and $other are set above
while kill -0 "$daemon" 2>/dev/null && ! { [ -s "$work/ours.card" ] && [ -s "$work/other.after" ]; }; do
	sleep 0.1
done
kill "$daemon" "$ours" "$other" 2>/dev/null || :
wait "$daemon" "$ours" "$other" 2>/dev/null || :
has "$work/ours.card" '"elapsed_s":513,"distance_m":106'
has "$work/ours.card" 'Your back asked for rest'
[ ! -e "$work/other.card" ] || fail "a display that is not personal has the summary"

# What is kept of a runner, while he runs: the simulation begins in its 6th minute.
printf 'history:\n  path: %s\ndisplay:\n  socket: %s\n' "$work/history.sqlite" "$work/kept.sock" \
	>"$work/kept.yaml"
kept() {
	"$builddir/gaitctl" --config "$work/kept.yaml" --socket "$work/kept.sock" "$@"
}
if kept runner add Ada --height 1.75 >/dev/null 2>"$work/log"; then
	"$builddir/gaitd" --config "$work/kept.yaml" --simulate demo 2>"$work/gaitd.log" &
	daemon=$!
	while kill -0 "$daemon" 2>/dev/null && ! kept runner start Ada >/dev/null 2>&1; do
		sleep 0.1
	done
	while kill -0 "$daemon" 2>/dev/null && ! kept summary --runner Ada --json >"$work/kept" 2>/dev/null; do
		sleep 0.1
	done
	has "$work/kept" '"runner": "Ada"'
	has "$work/kept" '"ended": false'
	has "$work/kept" '"trend": ['
	kept summary --trend --runner Ada >"$work/weeks" || fail "no weeks"
	[ "$(grep -c 'km' "$work/weeks")" -eq 1 ] || fail "one week of twelve: $(cat "$work/weeks")"
	[ "$(wc -l <"$work/weeks")" -eq 14 ] || fail "twelve weeks: $(cat "$work/weeks")"
	kept summary --runner Ada --html "$work/kept.html" 2>/dev/null || fail "no page"
	has "$work/kept.html" 'class="weeks"'
	kill "$daemon"
	wait "$daemon" || :
else
	grep -q 'without a history' "$work/log" || fail "no runner: $(cat "$work/log")"
fi

# refused STATUS TEXT ARGUMENT...
refused() {
	status=$1 text=$2 got=0
	shift 2
	"$builddir/gaitctl" summary "$@" >"$work/out" 2>"$work/log" || got=$?
	[ "$got" -eq "$status" ] || fail "status $got of summary $*"
	has "$work/log" "$text"
}

printf '# gaitd recording 1\n0 treadmill link live\n' >"$work/nothing.rec"
refused 1 "no session in it" --recording "$work/nothing.rec"
refused 1 "No such file" --recording "$work/missing.rec"
refused 2 "one of them" --recording "$run" 7
refused 2 "1 to 53" --trend --weeks 0
refused 2 "which session" seven
refused 1 "weeks only of a runner who is known" --recording "$run" --trend
refused 1 "No such file" --recording "$run" --html "$work/missing/page.html"

[ "$failures" -eq 0 ]
