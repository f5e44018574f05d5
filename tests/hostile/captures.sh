#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright 2026 the gaitd authors
#
# gaitctl import: the real frames of tests/data, wrapped as phones, sniffers and
# usbmon wrap them, come out as they were and can be replayed; files that are cut,
# none, or of something else are said, and leave nothing behind.
. "${srcdir:-.}/tests/hostile/lib.sh"

TZ=UTC
export TZ
data=$srcdir/tests/data
write=$builddir/tests/captures/write_capture
# 2026-11-22T06:30:00Z
start=1795329000

# frames UUID: those of one real capture, in its order: milliseconds, octets
frames() {
	awk -F '\t' -v uuid="$1" '
		index($5, "urevo-with-kinomap.pcapng t=") && $2 == uuid {
			split($5, part, " t=")
			printf "%d %s\n", part[2] * 1000, $3
		}' "$data/ftms-frames.tsv" | sort -n -k 1,1
}
frames 2acd >"$work/frames"
[ "$(wc -l <"$work/frames")" -gt 50 ] || fail "there are too few frames in tests/data"

# pdu WAY HEX: an ATT PDU in L2CAP in an ACL packet; WAY is 00 to the device, 20
# from it
pdu() {
	awk -v way="$1" -v pdu="$2" 'BEGIN {
		n = length(pdu) / 2
		printf "0240%s%02x00%02x000400%s", way, n + 4, n, pdu
	}'
}

# A phone connects, discovers, and is told what the treadmill said
session() {
	echo "${start}000000 1 043e13010040000000""5cce218fa447""18000000480000"
	echo "${start}100000 0 $(pdu 00 080100ffff0328)"
	echo "${start}200000 1 $(pdu 20 09071600101700cd2a)"
	awk -v start=$start '{
		n = length($2) / 2
		printf "%d%06d 1 024020%02x00%02x0004001b1700%s\n", start + int($1 / 1000),
			$1 % 1000 * 1000, n + 7, n + 3, $2
	}' "$work/frames"
}
session >"$work/session"

# gives FILE: its notifications are those of tests/data, in order
gives() {
	sed -n 's/^[0-9]* treadmill notify 2acd //p' "$1" >"$work/seen"
	cut -d ' ' -f 2 "$work/frames" | cmp - "$work/seen" || fail "$1 has other frames"
	checked
}

"$write" btsnoop 1002 <"$work/session" >"$work/phone.log"
expect 0 'treadmill 1' "$gaitctl" import "$work/phone.log" -o "$work/phone.rec"
gives "$work/phone.rec"
grep -q '^# Start: 2026-11-22T06:31:18+00:00$' "$work/phone.rec" ||
	fail "the recording does not begin when its first event came: $(head -n 3 "$work/phone.rec")"
expect 0 '' "$replay" "$work/phone.rec"
[ "$(stat -c %a "$work/phone.rec")" = 600 ] || fail "others can read a run's recording"

# The same out of every container, from a pipe, and to standard output
pcaps='pcap PCAP pcapng'
grep -q '^#define WITH_PCAP' "$builddir/config.h" || pcaps=
for format in $pcaps; do
	awk '{ print $1, 0, sprintf("%08x", $2) $3 }' "$work/session" |
		"$write" $format 201 >"$work/host.$format"
	expect 0 'treadmill 1' "$gaitctl" import "$work/host.$format"
	cmp -s "$work/out" "$work/phone.rec" || fail "$format gives another recording than btsnoop"
	checked
done
expect 0 'treadmill 1' sh -c 'cat "$1" | "$2" import -' sh "$work/phone.log" "$gaitctl"
cmp -s "$work/out" "$work/phone.rec" || fail "a pipe gives another recording"

# Without the discovery: the option is said, and with it all comes out
grep -v '080100ffff0328$\|cd2a$' "$work/session" | "$write" btsnoop 1002 >"$work/known.log"
expect 1 'add --handle 2acd=0x0017' "$gaitctl" import "$work/known.log" -o "$work/none.rec"
[ ! -e "$work/none.rec" ] || fail "an import of nothing leaves a file"
expect 0 'treadmill 1' "$gaitctl" import "$work/known.log" --handle 2acd=0x17 -o "$work/hand.rec"
gives "$work/hand.rec"
expect 0 'treadmill 1' "$gaitctl" import "$work/known.log" --discovery "$work/phone.log" \
	-o "$work/other.rec"
gives "$work/other.rec"

