#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright 2026 the gaitd authors
#
# check.py SCHEMAS HOME-ASSISTANT-SCHEMA <LINES: lines of "TOPIC PAYLOAD", as
# mosquitto_sub -v prints them, each by the schema that it names, in a topic that
# goes with it; that nothing in them is personal, and no state comes more than once a
# second; and that Home Assistant finds in each state what it was told to look for.
# Prints how many of each.
import collections, datetime, json, re, sys
import jsonschema

PERSONAL = re.compile(r"heart|pain|height|weight|\bage\b|novice|baseline|runner|\bname\b(?!\":\"(hall|gaitd|Speed|Inc|Ses|Dis|Time|Tre|Foot|Cad))", re.I)
TOPIC = re.compile(r"gaitd/v1/[a-z0-9-]+/[a-z0-9-]+/(status|state|event|claim|cmd-result|cmd)(/[a-z0-9-]+)?$")

folder, home = sys.argv[1:]
counts, boots, failures = collections.Counter(), {}, 0


DISCOVERY = re.compile(r"homeassistant/device/[a-zA-Z0-9_-]+/config$")


def schema_of(topic, message):
    if DISCOVERY.match(topic):
        return "home-assistant", json.load(open(home))
    kind = TOPIC.match(topic).group(1)
    if message["schema"] != "gaitd.%s/1" % kind:
        raise ValueError("%s in topic %s" % (message["schema"], topic))
    return kind, json.load(open("%s/gaitd.%s.1.json" % (folder, kind)))


def looks_up(template, message):
    """What Home Assistant makes of it: templates of get() alone are Python as well."""
    return eval(template[2:-2], {"__builtins__": {}}, {"value_json": message})


def check_sensors(device, message, found):
    """What a sensor finds in a message of its topic is one of its words, or a number."""
    for name, sensor in device["components"].items():
        value = looks_up(sensor["value_template"], message)
        if value is None:
            continue
        found.add(name)
        if not (value in sensor["options"] if "options" in sensor else
                isinstance(value, (int, float)) and "unit_of_measurement" in sensor):
            raise ValueError("Home Assistant: %s is %r" % (name, value))


devices, sensors, messages = {}, {}, []
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
        if kind == "home-assistant":
            unique = {sensor["unique_id"] for sensor in message["components"].values()}
            if len(unique) != len(message["components"]):
                raise ValueError("two sensors with one unique_id")
            devices[message["state_topic"]] = message
        messages.append((topic, message))
    except Exception as error:
        failures += 1
        print("FAIL: %s: %s" % (line[:300], str(error).splitlines()[0]))


def too_often():
    """Consoles that told their state more than once a second: but for one when they came."""
    told, came = collections.defaultdict(list), collections.Counter()
    for topic, message in messages:
        who = topic.rpartition("/")[0]
        if topic.endswith("/state"):
            told[who, message["boot"]].append(unix_of(message["ts"]))
        elif message.get("state") == "online":
            came[who, message["boot"]] += 1
    for (who, boot), times in told.items():
        if len(times) > max(times) - min(times) + 1 + came[who, boot]:
            yield "%s: state %d times in %.1f s" % (who, len(times), max(times) - min(times))


def unix_of(ts):
    return datetime.datetime.fromisoformat(ts.replace("Z", "+00:00")).timestamp()


for complaint in too_often():
    failures += 1
    print("FAIL: %s" % complaint)
for topic, message in messages:
    for device in devices.values():
        found = sensors.setdefault(device["state_topic"], set())
        if topic == device["state_topic"]:
            check_sensors(device, message, found)
        if topic == device["availability_topic"] and looks_up(
                device["availability_template"], message) not in ("online", "offline"):
            failures += 1
            print("FAIL: Home Assistant: neither online nor offline: %s" % message)
for topic, found in sensors.items():
    for name in set(devices[topic]["components"]) - found:
        failures += 1
        print("FAIL: Home Assistant: %s never has a value" % name)
print(" ".join("%s=%d" % each for each in sorted(counts.items())))
sys.exit(1 if failures else 0)
