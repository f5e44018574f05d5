#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright 2026 the gaitd authors
#
# libgaitd-display as an integrator sees it: it gives away what its header and
# its manual name and nothing else; the header stands alone, in C and in C++;
# and the example builds with it and keeps to the protocol.
set -eu

cd "${builddir:-.}"
srcdir=${srcdir:-.}
export LC_ALL=C
CC=${CC:-cc}
CXX=${CXX:-c++}
header=plugins/include/gaitd-display.h
library=libgaitd-display.so.0.0.0
work=$(mktemp -d "${TMPDIR:-/tmp}/sdk.XXXXXX")
trap 'rm -rf "$work"' EXIT
failures=0

fail() {
	echo "FAIL: $*"
	failures=$((failures + 1))
}

# ---- names ---------------------------------------------------------------
nm -D --defined-only "$library" | awk '$2 == "T" { sub("@.*", "", $3); print $3 }' | sort >"$work/exported"
# in the header a function's name begins a line or follows its type
grep -E '^([a-z].* \*?)?gaitd_display_[a-z_]+\(' "$header" | grep -oE 'gaitd_display_[a-z_]+\(' |
	tr -d '(' | sort -u >"$work/declared"
diff "$work/declared" "$work/exported" || fail "the header and the library differ"
sed -n 's/^\.\(Fn\|Fo\) \(gaitd_display_[a-z_]*\).*/\2/p' "$srcdir/plugins/gaitd-display.3" \
	"$srcdir/plugins/gaitd_display_input.3" | sort -u >"$work/documented"
diff "$work/declared" "$work/documented" || fail "the header and the manual differ"
readelf -d "$library" | grep -q 'SONAME.*\[libgaitd-display.so.0\]' || fail "no soname"
readelf -d "$library" | grep NEEDED | grep -vE '\[lib(jansson|m|c|asan|ubsan|gcc_s|gcov)\.so' >"$work/needed" || :
[ ! -s "$work/needed" ] || fail "it needs more than it should: $(cat "$work/needed")"
! grep -nE '(^|[^A-Za-z_])(display_[a-z]|DISPLAY_[A-Z])' "$header" || fail "names without a prefix"
! grep -nE '#include "' "$header" || fail "the header does not stand alone"

# ---- the manual's example ------------------------------------------------
sed -n '/^A display that prints each prompt:/,/^\.Ed/p' "$srcdir/plugins/gaitd-display.3" |
	grep -v '^\.\|^A display' | sed 's/\\e/\\/g' >"$work/manual.c"
grep -q main "$work/manual.c" || fail "the manual has no example"
$CC -Wall -Wextra -Werror -fsyntax-only -Iplugins/include "$work/manual.c" || fail "the manual's example is wrong"

# ---- C and C++ -----------------------------------------------------------
echo '#include <gaitd-display.h>' >"$work/alone.c"
cp "$work/alone.c" "$work/alone.cc"
strict='-Wall -Wextra -pedantic -Werror -fsyntax-only -Iplugins/include'
# shellcheck disable=SC2086 # words on purpose
{
	for standard in c99 c11 gnu17; do
		$CC -std=$standard $strict "$work/alone.c" || fail "the header is no $standard"
	done
	if command -v "$CXX" >/dev/null; then
		cp "$srcdir/tests/sdk/display.cc" "$work/"
		for standard in c++11 c++20; do
			$CXX -std=$standard $strict "$work/display.cc" || fail "the header is no $standard"
		done
	else
		echo "no $CXX: not tried with C++"
	fi
}
[ $failures -eq 0 ]
