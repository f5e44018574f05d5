#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright 2026 the gaitd authors
#
# The modules for Python and Node read the vectors as our own codec does
# (tests/unit/test_vectors).
set -eu

srcdir=$(cd "${srcdir:-.}" && pwd)
tried=0
failures=0

if command -v python3 >/dev/null; then
	tried=1
	PYTHONDONTWRITEBYTECODE=1 PYTHONPATH=$srcdir/plugins/python \
		python3 "$srcdir/tests/sdk/vectors.py" "$srcdir/protocol/vectors" || failures=1
else
	echo "no python3: gaitd_display.py not tried"
fi
if command -v node >/dev/null; then
	tried=1
	node "$srcdir/tests/sdk/vectors.mjs" "$srcdir/plugins/examples/gaitd-display.mjs" \
		"$srcdir/protocol/vectors" || failures=1
else
	echo "no node: gaitd-display.mjs not tried"
fi
[ $tried -eq 1 ] || exit 77
[ $failures -eq 0 ]
