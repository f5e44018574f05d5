#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright 2026 the gaitd authors
#
# Recordings that are none: each fault with FILE:LINE:COLUMN and what was
# expected, what came before it printed, exit 1.
. "${srcdir:-.}/tests/hostile/lib.sh"

printf '%s\n' '# gaitd recording 1' '0 treadmill link live' \
	'1000000 treadmill notify 2acd 0000e803' >"$work/good.rec"

# bad LINE COLUMN PATTERN: line 4 of a recording that is good up to there
bad() {
	{
		cat "$work/good.rec"
		cat
	} >"$work/bad.rec"
	expect 1 "^gaitd: replay: $work/bad.rec:$1:$2: .*$3" \
		"$replay" "$work/bad.rec"
	grep -q '"event":"link","treadmill":"live"' "$work/out" ||
		fail "line $1, column $2: what came before is not printed"
}

expect 0 '' "$replay" "$work/good.rec"

echo '2000000 treadmil link lost' | bad 4 9 'did you mean treadmill?'
echo '2000000 treadmill lnk lost' | bad 4 19 'did you mean link?'
echo '2000000 treadmill link gone' | bad 4 24 'expected off, searching, live, stale or lost'
echo '2000000 treadmill notify 2acd 123' | bad 4 34 'the last octet is cut'
echo '2000000 treadmill notify 2acd 12g4' | bad 4 33 'expected a hex digit'
echo '2000000 treadmill notify 2ac 1234' | bad 4 26 'four hex digits'
echo '999999 treadmill link lost' | bad 4 1 'time goes back'
echo 'soon treadmill link lost' | bad 4 1 'expected microseconds'
echo '99999999999999999999 treadmill link lost' | bad 4 1 'expected microseconds'
echo '2000000 input pain 11' | bad 4 20 '0 to 10'
echo '2000000 input profile {"height_m":17.5}' | bad 4 23 'height_m'
echo '# Runner: {}' | bad 4 3 'move it to the top'
printf '2000000 treadmill name a\000b\n' | bad 4 25 '0x00'
printf '\n\r\n# note\r\n2000000 treadmill link live\r\n3000000 x\r\n' | bad 8 9 'expected treadmill'
printf '2000000 treadmill link l' | bad 4 24 'the file ends within this line'
head -c 10485760 /dev/zero | tr '\0' 'x' | bad 4 4096 'at most 4095 octets a line'
printf '2000000 treadmill notify 2acd %01026d\n' 0 | bad 4 1055 'at most 512 octets'
binary | bad '[0-9]*' '[0-9]*' 'expected'

# whole PATTERN: a file that is bad from its first line on
whole() {
	cat >"$work/whole.rec"
	expect 1 "whole.rec:$1" "$replay" "$work/whole.rec"
}
printf '' | whole '1:1: expected "# gaitd recording 1"'
echo '0 treadmill link live' | whole '1:1: .*is this a recording?'
echo '# gaitd recording 2' | whole '1:19: expected version 1'
binary | whole '1:1'
printf '# gaitd recording 1\n# Start: now\n' | whole '2:10: expected a time'
printf '# gaitd recording 1\n# Runner: {"height_m":17}\n' | whole '2:11: .*from 1 to 2.5'
printf '# gaitd recording 1\n# Runner: {"height":1.7}\n' >"$work/later.rec"
expect 0 'later.rec:2: Runner: unknown key "height"; did you mean height_m?' "$replay" "$work/later.rec"

expect 1 'No such file' "$replay" "$work/nothing.rec"
expect 1 'Is a directory' "$replay" "$work"
expect 1 '/dev/zero:1:4096' "$replay" /dev/zero
if [ "$(id -u)" -ne 0 ]; then
	cp "$work/good.rec" "$work/secret.rec"
	chmod 0 "$work/secret.rec"
	expect 5 'Permission denied' "$replay" "$work/secret.rec"
fi

# A file, standard input and a pipe that comes in pieces say the same.
cut -d ' ' -f 1-4 "$work/good.rec" >"$work/a.rec"
"$replay" "$work/a.rec" >"$work/from-file"
"$replay" - <"$work/a.rec" >"$work/from-stdin"
mkfifo "$work/pipe"
{
	head -n 1 "$work/a.rec"
	tail -n +2 "$work/a.rec" | while read -r line; do printf '%s\n' "$line"; done
} >"$work/pipe" &
"$replay" "$work/pipe" >"$work/from-pipe"
for from in stdin pipe; do
	checked
	cmp "$work/from-file" "$work/from-$from" || fail "from $from it is another replay"
done

# What is known so far comes out while a slow pipe is waited for.
mkfifo "$work/slow"
"$replay" "$work/slow" >"$work/early" 2>"$work/err" &
pids=$!
exec 9>"$work/slow"
cat "$work/good.rec" >&9
wait_for "$work/early" '"event":"link","treadmill":"live"'
checked
exec 9>&-
wait $pids || fail "a slow pipe ends with $?"
pids=

# Endless input ends with a signal, and then well.
mkfifo "$work/endless"
{
	cat "$work/good.rec"
	yes '1000000 treadmill link lost
1000000 treadmill link live'
} >"$work/endless" 2>/dev/null &
pids=$!
"$replay" "$work/endless" >"$work/prompts" &
endless=$!
pids="$pids $endless"
wait_for "$work/prompts" lost
kill -TERM $endless
seen=0
wait $endless || seen=$?
pids=
checked
[ "$seen" -eq 0 ] || fail "endless input: SIGTERM ends it with $seen"

finish
