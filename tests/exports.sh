#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright 2026 the gaitd authors
#
# gaitctl export and import without a daemon: names, refusals, and a run that
# goes out as FIT or TCX and comes back as a recording is the run it was.
# tests/export has the files read by others.
. "${srcdir:-.}/tests/hostile/lib.sh"

run=$srcdir/tests/recordings/simulated-pain-rising.rec
ctl=$work/ctl
cat >"$ctl" <<END
#!/bin/sh
exec "$gaitctl" --config "$work/none.yaml" "\$@"
END
chmod +x "$ctl"

# ---- where to, and what is refused
mkdir "$work/folder"
expect 0 '' "$ctl" export --recording "$run" --format fit -o "$work/folder" \
	--start 2026-11-30T06:30:00+01:00
[ "$(ls -A "$work/folder")" = 2026-11-30T063000-treadmill-run.fit ] ||
	fail "the folder has $(ls -A "$work/folder")"
[ "$(cat "$work/out")" = "$work/folder/2026-11-30T063000-treadmill-run.fit" ] ||
	fail "it says it wrote $(cat "$work/out")"
expect 2 'needs --format fit, tcx or csv' "$ctl" export --recording "$run"
expect 2 'expected fit, tcx or csv' "$ctl" export --recording "$run" --format gpx
expect 2 'expected a time as' "$ctl" export --recording "$run" --format fit --start noon
expect 1 'missing.rec: No such file' "$ctl" export --recording "$work/missing.rec" --format csv
expect 1 'no/such/run.fit: No such file' \
	"$ctl" export --recording "$run" --format fit -o "$work/no/such/run.fit"
sed '/^# Start/d' "$run" >"$work/when.rec"
expect 1 'give it by --start' "$ctl" export --recording "$work/when.rec" --format tcx -o "$work/when.tcx"
[ ! -e "$work/when.tcx" ] || fail "a run of no time was written"
expect 0 '' "$ctl" export --recording "$work/when.rec" --format csv -o -
grep -q '^,0,' "$work/out" || fail "a table of a run of no time: $(head -n 2 "$work/out")"
printf '# gaitd recording 1\n0 treadmill link live\n' >"$work/empty.rec"
expect 1 'no session in it' "$ctl" export --recording "$work/empty.rec" --format csv -o -

# ---- there and back
# columns FILE: at_s, speed, incline, cadence, heart rate of a table
columns() {
	awk -F , 'NR > 1 { print $2, $5 "," $6 "," $7 "," $12 }' "$1"
}
# differences A B STEPS: lines of two tables that differ, by seconds of the
# session; STEPS 1: a format of whole strides, without the grade. The first second
# is left out: less than a second of it was heard.
differences() {
	awk -v steps="$3" '
		NR == FNR { line[$1] = $2; next }
		$1 > 0 {
			n++
			if (!($1 in line)) { print $1, "is missing"; next }
			split(line[$1], a, ","); split($2, b, ",")
			if (a[1] != b[1] || (a[2] != b[2] && !steps) || a[4] != b[4] ||
			    a[3] - b[3] > steps || b[3] - a[3] > steps)
				print $1, line[$1], $2
		}
		END { if (n < 400) print n, "seconds" }' "$1" "$2"
}
expect 0 '' "$ctl" export --recording "$run" --format csv -o "$work/run.csv"
columns "$work/run.csv" >"$work/first"
for format in fit tcx; do
	expect 0 '' "$ctl" export --recording "$run" --format $format -o "$work/run.$format"
	expect 0 ' 513 with a cadence' "$ctl" import "$work/run.$format" -o "$work/$format.rec"
	expect 0 '' "$ctl" export --recording "$work/$format.rec" --format csv -o "$work/$format.csv"
	columns "$work/$format.csv" >"$work/again"
	[ $format = fit ] && steps=0 || steps=1
	checked
	differences "$work/first" "$work/again" $steps >"$work/differences"
	[ ! -s "$work/differences" ] || fail "$format comes back otherwise: $(head -n 3 "$work/differences")"
	expect 0 '' "$replay" "$work/$format.rec"
done
head -n 3 "$work/fit.rec" | grep -q '^# Start: 2026-11-22T06:55:3[0-9]+00:00$' ||
	fail "the recording tells no time: $(head -n 3 "$work/fit.rec")"

# ---- strides or steps
# as it is written by programs that think of steps
sed 's/<RunCadence>[0-9]*/<RunCadence>166/' "$work/run.tcx" >"$work/steps.tcx"
expect 0 'it is read as steps' "$ctl" import "$work/steps.tcx" -o "$work/steps.rec"
grep -q 'footpod notify 2a53 0[04]....a6$' "$work/steps.rec" || fail "166 are not 166 steps"
sed 's/<RunCadence>[0-9]*/<RunCadence>83/' "$work/run.tcx" >"$work/strides.tcx"
expect 0 ' points' "$ctl" import "$work/strides.tcx" -o "$work/steps.rec"
grep -q 'footpod notify 2a53 0[04]....a6$' "$work/steps.rec" || fail "83 strides are not 166 steps"
expect 0 ' points' "$ctl" import "$work/strides.tcx" -o "$work/steps.rec" --cadence-unit steps
grep -q 'footpod notify 2a53 0[04]....53$' "$work/steps.rec" || fail "--cadence-unit steps is not obeyed"
expect 2 'expected steps or strides' "$ctl" import "$work/run.tcx" --cadence-unit paces

# ---- what is no run
head -c 5000 "$work/run.fit" >"$work/cut.fit"
expect 1 'cut.fit: octet 0: cut short' "$ctl" import "$work/cut.fit" -o "$work/no.rec"
{ head -c 5000 "$work/run.fit"; printf 'x'; tail -c +5002 "$work/run.fit"; } >"$work/bad.fit"
expect 1 'bad.fit: octet [0-9]*: damaged: its CRC' "$ctl" import "$work/bad.fit" -o "$work/no.rec"
head -c 5000 "$work/run.tcx" >"$work/cut.tcx"
expect 1 'cut.tcx: line [0-9]*: no XML from here on' "$ctl" import "$work/cut.tcx" -o "$work/no.rec"
echo '<gpx/>' >"$work/other.tcx"
expect 1 'other.tcx: line 1: no Training Center XML' "$ctl" import "$work/other.tcx" -o "$work/no.rec"
cat >"$work/bomb.tcx" <<END
<?xml version="1.0"?><!DOCTYPE a [<!ENTITY a "aaaaaaaaaaaaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]>
<TrainingCenterDatabase>&b;&b;&b;</TrainingCenterDatabase>
END
expect 1 'bomb.tcx: line 1: it defines entities' "$ctl" import "$work/bomb.tcx" -o "$work/no.rec"
echo '<TrainingCenterDatabase/>' >"$work/none.tcx"
expect 1 'there is no run in it' "$ctl" import "$work/none.tcx" -o "$work/no.rec"
[ ! -e "$work/no.rec" ] || fail "a recording was made of what is no run"

finish
