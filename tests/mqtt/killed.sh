#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright 2026 the gaitd authors
#
# gaitd-mqtt is killed while it writes, sends and is answered, ROUNDS times, 8 if not
# given: what it took is on its disk or the broker's, none is missing, and each is the
# same however often it comes.
set -eu
# shellcheck source=tests/mqtt/lib.sh
. "${srcdir:-.}/tests/mqtt/lib.sh"

mkdir "$work/spool"
configure hall-7 "spool: {directory: $work/spool, keep_s: 0, events: 100000}" 'commands: {enabled: no}'
sed -i 's/^broker: {/broker: {protocol: "3.1.1", /' "$work/hall-7.yaml"
PYTHONDONTWRITEBYTECODE=1 python3 "$srcdir/tests/mqtt/killed.py" "$builddir/gaitd-mqtt" "$work" "$port" "${ROUNDS:-8}"
