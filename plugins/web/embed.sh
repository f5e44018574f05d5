#!/bin/sh
# SPDX-License-Identifier: MIT
# Copyright 2026 the gaitd authors
#
# embed.sh DIRECTORY > page.c: the files of the web console's page as C. The
# scripts are served as one, in the order in which they build on each other.
set -eu
export LC_ALL=C

cd "$1"

# bytes NAME: standard input as an array
bytes() {
	echo "static const unsigned char $1[] = {"
	od -An -v -tu1 | sed 's/  *\([0-9]\)/\1/; s/  */,/g; s/$/,/'
	echo '};'
}

echo '/* Made by embed.sh: do not edit. */'
echo '#include "plugins/web/page.h"'
bytes html <index.html
bytes css <console.css
cat words.js state.js link.js chart.js pads.js welcome.js console.js | bytes js
bytes icon <icon.svg
cat <<'END'
const struct page_file page_files[] = {
	{ "/", "text/html; charset=utf-8", html, sizeof(html) },
	{ "/console.css", "text/css; charset=utf-8", css, sizeof(css) },
	{ "/console.js", "text/javascript; charset=utf-8", js, sizeof(js) },
	{ "/icon.svg", "image/svg+xml", icon, sizeof(icon) },
	{ 0, 0, 0, 0 },
};
END
