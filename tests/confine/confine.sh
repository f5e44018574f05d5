#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright 2026 the gaitd authors
#
# gaitd and its displays do with what their units leave them. Tests of this tree are
# run with each of these programs under the SystemCallFilter= of its unit: what is
# refused is named, and so is what is written elsewhere than in the state and the
# runtime directory or the files that options name. A whole session, with what gaitctl
# asks of it, is run in a file system of which nothing else can be written. Whatever
# SECURITY.md names as a proof is there.
#
# usage: tests/confine/confine.sh [TEST...]: those under the filter; make check-confined
# gives all that start one of the programs, and in ALL all tests that there are
#
# Exit status 77: something that it needs is missing; where CI=true that is a failure.
set -eu

srcdir=${srcdir:-.}
builddir=$(cd "${builddir:-.}" && pwd)
srcdir=$(cd "$srcdir" && pwd)
export LC_ALL=C srcdir
failures=0 missing=0
work=$(mktemp -d "${TMPDIR:-/tmp}/gaitd-confine.XXXXXX")
trap 'rm -rf "$work"' EXIT
trap 'exit 1' INT TERM HUP
[ $# -gt 0 ] || set -- tests/runners.sh tests/lock_survives.sh \
	tests/hostile/running.sh tests/hostile/outputs.sh

fail() {
	echo "FAIL: $*"
	failures=$((failures + 1))
}

lacks() {
	echo "not tried: $*"
	missing=$((missing + 1))
}

# ---- what proves the page is there ----------------------------------------------
grep -oE '`(tests|\.ci)/[A-Za-z0-9_./-]*`' "$srcdir/SECURITY.md" | tr -d '`' | sort -u >"$work/proofs"
[ -s "$work/proofs" ] || fail "SECURITY.md names no proof"
while read -r file; do
	[ -e "$srcdir/$file" ] || fail "SECURITY.md names $file, which is not there"
done <"$work/proofs"

# ---- the unit's filter ------------------------------------------------------------
# calls SET...: the names of what is in them, sets within sets, too
calls() {
	for set; do
		case $set in
		@*) calls $(sed -n "/^$set\$/,/^\$/s/^    \([@a-z_0-9-]*\)\$/\1/p" "$work/sets") ;;
		*) echo "$set" ;;
		esac
	done
}

# The lines of the unit in their order: a list begins, others take away and add.
unit_calls() { # FILE...: the unit, and what is laid over it
	: >"$work/allowed"
	sed -n 's/^SystemCallFilter=//p' "$@" >"$work/lines"
	while read -r line; do
		case $line in
		'~'*)
			calls ${line#?} | sort -u >"$work/taken"
			comm -23 "$work/allowed" "$work/taken" >"$work/left" ;;
		*) { cat "$work/allowed"; calls $line; } | sort -u >"$work/left" ;;
		esac
		mv "$work/left" "$work/allowed"
	done <"$work/lines"
}

# Their numbers, as the C library's headers have them
numbers() {
	{
		echo '#include <sys/syscall.h>'
		sed 's/.*/call & __NR_&/' "$1"
	} >"$work/calls.c"
	${CC:-cc} -E -P "$work/calls.c" | sed -n 's/^call \([a-z_0-9]*\) \([0-9]*\)$/\1 \2/p'
}

name_of() { # NUMBER
	echo '#include <sys/syscall.h>' | ${CC:-cc} -E -dM - |
		sed -n 's/^#define __NR_\([a-z_0-9]*\) '"$1"'$/\1/p'
}

# hold PROGRAM UNIT-FILE...: in the build directory that tests get it is under the filter
hold() {
	program=$1
	shift
	[ -x "$builddir/$program" ] || return 0
	unit_calls "$@"
	# SQLite gives what root makes to the directory's owner; the unit is no root's
	[ "$(id -u)" -ne 0 ] || echo fchown >>"$work/allowed"
	numbers "$work/allowed" >"$work/$program.numbers"
	printf '%s\n' "$work/$program.numbers" "$work/$program.refused" "$work/written" \
		"$builddir/$program" >"$work/$program.filter"
	echo "$program: $(wc -l <"$work/$program.numbers") system calls are allowed"
}

