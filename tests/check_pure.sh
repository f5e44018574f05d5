#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright 2026 the gaitd authors
#
# The pure half stays pure: its objects may need from outside only what
# pure.symbols lists. And dependencies point one way: plugins need nothing of
# the daemon, the core nothing of the shell, protocol/ nothing of either.
set -eu

srcdir=${srcdir:-.}
builddir=${builddir:-.}
NM=${NM:-nm}
export LC_ALL=C

work=$(mktemp -d "${TMPDIR:-/tmp}/gaitd-pure.XXXXXX")
trap 'rm -rf "$work"' EXIT
failures=0

fail() {
	echo "FAIL: $*"
	failures=$((failures + 1))
}

# archive LIBRARY: the file that holds the objects of a convenience library
archive() {
	for file in "$builddir/.libs/$1.a" "$builddir/$1.a"; do
		[ -f "$file" ] && echo "$file" && return
	done
	echo "check_pure: no archive of $1 in $builddir: run make first" >&2
	exit 99
}

# symbols_of ARCHIVE TYPES: names of these nm types, sorted
symbols_of() {
	"$NM" "$1" 2>/dev/null |
		awk -v types="$2" 'NF >= 2 && index(types, $(NF - 1)) && length($(NF - 1)) == 1 { print $NF }' |
		sort -u
}

# needed LIBRARY [BELOW...]: what its objects call and neither they nor the
# libraries below it define
needed() {
	file=$(archive "$1") || exit 99
	symbols_of "$file" Uvw >"$work/undefined"
	for library_below; do
		file=$(archive "$library_below") || exit 99
		symbols_of "$file" TDBRVWC
	done | sort -u >"$work/defined"
	comm -23 "$work/undefined" "$work/defined"
}

# impure LIBRARY [BELOW...]: what it needs beyond the list
impure() {
	needed "$@" >"$work/needed"
	grep -vxE -f "$work/allowed" "$work/needed" || :
}

grep -v '^#' "$srcdir/tests/pure.symbols" | grep . >"$work/allowed"

while read -r library below; do
	# shellcheck disable=SC2086 # words on purpose
	found=$(impure "$library" $below)
	[ -s "$work/defined" ] || fail "$library defines nothing: this test looked at the wrong file"
	for symbol in $found; do
		fail "$library calls $symbol, from" \
			"$("$NM" -A -u "$(archive "$library")" | sed -n "s/.*:\([^:]*\.o\):.* $symbol\$/\1/p" | sort -u | tr '\n' ' ')"
	done
	echo "$library: $(wc -l <"$work/needed") names from outside"
done <<END
libprotocol
libdisplaycodec
librules libdisplaycodec
libcore librules libprotocol libdisplaycodec
libsessions libcore librules libprotocol libdisplaycodec
libsimulator libcore librules libprotocol libdisplaycodec
libant libprotocol
libcaptures libcore librules libprotocol libdisplaycodec
libgatt libprotocol
libperipheral libsimulator libgatt libcore libprotocol libdisplaycodec librules
END

# The same eyes must see an impure library: the shell polls and reads clocks.
[ -n "$(impure libshell)" ] || fail "nothing impure found in libshell: this test is blind"
for symbol in open read socket time clock_gettime gettimeofday rand getenv printf \
	fopen fwrite event_new json_load_file json_dumpf cyaml_load_file; do
	echo "$symbol" | grep -qxE -f "$work/allowed" && fail "pure.symbols allows $symbol"
done

# Plugins: nothing that only the daemon's archives define
symbols_of "$(archive libshell)" TDBRVC >"$work/daemon"
symbols_of "$(archive libdisplaycodec)" TDBRVC >"$work/codec"
needed libplugin >"$work/needed"
comm -12 "$work/needed" "$work/daemon" | comm -23 - "$work/codec" >"$work/crossing"
while read -r symbol; do
	fail "libplugin needs $symbol of daemon/"
done <"$work/crossing"

# includes PLACE PATTERN WHY: no file below PLACE includes what PATTERN names
includes() {
	[ -d "$srcdir/$1" ] || return 0
	find "$srcdir/$1/" -name '*.[ch]' -exec grep -nE "^#include \"($2)" /dev/null {} + >"$work/includes" || :
	while read -r line; do
		fail "$line: $3"
	done <"$work/includes"
}
shell='daemon/(sources|bluetooth|usb|displays|service)/|daemon/[a-z]+\.h'
includes protocol 'daemon/|plugins/' "protocol/ stands alone"
includes plugins 'daemon/' "a plugin is another process: it knows the display codec alone"
for place in ant captures core devices simulator; do
	includes "daemon/$place" "plugins/|$shell" "the core knows nothing of the shell"
done

# What a radio's descriptors are made of is asked for in one place each, so that
# another process could do it. What looks for a fault, or plays the other side,
# makes its own.
seam() {
	found=$(cd "$srcdir" && grep -lE "$1" daemon/*.c daemon/*/*.c |
		grep -vE '^daemon/(gaitctl|peripheral|confinement)' | tr '\n' ' ')
	[ "$found" = "$2 " ] || fail "$1 stands in $found, and should in $2 alone"
}
seam 'socket\(AF_BLUETOOTH' daemon/bluetooth/radio_socket.c
seam 'libusb_open\(' daemon/usb/usb_device.c

[ "$failures" -eq 0 ]
