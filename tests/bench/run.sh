#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright 2026 the gaitd authors
#
# run.sh [--judge] [--long]: all benches, as one table of what is measured, gaitd's
# figure, the floor's of the same run, their ratio, the limit and the verdict.
# --judge: exit status 1 when anything is over its limit. See tests/bench/README.
set -eu

builddir=${builddir:-.} srcdir=${srcdir:-.}
export LC_ALL=C builddir srcdir
judge=0 long=
for option; do
	case $option in
	--judge) judge=1 ;;
	--long) long=--long ;;
	*) sed -n '5,7s/^# //p' "$0" >&2; exit 2 ;;
	esac
done
bench=$builddir/tests/bench rules=$srcdir/daemon/rules/rules.yaml data=$srcdir/tests/data

# Rows of tabs: what, unit, gaitd, floor, limit (x: of the ratio)
columns() {
	awk -F '\t' '
	function figure(n) {
		return n == "" ? "-" : n >= 1000 || n == int(n) ? sprintf("%.0f", n) : sprintf("%.4g", n)
	}
	BEGIN {
		row = "%-46s %-8s %12s %12s %8s %8s  %s\n"
		printf row, "what", "unit", "gaitd", "floor", "ratio", "limit", ""
	}
	NF >= 5 {
		ratio = $4 > 0 ? $3 / $4 : 0
		limit = substr($5, $5 ~ /^x/ ? 2 : 1)
		over = $5 != "" && ($5 ~ /^x/ ? ratio : $3) > limit + 0
		overs += over
		printf row, $1, $2, figure($3), figure($4), ratio ? sprintf("%.2f", ratio) : "-",
			$5 == "" ? "-" : $5, $5 == "" ? "" : over ? "over" : "ok"
		fflush()
		next
	}
	{ print }
	END { exit overs > 0 }'
}

work=$(mktemp -d "${TMPDIR:-/tmp}/gaitd-bench.XXXXXX")
trap 'rm -rf "$work"' EXIT
trap 'exit 1' INT TERM HUP

# recording HOURS: the real run over and over, for so long
recording() {
	awk -v hours="$1" '
	/^#/ { if (!file++) print; next }
	{ line[++lines] = $0 }
	END {
		for (at = 0; at < hours * 3600e6; at += last + 1e6)
			for (i = 1; i <= lines; i++) {
				time = line[i] + 0
				last = time
				if (at + time > hours * 3600e6)
					exit
				printf "%.0f%s\n", at + time, substr(line[i], index(line[i], " "))
			}
	}' "$srcdir/tests/recordings/real-treadmill-run.rec"
}

# replay HOURS ROUNDS LIMIT
replay() {
	recording "$1" >"$work/run.rec"
	"$bench/bench_process" "$2" "replay: $1 h of recording" "$3" \
		"$builddir/gaitd" --config "$work/none.yaml" --replay "$work/run.rec" --speed max \
			--prompts "$work/prompts" -- \
		"$bench/floor/hexread" "$work/run.rec"
}

all() {
	: >"$work/none.yaml"
	printf 'name: bare\n' >"$work/bare.yaml"
	"$bench/bench_decode" "$data/ftms-frames.tsv" "$data/footpod-frames.tsv"
	"$bench/bench_rules" "$rules"
	replay 1 5 4
	[ -z "$long" ] || replay 24 3 0
	[ ! -x "$bench/floor/bare" ] || "$bench/bench_process" --ready 5 "start-up to ready" 3 \
		"$builddir/gaitd" --config "$work/none.yaml" --socket "$work/gaitd.sock" -- \
		"$bench/floor/bare" "$work/bare.yaml" "$work/bare.sock"
}

status=0
{ all || echo "the bench failed: $?"; } | columns || status=$?
[ "$judge" -eq 0 ] || exit "$status"
