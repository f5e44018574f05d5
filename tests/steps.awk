# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright 2026 the gaitd authors
#
# awk -f ant.awk -f steps.awk X.steps: a recording out of a run that is written
# down in a few lines (tests/recordings/README has the format).

function fail(what) {
	print FILENAME ":" NR ": " what >"/dev/stderr"
	failed = 1
	exit 1
}

# "10", "8>10" (from one to the other), "155~175" (by turns), "-" (not sent)
function value(text, second, seconds,    part) {
	if (text == "" || text == "-")
		return "-"
	if (split(text, part, ">") == 2)
		return part[1] + (part[2] - part[1]) * second / seconds
	if (split(text, part, "~") == 2)
		return part[1 + second % 2]
	return text
}

function rounded(number) {
	return int(number + (number < 0 ? -0.5 : 0.5))
}

function le16(number) {
	if (number < 0)
		number += 65536
	return sprintf("%02x%02x", number % 256, int(number / 256))
}

# speed, and with it incline and ramp angle (not available)
function belt(kmh, pct) {
	if (pct == "-")
		return "0000" le16(rounded(kmh * 100))
	return "0800" le16(rounded(kmh * 100)) le16(rounded(pct * 10)) "ff7f"
}

# page 2: strides a minute with sixteenths, m/s with 256th, place and battery
function pod(spm,    sixteenths, speed) {
	sixteenths = rounded(spm * 8)
	speed = rounded(pod_is["kmh"] / 3.6 * 256)
	return sprintf("020000%02x%02x%02x00%02x", int(sixteenths / 16),
		sixteenths % 16 * 16 + int(speed / 256), speed % 256,
		pod_is["location"] * 64 + pod_is["battery"] * 16)
}

# "rssi=-92" and its like, from here on
function set_pod(word,    part) {
	if (split(word, part, "=") != 2 || part[1] !~ /^(rssi|kmh|location|battery)$/)
		fail("expected rssi=, kmh=, location= or battery=, found " word)
	pod_is[part[1]] = part[2]
}

function second_of_run(kmh, pct, spm, bpm) {
	if (kmh != "-")
		print microseconds(now, 100000), "treadmill notify 2acd", belt(kmh, pct)
	if (spm != "-")
		print microseconds(now, 350000), "footpod ant", ant_frame(pod(spm))
	if (spm != "-" && pod_is["rssi"])
		print microseconds(now, 350000), "footpod rssi", pod_is["rssi"]
	if (bpm != "-")
		print microseconds(now, 400000), "heart_rate notify 2a37", sprintf("00%02x", bpm)
	now++
}

FNR == 1 { print "# gaitd recording 1" }
/^#/ { print; next }
NF == 0 { next }
$1 ~ /^[0-9]+$/ && NF >= 4 && NF <= 5 {
	for (second = 0; second < $1; second++)
		second_of_run(value($2, second, $1), value($3, second, $1),
			value($4, second, $1), value($5, second, $1))
	next
}
$1 == "pod" {
	for (field = 2; field <= NF; field++)
		set_pod($field)
	next
}
$1 == "input" || $1 == "treadmill" || $1 == "footpod" {
	print microseconds(now, 0), $0
	next
}
{ fail("expected SECONDS KMH INCLINE SPM [BPM], or an event") }
END {
	if (!failed)
		print "# End: " microseconds(now, 0)
}
