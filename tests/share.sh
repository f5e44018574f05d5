#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright 2026 the gaitd authors
#
# gaitctl anonymise and share: what tells who it was is gone from the octets, the
# prompts are the same, and what comes out is a test as soon as it lies in
# tests/recordings.
. "${srcdir:-.}/tests/hostile/lib.sh"

# A run of somebody, with all that a recording may hold of him
awk -f "$srcdir/tests/ant.awk" -f "$srcdir/tests/steps.awk" "$srcdir/tests/recordings/cadence-low.steps" |
	awk '
	/^#/ { if ($2 != "Runner:" && $2 != "Start:") print; next }
	!said {
		said = 1
		print "# Model: FS-1A2B3C"
		print "# Start: 2026-11-25T06:31:07+09:00"
		print "# Runner: {\"height_m\":1.83,\"weight_kg\":77.5,\"age\":43,\"baseline_spm\":158,\"baseline_kmh\":10,\"usual_kmh\":10,\"sessions\":21}"
		print "# whose it is: Erika"
		print "0 treadmill name FS-1A2B3C"
		print "0 treadmill address D4:CA:6E:12:34:56"
		print "0 treadmill value 2a25 53312d30303937"
		print "0 treadmill value 2a29 46697453686f77"
		print "0 treadmill notify fff1 0251deadbeef"
		print "0 footpod.2 address D4:CA:6E:65:43:21"
		print "0 footpod.2 name Erika\x27s Stryd"
		print "0 footpod.2 ant a40e4e0251ffff0123456789800c7e7c15a5"
		print "0 footpod ant a40551000c7e7c15eb"
		print "0 input runner Erika"
		print "0 input profile {\"height_m\":1.83}"
	}
	{ print }' >"$work/mine.rec"
grep -q '^# Runner' "$work/mine.rec" || fail "the run is not set up"

# prompts FILE
prompts() {
	"$replay" "$1" >"$work/prompts" 2>"$work/err" || fail "$1 does not replay: $(head -n 3 "$work/err")"
	cat "$work/prompts"
}
prompts "$work/mine.rec" >"$work/before"
grep -q '"event":"prompt"' "$work/before" || fail "nothing is prompted in the run"

for option in '' --keep-profile; do
	# shellcheck disable=SC2086 # an option, or none
	expect 0 'and it says the same' "$gaitctl" --config "$work/none.yaml" anonymise $option \
		"$work/mine.rec" -o "$work/out.rec"
	prompts "$work/out.rec" | cmp -s - "$work/before" || fail "anonymise $option: other prompts"
	for trace in D4:CA 1A2B3C Erika 2a25 53312d30303937 deadbeef fff1 2026-11 +09:00 7e7c 23456789; do
		! grep -qi -e "$trace" "$work/out.rec" || fail "anonymise $option: $trace is left"
		checked
	done
	grep -q '^# Start: 2024-01-01T06:31:07+00:00$' "$work/out.rec" || fail "the time of day is lost"
	grep -q '^0 treadmill name FS-000000$' "$work/out.rec" || fail "the name no longer tells the kind"
	grep -q "^0 footpod.2 name Somebody's Stryd$" "$work/out.rec" || fail "the pod's name"
done
grep -q '"weight_kg":77.5' "$work/out.rec" || fail "--keep-profile does not keep it"
"$gaitctl" --config "$work/none.yaml" anonymise "$work/mine.rec" >"$work/stdout.rec" 2>"$work/err"
! grep -q 'weight_kg\|"age"' "$work/stdout.rec" || fail "what the prompts do not depend on is left"
grep -q 'baseline_spm' "$work/stdout.rec" || fail "what the prompts depend on is gone"
[ "$(stat -c %a "$work/out.rec")" = 600 ] || fail "others can read it"

# Anonymised again it is the same.
expect 0 'and it says the same' "$gaitctl" --config "$work/none.yaml" anonymise "$work/stdout.rec"
cmp -s "$work/out" "$work/stdout.rec" || fail "twice anonymised is not once"

# The recordings of these tests say the same without whose they are.
for recording in "$srcdir"/tests/recordings/pod-of-the-belt.rec \
	"$srcdir"/tests/recordings/simulated-pod-rsc-strides.rec \
	"$srcdir"/tests/recordings/urevo-session.rec; do
	expect 0 'and it says the same' "$gaitctl" --config "$work/none.yaml" anonymise "$recording" \
		-o "$work/golden.rec"
	prompts "$work/golden.rec" | cmp -s - "${recording%.rec}.prompts" ||
		fail "$recording: other prompts"
done

# One command more, and it is a test: a tree of recordings with this one dropped in
mkdir -p "$work/tree/tests/recordings"
tree=$work/tree/tests
root=$(cd "$srcdir" && pwd)
for shared in ant.awk steps.awk make_recordings data; do
	ln -s "$root/tests/$shared" "$tree/$shared"
done
cp "$root"/tests/recordings/decline.* "$root"/tests/recordings/urevo-session.* \
	"$root"/tests/recordings/real-treadmill-run.* "$tree/recordings/"
expect 0 'make regen-expect' "$gaitctl" --config "$work/none.yaml" share "$work/mine.rec" --at 1:30 \
	-o "$tree/recordings/my-bug.rec"
grep -q '^# End: 150000000$' "$tree/recordings/my-bug.rec" || fail "--at does not end it a minute behind"
run_recordings() {
	srcdir=$work/tree sh "$root/tests/run_recordings.sh" "$@" >"$work/run" 2>&1
}
! run_recordings || fail "a recording without prompts is not found out"
grep -q 'no .*my-bug.prompts: make regen-expect writes it' "$work/run" || fail "it is not said what to do"
run_recordings --regen || fail "make regen-expect fails: $(tail -n 3 "$work/run")"
run_recordings || fail "the recording is no test: $(tail -n 3 "$work/run")"
[ -s "$tree/recordings/my-bug.prompts" ] || fail "there is nothing in it"

# What is none
expect 1 'expected "# gaitd recording 1"' "$gaitctl" --config "$work/none.yaml" share "$work/none.yaml"
expect 1 'No such file' "$gaitctl" --config "$work/none.yaml" share "$work/nothing.rec"
expect 1 'No such file' "$gaitctl" --config "$work/none.yaml" share "$work/mine.rec" -o "$work/no/x.rec"
expect 2 'takes FILE.rec' "$gaitctl" share
expect 2 'takes one recording' "$gaitctl" anonymise "$work/mine.rec" "$work/mine.rec"

finish
