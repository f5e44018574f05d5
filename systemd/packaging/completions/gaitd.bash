# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright 2026 the gaitd authors
#
# bash completes gaitctl, gaitd and its displays from their own --help.

_gaitd()
{
	local line current=${COMP_WORDS[COMP_CWORD]}

	[ "$current" != = ] || current=
	COMPREPLY=()
	while IFS= read -r line; do
		line=${line%%$'\t'*}
		if [ "$line" = :files ]; then
			compopt -o default
		elif [[ $line == "$current"* ]]; then
			COMPREPLY+=("$line")
		fi
	done < <(@libexecdir@/gaitd/words "${COMP_WORDS[@]:0:COMP_CWORD+1}" 2>/dev/null)
}

complete -F _gaitd @programs@
