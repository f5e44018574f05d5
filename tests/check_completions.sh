#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright 2026 the gaitd authors
#
# Completions and programs tell the same: each command and each option that
# --help names is completed, and nothing else, in each shell that is here.
set -eu

srcdir=$(cd "${srcdir:-.}" && pwd)
builddir=$(cd "${builddir:-.}" && pwd)
export LC_ALL=C
here=$srcdir/systemd/packaging/completions
work=$(mktemp -d "${TMPDIR:-/tmp}/gaitd-completions.XXXXXX")
trap 'rm -rf "$work"' EXIT
failures=0
PATH=$builddir:$PATH

fail() {
	echo "FAIL: $*"
	failures=$((failures + 1))
}

# ---- what each shell offers: shell_NAME WORD... LAST prints words ----------

# as they are installed, but for where their helper is
mkdir -p "$work/gaitd"
ln -s "$here/words" "$work/gaitd/words"
programs='gaitctl gaitd gaitd-run'
for program in gaitd-drm gaitd-metronome gaitd-mqtt gaitd-sim gaitd-terminal gaitd-voice gaitd-web; do
	[ ! -x "$builddir/$program" ] || programs="$programs $program"
done
for file in gaitd.bash gaitd.fish _gaitd; do
	sed -e "s|@libexecdir@|$work|" -e "s|@programs@|$programs|" "$here/$file" >"$work/$file"
done
for program in $programs; do
	sed "s|@program@|$program|" "$work/gaitd.fish"
done >"$work/all.fish"

shell_words() {
	for last; do :; done
	"$here/words" "$@" | cut -f 1 | grep -e "^:files" -e "^$last" || :
}

shell_bash() {
	bash -c '
		. "$0"
		compopt() { [ "$*" != "-o default" ] || echo :files; }
		COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
		complete -p "$1" | grep -q " -F _gaitd " || exit 1
		_gaitd
		[ "${#COMPREPLY[@]}" -eq 0 ] || printf "%s\n" "${COMPREPLY[@]}"' "$work/gaitd.bash" "$@"
}

shell_zsh() {
	zsh -f -c '
		_describe() { for each in "${(@P)2}"; do
			[[ $each != $words[CURRENT]* ]] || print -r -- "${each%%:*}"
		done }
		_files() { print :files }
		complete() { . "$file" }
		file=$0 words=("$@") CURRENT=$#
		head -n 1 "$file" | grep -q -- "^#compdef.* $1\( \|$\)" || exit 1
		complete' "$work/_gaitd" "$@"
}

shell_fish() {
	# files are offered as such, and only where there are some
	(cd "$work" && mkdir -p empty && cd empty && : >:files &&
		HOME=$work fish --no-config -c '. $argv[1]; complete -C "$argv[2..]"' "$work/all.fish" "$@") | cut -f 1
}

# ---- what --help names ------------------------------------------------------

options() {
	"$1" --help | grep -oE -e '--[a-z][a-z-]+' | sort -u
}

# commands [FIRST]: the first words, or the second ones of FIRST
commands() {
	gaitctl --help | sed -n '/^Commands:/,/^$/p' | grep '^  [a-z]' |
		awk -v first="${1-}" '
			!first { print $1 }
			first && $1 == first && $2 ~ /^[a-z]+$/ { print $2 }' | sort -u
}

# same SHELL WHAT: what "offered" holds is what "named" does
same() {
	sort -u "$work/offered" >"$work/sorted"
	diff "$work/named" "$work/sorted" >"$work/difference" && [ -s "$work/named" ] && return
	sed -n "s/^</$1 leaves out/p; s/^>/$1 invents/p" "$work/difference"
	fail "$1: $2"
}

# offers SHELL EXPECTED WORD...: EXPECTED, or nothing when it is empty
offers() {
	shell=$1 expected=$2
	shift 2
	[ "$("shell_$shell" "$@" | paste -sd ' ')" = "$expected" ] ||
		fail "$shell: after $* comes $("shell_$shell" "$@" | head -n 3 | paste -sd ' '), not '$expected'"
}

check() {
	for program in $programs; do
		options "$program" >"$work/named"
		"shell_$1" "$program" -- >"$work/offered"
		same "$1" "options of $program"
	done
	commands >"$work/named"
	"shell_$1" gaitctl '' >"$work/offered"
	same "$1" "commands of gaitctl"
	commands | while read -r first; do
		[ -z "$(commands "$first")" ] || echo "$first"
	done >"$work/firsts"
	[ -s "$work/firsts" ] || fail "no command has a second word"
	while read -r first; do
		commands "$first" >"$work/named"
		"shell_$1" gaitctl "$first" '' >"$work/offered"
		same "$1" "gaitctl $first"
	done <"$work/firsts"
	offers "$1" 'km mi' gaitctl --units ''
	offers "$1" max gaitd --simulate demo --speed m
	offers "$1" steep-long gaitd --simulate steep-
	offers "$1" overstride gaitctl rules explain overst
	offers "$1" :files gaitctl rules check ''
	offers "$1" :files gaitd --config ''
	offers "$1" :files gaitctl conform -- ''
	offers "$1" '' gaitctl no-such-command ''
	offers "$1" '' gaitd --seed ''
}

check words
for shell in bash zsh fish; do
	if command -v $shell >/dev/null; then
		check $shell
	else
		echo "no $shell: not tried"
	fi
done
[ "$failures" -eq 0 ]