# The same build directory, with copies of under_filter in the programs' places
filtered_builddir() {
	mkdir "$work/build"
	ln -s "$builddir"/* "$work/build/"
	for filter in "$work"/*.filter; do
		program=$(basename "$filter" .filter)
		rm "$work/build/$program"
		cp "$builddir/tests/confine/under_filter" "$work/build/$program"
		cp "$filter" "$work/build/"
	done
	# what units start of it
	rm "$work/build/gaitctl"
	cp "$builddir/tests/confine/under_filter" "$work/build/.gaitctl"
	mv "$work/build/gaitctl.filter" "$work/build/.gaitctl.filter"
	cat >"$work/build/gaitctl" <<END
#!/bin/sh
case " \$* " in *' metrics '* | *' reload '*) exec "$work/build/.gaitctl" "\$@" ;; esac
exec "$builddir/gaitctl" "\$@"
END
	chmod +x "$work/build/gaitctl"
}

# one TEST: a program or a script
one() {
	status=0
	if [ -x "$builddir/$1" ]; then
		set -- "$builddir/$1" "$1"
	else
		set -- "$srcdir/$1" "$1"
	fi
	case $2 in
	*.sh) builddir=$work/build sh "$1" >"$work/out" 2>&1 || status=$? ;;
	*) builddir=$work/build "$1" >"$work/out" 2>&1 || status=$? ;;
	esac
	case $status in
	0) ran=$((ran + 1)) ;;
	77) echo "skipped by itself: $2: $(tail -n 1 "$work/out" | cut -c 1-100)" ;;
	*)
		fail "$2, with its programs under their units' filters"
		tail -n 15 "$work/out" | cut -c 1-300
		;;
	esac
}

# A runner's folder for his runs, which he, or the operator, has named; what the sound
# library of espeak-ng, which gaitd-voice starts, would have of a home; sockets and a
# database that a configuration names; and a stick, which the unit's DeviceAllow= has
named='^gaitd /.*/folder/[^/]*-treadmill-run\.(fit|tcx)
^gaitd-voice /.*/\.config/pulse$
^gaitd /.*/gaitd-summary\.[^/]*/([a-z]*\.sock(\.safety-lock)?|history\.sqlite(-shm|-wal)?)$
^gaitd /.*/umockdev\.[^/]*/(dev/bus/usb/[0-9/]*|event[0-9]*)$'

# What is refused and written is no secret, even where a test is content with it.
judge_reports() {
	for refused in "$work"/*.refused; do
		[ -s "$refused" ] || continue
		sort -un "$refused" | while read -r number; do
			echo "$(basename "$refused" .refused) was refused $(name_of "$number") ($number)"
		done
		fail "more is asked of the kernel than the unit allows"
	done
	[ ! -e "$work/written" ] || grep -vE "$named" "$work/written" >"$work/elsewhere" || return 0
	[ -s "$work/elsewhere" ] || return 0
	sort "$work/elsewhere" | uniq -c | head -n 40
	fail "written outside of the state and runtime directories"
}

under_filters() { # TEST...
	command -v systemd-analyze >/dev/null || { lacks "the units' filters: no systemd-analyze"; return; }
	systemd-analyze syscall-filter >"$work/sets" 2>/dev/null
	units=$builddir/systemd
	display=$units/gaitd-display@.service
	hold gaitd "$units/gaitd.service"
	hold gaitctl "$units/gaitd-metrics.service"
	for name in drm metronome mqtt terminal voice web; do
		drops=$(ls "$srcdir/systemd/gaitd-display@$name.service.d"/*.conf 2>/dev/null || :)
		# shellcheck disable=SC2086 # none or more, without spaces
		hold "gaitd-$name" "$display" $drops
	done
	# one that is refused is seen, and so is what is written elsewhere
	printf '%s\n' "$work/gaitd.numbers" "$work/try.refused" "$work/try.written" - >"$work/try"
	"$builddir/tests/confine/under_filter" "$work/try" /bin/sh -c \
		"echo >'$work/elsewhere'; exec chroot / true" 2>/dev/null &&
		fail "the filter lets chroot() pass"
	if ! grep -qx "$(numbers_of chroot)" "$work/try.refused" 2>/dev/null; then
		lacks "the units' filters: no seccomp here"
		return
	fi
	grep -qx "sh $work/elsewhere" "$work/try.written" || fail "what is written elsewhere is not seen"
	rm "$work/try.refused"
	filtered_builddir
	ran=0
	for test; do one "$test"; done
	echo "$ran tests with their programs under their units' filters"
	judge_reports
}

numbers_of() {
	echo "$1" >"$work/one"
	numbers "$work/one" | sed 's/.* //'
}

# ---- nothing is written elsewhere -----------------------------------------------------
cat >"$work/session.sh" <<'END'
set -eu
# all there is read-only, but for two directories that are mounts of their own
mount --bind "$work/state" "$work/state"
mount --bind "$work/run" "$work/run"
cut -d ' ' -f 5 /proc/self/mountinfo | while read -r place; do
	case $place in "$work"/*) ;; *) mount -o remount,bind,ro "$place" 2>/dev/null || : ;; esac
done
for place in "$work" "$builddir" /tmp /var/tmp /etc; do
	! touch "$place/gaitd-can-write" 2>/dev/null ||
		{ rm -f "$place/gaitd-can-write"; echo "$place can be written"; exit 77; }
done
export STATE_DIRECTORY="$work/state" GAITD_SOCKET="$work/run/display.sock" HOME=/nowhere
ctl() {
	"$builddir/gaitctl" --config "$work/gaitd.yaml" "$@" >"$work/run/said" 2>&1 && return
	echo "gaitctl $*: $(cat "$work/run/said")"
	exit 1
}
ctl runner add Ada
"$builddir/gaitd" --config "$work/gaitd.yaml" --simulate demo --record "$work/run/demo.rec" \
	2>"$work/run/log" &
daemon=$!
trap 'kill $daemon 2>/dev/null || :' EXIT
until "$builddir/gaitctl" status >/dev/null 2>&1; do kill -0 $daemon || { cat "$work/run/log"; exit 1; }; done
ctl runner start Ada
until "$builddir/gaitctl" history --json 2>/dev/null | grep -q '"runner": "Ada"'; do kill -0 $daemon; done
for words in status 'status --json' 'runner list' history 'summary' reload health; do
	ctl $words
done
ctl export --runner Ada --format fit -o "$work/run/ada.fit"
kill $daemon
wait $daemon
if grep -i 'read-only' "$work/run/log"; then
	echo "it wanted to write elsewhere"
	exit 1
fi
END
mkdir "$work/state" "$work/run"
printf 'display: {personal: ["*"]}\n' >"$work/gaitd.yaml"

confined_session() {
	how='--mount'
	[ "$(id -u)" -eq 0 ] || how='--mount --user --map-root-user'
	if ! unshare $how true 2>/dev/null; then
		lacks "a session where nothing can be written: no mount namespace to be had"
		return
	fi
	status=0
	work=$work builddir=$builddir unshare $how --propagation private \
		sh "$work/session.sh" >"$work/out" 2>&1 || status=$?
	cat "$work/out"
	case $status in
	0) echo "a session writes nothing but $(find "$work/state" "$work/run" -type f | sed 's|.*/||' | sort | tr '\n' ' ')" ;;
	77) lacks "a session where nothing can be written: it could not be had" ;;
	*) fail "a session where nothing else can be written ($status)" ;;
	esac
}

