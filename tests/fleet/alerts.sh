#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright 2026 the gaitd authors
#
# The alert rules: Prometheus' own tests of them, one for each, and no metric in
# them that gaitctl does not write.
. "${srcdir:-.}/tests/hostile/lib.sh"
command -v promtool >/dev/null || {
	echo "no promtool here (Debian: prometheus)"
	exit 77
}
rules=$srcdir/plugins/fleet/alerts.yml

expect 0 '' promtool check rules --lint=all --lint-fatal "$rules"
checked
promtool test rules "$srcdir/tests/fleet/alerts_test.yml" >"$work/out" 2>&1 || {
	fail "the rules do not do what is expected of them:"
	cat "$work/out"
}
for alert in $(sed -n 's/^ *- alert: //p' "$rules"); do
	checked
	grep -q "^      - alertname: $alert\$" "$srcdir/tests/fleet/alerts_test.yml" ||
		fail "$alert: nothing shows that it speaks"
done
for metric in $(grep -o 'gaitd_[a-z_]*' "$rules" | sort -u); do
	checked
	grep -q "\"$metric\"" "$srcdir/daemon/gaitctl/metrics_text.c" ||
		fail "$metric: nobody writes it"
done
finish
