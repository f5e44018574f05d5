#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright 2026 the gaitd authors
#
# gaitd-web to well-behaved and to hostile HTTP clients, with a simulated run
# behind it. The page itself: make check-web.
set -eu

builddir=${builddir:-.}
export LC_ALL=C
if [ ! -x "$builddir/gaitd-web" ]; then
	echo 'SKIP: the web console is left out'
	exit 77
fi
if ! command -v curl >/dev/null; then
	echo 'SKIP: curl is missing: apt-get install curl'
	exit 77
fi

work=$(mktemp -d "${TMPDIR:-/tmp}/gaitd-http.XXXXXX")
pids='' failures=0
clean_up() {
	# shellcheck disable=SC2086 # words on purpose
	[ -z "$pids" ] || kill $pids 2>/dev/null || :
	rm -rf "$work"
}
trap clean_up EXIT
trap 'exit 1' INT TERM HUP

fail() {
	echo "FAIL: $*"
	failures=$((failures + 1))
}

printf 'display:\n  input: [gaitd-web]\n' >"$work/gaitd.yaml"
printf 'correct-horse-battery\n' >"$work/token"
chmod 0600 "$work/token"

# serve NAME OPTION...: a gaitd-web on $work/NAME.sock, process $web
serve() {
	name=$1
	shift
	"$builddir/gaitd-web" --listen "unix:$work/$name.sock" --host localhost \
		--socket "$work/display.sock" "$@" >"$work/$name.out" 2>"$work/$name.err" &
	web=$!
	pids="$pids $web"
}

# wait_for FILE PATTERN
wait_for() {
	for _ in $(seq 50); do
		! grep -q -e "$2" "$1" 2>/dev/null || return 0
		sleep 0.1
	done
	fail "no '$2' in $1"
	tail -n 3 "$1" || :
}

# ask STATUS SERVER CURL-ARGUMENT...: the answer has that status
ask() {
	expected=$1 server=$2
	shift 2
	seen=$(curl -s -m 5 -o "$work/body" -D "$work/head" -w '%{http_code}' \
		--unix-socket "$work/$server.sock" "$@") || :
	[ "$seen" = "$expected" ] || fail "$server: $* gives $seen instead of $expected: $(head -c 200 "$work/body")"
}

"$builddir/gaitd" --config "$work/gaitd.yaml" --simulate demo --socket "$work/display.sock" \
	>"$work/gaitd.log" 2>&1 &
pids="$pids $!"
serve locked --token-file "$work/token"
serve open
wait_for "$work/open.out" 'listening on unix:'
wait_for "$work/locked.out" 'listening on unix:'
wait_for "$work/gaitd.log" 'gaitd-web .* ready'

# ---- the page and its headers
total=0
ask 200 locked http://localhost/
for path in / /console.css /console.js /icon.svg; do
	ask 200 open "http://localhost$path"
	total=$((total + $(wc -c <"$work/body")))
	for header in "Content-Security-Policy: default-src 'none'; script-src 'self'; style-src 'self'" \
		'X-Content-Type-Options: nosniff' 'Referrer-Policy: no-referrer' 'X-Frame-Options: DENY'; do
		grep -q "^$header" "$work/head" || fail "$path has no $header"
	done
	! grep -qi 'unsafe' "$work/head" || fail "$path: unsafe"
done
[ "$total" -lt 100000 ] || fail "the page has $total octets"
ask 404 open --path-as-is http://localhost/../etc/passwd
ask 404 open http://localhost/page.c
ask 405 open -X POST http://localhost/
ask 405 open http://localhost/input
ask 400 open --request-target http://localhost/ http://localhost/

# ---- who may
ask 421 open http://evil.example/
ask 401 locked http://localhost/events
ask 401 locked -H 'Authorization: Bearer correct-horse-batterx' http://localhost/events
ask 403 open -H 'Sec-Fetch-Site: cross-site' http://localhost/events
json='Content-Type: application/json'
ask 403 open -H "$json" -d '{"type":"input","input":"pain","value":4}' http://localhost/input