# ---- all tests, if it is to be all: each is run, or it is said why not ----------------
why_not() { # TEST
	case $1 in
	tests/unit/* | tests/check_*.sh | tests/fuzz/replay.sh | tests/bench/coach.sh | \
		tests/load/displays | tests/fleet/alerts.sh)
		echo "starts none of the programs" ;;
	tests/confine/confine.sh) echo "is this" ;;
	tests/sdk/library.sh) echo "builds and installs" ;;
	*) return 1 ;;
	esac
}

account() { # TEST...: those that are run
	for test in ${ALL:-}; do
		case " $* " in *" $test "*) continue ;; esac
		reason=$(why_not "$test") || { fail "$test is neither run here, nor is there a reason"; continue; }
		echo "$reason: $test" >>"$work/reasons"
	done
	[ -s "$work/reasons" ] || return 0
	cut -d : -f 1 "$work/reasons" | sort | uniq -c | sed 's/^ *\([0-9]*\) \(.*\)/not run, as it \2: \1 tests/'
	echo "not run, as they are a guest's or a container's, with the units themselves: tests/lab, tests/systemd"
}

account "$@"
confined_session
under_filters "$@"
[ "$failures" -eq 0 ] || exit 1
[ "$missing" -eq 0 ] || [ "${CI:-}" != true ] || exit 1
[ "$missing" -eq 0 ] || exit 77
