#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright 2026 the gaitd authors
#
# Displays by what a runner sees and hears of them: the terminal on a terminal,
# the voice by a command that records, and once by a real speech program.
set -eu

cd "${builddir:-.}"
build=$PWD
srcdir=${srcdir:-.}
work=$(mktemp -d "${TMPDIR:-/tmp}/gaitd-plugins.XXXXXX")
trap 'rm -rf "$work"' EXIT
failures=0

# feed NAME OPTION... -- COMMAND...: in the background
feed() {
	name=$1
	shift
	mkdir "$work/$name"
	(
		cd "$work/$name"
		status=0
		GAITD_SOCKET=$work/$name/sock TERM=vt100 LC_ALL=C.UTF-8 \
			"$build/tests/plugins/feed" "$@" >out 2>&1 || status=$?
		echo $status >status
	) &
}

passed() { # NAME
	sed "s/^/$1: /" "$work/$1/out"
	[ "$(cat "$work/$1/status")" -eq 0 ] && return
	echo "FAIL: $1"
	failures=$((failures + 1))
}

# What it is to say goes to `said`; asked to end it says so and ends
cat >"$work/recorder" <<'END'
trap 'echo hushed >>ended; exit 0' TERM
read -r words
echo "$GAITD_VOICE_LANG $GAITD_VOICE_LEVEL: $words" >>said
case $words in
"Der ganze Satz.") ;;
*) for _ in $(seq 100); do sleep 0.1; done ;;
esac
END

if [ -x ./gaitd-terminal ]; then
	feed terminal --pty 24x80 "$srcdir/tests/plugins/terminal.script" -- \
		"$build/gaitd-terminal"
fi
if [ -x ./gaitd-voice ]; then
	feed voice "$srcdir/tests/plugins/voice.script" -- "$build/gaitd-voice" \
		--command ". $work/recorder" --duck 'echo $GAITD_VOICE >>duck'
	cat >"$work/real.script" <<'END'
accept
send {"type":"session","state":"running","elapsed_s":1,"distance_m":0,"runner":"anonymous","lang":"fr","units":"km","feedback":true,"intervals":false}
send {"type":"prompt","id":1,"rule":"x","level":"safety","headline":"Marche","text":"Ralentis, puis marche deux minutes.","args":{},"ttl_ms":60000}
told "shown","id":1
file spoken.done RIFF
END
	if command -v espeak-ng >/dev/null; then
		feed real "$work/real.script" -- "$build/gaitd-voice" --command \
			'espeak-ng -v "$GAITD_VOICE_LANG" --stdin -w spoken.wav && head -c 4 spoken.wav >spoken.done'
	fi
	cat >"$work/missing.script" <<'END'
accept
send {"type":"prompt","id":1,"rule":"x","level":"safety","headline":"Walk","text":"Walk.","args":{},"ttl_ms":60000}
file out neither espeak-ng nor spd-say is here: install espeak-ng
END
	mkdir "$work/empty"
	feed missing "$work/missing.script" -- env PATH="$work/empty" "$build/gaitd-voice"
fi
wait

for out in "$work"/*/out; do
	name=${out%/out}
	passed "${name##*/}"
done
# a second of speech at the least: 16 bits of 22050 a second
if [ -f "$work/real/spoken.wav" ]; then
	bytes=$(wc -c <"$work/real/spoken.wav")
	[ "$bytes" -gt 44000 ] || {
		echo "FAIL: espeak-ng wrote $bytes octets"
		failures=$((failures + 1))
	}
fi
[ $failures -eq 0 ]
