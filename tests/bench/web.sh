#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright 2026 the gaitd authors
#
# web.sh [BROWSERS [SECONDS]]: what gaitd-web costs with so many browsers that
# listen to a simulated run: its share of a core, its memory, what each was told.
set -eu

builddir=${builddir:-.}
browsers=${1:-100} seconds=${2:-10}
export LC_ALL=C
command -v curl >/dev/null || { echo 'web: no figure without curl'; exit 0; }
work=$(mktemp -d "${TMPDIR:-/tmp}/gaitd-bench.XXXXXX")
pids=''
clean_up() {
	# shellcheck disable=SC2086 # words on purpose
	[ -z "$pids" ] || kill $pids 2>/dev/null || :
	rm -rf "$work"
}
trap clean_up EXIT
trap 'exit 1' INT TERM HUP

# ticks PID: of processor time
ticks() {
	cut -d ' ' -f 14,15 "/proc/$1/stat" | { read -r user system && echo $((user + system)); }
}

events() {
	cat "$work"/told.* | grep -c '^data: '
}

: >"$work/none.yaml"
"$builddir/gaitd" --config "$work/none.yaml" --simulate demo --socket "$work/display.sock" \
	>"$work/gaitd.log" 2>&1 &
pids=$!
"$builddir/gaitd-web" --listen 127.0.0.1:0 --socket "$work/display.sock" >"$work/web.log" &
web=$!
pids="$pids $web"
url=
while [ -z "$url" ] && kill -0 $web; do
	sleep 0.2
	url=$(sed -n 's/.*listening on //p' "$work/web.log")
done
for n in $(seq "$browsers"); do
	printf 'url = "%sevents"\noutput = "%s/told.%s"\n' "$url" "$work" "$n"
done >"$work/config"
curl -sN -Z --parallel-max "$browsers" --parallel-immediate --max-time $((seconds + 8)) -K "$work/config" 2>/dev/null &
pids="$pids $!"
sleep 4 # until all are there
before=$(ticks $web)
events=$(events)
sleep "$seconds"
spent=$(($(ticks $web) - before))
events=$(($(events) - events))
awk -v browsers="$browsers" -v told="$(ls "$work"/told.* | wc -l)" -v events="$events" \
	-v seconds="$seconds" -v spent="$spent" -v hz="$(getconf CLK_TCK)" \
	-v kb="$(awk '/VmRSS/ { print $2 }' /proc/$web/status)" 'BEGIN {
	printf "web: %d of %d browsers, %.0f events/s, %.1f %% of a core, %.1f MB\n",
		told, browsers, events / seconds, 100 * spent / hz / seconds, kb / 1024
}'
