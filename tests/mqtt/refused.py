#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright 2026 the gaitd authors
#
# refused.py HOME-ASSISTANT-SCHEMA <LINES, as check.py takes them: what Home Assistant
# would refuse, the schema refuses. Takes the discovery that was heard and spoils it.
import copy, json, sys
import jsonschema

schema = json.load(open(sys.argv[1]))
heard = [line.split(" ", 1)[1] for line in sys.stdin if line.startswith("homeassistant/")]
good = json.loads(heard[-1])
jsonschema.validate(good, schema)

DROP = object()
SPEED, SESSION = ("components", "speed"), ("components", "session")
SPOILT = [
    ("a device class that is none", SPEED + ("device_class",), "velocity"),
    ("a unit that is not of its class", SPEED + ("unit_of_measurement",), "m"),
    ("a class without its unit", SPEED + ("unit_of_measurement",), DROP),
    ("a speed that is a total", SPEED + ("state_class",), "total"),
    ("a state class that is none", SPEED + ("state_class",), "sum"),
    ("a word list for a number", SPEED + ("options",), ["fast"]),
    ("no word list for words", SESSION + ("options",), DROP),
    ("an empty word list", SESSION + ("options",), []),
    ("a unit for words", SESSION + ("unit_of_measurement",), "s"),
    ("a state class for words", SESSION + ("state_class",), "measurement"),
    ("a category for settings", SESSION + ("entity_category",), "config"),
    ("a template that keeps old values", SPEED + ("value_template",), "{{ value_json.speed_mps }}"),
    ("no unique id", SPEED + ("unique_id",), DROP),
    ("no platform", SPEED + ("platform",), DROP),
    ("a platform that is none", SPEED + ("platform",), "speedometer"),
    ("a misspelt member", SPEED + ("unit_of_measure",), "m/s"),
    ("an id with a space", ("components", "a b"), good["components"]["speed"]),
    ("no components", ("components",), {}),
    ("no origin", ("origin",), DROP),
    ("an origin without a name", ("origin", "name"), DROP),
    ("no device", ("device",), DROP),
    ("a device that nothing identifies", ("device", "identifiers"), []),
    ("a topic with a wildcard", ("state_topic",), "gaitd/v1/+/hall-7/state"),
    ("a QoS that is none", ("qos",), 3),
]
failures = 0
for what, path, value in SPOILT:
    bad = copy.deepcopy(good)
    place = bad
    for name in path[:-1]:
        place = place[name]
    if value is DROP:
        del place[path[-1]]
    else:
        place[path[-1]] = value
    try:
        jsonschema.validate(bad, schema)
        print("FAIL: taken: %s" % what)
        failures += 1
    except jsonschema.ValidationError:
        pass
print("%d refused" % (len(SPOILT) - failures))
sys.exit(1 if failures else 0)
