#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright 2026 the gaitd authors
#
# gaitctl conform: our own displays pass every check, and each broken one fails
# first in the check that is for its fault, and hears what was seen.
set -eu

cd "${builddir:-.}"
srcdir=${srcdir:-.}
work=$(mktemp -d "${TMPDIR:-/tmp}/conform.XXXXXX")
trap 'rm -rf "$work"' EXIT
failures=0

# try NAME COMMAND...: in the background, for it waits most of its time
try() {
	name=$1
	shift
	{
		status=0
		./gaitctl conform -- "$@" >"$work/$name" || status=$?
		echo $status >"$work/$name.status"
	} &
}

fail() {
	echo "FAIL: $1: $2"
	cat "$work/$1"
	failures=$((failures + 1))
}

passes() { # NAME
	if [ "$(cat "$work/$1.status")" -eq 0 ] &&
		[ "$(grep -c '^ok ' "$work/$1")" -eq "$(./gaitctl conform --list | wc -l)" ]; then
		echo "ok: $1 conforms"
	else
		fail "$1" 'does not conform'
	fi
}

fails() { # NAME CHECK SAW [EXPECTED]
	first=$(grep '^not ok' "$work/$1" | head -n 1)
	if [ "$(cat "$work/$1.status")" -eq 1 ] &&
		echo "$first" | grep -q -e "^not ok [0-9]* - $2 # expected .*${4-}.*, saw .*$3"; then
		echo "ok: broken $1 is found out"
	else
		fail "$1" "not found out in '$2' by '$3'"
	fi
}

try hello.sh ./gaitd-run "$srcdir/plugins/examples/hello.sh"
ln -s "$PWD/libgaitd-display.so.0.0.0" "$work/libgaitd-display.so.0"
try hello.c env LD_LIBRARY_PATH="$work" plugins/examples/hello
python=$(python3 -c 'import sys; print(sys.executable)' 2>/dev/null || :)
[ -z "$python" ] || try hello.py env PYTHONDONTWRITEBYTECODE=1 \
	PYTHONPATH="$srcdir/plugins/python" "$python" "$srcdir/plugins/examples/hello.py"
! command -v node >/dev/null || try hello.mjs node "$srcdir/plugins/examples/hello.mjs"
[ ! -x ./gaitd-terminal ] || try terminal ./gaitd-terminal --plain
[ ! -x ./gaitd-web ] || try web ./gaitd-web --listen "unix:$work/web.sock"
[ ! -x ./gaitd-drm ] || try drm ./gaitd-drm --device none
[ ! -x ./gaitd-voice ] || try voice ./gaitd-voice --command 'cat >/dev/null'
[ ! -x ./gaitd-metronome ] || try metronome ./gaitd-metronome --device null
for how in well no-hello no-pong unknown-type late two-objects; do
	try $how tests/conform/broken $how
done
try missing ./no-such-display
wait

for example in hello.sh hello.c hello.py hello.mjs; do
	[ ! -e "$work/$example" ] || passes $example
done
[ ! -x ./gaitd-terminal ] || passes terminal
[ ! -x ./gaitd-web ] || passes web
[ ! -x ./gaitd-drm ] || passes drm
[ ! -x ./gaitd-voice ] || passes voice
[ ! -x ./gaitd-metronome ] || passes metronome
passes well
fails no-hello "says hello within 3 s of the daemon's" 'nothing'
fails no-pong 'answers pings' 'none'
fails unknown-type 'ignores types it does not know' 'killed by signal 6'
fails late 'shows no prompt after its clear' '"shown"'
fails two-objects '.*' '}{"type":"pong"}' 'a line of the protocol (bad-json'
fails missing "says hello within 3 s of the daemon's" 'no such program'
[ $failures -eq 0 ]
