#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright 2026 the gaitd authors
#
# fuzz_afl.sh SECONDS CORPUS TARGET...: runs each target so long under AFL++, of a
# build by afl-clang-fast. What it finds stays in fuzz-afl/NAME/default/crashes and
# hangs: put it into the corpus together with the fix.
set -eu

seconds=$1
corpus=$2
shift 2
failures=0

command -v afl-fuzz >/dev/null || {
	echo "fuzz-afl: afl-fuzz is missing: apt-get install afl++" >&2
	exit 2
}
# no screen, no question about the machine's settings, no core of its own
export AFL_NO_UI=1 AFL_SKIP_CPUFREQ=1 AFL_NO_AFFINITY=1 AFL_I_DONT_CARE_ABOUT_MISSING_CRASHES=1
scratch=$(mktemp -d "${TMPDIR:-/tmp}/gaitd-fuzz.XXXXXX")
trap 'rm -rf "$scratch"' EXIT
trap 'exit 1' HUP INT TERM
export TMPDIR="$scratch"

for target; do
	name=$(basename "$target")
	name=${name#fuzz_}
	work=fuzz-afl/$name
	rm -rf "$work"
	mkdir -p "$work"
	set -- -V "$seconds" -t 5000+ -m none -i "$corpus/$name" -o "$work"
	[ ! -f "$corpus/$name.dict" ] || set -- "$@" -x "$corpus/$name.dict"
	if ! afl-fuzz "$@" -- "./$target" >"$work/log" 2>&1; then
		echo "$name: FAILED"
		tail -n 20 "$work/log"
		failures=$((failures + 1))
		continue
	fi
	stats=$work/default/fuzzer_stats
	found=$(find "$work/default/crashes" "$work/default/hangs" -name 'id:*' | wc -l)
	echo "$name: $(sed -n 's/^execs_done *: *//p' "$stats") runs, $found found"
	[ "$found" -eq 0 ] || failures=$((failures + 1))
done
[ "$failures" -eq 0 ]
