/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * The words of a summary. They are in English here and in the catalogues of the
 * rules in other languages, gaitd-languages(5). What stands in curly brackets
 * is a value.
 */
#ifndef GAITD_SUMMARY_WORDS_H
#define GAITD_SUMMARY_WORDS_H

#include "daemon/rules/language.h"

#include <stddef.h>

#define SUMMARY_WORDS(X)                                                       \
	X(TITLE, "Your run")                                                   \
	X(DISTANCE, "Distance")                                                \
	X(TIME, "Time")                                                        \
	X(MOVING, "Moving time")                                               \
	X(PAUSED, "paused {time}")                                             \
	X(RUNNING, "running {time}")                                           \
	X(WALKING, "walking {time}")                                           \
	X(PACE, "Pace")                                                        \
	X(SPEED, "Speed")                                                      \
	X(CLIMB, "Climb")                                                      \
	X(INCLINE, "Incline")                                                  \
	X(CADENCE, "Cadence")                                                  \
	X(STEP, "Step length")                                                 \
	X(HEART, "Heart rate")                                                 \
	X(MEAN, "mean {value}")                                                \
	X(HIGHEST, "highest {value}")                                          \
	X(SPM, "steps/min")                                                    \
	X(BPM, "beats/min")                                                    \
	X(BELOW, "below the band")                                             \
	X(INSIDE, "in the band")                                               \
	X(ABOVE, "above the band")                                             \
	X(BAND, "Target band")                                                 \
	X(SPREAD, "Cadence while running")                                     \
	X(AGAINST, "Cadence against its target")                               \
	X(EXCESS, "{percent} against the target")                              \
	X(NO_FOOTPOD, "no foot pod was heard")                                 \
	X(NO_TARGET, "there was no target")                                    \
	X(NO_HEART, "no heart-rate strap was heard")                           \
	X(NO_SPEED, "the treadmill told no speed")                             \
	X(NO_DISTANCE, "not known")                                            \
	X(NO_INCLINE, "the treadmill told no incline")                         \
	X(PROMPTS, "Prompts")                                                  \
	X(NO_PROMPTS, "none was needed")                                       \
	X(GIVEN, "given")                                                      \
	X(ANSWERED, "answered")                                                \
	X(SAFETY, "safety")                                                    \
	X(LOAD_LEVEL, "load")                                                  \
	X(FORM, "form")                                                        \
	X(HABIT, "habit")                                                      \
	X(PRAISE, "praise")                                                    \
	X(SYSTEM, "system")                                                    \
	X(BACK, "Your back")                                                   \
	X(NO_PAIN, "no pain was told")                                         \
	X(MORNING, "in the morning {pain}/10")                                 \
	X(RED_FLAG, "a warning sign was told")                                 \
	X(LOAD, "Load")                                                        \
	X(LOAD_UNKNOWN, "your longest run of the last 30 days is not known")   \
	X(LOAD_OF, "of your longest in 30 days ({longest})")                   \
	X(LOAD_OF_NONE, "of {longest}: no run in 30 days")                     \
	X(LOAD_IN_RANGE, "in range")                                           \
	X(LOAD_LONGEST, "the longest in 30 days, still in range")              \
	X(LOAD_PAST, "more than 10 % past it")                                 \
	X(LOAD_WELL_PAST, "well past it")                                      \
	X(LOAD_TWICE, "more than twice as far")                                \
	X(TOMORROW, "Tomorrow")                                                \
	X(DOCTOR, "Please contact a doctor before you run again.")             \
	X(HURT, "Your back asked for rest: tomorrow rest, or an easy walk. If it " \
	        "stays, see a professional.")                                  \
	X(WALK, "Tomorrow walk or rest: an easy walk counts.")                 \
	X(TOO_FAR, "This was more than 10 % past your longest run in 30 days. " \
	           "Tomorrow walk or rest.")                                                  \
	X(DAYS, "That makes {days} run days in a row. Tomorrow walk or rest.") \
	X(MORNING_CHECK, "If your back is fine in the morning, an easy run is fine, " \
	                 "too.")                                               \
	X(CAP, "For two days stay under {speed}.")                             \
	X(CALVES, "A quicker beat may be felt in the calves. If they ache, go easy.") \
	X(LIMIT, "Run or rest as you like. Up to {limit} is in range.")        \
	X(FREE, "Run or rest as you like.")                                    \
	X(AFTER, "After the run")                                              \
	X(CARD, "{distance} in {time}.")                                       \
	X(CARD_TIME, "{time} on the belt.")                                    \
	X(CARD_BAND, "Your beat was in its band for {percent} of the run.")    \
	X(FIGURES, "The figures")                                              \
	X(OVER_TIME, "Over the time")                                          \
	X(MINUTES, "minutes")                                                  \
	X(CUT, "The session was longer than what is kept of it.")              \
	X(UNDER_WAY, "still under way")                                        \
	X(DISCLAIMER, "Feedback for sport and wellbeing, not medical advice.") \
	X(TREND, "Over the weeks")                                             \
	X(WEEK, "Week of")                                                     \
	X(RUNS, "Runs")                                                        \
	X(LONGEST, "Longest")                                                  \
	X(AGAINST_TARGET, "Against target")                                    \
	X(WORST_PAIN, "Worst pain")

#define SUMMARY_WORD_ENUM(name, text) WORD_##name,
enum summary_word { SUMMARY_WORDS(SUMMARY_WORD_ENUM) SUMMARY_WORD_COUNT };

/* As it is in English, and in catalogues to be found by; ends with NULL */
extern const char *const summary_words[SUMMARY_WORD_COUNT + 1];
const char *summary_word(enum summary_word word);

struct summary_arg {
	const char *name; /* of the curly brackets */
	const char *text;
};

/* The word in the language (NULL: English), with up to `count` values in it.
 * Always ends with NUL; cut at a character's end. Returns `out`. */
char *summary_say(char *out, size_t size, const struct language *language,
                  enum summary_word word, const struct summary_arg *values,
                  size_t count);

#endif
