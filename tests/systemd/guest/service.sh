# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright 2026 the gaitd authors
#
# For the scripts of the container that start units: drop-ins, states, what was
# logged, displays that tell what they are told.

units=/run/systemd/system # gone with the container

drop_in() # UNIT NAME LINES
{
	mkdir -p "$units/$1.d"
	printf '[Service]\n%b\n' "$3" >"$units/$1.d/$2.conf"
	systemctl daemon-reload
}

# A treadmill, a pod and a runner, for there is no radio
simulate() # UNIT
{
	drop_in "$1" simulate "ExecStart=\nExecStart=$PREFIX/sbin/gaitd --simulate demo"
}

undo() # UNIT NAME
{
	rm -f "$units/$1.d/$2.conf"
	systemctl daemon-reload
}

value() # UNIT PROPERTY
{
	systemctl show --value --property "$2" "$1"
}

is() # UNIT PROPERTY VALUE
{
	[ "$(value "$1" "$2")" = "$3" ]
}

becomes() # UNIT PROPERTY VALUE
{
	wait_for 30 is "$@" && return
	systemctl --no-pager --full status "$1" | sed 's/^/# /'
	return 1
}

pid() # UNIT
{
	value "$1" MainPID
}

# From here on its log is looked at. With --sync journalctl does nothing else.
mark()
{
	journalctl --sync
	marked=$(journalctl --quiet --show-cursor -n 1 -o cat | sed -n 's/^-- cursor: //p')
}

logged() # UNIT PATTERN: since the mark
{
	journalctl --quiet -u "$1" -o cat ${marked:+--after-cursor="$marked"} | grep -q -e "$2"
}

logs() # UNIT PATTERN
{
	wait_for 30 logged "$@" && return
	journalctl --quiet -u "$1" -o short-monotonic -n 20 | sed 's/^/# /'
	return 1
}

owned() # WHO MODE FILE
{
	[ "$(stat -c '%U:%G %a' "$3")" = "$1 $2" ] && return
	echo "# $3 is $(stat -c '%U:%G %a' "$3")"
	return 1
}

gaitctl()
{
	"$PREFIX/bin/gaitctl" "$@"
}

# A display by that name, in shell; gaitd-run would do without the protocol.
display() # NAME LINES [SHELL]
{
	printf '#!%s\n%s\n' "${3:-/bin/sh}" "$2" >"$PREFIX/libexec/gaitd/displays/$1"
	chmod 755 "$PREFIX/libexec/gaitd/displays/$1"
}

# One that logs each line it is told
teller() # NAME
{
	display "$1" "exec $PREFIX/bin/gaitd-run --name $1 sh -c 'cat >&2'"
}

all_stopped()
{
	systemctl stop 'gaitd*.service' 'gaitd*.socket'
	find /run/gaitd ! -type d >/tmp/left
	[ ! -s /tmp/left ] && return
	sed 's/^/# left: /' /tmp/left
	return 1
}