# A stick on usbmon's text: what it says comes out, what the host says does not,
# the network key least of all; the clock of the text begins anew
{
	echo 'ffff8801abe03780 4095990000 S Bo:6:002:1 -115 15 = a4094600 b9a521fb bd72c345 640000'
	echo 'ffff8801abe03780 4095990001 S Bo:6:002:1 -115 11 = a4055100 00007c00 8c0000'
	echo 'ffff8801abe03780 4095999000 C Bi:6:002:1 0 7 = a4034000 4600a1'
	awk -F '\t' '$2 == "ant-usb-stream" && /antpm/ {
		n = length($3) / 2
		printf "ffff8801abe03780 %d C Bi:6:002:1 0 %d = %s\n", t, n, $3
		t += 250000
	}' "$data/footpod-frames.tsv"
	echo not a line
} >"$work/stick.usbmon"
expect 0 'a foot pod, comes out as footpod 1' "$gaitctl" import "$work/stick.usbmon" -o "$work/stick.rec"
grep -q '1 lines are none' "$work/err" || fail "a line that is none is not said"
! grep -qi 'b9a521fb' "$work/stick.rec" "$work/err" || fail "the network key comes out"
! grep -q '^# Start' "$work/stick.rec" || fail "usbmon has no wall clock"
grep -q '^1000 footpod ant ' "$work/stick.rec" || fail "the clock of usbmon's text goes back"
awk -F '\t' '$2 == "ant-usb-stream" && /antpm/ {
	sub(/.*;/, "", $4)
	n = split($4, part, "|")
	for (i = 1; i <= n; i++)
		print part[i]
}' "$data/footpod-frames.tsv" >"$work/parts"
grep -v a40340004600a1 "$work/stick.rec" | sed -n 's/^[0-9]* footpod ant //p' | cmp - "$work/parts" ||
	fail "the stick said something else"

# Cut anywhere it is good up to there, and says so
size=$(wc -c <"$work/phone.log")
for cut in 17 41 600 $((size - 1)); do
	head -c "$cut" "$work/phone.log" >"$work/cut.log"
	timeout 60 "$gaitctl" import "$work/cut.log" >"$work/out" 2>"$work/err" || :
	grep -q 'ends in the middle of packet' "$work/err" || fail "cut at $cut: not said"
	checked
done
if [ "$pcaps" ]; then
	size=$(wc -c <"$work/host.pcapng")
	head -c "$((size - 1))" "$work/host.pcapng" >"$work/cut.pcapng"
	expect 0 'what comes before it is read' "$gaitctl" import "$work/cut.pcapng"
	echo 1 0 00 | "$write" pcap 1 >"$work/ethernet.pcap"
	expect 1 'link type EN10MB (1): expected' "$gaitctl" import "$work/ethernet.pcap"
fi

# What is none
binary >"$work/binary"
: >"$work/empty"
printf 'btsnoop\0\0\0\0\2\0\0\3\352' >"$work/version"
printf 'btsnoop\0\0\0\0\1\0\0\3\353' >"$work/type"
printf '\037\213\010' >"$work/zipped"
expect 1 'expected btsnoop, pcap, pcapng' "$gaitctl" import "$work/binary"
expect 1 'it is empty' "$gaitctl" import "$work/empty"
expect 1 'expected btsnoop of version 1' "$gaitctl" import "$work/version"
expect 1 'link type 1003: expected 1001' "$gaitctl" import "$work/type"
expect 1 'unpack it first' "$gaitctl" import "$work/zipped"
expect 1 'it is a recording already' "$gaitctl" import "$work/phone.rec"
expect 1 'Is a directory' "$gaitctl" import "$work"
expect 1 'No such file' "$gaitctl" import "$work/nothing"
expect 1 'No such file' "$gaitctl" import "$work/phone.log" -o "$work/no/where.rec"
expect 1 'No space left' "$gaitctl" import "$work/phone.log" -o /dev/full
expect 2 'takes CAPTURE' "$gaitctl" import
expect 2 'takes one capture' "$gaitctl" import "$work/phone.log" "$work/phone.log"
for handle in 2acd 2acd= =0x17 2acd=0 2acd=0x10000 zzzz=1 2acdd=1; do
	expect 2 'expected a UUID and the handle' "$gaitctl" import --handle "$handle" "$work/phone.log"
done
expect 2 'expected an address' "$gaitctl" import --treadmill here "$work/phone.log"
expect 2 'or the number' "$gaitctl" import --footpod 12345678 "$work/phone.log"
expect 1 'was not asked for, left out' "$gaitctl" import --treadmill 00:00:00:00:00:01 "$work/phone.log"

finish
