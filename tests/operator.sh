#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright 2026 the gaitd authors
#
# What an operator, and his scripts, ask gaitctl of a daemon that runs, and of
# one that does not: words and exit statuses.
. "${srcdir:-.}/tests/hostile/lib.sh"

# prints PATTERN: the last command's output has such a line
prints() {
	checked
	grep -q -e "$1" "$work/out" || {
		fail "no '$1' in the output:"
		head -n 20 "$work/out"
	}
}

# ---- no daemon ----
expect 1 '' "$gaitctl" health
prints '^failing: no gaitd at .*control.sock'
expect 1 '' "$gaitctl" health --wait 1
expect 0 '' "$gaitctl" health --idle
prints '^idle: no gaitd runs'
expect 0 '' "$gaitctl" health --idle --json
prints '"state": "idle"'
expect 2 'whole seconds' "$gaitctl" health --wait=soon
expect 2 'takes' "$gaitctl" health soon
expect 75 'no gaitd at' "$gaitctl" top --once

# ---- a run ----
: >"$work/log"
state=$work/state
mkdir "$state"
# a runner who is remembered, where this build can
remembered=nobody
! STATE_DIRECTORY=$state "$gaitctl" --config "$work/none.yaml" runner add Quasimodo >/dev/null 2>&1 ||
	remembered=Quasimodo
STATE_DIRECTORY=$state "$gaitd" --config "$work/none.yaml" --simulate demo >>"$work/log" 2>&1 &
pids=$!
expect 0 '' "$gaitctl" health --wait 60
prints '^healthy: gaitd .*simulator demo'
expect 0 '' "$gaitctl" --json health
prints '"state": "healthy"'
expect 1 '' "$gaitctl" health --idle
prints '^busy: a session is running'
expect 1 '' "$gaitctl" health --idle --wait 1
# named as he typed it, not as gaitctl asks the daemon
expect 1 'gaitctl: pair: this gaitd plays' "$gaitctl" pair treadmill

# ---- top: all that a reply has no room for comes in pages ----
expect 0 '' "$gaitctl" top --once
prints '^treadmill  live '
prints '^cadence-low '
prints '^treadmill-lost '
expect 0 '' "$gaitctl" --json top
prints '"clock_us": '
shipped=$(grep -c '^  - id: ' "$srcdir/daemon/rules/rules.yaml")
[ "$(grep -c '"held": ' "$work/out")" -eq "$shipped" ] || fail "top --json has not all rules"

# ---- report: nothing of whose it is ----
# A machine full of secrets: its configuration, its devices, its journal, its user
mkdir "$work/bin"
cat >"$work/secrets.yaml" <<END
treadmill: {address: "C0:FF:EE:00:11:22"}
footpod: {ant_id: 57043}
ant: {network_key: "00112233445566ab", heart_rate_id: 31337}
END
cat >"$state/devices.json" <<END
{"devices_version": 1, "paired": {"treadmill": "C0:FF:EE:00:11:22", "footpod": "ant 57044"},
 "devices": [{"id": "C0:FF:EE:00:11:22", "name": "URTM041-77123456", "type": "random",
   "attributes": ["value 2a25 5345524e3432"]},
  {"id": "AA:BB:CC:DD:EE:01", "name": "Zebedea's strap", "unit": "steps"}]}
END
cat >"$work/bin/journalctl" <<END
#!/bin/sh
cat <<LOG
2026-11-22T06:30:00+0100 gaitd[77]: <4>bluetooth: link to c0:ff:ee:00:11:22 lost, Zebedea's strap stays
2026-11-22T06:30:01+0100 gaitd[77]: ant: pod 57044 chosen, ant 57999 is a neighbour, id 57043
2026-11-22T06:30:02+0100 gaitd[77]: input: runner Zebedea-Q told pain 7, {"pin":"8642","pain":6}
2026-11-22T06:30:03+0100 gaitd[77]: key 00112233445566AB or 00:11:22:33:44:55:66:ab, kept in ~zebedea/key
2026-11-22T06:30:04+0100 gaitd[77]: dev_AA_BB_CC_DD_EE_01 by $(uname -n), from 192.168.77.12
2026-11-22T06:30:04+0100 gaitd[77]: summary of $remembered written
2026-11-22T06:30:05+0100 gaitd[77]: speed 10.40 km/h and hci0 stand here
LOG
END
chmod +x "$work/bin/journalctl"
cat >"$work/report" <<END
#!/bin/sh
PATH=$work/bin:\$PATH USER=zebedea LOGNAME=zebedea \\
	exec "$gaitctl" --config "$work/secrets.yaml" report "\$@"
END
chmod +x "$work/report"
expect 0 '' "$work/report"
# a process may have any number, and our directory any name, that hold a secret as well
sed "s|$work|here|g; s/process [0-9]*//; s/\"pid\": [0-9]*//" "$work/out" >"$work/reported"
for secret in 'ff.ee' 'ee.01' 57043 57044 57999 31337 0011223344 '33.44.55' zebede 8642 \
	77123456 5345524e 'pain 7' 'pain....6' '192\.168' "$(uname -n)" Quasimodo; do
	checked
	! grep -i -e "$secret" "$work/reported" || fail "the report tells $secret"
done
# the same device is the same everywhere, and what is nobody's stays
prints 'link to addr-1 lost'
prints '"treadmill": "addr-1"'
prints 'URTM041-########'
prints 'speed 10.40 km/h and hci0'
prints '"gaitctl": "gaitd '
prints '"check": "settings"'
prints 'simulator demo'
expect 0 '' "$work/report" "$work/report.json"
case $(ls -l "$work/report.json") in
-rw-------*) ;;
*) fail "a report can be read by others" ;;
esac
expect 1 'File exists' "$work/report" "$work/report.json"
expect 2 'one file' "$work/report" a b

# nothing there to report of
kill "$pids" && wait "$pids" || :
pids=
rm -rf "$state"
expect 0 '' "$work/report"
prints 'no gaitd answers'

finish
