/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * The arbiter: which rule may speak, and when (rules.md 3, 5.1 and 5.5). Holds
 * are counted in whole seconds; at most one prompt is live; a higher one
 * replaces a lower one; gaps, budgets and back-off keep it quiet. Pure.
 */
#ifndef GAITD_COACH_H
#define GAITD_COACH_H

#include "daemon/rules/language.h"
#include "daemon/rules/ruleset.h"
#include "daemon/core/runner.h"
#include "daemon/core/watch.h"

#include <stdbool.h>
#include <stdint.h>

#define COACH_NEVER UINT64_MAX
#define COACH_FORM_BUDGET 3 /* form prompts in 600 s */
#define COACH_LEVELS (DISPLAY_LEVEL_SAFETY + 1)

/* Why a rule does not speak, in the order in which the coach asks: the first
 * that applies stands. The coach acts by this word, and `gaitctl rules why`
 * tells it. */
enum coach_silence {
	COACH_SPEAKS,        /* nothing keeps it quiet: it has spoken this second */
	COACH_DISABLED,      /* an overlay switched it off */
	COACH_FAILED,        /* its arithmetic failed in this session */
	COACH_NEEDS_ABSENT,  /* a metric of `needs` is absent */
	COACH_OFF_BELT,      /* nobody on the moving belt: only safety */
	COACH_NO_TREADMILL,  /* no data of the belt: only answers, and word of it */
	COACH_UNTRUE,        /* no clause is true */
	COACH_NO_PRAISE,     /* as praise: no rule that it praises has ended */
	COACH_HOLDING,       /* true, but not yet for `hold` */
	COACH_UNTIL_CLEAR,   /* has spoken, has not cleared, and has no `repeat` */
	COACH_LIMIT,         /* as often as `limit` allows */
	COACH_UNANSWERED,    /* a form tip that was not followed, until it clears */
	COACH_ONCE,          /* `once` */
	COACH_BARRED,        /* another rule has spoken that bars it */
	COACH_REPEAT,        /* `repeat` is not over */
	COACH_AWAITS,        /* true and held, but `await` is not */
	COACH_PAIN,          /* praise after a report of pain */
	COACH_MUTED,         /* `by` mutes it */
	COACH_UNWANTED,      /* the runner chose safety only, or off */
	COACH_MUTE_MINUTES,  /* the runner muted for minutes */
	COACH_GAP,           /* too soon after another prompt */
	COACH_BUDGET,        /* enough form tips in 10 minutes */
	COACH_LOCKED,        /* `by` is on display until it is acknowledged */
	COACH_BEHIND_LIVE,   /* `by` is on display and goes before it */
	COACH_OUTRANKED,     /* `by` spoke in this second and goes before it */
};

struct rule_state {
	uint32_t true_s[RULE_CLAUSES_MAX]; /* by clause: seconds true, + 1; 0 not. Of one
	                                    * that sleeps: coach_settle() */
	uint8_t clause;      /* the one that speaks */
	uint8_t said;        /* once a condition: those done, a bit each */
	bool barred;         /* by another rule's prompt, for this session */
	bool failed, failure_told; /* its arithmetic did: off for it, too */
	uint32_t clear_s;    /* seconds in which `clear` was true, + 1; 0 not */
	bool true_now;       /* some clause is true: mutes others */
	bool held;           /* some clause has been, for as long as it must */
	bool active;         /* has prompted and not cleared since */
	bool due;            /* wants to speak */
	uint32_t waited_s;   /* behind a live prompt, since it was due */
	uint32_t count;      /* prompts in this session */
	uint32_t unanswered; /* prompts since it last cleared */
	uint32_t report;     /* the pain report it spoke to last */
	uint64_t fired_us;   /* COACH_NEVER: not in this session */
	uint64_t praise_until_us; /* as another rule's praise: due until then */
	enum coach_silence silence; /* at the last second, or input */
	uint64_t silent_until_us;   /* if time alone ends that; else COACH_NEVER */
	const struct rule *by;      /* the rule that keeps it quiet; NULL: none */
};

/* What an answer is taken for */
enum coach_answer {
	COACH_NO_ANSWER,
	COACH_PAIN_REPORT,
	COACH_MORNING,
	COACH_WHO, /* whether it is still the runner */
};

