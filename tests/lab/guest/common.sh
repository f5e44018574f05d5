# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright 2026 the gaitd authors
#
# For the lab's scripts: TAP lines, waiting, processes, virtual controllers.

tests=0
failed=0

ok() # NAME COMMAND...
{
	name=$1
	shift
	tests=$((tests + 1))
	if "$@"; then
		echo "ok $tests - $name"
	else
		failed=$((failed + 1))
		echo "not ok $tests - $name"
	fi
}

finish()
{
	echo "1..$tests"
	stop_controllers
	[ "$failed" = 0 ]
}

# Waits for what a command sees, and no longer.
wait_for() # SECONDS COMMAND...
{
	left=$(($1 * 10))
	shift
	while ! "$@" >/dev/null 2>&1; do
		left=$((left - 1))
		[ "$left" -gt 0 ] || return 1
		sleep 0.1
	done
}

runs() # PID
{
	kill -0 "$1" 2>/dev/null
}

is_gone() # PID
{
	! runs "$1"
}

# Ends a process of ours; true if its exit status is the one expected.
stop() # PID [STATUS]
{
	kill "$1" 2>/dev/null
	wait_for 10 is_gone "$1" || kill -KILL "$1"
	wait "$1"
	[ $? = "${2:-0}" ]
}

# ---- virtual controllers ----

# A stillborn one is listed but has no address.
controllers()
{
	hciconfig 2>/dev/null | grep -c 'BD Address: 00:AA:01'
}

has_controllers() # COUNT
{
	[ "$(controllers)" -eq "$1" ]
}

# btvirt's first controller is sometimes stillborn: then start it again.
start_controllers() # COUNT
{
	# the last three: btvirt does its cryptography in the kernel
	for module in hci_vhci cmac algif_hash algif_skcipher; do
		modprobe $module || return 1
	done
	for attempt in 1 2 3; do
		btvirt -L -l"$1" >/tmp/btvirt.log 2>&1 &
		btvirt_pid=$!
		wait_for 12 has_controllers "$1" && return 0
		echo "# attempt $attempt: $(controllers) of $1 controllers"
		stop_controllers
	done
	return 1
}

stop_controllers()
{
	[ -n "${btvirt_pid:-}" ] || return 0
	kill "$btvirt_pid"
	wait "$btvirt_pid" 2>/dev/null
	btvirt_pid=
	wait_for 5 has_controllers 0
}