# ---- events, and what is said
curl -sN -m 20 --unix-socket "$work/open.sock" http://localhost/events >"$work/events" &
pids="$pids $!"
wait_for "$work/events" '"type":"here"'
wait_for "$work/events" '"type":"metrics".*"cadence_spm"'
key="Gaitd-Key: $(sed -n 's/.*"key":"\([0-9a-f]*\)".*/\1/p' "$work/events" | head -n 1)"
ask 403 open -H "$json" -H "$key" -H 'Origin: http://evil.example' -d '{}' http://localhost/input
ask 415 open -H "$key" -d '{"type":"input","input":"pain","value":4}' http://localhost/input
ask 400 open -H "$json" -H "$key" -d '{"type":"input","input":"pain","value":11}' http://localhost/input
grep -q 'value' "$work/body" || fail 'a bad value is not named'
ask 400 open -H "$json" -H "$key" -d '{"type":"pong"}' http://localhost/input
ask 400 open -H "$json" -H "$key" -d 'not json' http://localhost/input
ask 204 open -H "$json" -H "$key" -d '{"type":"shown","id":4294967295}' http://localhost/input
ask 204 open -H "$json" -H "$key" -d '{"type":"input","input":"pain","value":4}' http://localhost/input
wait_for "$work/events" '"rule":"pain-moderate"'
ask 204 open -H "$json" -H "$key" -d '' http://localhost/welcomed
wait_for "$work/events" '"welcomed":true'
ask 204 open -H "$json" -H "$key" -d '{"type":"input","input":"mute","minutes":10}' http://localhost/input
wait_for "$work/events" '"mute_s":600'

# ---- more than a server wants to read
awk 'BEGIN { printf "x: "; for (i = 0; i < 9000; i++) printf "a" }' >"$work/header"
ask 400 open -H "@$work/header" http://localhost/
awk 'BEGIN { for (i = 0; i < 5000; i++) printf "a" }' >"$work/long"
ask 413 open -H "$json" -H "$key" -d "@$work/long" http://localhost/input
n=0
while [ $n -lt 30 ]; do # in one connection
	n=$((n + 1))
	echo 'next' >>"$work/config"
	printf 'url = "http://localhost/input"\nunix-socket = "%s"\ndata = "{}"\nheader = "%s"\nheader = "%s"\noutput = "/dev/null"\nwrite-out = "%%{http_code}\\n"\nsilent\n' \
		"$work/open.sock" "$json" "$key" >>"$work/config"
done
curl -K "$work/config" >"$work/flood" || :
grep -q '^429$' "$work/flood" || fail '30 inputs at once are all taken'
ask 200 open http://localhost/

# ---- ends well
kill -TERM "$web"
status=0
wait "$web" || status=$?
[ $status -eq 0 ] || fail "SIGTERM ends it with $status"
[ ! -e "$work/open.sock" ] || fail 'its socket stays'
[ ! -s "$work/open.err" ] || fail "it says: $(head -n 3 "$work/open.err")"

# ---- what it refuses at its start
refuses() { # STATUS PATTERN OPTION...
	expected=$1 pattern=$2
	shift 2
	status=0
	timeout 10 "$builddir/gaitd-web" "$@" >/dev/null 2>"$work/said" || status=$?
	[ $status -eq "$expected" ] || fail "$*: ends with $status instead of $expected"
	grep -q -e "$pattern" "$work/said" || fail "$*: does not say '$pattern'"
}
refuses 2 'give --token-file' --listen 0.0.0.0:0
refuses 2 'is expected' --listen nowhere
chmod 0644 "$work/token"
refuses 3 'chmod 0600' --listen 127.0.0.1:0 --token-file "$work/token"
printf 'short\n' >"$work/short"
chmod 0600 "$work/short"
refuses 3 'expected' --listen 127.0.0.1:0 --token-file "$work/short"
refuses 1 'somebody listens' --listen "unix:$work/locked.sock"
[ $failures -eq 0 ]
