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

# In a group of its own, which goes with whoever is interrupted
if [ -z "${BENCH_WORK-}" ]; then
	# in memory, as /run is
	[ -w /dev/shm ] && memory=/dev/shm || memory=/tmp
	BENCH_WORK=$(mktemp -d "${TMPDIR:-$memory}/gaitd-bench.XXXXXX")
	export BENCH_WORK TMPDIR="$BENCH_WORK"
	setsid sh "$0" "$@" &
	group=$!
	trap 'kill -- "-$group" 2>/dev/null || :; wait
		rm -rf "$BENCH_WORK" "$builddir/tests/bench/kept"' EXIT
	trap 'exit 1' INT TERM HUP
	status=0
	wait "$group" || status=$?
	exit "$status"
fi
work=$BENCH_WORK
judge=0 long='' short=yes
for option; do
	case $option in
	--judge) judge=1 ;;
	--long) long=yes short='' ;;
	*) sed -n '5,7s/^# //p' "$0" >&2; exit 2 ;;
	esac
done
benches=$builddir/tests/bench rules=$srcdir/daemon/rules/rules.yaml data=$srcdir/tests/data

# Rows of tabs: what, unit, gaitd, floor, limit (x: of the ratio)
columns() {
	cat >"$work/rows" # all of it: some awks wait for a full block
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
	END { exit overs > 0 }' "$work/rows"
}

# bench NAME ARGUMENT...: one that fails is told of, and no good end
bench() {
	name=$1
	shift
	"$benches/$name" "$@" 2>"$work/error" || failed "$name: $(tail -n 1 "$work/error")"
}

failed() {
	printf 'failed: %s\n' "$1"
	: >"$work/failed"
}

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
	bench bench_process "$2" "replay: $1 h of recording" "$3" \
		"$builddir/gaitd" --config "$work/none.yaml" --replay "$work/run.rec" --speed max \
			--prompts "$work/prompts" -- \
		"$benches/floor/hexread" "$work/run.rec"
}

options="--config $work/no-history.yaml --socket SOCKET"
wired="$benches/gaitd_wired $options"

# counted MESSAGES DISPLAYS: by callgrind, instructions by function, with what it calls;
# of a gaitd that is not optimized as a whole, where few functions are left
counted() {
	# shellcheck disable=SC2086 # words on purpose
	"$benches/bench_path" run "$1" "$2" valgrind -q --tool=callgrind \
		--callgrind-out-file="$work/callgrind" "$benches/gaitd_counted" $options 2>/dev/null || : >"$work/failed"
	callgrind_annotate --inclusive=yes --threshold=100 "$work/callgrind" |
		sed -n 's/^ *\([0-9,]*\) ([^)]*) *[^ ]*[:/]\([a-z_]*\.c:[a-z_]*\).*/\1 \2/p; s/^ *\([0-9,]*\) ([^)]*) *???:\(event_base_loop\) .*/\1 \2/p' |
		tr -d ,
}

# instructions of a notification, as the difference between a long run and a short one
instructions() {
	if ! command -v callgrind_annotate >/dev/null; then
		printf 'path: instructions: not counted without valgrind\n'
		return
	fi
	for displays in 1 11; do
		counted 30 "$displays" >"$work/short"
		counted 130 "$displays" >"$work/long.$displays"
		awk 'NR == FNR { before[$2] = $1; next } { printf "%.1f %s\n", ($1 - before[$2]) / 100, $2 }' \
			"$work/short" "$work/long.$displays" >"$work/of.$displays"
	done
	awk '
	{ of[FILENAME, $2] = $1 }
	END {
		one = ARGV[1]; many = ARGV[2]
		all = of[one, "event_base_loop"]
		inside = of[one, "intake.c:intake_event"] - of[one, "daemon.c:on_outcome"]
		row = "%s\t\t%.0f\t\t%s\n"
		printf row, "path: instructions, decode, rules and metrics", inside, ""
		printf row, "path: instructions, all else, libevent and libc too", all - inside, 4000
		printf row, "path: instructions, a further display",
			(of[many, "hub.c:hub_outcome"] - of[one, "hub.c:hub_outcome"]) / 10, 150
	}' "$work/of.1" "$work/of.11"
}

