#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright 2026 the gaitd authors
#
# House rules that a machine can check: a licence in each file, and the right
# one; files of at most 600 lines, manual pages, the rules as shipped and tests
# apart, and functions of at most 60; no traces of the
# machine a change was made on; nothing unexpected at the top.
set -eu

srcdir=${srcdir:-.}
export LC_ALL=C
FILE_LINES=600
FUNCTION_LINES=60

# quickstart builds from links to the checkout: look at the real thing
cd "$(dirname "$(readlink -f "$srcdir/configure.ac")")"
work=$(mktemp -d "${TMPDIR:-/tmp}/gaitd-tree.XXXXXX")
trap 'rm -rf "$work"' EXIT
failures=0

fail() {
	echo "FAIL: $*"
	failures=$((failures + 1))
}

# Text that people write: no data, no golden files
for room in daemon plugins protocol systemd tests .ci; do
	[ ! -d "$room" ] || find "$room/" -type f
done |
	grep -vE '^protocol/vectors/|^tests/(data|recordings|hostile|fuzz/corpus)/|README$|package(-lock)?\.json$|~$|\.(o|lo|la|log|trs|orig|rej|mo)$|/\.(deps|libs|dirstamp)' |
	sort >"$work/files"
printf '%s\n' .clang-format .clang-tidy configure.ac Makefile.am quickstart >>"$work/files"

# licence_of FILE: what its room asks for
licence_of() {
	case $1 in
	*.[1-8] | *.[1-8].in | protocol/* | plugins/*) echo MIT ;;
	daemon/rules/rules*.yaml | daemon/rules/po/*.po) echo CC0-1.0 ;;
	*) echo GPL-2.0-or-later ;;
	esac
}

while read -r file; do
	expected=$(licence_of "$file")
	head -n 5 "$file" | grep -q "SPDX-License-Identifier: $expected" ||
		fail "$file: its first lines lack 'SPDX-License-Identifier: $expected'"
	head -n 8 "$file" | grep -q 'Copyright 2026 the gaitd authors' ||
		fail "$file: its first lines lack 'Copyright 2026 the gaitd authors'"
done <"$work/files"

while read -r file; do
	lines=$(wc -l <"$file")
	[ "$lines" -le $FILE_LINES ] && continue
	case $file in
	*.[1-8]) ;; # a manual page is as long as its subject
	daemon/rules/rules.yaml) ;; # and the list of rules as they are many
	tests/*) echo "note: $file has $lines lines" ;;
	*) fail "$file has $lines lines, more than $FILE_LINES: what second thing is in it?" ;;
	esac
done <"$work/files"

# A function's body stands between braces in the first column.
grep '\.[ch]$' "$work/files" | while read -r file; do
	awk -v file="$file" -v most=$FUNCTION_LINES '
		/^{/ { start = NR; name = previous }
		/^}/ && start {
			if (NR - start - 1 > most)
				printf "%s:%d: %d lines in %s\n", file, start, NR - start - 1, name
			start = 0
		}
		/^[A-Za-z_].*\(/ { previous = $0 }' "$file"
done >"$work/long"
while read -r line; do
	case $line in
	tests/*) echo "note: $line" ;; # a table of vectors may be long
	*) fail "$line: more than $FUNCTION_LINES" ;;
	esac
done <"$work/long"

# No path of somebody's machine, no host that packages came from
while read -r file; do
	grep -nE '(^|[^A-Za-z0-9_.$}])/(work|home|root|Users)/|(registry|proxy|mirror|artifact)[a-z0-9-]*\.[a-z0-9.-]+/' "$file" /dev/null || :
done <"$work/files" | grep -v '^tests/check_tree.sh:' >"$work/traces" || :
while read -r line; do
	fail "$line: a trace of one machine"
done <"$work/traces"

# The top level: what a newcomer expects, and what the build makes
for entry in * .[!.]*; do
	case $entry in
	daemon | plugins | protocol | systemd | tests | quickstart | \
		configure.ac | Makefile.am | README.md | LICENSES) ;;
	.ci | .clang-format | .clang-tidy | .git | .gitignore | .tarball-version) ;;
	configure | configure~ | aclocal.m4 | autom4te.cache | build-aux | config.* | \
		Makefile | Makefile.in | libtool | stamp-h1) ;;
	build* | _build | _inst | .build* | *.la | .libs | .deps | gaitd | gaitctl | gaitd-* | *.log | *.trs) ;;
	*) fail "$entry at the top level: give it a room, or a reason and a line in tests/check_tree.sh" ;;
	esac
done

echo "$(wc -l <"$work/files") files looked at"
[ "$failures" -eq 0 ]
