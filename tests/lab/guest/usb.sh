# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright 2026 the gaitd authors
#
# For the lab's scripts with an ANT stick: udevd, and sticks in virtual ports.

stick_key=0123456789abcdef # nobody's

start_udevd()
{
	mkdir -p /etc/udev/rules.d /run/udev
	/lib/systemd/systemd-udevd --daemon 2>/tmp/udevd.log || return 1
	udevadm control --ping
}

stop_udevd()
{
	killall systemd-udevd 2>/dev/null
	rm -f /etc/udev/rules.d/60-gaitd-ant.rules
}

# A stick; its words go to /tmp/NAME.log.
start_stick() # NAME OPTION...
{
	stick=$1
	shift
	modprobe vhci-hcd && modprobe usb_serial_simple || return 1
	rm -f "/tmp/$stick.in"
	mkfifo "/tmp/$stick.in"
	./gaitd-sim stick --key $stick_key "$@" <>"/tmp/$stick.in" >"/tmp/$stick.log" 2>&1 &
	echo $! >"/tmp/$stick.pid"
	wait_for 10 grep -q 'plugged in' "/tmp/$stick.log"
}

tell() # NAME WORD...
{
	stick=$1
	shift
	echo "$*" >"/tmp/$stick.in"
}

stop_stick() # NAME
{
	stop "$(cat "/tmp/$1.pid")"
}

# As the manual asks for it: of root and group gaitd
write_key() # FILE
{
	printf $stick_key >"$1"
	chmod 640 "$1"
	chown 0:103 "$1"
}
