#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright 2026 the gaitd authors
#
# check.py SCHEMAS HOME-ASSISTANT-SCHEMA <LINES: lines of "TOPIC PAYLOAD", as
# mosquitto_sub -v prints them, each by the schema that it names, in a topic that
# goes with it; and that nothing in them is personal. Prints how many of each.
import collections, json, re, sys
import jsonschema

PERSONAL = re.compile(r"heart|pain|height|weight|\bage\b|novice|baseline|runner|\bname\b(?!\":\"(hall|gaitd|Speed|Inc|Ses|Dis|Time|Tre|Foot|Cad))", re.I)
TOPIC = re.compile(r"gaitd/v1/[a-z0-9-]+/[a-z0-9-]+/(status|state|event|claim|cmd-result|cmd)(/[a-z0-9-]+)?$")

folder, home = sys.argv[1:]
counts, boots, failures = collections.Counter(), {}, 0


def schema_of(topic, message):
    if "/device/" in topic:
        return "home-assistant", json.load(open(home))
    kind = TOPIC.match(topic).group(1)
    if message["schema"] != "gaitd.%s/1" % kind:
        raise ValueError("%s in topic %s" % (message["schema"], topic))
    return kind, json.load(open("%s/gaitd.%s.1.json" % (folder, kind)))


WRONG = re.compile(r'"id":"(late|kept|old)"')  # commands that are so on purpose

for line in sys.stdin:
    topic, payload = line.rstrip("\n").split(" ", 1)
    if topic == "gaitd/listening" or "/cmd/" in topic and (payload == "(null)" or WRONG.search(payload)):
        continue
    try:
        message = json.loads(payload)
        kind, schema = schema_of(topic, message)
        jsonschema.Draft7Validator.check_schema(schema)
        jsonschema.validate(message, schema)
        found = PERSONAL.search(payload)
        if found and kind != "cmd-result":
            raise ValueError("personal: %s" % found.group(0))
        counts[kind] += 1
    except Exception as error:
        failures += 1
        print("FAIL: %s: %s" % (line[:300], str(error).splitlines()[0]))
print(" ".join("%s=%d" % each for each in sorted(counts.items())))
sys.exit(1 if failures else 0)
