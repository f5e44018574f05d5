#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright 2026 the gaitd authors
#
# Three consoles whose daemons all take one foot pod for theirs, one of them earlier:
# that keeps it, the others let go, and go on without. When it dies, one of the
# others has it again. Real daemons over the wire of a run: the same bytes for each.
set -eu
# shellcheck source=tests/mqtt/lib.sh
. "${srcdir:-.}/tests/mqtt/lib.sh"

# Of a run with two pods around that of the runner; he is not asked which.
"$builddir/gaitd" --config /dev/null --simulate which-pod --speed max --socket "$work/made.sock" --record - 2>"$work/made.err" |
	sed '/ footpod\.3 /d; / input /d' >"$work/run"
printf 'a key of this site, for a test alone\n' >"$work/key"

# what NAME: the pod it has, "left" or "none"
what() {
	ask "$1" '{"cmd":"held-pod"}' >"$work/held.$1"
	case $(cat "$work/held.$1") in
	*'"id"'*) echo has ;;
	*'"released":[]'* | *'"released": []'*) echo none ;;
	*'"released"'*) echo left ;;
	esac
}
is() { # is NAME WHAT
	[ "$(what "$1")" = "$2" ]
}

run_on() { # run_on NAME
	configure "$1" "pods: {key_file: $work/key}"
	console "$1"
	daemon "$1" --replay "$work/run" --speed 8 --record "$work/$1.rec" --prompts "$work/$1.prompts"
	echo "$gaitd" >"$work/$1.pid"
}

broker_up
listen
run_on b-early
early="$gaitd $mqtt"
wait_for "that b-early chooses the pod" is b-early has
run_on a-late
run_on c-late
for late in a-late c-late; do
	wait_for "that $late lets go" is $late left
	# what its displays, its recording and its operator are told
	wait_for "that its link is told" has "^gaitd/v1/gym-a/$late/event .*\"footpod\":\"searching\""
	has "/$late/event .*\"footpod\":\"live\"" || fail "$late let go of what it never had"
	wait_for "the line in its recording" has ' footpod.2 released ant 57044$' "$late.rec"
	has 'another console has the foot pod: it is left to that' "$late.gaitd.err" || fail "gaitd of $late says nothing"
	has "b-early has held this console's foot pod for longer" "$late.mqtt.err" || fail "gaitd-mqtt of $late says nothing"
	wait_for "that its claim is of none" has "^gaitd/v1/gym-a/$late/claim [^}]*\"hour\":[0-9]*}\$"
done
is b-early has || fail "b-early, who had it first, let go of it"
! has released b-early.rec || fail "b-early recorded that it let go"

# ---- it dies: after a moment for it to come back, one of the others has the pod
for late in a-late c-late; do
	is $late left || fail "$late took it again while b-early had it: $(cat "$work/held.$late")"
done
for pid in $early; do
	stop "$pid" KILL
done
one_has_it() {
	case "$(what a-late) $(what c-late)" in
	'has left' | 'left has') ;;
	*) return 1 ;;
	esac
}
wait_for "that one of the others has it" one_has_it
wait_for "the line in a recording" sh -c "grep -q ' footpod.2 freed ant 57044' $work/a-late.rec $work/c-late.rec"

# what it was told of the others is in its recording: it gives the same prompts again
for late in a-late c-late; do
	stop "$(cat "$work/$late.pid")"
	"$builddir/gaitd" --config /dev/null --replay "$work/$late.rec" --speed max --socket "$work/again.sock" \
		--prompts "$work/$late.again" 2>"$work/again.err" || fail "$late.rec: $(cat "$work/again.err")"
	cmp "$work/$late.prompts" "$work/$late.again" || fail "$late: other prompts when replayed"
done

! grep -q '57044' "$work/heard" || fail "a pod's number was told"
stop "$ears"
check
has 'claim=[1-9]' checked || fail "no claim was heard"

# ---- keys that are none
printf 'short\n' >"$work/short"
configure a-late "pods: {key_file: $work/short}"
"$builddir/gaitd-mqtt" --config "$work/a-late.yaml" 2>"$work/said" && fail "a short key is taken"
has 'short: expected a line of 16 to 127 octets' said || fail "short key: $(cat "$work/said")"
configure a-late "pods: {key_file: $work/nowhere}"
"$builddir/gaitd-mqtt" --config "$work/a-late.yaml" 2>"$work/said" && fail "a key that is not there is taken"
has 'nowhere: No such file.*it must be readable' said || fail "no key: $(cat "$work/said")"
[ "$failures" -eq 0 ] && echo "claims: $(cat "$work/checked")"
