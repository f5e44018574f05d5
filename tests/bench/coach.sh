#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright 2026 the gaitd authors
#
# The coach's bench in short: make bench-coach has the thousand.
set -eu

"${builddir:-.}/tests/bench/bench_coach" --judge --why \
	"${srcdir:-.}/daemon/rules/rules.yaml" 1-100
