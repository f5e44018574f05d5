#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright 2026 the gaitd authors
#
# make check-web: the page of gaitd-web in headless Chromium. Takes what it needs
# from npm, into the build directory; screenshots are left in web-pictures.
set -eu

srcdir=${srcdir:-.}
builddir=${builddir:-.}
chromium=${CHROMIUM:-/usr/bin/chromium}
for program in "$chromium" node npm; do
	command -v "$program" >/dev/null || {
		echo "check-web: $program is missing: apt-get install chromium nodejs npm" >&2
		exit 1
	}
done
mkdir -p "$builddir/web-modules"
for file in package.json package-lock.json; do
	cmp -s "$srcdir/tests/web/$file" "$builddir/web-modules/$file" ||
		rm -rf "$builddir/web-modules/node_modules"
	cp "$srcdir/tests/web/$file" "$builddir/web-modules/$file"
done
if [ ! -d "$builddir/web-modules/node_modules" ]; then
	(cd "$builddir/web-modules" && npm ci --no-audit --no-fund)
fi
export CHROMIUM="$chromium"
exec node "$srcdir/tests/web/check_web.mjs" "$builddir" "$builddir/web-modules" "$builddir/web-pictures"
