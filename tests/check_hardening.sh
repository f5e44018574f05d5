#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright 2026 the gaitd authors
#
# What is installed is hardened: every program and library below DIRECTORY, as the
# file itself tells, and nothing there that gives rights away. First programs that
# each lack one of these are built, and have to be found out.
#
#   check_hardening.sh DIRECTORY
#
# Exit status: 0 all is as it should be, 1 not, 77 something it needs is missing.
set -eu
export LC_ALL=C

directory=${1:?a directory of installed files}
for need in readelf objdump nm "${CC:=cc}"; do
	command -v "$need" >/dev/null || { echo "no $need: apt-get install binutils gcc"; exit 77; }
done
work=$(mktemp -d "${TMPDIR:-/tmp}/gaitd-hardening.XXXXXX")
trap 'rm -rf "$work"' EXIT

lacks() { # WHAT: of the file that is looked at
	echo "$1" >>"$work/lacking"
}

tells() { # PATTERN: something of it says so
	grep -qE -e "$1" "$work/elf"
}

# Marks at the places where a jump may land
landing_marks() {
	case $(sed -n 's/.*Machine: *//p' "$work/elf") in
	*X86-64*) mark=endbr64 ;;
	*AArch64*) mark='paciasp|bti' ;;
	*) return 0 ;;
	esac
	objdump -d --no-show-raw-insn "$1" >"$work/code" 2>/dev/null || return 0
	[ "$(grep -cE "[[:space:]]($mark)" "$work/code")" -ge 5 ]
}

# examine FILE: what it lacks, in $work/lacking
examine() {
	: >"$work/lacking"
	readelf -hlW -d "$1" >"$work/elf"
	nm -D "$1" >>"$work/elf" 2>/dev/null
	tells 'Type: +DYN' || lacks 'a place that is not known beforehand (PIE)'
	tells 'GNU_RELRO' || lacks 'tables that are closed after the start (RELRO)'
	tells 'BIND_NOW|FLAGS.*NOW' || lacks 'all of them bound at the start (BIND_NOW)'
	tells 'GNU_STACK .* RW ' || lacks 'a stack that is not executed (NX)'
	! tells '  LOAD .* RWE ' || lacks 'memory that is either written or executed'
	! tells 'TEXTREL' || lacks 'code that is not changed at the start (TEXTREL)'
	! tells '\((RPATH|RUNPATH)\)' || lacks 'the system as the one place of libraries (RPATH)'
	tells '__stack_chk_fail' || lacks 'the stack protector'
	tells ' __[a-z]+_chk(@|$)' || lacks 'checked calls of the C library (FORTIFY)'
	landing_marks "$1" || lacks 'marks where a jump may land (CET, BTI)'
	[ ! -s "$work/lacking" ]
}

# ---- what is bad is found out ------------------------------------------------
# bad WORD FLAG...: built with these, its lack has that word, and nothing else lacks
cat >"$work/bad.c" <<'END'
#include <stdio.h>
#include <string.h>
int one(char *s), two(char *s), three(char *s), four(char *s), five(char *s);
int one(char *s) { char t[64]; strcpy(t, s); return puts(t); }
int two(char *s) { char t[65]; strcpy(t, s); return puts(t); }
int three(char *s) { char t[66]; strcpy(t, s); return puts(t); }
int four(char *s) { char t[67]; strcpy(t, s); return puts(t); }
int five(char *s) { char t[68]; strcpy(t, s); return puts(t); }
int main(int c, char **v) { return one(v[0]) + two(v[0]) + three(v[0]) + four(v[0]) + five(v[c - 1]); }
END
good='-O2 -fstack-protector-strong -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2 -fPIE -pie
	-Wl,-z,relro -Wl,-z,now -Wl,-z,noexecstack'
case $($CC -dumpmachine) in
x86_64*) good="$good -fcf-protection" no_marks=-fcf-protection=none ;;
aarch64*) good="$good -mbranch-protection=standard" no_marks=-mbranch-protection=none ;;
*) no_marks= ;;
esac
bad() {
	word=$1
	shift
	# shellcheck disable=SC2086 # words on purpose
	$CC -w $good "$@" "$work/bad.c" -o "$work/bad" || exit 1
	examine "$work/bad" || :
	[ "$(wc -l <"$work/lacking")" -eq "$([ -z "$word" ] && echo 0 || echo 1)" ] &&
		{ [ -z "$word" ] || grep -q "$word" "$work/lacking"; } && return
	echo "FAIL: '$*' should lack ${word:-nothing}, and lacks:"
	cat "$work/lacking"
	exit 1
}
bad ''
bad PIE -fno-pie -no-pie
bad BIND_NOW -Wl,-z,lazy
bad NX -Wl,-z,execstack
bad RPATH -Wl,-rpath,/tmp
bad 'stack protector' -fno-stack-protector
bad FORTIFY -U_FORTIFY_SOURCE
[ -z "$no_marks" ] || bad CET "$no_marks"

# ---- what is installed ---------------------------------------------------------
count=0 failures=0
find "$directory" -type f -size +0 >"$work/files"
while read -r file; do
	[ "$(head -c 4 "$file" | tail -c 3)" = ELF ] || continue
	count=$((count + 1))
	examine "$file" && continue
	failures=$((failures + 1))
	sed "s|^|FAIL: ${file#"$directory"} lacks |" "$work/lacking"
done <"$work/files"
find "$directory" ! -type l -perm /6002 >"$work/rights"
[ ! -s "$work/rights" ] || { echo "FAIL: setuid, setgid, or anybody's to write:"; cat "$work/rights"; failures=$((failures + 1)); }
echo "$count programs and libraries, $failures not as they should be"
[ "$count" -gt 0 ] && [ "$failures" -eq 0 ]
