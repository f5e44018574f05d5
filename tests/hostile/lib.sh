# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright 2026 the gaitd authors
#
# What the tests of this directory share: a work directory of their own, and
# expect. Sourced; ends the test with `finish`.
set -eu

srcdir=${srcdir:-.}
builddir=${builddir:-.}
gaitd=$builddir/gaitd
gaitctl=$builddir/gaitctl
export LC_ALL=C

work=$(mktemp -d "${TMPDIR:-/tmp}/gaitd-hostile.XXXXXX")
: >"$work/failures" >"$work/checks"
pids=

clean_up() {
	for pid in $pids; do
		kill "$pid" 2>/dev/null || :
	done
	rm -rf "$work"
}
trap clean_up EXIT
trap 'exit 1' INT TERM HUP

# Nothing of this machine's configuration, no socket that is in use
unset XDG_RUNTIME_DIR || :
GAITD_SOCKET=$work/display.sock
export GAITD_SOCKET
: >"$work/none.yaml"

# Counted in files: a function behind a pipe runs in a shell of its own.
fail() {
	echo "FAIL: $*" | tee -a "$work/failures"
}

checked() {
	echo >>"$work/checks"
}

# expect STATUS PATTERN COMMAND...: it ends with that status, and a line of its
# standard error has the pattern (a basic regular expression; '' when nothing
# may be said). Its output is left in $work/out and $work/err.
expect() {
	status=$1 pattern=$2
	shift 2
	seen=0
	timeout 120 "$@" >"$work/out" 2>"$work/err" || seen=$?
	checked
	if [ "$seen" -ne "$status" ]; then
		fail "$*: ended with $seen instead of $status"
	elif [ -n "$pattern" ] && ! grep -q -e "$pattern" "$work/err"; then
		fail "$*: does not say '$pattern'"
	elif [ -z "$pattern" ] && [ -s "$work/err" ]; then
		fail "$*: should say nothing"
	else
		return 0
	fi
	head -n 5 "$work/err" | cut -c 1-300
}

# wait_for FILE PATTERN: until it has such a line
wait_for() {
	for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25; do
		! grep -q -e "$2" "$1" 2>/dev/null || return 0
		sleep 0.2
	done
	fail "no '$2' in $1"
}

# replay FILE [OPTION...]: as fast as it goes, prompts to standard output
replay=$work/replay
cat >"$replay" <<END
#!/bin/sh
exec "$gaitd" --config "$work/none.yaml" --speed max --prompts - --replay "\$@"
END
chmod +x "$replay"

# 100 KB that are no text
binary() {
	awk 'BEGIN { for (n = 0; n < 400; n++) for (i = 1; i < 256; i++) printf "%c", i }'
}

finish() {
	echo "$(wc -l <"$work/checks") checks"
	[ ! -s "$work/failures" ] && [ -s "$work/checks" ]
}
