# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright 2026 the gaitd authors
#
# For the lab's scripts that run gaitd itself: its start, its events, its status.

export STATE_DIRECTORY=/tmp/state
rm -rf $STATE_DIRECTORY # of the script before
marked=0

configure() # TEXT
{
	printf '%b' "$1" >/tmp/gaitd.yaml
}

start_gaitd() # WRAPPER...
{
	rm -f /tmp/prompts
	marked=0
	lean=
	"$@" ./gaitd --socket /tmp/display.sock --prompts /tmp/prompts --metrics \
		--config /tmp/gaitd.yaml >/tmp/gaitd.log 2>&1 &
	gaitd_pid=$!
	wait_for 20 [ -S /tmp/control.sock ] && return
	sed 's/^/# gaitd: /' /tmp/gaitd.log
	return 1
}

# For gaitd as an ordinary user
nobody="/usr/bin/setpriv --reuid 65534 --regid 65534 --clear-groups --inh-caps=-all"

give_to_nobody()
{
	mkdir -p $STATE_DIRECTORY
	chown 65534:65534 $STATE_DIRECTORY /tmp/gaitd.yaml
	chmod 777 /tmp
}

ctl() # WORD...
{
	./gaitctl --socket /tmp/display.sock "$@"
}

# How far the lines of events have come
mark()
{
	marked=$(wc -l </tmp/prompts)
}

since() # PATTERN: in the events since the mark
{
	tail -n +$((marked + 1)) /tmp/prompts | grep -q "$1"
}

event() # SECONDS PATTERN
{
	wait_for "$1" since "$2" && return
	tail -n 3 /tmp/prompts | sed 's/^/# event: /'
	tail -n 8 /tmp/gaitd.log | sed 's/^/# gaitd: /'
	ctl status | sed 's/^/# status: /'
	return 1
}

# When the first such event since the mark was, by gaitd's own clock
event_t() # PATTERN
{
	tail -n +$((marked + 1)) /tmp/prompts | grep -m 1 "$1" |
		sed 's/^{"t":\([0-9.]*\).*/\1/'
}

no_event() # PATTERN: since the mark
{
	! since "$1"
}

# Speeds that come after the mark
metrics() # SECONDS
{
	event "$1" '"event":"metrics".*"speed_kmh"'
}

# A speed that no other treadmill has said before
speed() # SECONDS KMH
{
	event "$1" '"event":"metrics".*"speed_kmh":'"$2"'[,}]'
}

status() # PATTERN
{
	ctl status >/tmp/status 2>&1
	grep -q "$1" /tmp/status
}

told() # SECONDS PATTERN: by gaitctl status
{
	wait_for "$1" status "$2" && return
	sed 's/^/# status: /' /tmp/status
	return 1
}

said() # SECONDS PATTERN: in its log
{
	wait_for "$1" grep -q "$2" /tmp/gaitd.log && return
	tail -n 8 /tmp/gaitd.log | sed 's/^/# gaitd: /'
	return 1
}

# Seconds of the session, as the last line that has them says
elapsed()
{
	sed -n 's/.*"elapsed_s":\([0-9]*\).*/\1/p' /tmp/prompts | tail -n 1
}

# A new one would begin at 0.
same_session() # ELAPSED: before
{
	told 5 '^session *running' && [ "$(elapsed)" -ge "$1" ] && return
	echo "# at $(elapsed) s, before $1"
	return 1
}

doctor_says() # PATTERN
{
	ctl doctor >/tmp/doctor.log
	grep -q "$1" /tmp/doctor.log && return
	sed 's/^/# /' /tmp/doctor.log
	return 1
}

# Memory and descriptors, held against the first time that this is asked of
# this gaitd
is_lean()
{
	resident=$(sed -n 's/^VmRSS:[[:space:]]*\([0-9]*\).*/\1/p' /proc/$gaitd_pid/status)
	descriptors=$(ls /proc/$gaitd_pid/fd | wc -l)
	[ -n "$lean" ] || lean="$resident $descriptors"
	[ "$resident" -le $((${lean% *} + 2048)) ] &&
		[ "$descriptors" -le $((${lean#* } + 2)) ] && return
	echo "# $resident kB and $descriptors descriptors, before $lean"
	return 1
}

# What it said, and that there was no sanitizer or assertion in it
clean_log()
{
	sed 's/^/# gaitd: /' /tmp/gaitd.log | tail -n 40
	! grep -qE 'Assertion|Sanitizer|core dumped' /tmp/gaitd.log
}

scanned() # NAME: by gaitctl scan
{
	ctl scan >/tmp/scan.log 2>&1
	grep -q "$1" /tmp/scan.log && return
	sed 's/^/# scan: /' /tmp/scan.log
	return 1
}

# btvirt gives each end of a link the lowest handle that is free there, and
# carries data under the sender's handle: where the central's second link is the
# peripheral's first, the two differ and nothing arrives. So others link with the
# peripheral beforehand and say nothing, as often as the central has links.
pads=

pad() # ADAPTER ADDRESS: such a link
{
	hciconfig "$1" up
	l2test -n -i "$1" -J 4 -V le_public "$2" >/tmp/pad.log 2>&1 &
	pads="$pads $!"
	wait_for 30 grep -q 'Connected to' /tmp/pad.log && return
	sed 's/^/# l2test: /' /tmp/pad.log
	return 1
}
