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

# A treadmill served by bluetoothd; btvirt reports an advertiser only when it is
# switched on (LE Set Advertise Enable), so that is done over and over.
start_application() # ADAPTER
{
	./gatt_application "$1" >/tmp/application.log 2>&1 &
	application_pid=$!
	while sleep 0.2; do
		hcitool -i "$1" cmd 0x08 0x000a 00
		hcitool -i "$1" cmd 0x08 0x000a 01
	done >/dev/null 2>&1 &
	toggle_pid=$!
	heard application 10 '^registered'
}

stop_application()
{
	kill $toggle_pid $application_pid
	wait $toggle_pid $application_pid 2>/dev/null
}
