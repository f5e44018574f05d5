/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * Every key of gaitd.yaml(5), in one table. From it come the struct config,
 * its libcyaml schema, the checks of values, --dump-config, and the test that
 * the manual names each key.
 *
 * X(section, key, kind, default as YAML, low, high, words, help)
 * low and high are a number's range or a text's least and most octets.
 */
#ifndef GAITD_CONFIG_KEYS_H
#define GAITD_CONFIG_KEYS_H

#define CONFIG_TREADMILL(X) \
	X(treadmill, address, ADDRESS, "\"\"", 0, 17, "", \
	  "Bluetooth address of the treadmill; empty: the one that is found") \
	X(treadmill, name, TEXT, "\"\"", 0, 248, "", \
	  "name that the treadmill advertises; empty: any") \
	X(treadmill, incline, INCLINE, "\"auto\"", 0, 0, "", \
	  "auto, or \"fixed N\": the incline is N %, whatever the treadmill says") \
	X(treadmill, quirk, QUIRK, "\"auto\"", 0, 0, "", \
	  "auto, none, or a quirk of gaitd.yaml(5): what is known of the machine")

#define CONFIG_FOOTPOD(X) \
	X(footpod, address, ADDRESS, "\"\"", 0, 17, "", \
	  "Bluetooth address of the foot pod; empty: the one that runs with the belt") \
	X(footpod, ant_id, NUMBER, "0", 0, 1048575, "", \
	  "ANT+ device number of the foot pod; 0: the one that runs with the belt") \
	X(footpod, rsc_unit, WORD, "\"auto\"", 0, 0, "auto steps strides", \
	  "what a Bluetooth foot pod counts per minute") \
	X(footpod, running_dynamics, SWITCH, "false", 0, 0, "", \
	  "show what a pod with Running Dynamics tells of the runner's form")

#define CONFIG_ANT(X) \
	X(ant, network_key, KEY, "\"\"", 0, 16, "", \
	  "ANT+ network key, 16 hex digits; empty: ANT+ is off") \
	X(ant, network_key_file, PATH, "\"\"", 0, 4095, "", \
	  "file that holds the ANT+ network key") \
	X(ant, stick, TEXT, "\"\"", 0, 31, "", \
	  "USB port of the stick to use, as 1-1.2; empty: the first") \
	X(ant, heart_rate_id, NUMBER, "0", 0, 1048575, "", \
	  "ANT+ device number of the heart-rate strap to listen to; 0: none")

#define CONFIG_BLUETOOTH(X) \
	X(bluetooth, adapter, ADAPTER, "\"auto\"", 0, 0, "", \
	  "auto, or the adapter to use, as hci0")

#define CONFIG_DISPLAY(X) \
	X(display, socket, PATH, "\"\"", 0, 107, "", \
	  "the displays' socket; empty: in the runtime directory") \
	X(display, input, NAMES, "[\"*\"]", 1, 63, "", \
	  "displays that may send input; \"*\": all") \
	X(display, personal, NAMES, "[]", 1, 63, "", \
	  "displays that are told names, pain and heart rate; \"*\": all") \
	X(display, max, NUMBER, "64", 1, 64, "", \
	  "displays connected at a time")

#define CONFIG_CONTROL(X) \
	X(control, socket, PATH, "\"\"", 0, 107, "", \
	  "gaitctl's socket; empty: control.sock beside the displays' socket")

#define CONFIG_RULES(X) \
	X(rules, files, PATHS, "[]", 1, 4095, "", \
	  "rule files laid over the shipped ones and rules.d") \
	X(rules, prompts, WORD, "\"all\"", 0, 0, "all safety off", \
	  "which prompts a runner gets of whom nothing else is known") \
	X(rules, feedback, WORD, "\"full\"", 0, 0, "full faded", \
	  "full, or faded over the sessions")

#define CONFIG_SESSION(X) \
	X(session, end_after_s, NUMBER, "60", 10, 3600, "", \
	  "seconds of a still belt that end a session") \
	X(session, units, WORD, "\"km\"", 0, 0, "km mi", \
	  "kilometres or miles") \
	X(session, language, LANGUAGE, "\"en\"", 2, 7, "", \
	  "language of displays, a tag as en or de-AT")

#define CONFIG_HISTORY(X) \
	X(history, enabled, SWITCH, "true", 0, 0, "", \
	  "keep a history of runners who ask for it: nobody else") \
	X(history, path, PATH, "\"\"", 0, 4080, "", \
	  "the history's file; empty: history.sqlite in the state directory") \
	X(history, retention_days, NUMBER, "365", 1, 3650, "", \
	  "days after which a session is forgotten")

#define CONFIG_LOG(X) \
	X(log, level, WORD, "\"notice\"", 0, 0, "error warning notice info debug", \
	  "the least urgent messages to print")

#define CONFIG_SECTIONS(S) \
	S(treadmill, CONFIG_TREADMILL) \
	S(footpod, CONFIG_FOOTPOD) \
	S(ant, CONFIG_ANT) \
	S(bluetooth, CONFIG_BLUETOOTH) \
	S(display, CONFIG_DISPLAY) \
	S(control, CONFIG_CONTROL) \
	S(rules, CONFIG_RULES) \
	S(session, CONFIG_SESSION) \
	S(history, CONFIG_HISTORY) \
	S(log, CONFIG_LOG)

/* How the value of a kind is kept */
#define CONFIG_MEMBER_TEXT(key) char *key
#define CONFIG_MEMBER_ADDRESS(key) char *key
#define CONFIG_MEMBER_INCLINE(key) char *key
#define CONFIG_MEMBER_QUIRK(key) char *key
#define CONFIG_MEMBER_ADAPTER(key) char *key
#define CONFIG_MEMBER_LANGUAGE(key) char *key
#define CONFIG_MEMBER_KEY(key) char *key
#define CONFIG_MEMBER_PATH(key) char *key
#define CONFIG_MEMBER_WORD(key) char *key
#define CONFIG_MEMBER_NUMBER(key) uint32_t key
#define CONFIG_MEMBER_SWITCH(key) bool key
#define CONFIG_MEMBER_NAMES(key) char **key; uint32_t key##_count
#define CONFIG_MEMBER_PATHS(key) char **key; uint32_t key##_count

#endif