# system calls of a notification that comes alone, as they do at 4 Hz. The tracer is
# nobody's child, so that the daemon is bench_path's: it has told all when the pipe ends.
system_calls() {
	if ! command -v strace >/dev/null; then
		printf 'path: system calls: not counted without strace\n'
		return
	fi
	for displays in 1 11; do
		for messages in 10 60; do
			# shellcheck disable=SC2086 # words on purpose
			"$benches/bench_path" run "$messages" "$displays" strace -D -f -c -U calls,name \
				-o /dev/fd/3 $wired 3>&1 >/dev/null 2>&1 | awk '$2 == "total" { print $1 }'
		done | { read -r few && read -r many && echo $((many - few)); }
	done | {
		{ read -r one && read -r eleven; } || failed 'system calls: not counted'
		awk -v one="$one" -v eleven="$eleven" 'BEGIN {
			printf "path: system calls, 1 display\t\t%.1f\t\t4\n", one / 50
			printf "path: system calls, a further display\t\t%.1f\t\t1\n", (eleven - one) / 500
		}'
	}
}

start_up() {
	[ ! -x "$benches/floor/bare" ] || bench bench_process --ready 5 "start-up to ready" 3 \
		"$builddir/gaitd" --config "$work/none.yaml" --socket "$work/gaitd.sock" -- \
		"$benches/floor/bare" "$work/bare.yaml" "$work/bare.sock"
}

# A run whose runner asked to be remembered: each second goes to a disk, with all syncs
kept_run() {
	mkdir -p "$benches/kept"
	printf 'history: {path: "%s"}\n' "$(cd "$benches/kept" && pwd)/history" >"$work/kept.yaml"
	set -- --config "$work/kept.yaml"
	"$builddir/gaitctl" "$@" runner add Ada --pod 00:00:00:00:00:00 >/dev/null 2>"$work/error" || {
		printf 'kept run at 4 Hz: not measured: %s\n' "$(cat "$work/error")"
		return
	}
	bench bench_path hold-known 300 "$benches/gaitd_wired" "$@" --socket SOCKET
	"$builddir/gaitctl" "$@" history | grep -q Ada || failed 'kept run: nothing was kept'
}

path() {
	# shellcheck disable=SC2086 # words on purpose
	bench bench_path latency "${long:+40}${short:+4}" $wired -- "$benches/floor/relay" SOCKET
	instructions
	system_calls
	# shellcheck disable=SC2086
	bench bench_path hold "${long:+600}${short:+6}" $wired
	[ -n "$long" ] || return 0 # nothing is idle in the first 20 s
	kept_run
	# shellcheck disable=SC2086
	bench bench_path idle 60 'no watchdog' 0 $wired
	# shellcheck disable=SC2086
	WATCHDOG_USEC=2000000 bench bench_path idle 60 'watchdog of 2 s' 60 $wired
}

sizes() {
	for program in gaitd gaitctl gaitd-run; do
		size "$builddir/$program" | awk -v program="$program" \
			'NR == 2 { printf "size: %s, text and data\tkB\t%.0f\t\t\n", program, ($1 + $2) / 1024 }'
	done
}

all() {
	: >"$work/none.yaml"
	printf 'history: {enabled: false}\n' >"$work/no-history.yaml"
	printf 'name: bare\n' >"$work/bare.yaml"
	bench bench_decode "$data/ftms-frames.tsv" "$data/footpod-frames.tsv"
	bench bench_rules "$rules"
	replay 1 5 4
	[ -z "$long" ] || replay 24 3 0
	start_up
	[ ! -x "$benches/bench_path" ] || path
	sizes
}

status=0
{ all || failed "the whole: $?"; } | columns || status=$?
[ ! -e "$work/failed" ] || exit 1
[ "$judge" -eq 0 ] || exit "$status"
