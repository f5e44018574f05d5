#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright 2026 the gaitd authors
#
# make check-export: what gaitd exports, read back by programs that are not ours:
# fit-file-parser and fit-decoder (npm, into the build directory), GPSBabel, and
# xmllint with the order that Training Center XML asks for.
set -eu

srcdir=${srcdir:-.}
builddir=${builddir:-.}
export LC_ALL=C
modules=$builddir/export-modules
failures=0

for program in node npm gpsbabel xmllint; do
	command -v $program >/dev/null || {
		echo "check-export: $program is missing: apt-get install nodejs npm gpsbabel libxml2-utils" >&2
		exit 1
	}
done
mkdir -p "$modules"
for file in package.json package-lock.json; do
	cmp -s "$srcdir/tests/export/$file" "$modules/$file" || rm -rf "$modules/node_modules"
	cp "$srcdir/tests/export/$file" "$modules/$file"
done
[ -d "$modules/node_modules" ] || (cd "$modules" && npm ci --no-audit --no-fund)
modules=$(cd "$modules" && pwd)

work=$(mktemp -d "${TMPDIR:-/tmp}/gaitd-export.XXXXXX")
trap 'rm -rf "$work"' EXIT
: >"$work/none.yaml"

fail() {
	echo "FAIL: $*"
	failures=$((failures + 1))
}

# columns CSV NAME...: these columns of a table whose first line names them;
# without quotes, which GPSBabel's have none of
columns() {
	file=$1
	shift
	awk -F , -v names="$*" '
		NR == 1 { n = split(names, want, " "); for (i = 1; i <= NF; i++) at[$i] = i; next }
		{ for (i = 1; i <= n; i++) printf "%s%s", want[i] in at ? $at[want[i]] : "", i < n ? " " : "\n" }
	' "$file"
}

# ours TABLE: time, speed in m/s, heart rate as GPSBabel prints them
ours() {
	node -e '
		const fs = require("fs")
		const [head, ...lines] = fs.readFileSync(process.argv[1], "utf8").split("\r\n")
		const at = name => head.split(",").indexOf(name)
		const times = new Set(fs.readFileSync(process.argv[2], "utf8").split("\n"))
		for (const cells of lines.map(line => line.split(","))) {
			const time = new Date(cells[at("time")] || NaN)
			if (isNaN(time)) continue
			const [date, clock] = time.toISOString().slice(0, 19).split("T")
			const day = date.replaceAll("-", "/")
			if (!times.has(`${day} ${clock}`)) continue
			const speed = cells[at("speed_kmh")]
			const ms = speed === "" ? "" : (Math.round(speed / 3.6 * 1000) / 1000).toFixed(2)
			const bpm = cells[at("heart_rate_bpm")]
			console.log(`${day} ${clock} ${ms} ${bpm}`)
		}' "$1" "$2"
}

# near FILE FILE: the same but for a hundredth of a speed: each rounds on its own
near() {
	awk 'NR == FNR { line[FNR] = $0; n = FNR; next }
		{ split(line[FNR], a, " "); split($0, b, " ")
		  if (split(line[FNR], a, " ") != split($0, b, " ")) { print FNR ": " line[FNR] " | " $0; bad = 1 }
		  for (i in b) if (a[i] != b[i] && (a[i] - b[i] > 0.0101 || b[i] - a[i] > 0.0101 || i != 3)) {
			print FNR ": " line[FNR] " | " $0; bad = 1 } }
		END { if (FNR != n || n == 0) { print n " and " FNR " lines"; bad = 1 } exit bad }' "$1" "$2"
}

# by_gpsbabel NAME: FIT and TCX as GPSBabel reads them, against the table. It
# leaves out points of a TCX that are nowhere: here each gets a place.
by_gpsbabel() {
	sed 's|</Time>|</Time><Position><LatitudeDegrees>1</LatitudeDegrees><LongitudeDegrees>2</LongitudeDegrees></Position>|' \
		"$1.tcx" >"$work/somewhere.tcx"
	gpsbabel -t -i gtrnctr -f "$work/somewhere.tcx" -o unicsv -F "$work/tcx.csv" ||
		fail "GPSBabel cannot read $1.tcx"
	gpsbabel -t -i garmin_fit,allpoints=1 -f "$1.fit" -o unicsv -F "$work/fit.csv" ||
		fail "GPSBabel cannot read $1.fit"
	for kind in fit tcx; do
		columns "$work/$kind.csv" Date Time >"$work/times"
		ours "$1.csv" "$work/times" >"$work/ours"
		columns "$work/$kind.csv" Date Time Speed Heartrate >"$work/theirs"
		near "$work/ours" "$work/theirs" >"$work/differences" ||
			fail "GPSBabel reads $1.$kind otherwise: $(head -n 5 "$work/differences")"
		echo "GPSBabel: $(wc -l <"$work/theirs") points of $kind"
	done
}

check() {
	node "$srcdir/tests/export/read_back.mjs" "$modules" "$1.fit" "$1.csv" "$1.tcx" ||
		fail "$1: see above"
	xmllint --noout --relaxng "$srcdir/tests/export/tcx.rng" "$1.tcx" || fail "$1.tcx is not valid"
	by_gpsbabel "$1"
}

"$builddir/tests/export/make_session" "$work"
check "$work/session"

# A recording of a belt, through the command
for format in fit tcx csv; do
	"$builddir/gaitctl" --config "$work/none.yaml" export --format $format -o "$work/run.$format" \
		--recording "$srcdir/tests/recordings/simulated-pain-rising.rec" || fail "export ends with $?"
done
check "$work/run"

[ $failures -eq 0 ] && echo "check-export: all is read as it was written"
[ $failures -eq 0 ]
