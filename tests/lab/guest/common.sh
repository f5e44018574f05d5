# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright 2026 the gaitd authors
#
# For the lab's scripts: TAP lines, waiting, processes, virtual controllers.

tests=0
failed=0

# Tenths of a second since the boot
now()
{
	read -r uptime idle </proc/uptime
	echo "${uptime%?}" | tr -d .
}

# What took its time says how long: a wait that runs into its limit is seen.
ok() # NAME COMMAND...
{
	name=$1
	shift
	tests=$((tests + 1))
	began=$(now)
	if "$@"; then
		took=$(($(now) - began))
		[ $took -lt 20 ] || name="$name # $((took / 10)).$((took % 10)) s"
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

# Waits for what a command sees, and no longer. SECONDS are a quiet machine's: no
# test's limit is a matter of speed, so twice as many are given. $turns is
# how often it looked, a tenth of a second apart and what looking takes: a measure
# of time that grows slower on a slow machine, as gaitd does.
wait_for() # SECONDS COMMAND...
{
	turns=0
	turns_max=$(($1 * 20))
	shift
	while ! "$@" >/dev/null 2>&1; do
		turns=$((turns + 1))
		[ "$turns" -lt "$turns_max" ] || return 1
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

# btvirt's first controller is sometimes stillborn, more often where everything
# takes long; the kernel says so after 10 s (HCI Reset timed out). Then start it
# again.
stillborn()
{
	dmesg | grep -c 'Opcode 0x0c03 failed'
}

controllers_are_decided() # COUNT
{
	has_controllers "$1" || [ "$(stillborn)" -gt "$stillborn_before" ]
}

start_controllers() # COUNT
{
	# the last three: btvirt does its cryptography in the kernel
	for module in hci_vhci cmac algif_hash algif_skcipher; do
		modprobe $module || return 1
	done
	for attempt in 1 2 3 4 5; do
		stillborn_before=$(stillborn)
		btvirt -L -l"$1" >/tmp/btvirt.log 2>&1 &
		btvirt_pid=$!
		wait_for 20 controllers_are_decided "$1"
		has_controllers "$1" && return 0
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

# ---- a simulated device: gaitd-sim NAME on an adapter ----

start_sim() # NAME ADAPTER ROLE OPTION...: its words go to /tmp/NAME.log
{
	sim=$1
	adapter=$2
	shift 2
	rm -f "/tmp/$sim.in"
	mkfifo "/tmp/$sim.in"
	: >"/tmp/$sim.log"
	./gaitd-sim "$@" --adapter "$adapter" --toggle-advertising \
		<>"/tmp/$sim.in" >>"/tmp/$sim.log" 2>&1 &
	echo $! >"/tmp/$sim.pid"
	wait_for 10 grep -q '^advertising' "/tmp/$sim.log" && return
	sed "s/^/# $sim: /" "/tmp/$sim.log"
	return 1
}

say() # NAME WORD...
{
	sim=$1
	shift
	echo "$*" >"/tmp/$sim.in"
}

heard() # NAME SECONDS PATTERN: in its log
{
	wait_for "$2" grep -q "$3" "/tmp/$1.log" && return
	tail -n 5 "/tmp/$1.log" | sed "s/^/# $1: /"
	return 1
}

forget() # NAME: what its log says so far
{
	: >"/tmp/$1.log"
}

stop_sim() # NAME
{
	stop "$(cat "/tmp/$1.pid")"
}

# ---- bluetoothd, which takes every adapter ----

start_bluetoothd()
{
	mkdir -p /etc/bluetooth
	printf "[Policy]\nAutoEnable=true\n" >/etc/bluetooth/main.conf
	mkdir -p /run/dbus /var/lib/bluetooth /var/lib/dbus
	[ -s /etc/machine-id ] || dbus-uuidgen >/etc/machine-id
	rm -f /run/dbus/pid
	dbus-daemon --system --nofork --nopidfile >/tmp/dbus.log 2>&1 &
	dbus_pid=$!
	wait_for 10 [ -S /run/dbus/system_bus_socket ] || return 1
	/usr/libexec/bluetooth/bluetoothd -n >/tmp/bluetoothd.log 2>&1 &
	bluetoothd_pid=$!
	wait_for 20 adapters_are_up || {
		sed 's/^/# bluetoothd: /' /tmp/bluetoothd.log /tmp/dbus.log
		return 1
	}
}

adapters_are_up()
{
	[ "$(hciconfig | grep -c UP)" -ge 2 ]
}

stop_bluetoothd()
{
	kill "$bluetoothd_pid"
	wait_for 10 is_gone "$bluetoothd_pid" || kill -KILL "$bluetoothd_pid"
	wait "$bluetoothd_pid" 2>/dev/null
	kill "$dbus_pid"
	wait "$dbus_pid" 2>/dev/null
	rm -f /run/dbus/system_bus_socket
}

# A treadmill served by bluetoothd
start_application() # ADAPTER
{
	./gatt_application "$1" >/tmp/application.log 2>&1 &
	application_pid=$!
	heard application 10 '^registered'
}

# A bluetoothctl that stays, on the first adapter: words go to
# /tmp/bluetoothctl.in
start_bluetoothctl()
{
	rm -f /tmp/bluetoothctl.in
	mkfifo /tmp/bluetoothctl.in
	bluetoothctl <>/tmp/bluetoothctl.in >/tmp/bluetoothctl.log 2>&1 &
	bluetoothctl_pid=$!
	wait_for 20 grep -q 'Agent registered' /tmp/bluetoothctl.log || return 1
	tell_bluetoothctl select 00:AA:01:00:00:00
}

tell_bluetoothctl() # WORD...
{
	echo "$*" >/tmp/bluetoothctl.in
}

replied() # SECONDS PATTERN
{
	wait_for "$1" grep -q "$2" /tmp/bluetoothctl.log && return
	tail -n 12 /tmp/bluetoothctl.log | sed 's/^/# bluetoothctl: /'
	return 1
}

stop_bluetoothctl()
{
	kill $bluetoothctl_pid
	wait $bluetoothctl_pid 2>/dev/null
}

stop_application()
{
	kill $application_pid 2>/dev/null
	wait $application_pid 2>/dev/null
}
