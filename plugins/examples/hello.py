#!/usr/bin/env python3
# SPDX-License-Identifier: MIT, Copyright 2026 the gaitd authors
# A display in Python; gaitd_display.py lies beside it, or in PYTHONPATH.
import gaitd_display

with gaitd_display.Display("hello-py", caps=["metrics", "shown"]) as display:
    for message in display:
        if message["type"] == "prompt":
            print(message["level"] + ":", message["headline"], flush=True)
            if "english" in message:
                print(message["english"]["headline"], flush=True)
            display.shown(message["id"])
        elif message["type"] == "clear":
            print("over:", message["reason"], flush=True)
        elif message["type"] == "metrics" and "cadence_spm" in message:
            print(message["cadence_spm"], "steps a minute", flush=True)
        elif message["type"] == "gone":
            print("no gaitd:", message["why"], flush=True)
