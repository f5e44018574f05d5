# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright 2026 the gaitd authors
#
# For lab scripts: TAP lines, and the virtual controllers.

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
	[ "$failed" = 0 ]
}

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

controllers()
{
	hciconfig 2>/dev/null | grep -c '^hci'
}

has_controllers() # COUNT
{
	[ "$(controllers)" -ge "$1" ]
}

# btvirt's first controller is sometimes stillborn: wait for mgmt's own count,
# else start it again.
start_controllers() # COUNT
{
	modprobe hci_vhci
	modprobe cmac
	modprobe algif_hash
	modprobe algif_skcipher
	for attempt in 1 2 3; do
		btvirt -L -l"$1" >/tmp/btvirt.log 2>&1 &
		btvirt_pid=$!
		if wait_for 12 has_controllers "$1"; then
			return 0
		fi
		kill "$btvirt_pid"
		sleep 1
	done
	return 1
}
