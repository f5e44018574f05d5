#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright 2026 the gaitd authors
#
# House rules that a machine can check: a licence in each file, and the right
# one; files of at most 600 lines, manual pages, the rules as shipped, their
# catalogues and tests apart, and functions of at most 60; no traces of the
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
	grep -vE '^protocol/vectors/|systemd/packaging/debian/(NEWS|changelog|source/format)$|^tests/(data|recordings|hostile|fuzz/corpus)/|README$|package(-lock)?\.json$|~$|\.(o|lo|la|log|trs|orig|rej|mo)$|/\.(deps|libs|dirstamp)' |
	sort >"$work/files"
printf '%s\n' .clang-format .clang-tidy configure.ac Makefile.am quickstart >>"$work/files"

# One pass over all of them: a process a file is too slow for a check that runs
# with every make check.
#  - the licence that a file's room asks for, in its first lines
#  - length: a manual page is as long as its subject, the list of rules as they
#    are many, a test's table as its vectors; those of tests are noted only
#  - functions: a body stands between braces in the first column
#  - no path of somebody's machine, no host that packages came from
tr '\n' '\0' <"$work/files" | xargs -0 awk -v file_most=$FILE_LINES -v function_most=$FUNCTION_LINES '
	function fail(what) { print "FAIL: " what }
	function too_long(what, why) {
		if (file ~ /^tests\//)
			print "note: " what
		else
			fail(what why)
	}
	function finish() {
		if (!file)
			return
		if (!licensed)
			fail(file ": its first lines lack \"SPDX-License-Identifier: " licence "\"")
		if (!copyright)
			fail(file ": its first lines lack \"Copyright 2026 the gaitd authors\"")
		if (lines > file_most && file !~ /\.[1-8]$/ && file !~ /^daemon\/rules\/(rules\.yaml|po\/.*\.po)$/)
			too_long(file " has " lines " lines", ", more than " file_most ": what second thing is in it?")
	}
	function licence_of(name) {
		if (name ~ /^(protocol|plugins)\// || name ~ /\.[1-8](\.in)?$/)
			return "MIT"
		return name ~ /^daemon\/rules\/(rules.*\.yaml|po\/.*\.po)$/ ? "CC0-1.0" : "GPL-2.0-or-later"
	}
	FNR == 1 {
		finish()
		file = FILENAME
		licence = licence_of(file)
		licensed = copyright = start = 0
		code = file ~ /\.[ch]$/
	}
	{ lines = FNR }
	FNR <= 5 && index($0, "SPDX-License-Identifier: " licence) { licensed = 1 }
	FNR <= 8 && /Copyright 2026 the gaitd authors/ { copyright = 1 }
	code && /^\{/ { start = FNR; name = previous }
	code && /^\}/ && start {
		if (FNR - start - 1 > function_most)
			too_long(file ":" start ": " FNR - start - 1 " lines in " name, ", more than " function_most)
		start = 0
	}
	code && /^[A-Za-z_].*\(/ { previous = $0 }
	/(^|[^A-Za-z0-9_.$}])\/(work|home|root|Users)\/|(registry|proxy|mirror|artifact)[a-z0-9-]*\.[a-z0-9.-]+\// &&
		file != "tests/check_tree.sh" { fail(file ":" FNR ": " $0 ": a trace of one machine") }
	END { finish() }' >"$work/findings"
cat "$work/findings"
failures=$(grep -c '^FAIL' "$work/findings" || :)

# The top level: what a newcomer expects, and what the build makes
for entry in * .[!.]*; do
	case $entry in
	daemon | plugins | protocol | systemd | tests | quickstart | \
		configure.ac | Makefile.am | README.md | SECURITY.md | LICENSES) ;;
	.ci | .clang-format | .clang-tidy | .git | .gitignore | .tarball-version) ;;
	configure | configure~ | aclocal.m4 | autom4te.cache | build-aux | config.* | \
		Makefile | Makefile.in | libtool | stamp-h1) ;;
	build* | _build | _inst | .build* | *.la | .libs | .deps | gaitd | gaitctl | gaitd-* | *.log | *.trs) ;;
	*) fail "$entry at the top level: give it a room, or a reason and a line in tests/check_tree.sh" ;;
	esac
done

echo "$(wc -l <"$work/files") files looked at"
[ "$failures" -eq 0 ]
