# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright 2026 the gaitd authors
#
# vectors.py VECTORS: gaitd_display.py reads each line of the daemon's as the
# vectors have it, and writes what the daemon would take.
import json
import sys

import gaitd_display

bad = 0
for text in open(sys.argv[1] + "/daemon.jsonl", encoding="utf-8"):
    vector = json.loads(text)
    means = gaitd_display.decode(vector["line"])
    if means != vector.get("means"):
        bad += 1
        print("FAIL: %s: expected %s, read %s" % (vector["name"], vector.get("means"), means))
for text in open(sys.argv[1] + "/display.jsonl", encoding="utf-8"):
    vector = json.loads(text)
    if "means" in vector:
        line = gaitd_display.encode(**vector["means"])
        if json.loads(line) != vector["means"] or line[-1:] != b"\n" or b"\n" in line[:-1]:
            bad += 1
            print("FAIL: %s: written as %s" % (vector["name"], line))
sys.exit(bad != 0)
