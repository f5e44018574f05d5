# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright 2026 the gaitd authors
#
# For the scripts that systemd runs: gaitd as it was installed, under the unit as it
# is shipped, a treadmill on the air and a stick in a port; what gaitctl says.
. /lab/common.sh
. /lab/usb.sh
. /lab/service.sh
PREFIX=$(cat /lab/prefix)

configure() # YAML
{
	mkdir -p /etc/gaitd
	write_key /etc/gaitd/ant.key
	printf '%b' "$1" >/etc/gaitd/gaitd.yaml
}

with_key='ant:\n  network_key_file: /etc/gaitd/ant.key\nfootpod:\n  ant_id: 57043\n'

start_devices()
{
	start_controllers 2 &&
		start_sim belt hci1 treadmill --scenario demo --start-at 300 &&
		start_stick one --model 1009 --start-at 80
}

status() # PATTERN
{
	gaitctl status --json >/tmp/status 2>&1
	grep -q "$1" /tmp/status
}

tells() # SECONDS PATTERN
{
	wait_for "$1" status "$2" && return
	sed 's/^/# status: /' /tmp/status | grep -v '^# status: *"[a-z_]*": [0-9.]*,*$' | head -n 60
	explain
	return 1
}

explain()
{
	journalctl --quiet -u gaitd -o cat -n 12 | sed 's/^/# gaitd: /'
}

hears_stick()
{
	status '"state": "listening"'
}

doctor_says() # PATTERN...: all of them; spaces in them are of any length
{
	gaitctl doctor >/tmp/doctor 2>&1
	tr -s '\n ' '  ' </tmp/doctor >/tmp/doctor.line
	for pattern; do
		grep -q -e "$pattern" /tmp/doctor.line || return 1
	done
}

# One that is long in coming comes slowly: doctor takes its time.
doctor_finds() # PATTERN...
{
	wait_for 3 doctor_says "$@" && return
	sed 's/^/# doctor: /' /tmp/doctor
	explain
	return 1
}
