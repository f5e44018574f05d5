#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright 2026 the gaitd authors
#
# private.py FILE <LINES, as check.py takes them: each member of each message is one of
# those that may be told, and none of the numbers of private.sh's runner is a value;
# those are in no line of FILE, either.
import json, re, sys

HEAD = "schema ts seq boot"
SESSION = "session.state session.elapsed_s session.distance_m"
LINK = "link.treadmill link.footpod"
MAY = {
    "status": HEAD + " state version reason gaitd site_key daemon rules config.hash config.valid"
                     " config.reloads config.last_reload config.error",
    "state": HEAD + " footpod_battery speed_mps incline_pct " + SESSION + " " + LINK,
    "event": HEAD + " id kind gaitd level rule count last_ts moving_s prompts.system prompts.praise"
                    " prompts.habit prompts.form prompts.load prompts.safety " + SESSION + " " + LINK,
    "claim": HEAD + " code hour held_ms fixed",
    "cmd-result": HEAD + " id cmd ok error result.displays",
}
OPTED_IN = "cadence_spm target_spm gait"
HIS = (183, 83.77, 1.937)
COUNTS = {"seq", "session.elapsed_s", "session.distance_m", "moving_s", "held_ms", "hour"}
HIS_TEXT = re.compile(r"83\.77|1\.937|heart|pain|red-flag|novice")
FLAGS = {"identify", "ask-pod", "cadence-lost", "display-test", "handrail-suspected",
         "pod-battery-low", "pod-belt-disagree", "pod-location", "pod-signal-weak", "safety-key",
         "treadmill-lost"}


def leaves(value, path=""):
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from leaves(inner, f"{path}.{name}" if path else name)
    else:
        yield path, value


messages, members, faults = 0, set(), set()
for line in sys.stdin:
    topic, _, payload = line.rstrip("\n").partition(" ")
    levels = topic.split("/")
    if HIS_TEXT.search(payload):
        faults.add(f"{topic}: {HIS_TEXT.search(payload).group(0)}")
    if levels[0] != "gaitd" or len(levels) != 5:
        if levels[0] not in ("homeassistant", "test") and topic != "gaitd/listening" and \
                "cmd" not in levels:
            faults.add(f"a topic that nobody knows: {topic}")
        continue
    console, kind = levels[3:]
    may = set(MAY[kind].split()) | set(OPTED_IN.split() if kind == "state" and
                                       console == "hall-8" else [])
    messages += 1
    for path, value in leaves(json.loads(payload)):
        members.add(path)
        if path not in may:
            faults.add(f"{topic}: {path}: {value}")
        if value in HIS and path not in COUNTS:
            faults.add(f"{topic}: {path} is {value}")
        if path == "rule" and value not in FLAGS:
            faults.add(f"{topic}: which rule spoke: {value}")
for path in OPTED_IN.split():
    if path not in members:
        faults.add(f"hall-8 has no {path}, and this test shows nothing")
for line in open(sys.argv[1], errors="replace"):
    if HIS_TEXT.search(line):
        faults.add(f"beside the broker: {line[:200]}")
for fault in sorted(faults):
    print("FAIL: " + fault)
print(f"{messages} messages, {len(members)} members")
sys.exit(1 if faults else 0)
