#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright 2026 the gaitd authors
#
# systemd reads the catalogue of messages, all of it, and shows each text.
set -eu

srcdir=${srcdir:-.}
export LC_ALL=C

if ! command -v journalctl >/dev/null; then
	echo "no journalctl: install systemd"
	exit 77
fi
work=$(mktemp -d "${TMPDIR:-/tmp}/gaitd-messages.XXXXXX")
trap 'rm -rf "$work"' EXIT
mkdir -p "$work/usr/lib/systemd/catalog" "$work/var/lib/systemd/catalog"
cp "$srcdir/systemd/gaitd.catalog" "$work/usr/lib/systemd/catalog"

journalctl --root="$work" --update-catalog >"$work/said" 2>&1 ||
	{ cat "$work/said"; exit 1; }
[ ! -s "$work/said" ] || { cat "$work/said"; exit 1; }
sed -n 's/^-- //p' "$srcdir/systemd/gaitd.catalog" | sort >"$work/written"
journalctl --root="$work" --list-catalog | sed 's/ .*//' | sort >"$work/read"
diff "$work/written" "$work/read"
xargs journalctl --root="$work" --dump-catalog <"$work/written" >"$work/shown"
[ "$(grep -c '^Defined-By: gaitd$' "$work/shown")" -eq "$(wc -l <"$work/written")" ]
