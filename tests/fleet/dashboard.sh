#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright 2026 the gaitd authors
#
# Every query of the dashboard gives something over real metrics: see dashboard.py.
for program in prometheus prometheus-node-exporter python3; do
	command -v "$program" >/dev/null || {
		echo "no $program here"
		exit 77
	}
done
exec python3 "${srcdir:-.}/tests/fleet/dashboard.py"
