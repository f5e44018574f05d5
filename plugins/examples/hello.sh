#!/bin/sh
# SPDX-License-Identifier: MIT, Copyright 2026 the gaitd authors
# A display: "gaitd-run hello.sh". Standard output goes to gaitd, so it shows on standard error.
while read -r line; do
	case $line in '{"type":"prompt"'*)
		id=${line#*'"id":'} headline=${line#*'"headline":"'}
		echo "${headline%%'"'*}" >&2
		echo "{\"type\":\"shown\",\"id\":${id%%,*}}" ;;
	esac
done
