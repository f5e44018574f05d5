#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright 2026 the gaitd authors
#
# What gaitd promises when something fails: the manual prints the table that the
# campaign goes by, whatever else proves a row is there, and a few instants of each
# fault are tried. `make faults` tries many. With --regen the manual is written.
set -eu

srcdir=${srcdir:-.}
builddir=${builddir:-.}
manual=$srcdir/daemon/gaitd.8
campaign=$builddir/tests/faults/campaign
export builddir LC_ALL=C

work=$(mktemp -d "${TMPDIR:-/tmp}/gaitd-faults.XXXXXX")
trap 'rm -rf "$work"' EXIT
trap 'exit 1' INT TERM HUP
begin='^\.\\" The table of faults.c, written by faults.sh --regen$'
end='^\.\\" End of the table$'

"$campaign" --table >"$work/table"
if [ "${1:-}" = --regen ]; then
	sed -e "/$begin/,/$end/{/$begin/{p;r $work/table" -e "};/$end/p;d}" "$manual" >"$work/manual"
	cat "$work/manual" >"$manual"
	exit
fi
sed -n "/$begin/,/$end/p" "$manual" | sed '1d;$d' >"$work/printed"
diff "$work/printed" "$work/table" || {
	echo "FAIL: gaitd(8) promises something else: tests/faults/faults.sh --regen"
	exit 1
}
"$campaign" --proofs | while IFS= read -r row; do
	files=${row#*: }
	[ -n "$(echo $files)" ] || { echo "FAIL: nothing proves: $row"; exit 1; }
	for file in $files; do
		[ -e "$srcdir/$file" ] || { echo "FAIL: there is no $file: $row"; exit 1; }
	done
done
TMPDIR=$work "$campaign"
