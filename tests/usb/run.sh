#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright 2026 the gaitd authors
#
# The daemon with an ANT stick that umockdev plays: every scenario of
# scenarios.c, or those that are named. Needs no root and no USB.
set -u

builddir=${builddir:-.}
export builddir
bench=$builddir/tests/usb/bench
if [ ! -x "$bench" ]; then
	echo "not built: it needs libumockdev-dev, and gaitd with USB"
	exit 77
fi
# its sockets' paths must be short
TMPDIR=/tmp
export TMPDIR

# A sanitizer's library wants to be the first
GAITD_PRELOAD=$(ldd "$builddir/gaitd" | awk '/lib[a-z]*san\.so/ { print $3 }' | tr '\n' ':')libumockdev-preload.so.0
export GAITD_PRELOAD

# Each waits most of the time: all at once
work=$(mktemp -d /tmp/gaitd-usb-run.XXXXXX)
trap 'rm -rf "$work"' EXIT
# shellcheck disable=SC2046 # words on purpose
[ $# -gt 0 ] || set -- $("$bench")
for scenario; do
	{
		ASAN_OPTIONS=detect_leaks=0 LD_PRELOAD=$GAITD_PRELOAD "$bench" "$scenario" \
			>"$work/$scenario"
		echo $? >"$work/$scenario.status"
	} &
done
wait
failed=0
for scenario; do
	cat "$work/$scenario"
	[ "$(cat "$work/$scenario.status")" = 0 ] || failed=$((failed + 1))
done
echo "$failed of $# scenarios failed"
[ "$failed" -eq 0 ]
