#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright 2026 the gaitd authors
#
# fuzz.sh SECONDS CORPUS TARGET...: runs each libFuzzer target so long, on a
# copy of its corpus. What it finds stays in fuzz-findings/: put it into the
# corpus together with the fix. FUZZ_SEED draws the same inputs again; without,
# each run draws its own.
set -eu

seconds=$1
corpus=$2
shift 2
failures=0

# libFuzzer leaves without a good-bye: what a target keeps in files is ours to remove
scratch=$(mktemp -d "${TMPDIR:-/tmp}/gaitd-fuzz.XXXXXX")
trap 'rm -rf "$scratch"' EXIT
trap 'exit 1' HUP INT TERM
mkdir -p fuzz-findings
for target; do
	name=$(basename "$target")
	name=${name#fuzz_}
	work=fuzz-corpus/$name
	mkdir -p "$work"
	[ ! -d "$corpus/$name" ] || cp -R "$corpus/$name/." "$work/"
	if ! "./$target" -help=1 2>&1 | grep -q max_total_time; then
		echo "fuzz: $target is no libFuzzer program: configure with CC=clang --enable-fuzzer" >&2
		exit 2
	fi
	set -- -max_total_time="$seconds" -timeout=10 -rss_limit_mb=1024 \
		-print_final_stats=1 -artifact_prefix="fuzz-findings/$name-" \
		-seed="${FUZZ_SEED:-0}"
	[ ! -f "$corpus/$name.dict" ] || set -- "$@" -dict="$corpus/$name.dict"
	if TMPDIR=$scratch "./$target" "$@" "$work" >"fuzz-corpus/$name.log" 2>&1; then
		runs=$(sed -n 's/^stat::number_of_executed_units: *//p' "fuzz-corpus/$name.log")
		echo "$name: ok, $runs runs"
	else
		echo "$name: FAILED"
		tail -n 40 "fuzz-corpus/$name.log"
		failures=$((failures + 1))
	fi
done
rmdir fuzz-findings 2>/dev/null || :
[ "$failures" -eq 0 ]
