#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright 2026 the gaitd authors
#
# make lint: clang-tidy over the C files, mandoc over the manual pages, sh -n
# over the scripts. A tool that is missing is a failure: lint that looked at
# nothing is no lint.
set -eu

srcdir=${srcdir:-.}
export LC_ALL=C
failures=0

need() {
	command -v "$1" >/dev/null && return
	echo "lint: $1 is missing: apt-get install $2" >&2
	exit 1
}
need clang-tidy clang-tidy
need mandoc mandoc

rooms=
for room in daemon plugins protocol tests; do
	[ ! -d "$srcdir/$room" ] || rooms="$rooms $srcdir/$room/"
done

# Warnings are the compilers' business; clang-tidy knows not all of gcc's.
flags=$(printf '%s ' $CPPFLAGS $CFLAGS | sed 's/ -W[^l][^ ]*//g; s/ -ffile-prefix-map=[^ ]*//g')
find $rooms -name '*.c' | sort | tr '\n' '\0' |
	xargs -0 -n 4 -P "$(nproc)" sh -c '
		flags=$1; shift
		eval clang-tidy --quiet --warnings-as-errors="*" "\"\$@\"" -- "$flags" 2>&1 |
			grep -v "warnings\{0,1\} generated\.$"
		exit 0' sh "$flags -DTEST_DATA='\"\"' -DTEST_SOURCE='\"\"'" >lint.log
if grep -qE '(error|warning):' lint.log; then
	cat lint.log
	failures=$(grep -cE '(error|warning):' lint.log)
else
	rm -f lint.log
fi

for page in $(find $rooms -name '*.[1-8]' | sort); do
	mandoc -T lint -W warning "$page" || failures=$((failures + 1))
done

for script in "$srcdir/quickstart" $(find $rooms -name '*.sh' | sort) "$srcdir/tests/make_recordings" \
	"$srcdir"/tests/lab/*_* $(find "$srcdir/tests/lab/guest/" -type f); do
	sh -n "$script" || failures=$((failures + 1))
done
! command -v bash >/dev/null || bash -n "$srcdir/.ci/run" || failures=$((failures + 1))

echo "lint: $failures findings"
[ "$failures" -eq 0 ]
