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
for directory in DATADIR SYSCONFDIR VENDORDIR TEST_DATA TEST_SOURCE; do
	flags="$flags -D$directory='\"/\"'"
done

# tidy CHECKS: over the files whose names come in, a few at a time
tidy() {
	tr '\n' '\0' | xargs -0 -n 4 -P "$(nproc)" sh -c '
		checks=$1 flags=$2
		shift 2
		eval clang-tidy --quiet --checks="$checks" --warnings-as-errors="*" "\"\$@\"" -- "$flags" 2>&1 |
			grep -vE "warnings?( and [0-9]+ errors?)? generated\.$"
		exit 0' sh "$1" "$flags"
}

# The analyzer walks each path of what ships. In tests it would report what
# follows an assertion that has failed.
find $rooms -name '*.c' | sort >lint.files
grep -v '/tests/' lint.files | tidy '' >lint.log
grep '/tests/' lint.files | tidy '-clang-analyzer-*' >>lint.log
rm -f lint.files
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
