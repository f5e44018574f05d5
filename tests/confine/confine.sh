#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright 2026 the gaitd authors
#
# gaitd does with what its unit leaves it. Tests of this tree are run with each gaitd
# in them under the unit's SystemCallFilter=, and what is refused is named; and a whole
# session, with what gaitctl asks of it, in a file system of which nothing can be
# written but the state and the runtime directory. Whatever SECURITY.md names as a
# proof is there.
#
# usage: tests/confine/confine.sh [TEST...]: those under the filter
set -eu

srcdir=${srcdir:-.}
builddir=$(cd "${builddir:-.}" && pwd)
export LC_ALL=C
failures=0
work=$(mktemp -d "${TMPDIR:-/tmp}/gaitd-confine.XXXXXX")
trap 'rm -rf "$work"' EXIT
trap 'exit 1' INT TERM HUP
[ $# -gt 0 ] || set -- tests/runners.sh tests/lock_survives.sh \
	tests/hostile/running.sh tests/hostile/outputs.sh

fail() {
	echo "FAIL: $*"
	failures=$((failures + 1))
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
		@*) calls $(systemd-analyze syscall-filter "$set" 2>/dev/null |
			sed -n 's/^    \([@a-z_0-9-]*\)$/\1/p') ;;
		*) echo "$set" ;;
		esac
	done
}

# The lines of the unit in their order: a list begins, others take away and add.
unit_calls() {
	: >"$work/allowed"
	sed -n 's/^SystemCallFilter=//p' "$1" >"$work/lines"
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

# A build directory in which gaitd runs under the filter
filtered_builddir() {
	mkdir "$work/build"
	for entry in "$builddir"/*; do
		ln -s "$entry" "$work/build/"
	done
	rm "$work/build/gaitd"
	cat >"$work/build/gaitd" <<END
#!/bin/sh
exec "$builddir/tests/confine/under_filter" "$work/numbers" "$work/refused" "$builddir/gaitd" "\$@"
END
	chmod +x "$work/build/gaitd"
}

under_filter() { # TEST...
	for test; do
		status=0
		builddir=$work/build sh "$srcdir/$test" >"$work/out" 2>&1 || status=$?
		[ "$status" -ne 0 ] && [ "$status" -ne 77 ] || continue
		fail "$test, with gaitd under the unit's filter"
		tail -n 15 "$work/out" | cut -c 1-300
	done
	[ -s "$work/refused" ] || return 0
	sort -un "$work/refused" | while read -r number; do
		echo "refused: $(name_of "$number") ($number)"
	done
	fail "more is asked of the kernel than the unit allows"
}

filter() { # TEST...
	for test; do
		status=0
		builddir=$work/build sh "$srcdir/$test" >"$work/out" 2>&1 || status=$?
		[ "$status" -ne 0 ] && [ "$status" -ne 77 ] || continue
		fail "$test, with gaitd under the unit's filter"
		tail -n 15 "$work/out" | cut -c 1-300
	done
	[ -s "$work/refused" ] || return 0
	sort -un "$work/refused" | while read -r number; do
		echo "refused: $(name_of "$number") ($number)"
	done >"$work/named"
	cat "$work/named"
	# what they are refused they do without: see the lines below
	grep -vE "^refused: ($expected) " "$work/named" >"$work/surprises" || return 0
	fail "more is asked of the kernel than the unit allows"
}
# by the C library or by us, and nothing comes of it
expected='none'

filter() {
	command -v systemd-analyze >/dev/null || { echo "no systemd-analyze: the filter is not tried"; return; }
	unit_calls "$builddir/systemd/gaitd.service"
	# SQLite gives what root makes to the directory's owner; the unit is no root's
	[ "$(id -u)" -ne 0 ] || echo fchown >>"$work/allowed"
	numbers "$work/allowed" >"$work/numbers"
	echo "$(wc -l <"$work/numbers") system calls are allowed"
	# one that is refused is seen
	"$builddir/tests/confine/under_filter" "$work/numbers" "$work/refused" /bin/sh -c \
		'exec chroot / true' 2>/dev/null && fail "the filter lets chroot() pass"
	grep -qx "$(numbers_of chroot)" "$work/refused" 2>/dev/null ||
		{ echo "no seccomp here: the filter is not tried"; return 0; }
	rm "$work/refused"
	filtered_builddir
	under_filter "$@"
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
		echo "no mount namespace to be had: what is written is not looked at"
		return
	fi
	status=0
	work=$work builddir=$builddir unshare $how --propagation private \
		sh "$work/session.sh" >"$work/out" 2>&1 || status=$?
	cat "$work/out"
	case $status in
	0) echo "a session writes nothing but $(find "$work/state" "$work/run" -type f | sed 's|.*/||' | sort | tr '\n' ' ')" ;;
	77) echo "what is written is not looked at" ;;
	*) fail "a session where nothing else can be written ($status)" ;;
	esac
}

confined_session
filter "$@"
[ "$failures" -eq 0 ]