struct coach {
	const struct ruleset *rules;
	struct rule_state *state; /* one a rule */
	struct watches watches; /* those that a second cannot concern are left out */
	struct display_prompt live; /* live.id 0: none */
	const struct rule *live_rule;
	uint64_t live_since_us, live_until_us;
	const struct rule *asked; /* the last question, unanswered; NULL: none */
	uint32_t asked_id;
	uint64_t asked_us;
	const struct rule *waiting_answer; /* an instant rule behind a higher one */
	bool locked; /* until acknowledged */
	uint32_t next_id;
	uint32_t report_count;
	uint64_t last_us[COACH_LEVELS]; /* last prompt of each level that counts */
	uint64_t last_any_us;
	uint64_t last_free_praise_us; /* praise that is no answer: delays its like only */
	uint64_t form_us[COACH_FORM_BUDGET]; /* the last form prompts, a ring */
	uint32_t form_count;
	uint64_t mute_until_us;
	bool pod_answered; /* which pod, not yet taken up */
	int32_t pod_answer;
};

/* What the coach is told at each instant */
struct coach_input {
	uint64_t now_us;
	struct metrics *metrics; /* what the coach itself knows is set here */
	bool treadmill_fresh;    /* else only answers, and that it is silent */
	bool off_belt;           /* nobody on a moving belt: only safety */
	enum runner_prompts prompts;
	bool miles;
	const char *runner; /* his name; NULL: not known */
	const struct language *language; /* NULL: English */
};

/* Called for each prompt and each clear, in order; and when a rule is switched
 * off for the session because its arithmetic failed (NULL: nobody hears) */
struct coach_sink {
	void (*prompt)(void *user, const struct display_prompt *prompt);
	void (*clear)(void *user, const struct display_clear *clear);
	void *user;
	void (*failed)(void *user, const struct rule *rule);
};

bool coach_init(struct coach *c, const struct ruleset *rules); /* false: memory */
void coach_free(struct coach *c);
/* Another rule set: holds start again; counts are kept by rule id. */
bool coach_set_rules(struct coach *c, const struct ruleset *rules);
/* Counts for the rules that sleep what they would have counted. */
void coach_settle(struct coach *c);
/* Seconds were skipped: holds start again. */
void coach_forget_holds(struct coach *c);
/* A new session: counts, gaps and budgets start again. */
void coach_begin_session(struct coach *c);
/* The session ended: what is live goes, a lock ends. */
void coach_end_session(struct coach *c, const struct coach_sink *sink);

/* A whole second has passed: holds count, one rule may speak. */
void coach_tick(struct coach *c, const struct coach_input *in,
                const struct coach_sink *sink);
/* An input stands in the metrics (pain_reported, red_flag, safety_key): what
 * answers it speaks at once. */
void coach_instant(struct coach *c, const struct coach_input *in,
                   const struct coach_sink *sink);
/* What was locked before a restart is shown again. */
void coach_restore_lock(struct coach *c, const struct coach_input *in,
                        const struct coach_sink *sink);
/* A live prompt's time is up. */
void coach_expire(struct coach *c, uint64_t now_us, const struct coach_sink *sink);
uint64_t coach_deadline(const struct coach *c);

/* `id` 0: the live one. */
void coach_acknowledge(struct coach *c, uint32_t id, const struct coach_sink *sink);
/* The question is cleared. One that time or another prompt took away may be
 * answered for ANSWER_S after it was put, unless a report came between. */
enum coach_answer coach_answer(struct coach *c, uint64_t now_us, uint32_t id,
                               int32_t value, const struct coach_sink *sink);
void coach_mute(struct coach *c, uint64_t now_us, int32_t minutes);

/* coach_rules.c: the rules by themselves, whoever may speak */

/* One second for every rule: holds, clears, and which of them are due. A live
 * prompt whose rule has cleared goes. */
void coach_tick_rules(struct coach *c, const struct coach_input *in,
                      const struct coach_sink *sink);
/* The instant rule of the highest rank that is true now; NULL: none */
const struct rule *coach_instant_rule(struct coach *c,
                                      const struct coach_input *in);
/* Sets the metrics that differ from rule to rule. */
void coach_rule_metrics(struct coach *c, const struct rule *rule,
                        const struct coach_input *in);
struct rule_state *coach_state_of(struct coach *c, const struct rule *rule);
/* Sets why it is quiet; `until_us` COACH_NEVER and `by` NULL as they apply. */
void coach_keep_quiet(struct rule_state *state, enum coach_silence silence,
                      uint64_t until_us, const struct rule *by);
/* Higher wins: level, then rank within it */
unsigned coach_priority(const struct rule *rule);
void coach_clear_live(struct coach *c, enum display_clear_reason reason,
                      const struct coach_sink *sink);

#endif
