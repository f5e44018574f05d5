#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright 2026 the gaitd authors
#
# A runner is remembered, and only he: chosen by gaitctl and at a display, kept
# through kill -9, forgotten to the last octet. No file that is no good keeps a
# run from going on.
set -eu

builddir=${builddir:-.}
export LC_ALL=C
failures=0
daemon=

work=$(mktemp -d "${TMPDIR:-/tmp}/gaitd-runners.XXXXXX")
trap '[ -z "$daemon" ] || kill -9 "$daemon"; rm -rf "$work"' EXIT
export STATE_DIRECTORY="$work/state" GAITD_SOCKET="$work/run/display.sock"
mkdir "$work/run"
printf 'display: {input: ["*"], personal: ["*"]}\n' >"$work/gaitd.yaml"

fail() {
	echo "FAIL: $*"
	failures=$((failures + 1))
}

start() {
	"$builddir/gaitd" --config "$work/gaitd.yaml" --simulate demo 2>>"$work/log" &
	daemon=$!
	until "$builddir/gaitctl" status >/dev/null 2>&1; do
		kill -0 "$daemon" || { cat "$work/log"; exit 1; }
		sleep 0.1
	done
}

end() { # end SIGNAL
	kill "-$1" "$daemon"
	wait "$daemon" 2>/dev/null || :
	daemon=
}

ctl() {
	"$builddir/gaitctl" "$@" >"$work/out" 2>&1
}

# expect PATTERN: the last answer has it
expect() {
	grep -q -e "$1" "$work/out" && return
	fail "no $1 in: $(cat "$work/out")"
}

# until_history PATTERN: waits for what is written once a second
until_history() {
	until ctl history --json && grep -q -e "$1" "$work/out"; do
		kill -0 "$daemon" || { cat "$work/log"; exit 1; }
		sleep 0.2
	done
}

# stands WORD: in which files of any directory of ours it does
stands() {
	grep -rlaF -e "$1" "$work/state" "$work/run" 2>/dev/null || :
}

# ---- nobody is known, and nothing is kept ----
start
ctl history || fail "history: $(cat "$work/out")"
expect 'no session is kept'
[ ! -e "$work/state/history.sqlite" ] || fail "a history of nobody"
end TERM

# ---- added without a daemon, and with one ----
ctl runner add Zebedee --height 1.75 back_pain=true || fail "add: $(cat "$work/out")"
ctl runner add Zebedee && fail "the same name twice"
expect 'another runner has that name'
ctl runner add anonymous && fail "a runner called anonymous"
ctl runner set Zebedee heigt_m=2 && fail "an unknown key"
expect 'did you mean height_m'
start
ctl runner add Yolanda lang=de || fail "add with a daemon: $(cat "$work/out")"
printf '246810\n' | "$builddir/gaitctl" runner set Yolanda --pin --pod 'ant 57043' >"$work/out" 2>&1 ||
	fail "set: $(cat "$work/out")"
ctl runner set Zebedee --pod 'ant 57043' && fail "one pod of two runners"
ctl runner list
expect 'Yolanda .*PIN, pod ant 57043'
ctl runner show Zebedee
expect 'back_pain *true'
[ -z "$(stands 246810)" ] || fail "a PIN stands in $(stands 246810)"

# ---- chosen by gaitctl; kill -9; what was written is there ----
ctl runner start Xaver && fail "somebody who is not there runs"
ctl runner start Zebedee || fail "start: $(cat "$work/out")"
until_history '"runner": "Zebedee"'
end KILL
ctl history || fail "history after kill -9: $(cat "$work/out")"
expect 'Zebedee .* under way'
ctl runner export Zebedee || fail "export: $(cat "$work/out")"
expect '"speed_kmh":'
expect '"height_m":1.75'
ctl export --runner Zebedee --format csv -o - || fail "export of the last: $(cat "$work/out")"
expect '^20[0-9-]*T[0-9:+-]*,[0-9]*,'
mkdir "$work/files"
ctl export --all --runner Zebedee --format fit -o "$work/files" || fail "export of all: $(cat "$work/out")"
[ "$(ls "$work/files" | grep -c '^20.*-treadmill-run\.fit$')" -eq 1 ] || fail "in the folder: $(ls "$work/files")"
ctl export --all --format fit -o "$work/files" && fail "all of nobody"
expect 'needs --runner'
ctl export 987654 --format csv -o - && fail "a session that is not there"

# ---- his next session closes that one, which goes to the folder that he chose ----
mkdir "$work/folder"
ctl runner set Zebedee --exports "$work/folder" || fail "set --exports: $(cat "$work/out")"
start
ctl runner start Zebedee || fail "start: $(cat "$work/out")"
until [ -n "$(ls "$work/folder")" ]; do
	kill -0 "$daemon" || { cat "$work/log"; exit 1; }
	sleep 0.2
done
until_history '"ended": true'
ctl import -o "$work/run.rec" "$work/folder"/*.fit || fail "import: $(cat "$work/out")"
grep -q "treadmill notify 2acd" "$work/run.rec" || fail "nothing is in it: $(head -n 5 "$work/run.rec")"
ctl runner stop || fail "stop: $(cat "$work/out")"

# ---- chosen at a display, by a PIN that is his ----
cat >"$work/display" <<'END'
read -r ready
echo '{"type":"input","input":"runner","name":"Yolanda","pin":"999999"}'
echo '{"type":"input","input":"runner","name":"Yolanda","pin":"246810"}'
while read -r line; do
	case $line in
	'{"type":"session"'*'"runner":"Yolanda"'*) exit 0 ;;
	esac
done
exit 1
END
timeout 100 "$builddir/gaitd-run" --name runner --caps shown,input,personal sh "$work/display" ||
	fail "a PIN that is right is not taken"
grep -q 'do not go together' "$work/log" || fail "a wrong PIN is not told of"
grep -q 'Yolanda\|Zebedee' "$work/log" && fail "the log tells names"
until_history '"runner": "Yolanda"'

# ---- forgotten, while she runs ----
[ -n "$(stands Yolanda)" ] || fail "this test looks in the wrong place"
ctl runner forget Yolanda || fail "forget: $(cat "$work/out")"
[ -z "$(stands Yolanda)" ] || fail "she still stands in $(stands Yolanda)"
ctl status
expect 'session'
ctl forget --all || fail "forget --all: $(cat "$work/out")"
[ -z "$(stands Zebedee)" ] || fail "he still stands in $(stands Zebedee)"
end TERM
[ -z "$(stands Zebedee)$(stands Yolanda)" ] || fail "they come back as gaitd ends"

# ---- files that are no good ----
ctl runner add Zebedee
printf 'Dear diary, this is no database, and it shall not be lost: it is longer than a header' \
	>"$work/state/history.sqlite"
start
ctl runner add Zebedee || fail "add beside a foreign file: $(cat "$work/out")"
[ -n "$(ls "$work/state" | grep 'history.sqlite.foreign-')" ] || fail "a foreign file is not set aside"
ctl runner forget Zebedee || fail "forget: $(cat "$work/out")"
expect 'was set aside'
end TERM
[ -n "$(stands 'Dear diary')" ] || fail "somebody's own file is lost"

[ "$failures" -eq 0 ] || cat "$work/log"
[ "$failures" -eq 0 ]
