#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright 2026 the gaitd authors
#
# A few consoles through what `make gym-load` does with 300: gym_load.py.
[ -x "${builddir:-.}/gaitd-mqtt" ] && command -v python3 >/dev/null || {
	echo "no gaitd-mqtt or python3 here"
	exit 77
}
export builddir="${builddir:-.}"
exec python3 "${srcdir:-.}/tests/fleet/gym_load.py" --consoles 6
