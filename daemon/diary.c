/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 */
#include "daemon/diary.h"

#include <stdlib.h>

struct diary {
	struct diary_settings set;
	struct scribe scribe;
};

struct diary *diary_new(const struct diary_settings *settings)
{
	struct diary *diary = calloc(1, sizeof(*diary));

	if (!diary)
		return NULL;
	diary->set = *settings;
	scribe_init(&diary->scribe);
	return diary;
}

void diary_free(struct diary *diary)
{
	if (!diary)
		return;
	scribe_free(&diary->scribe);
	free(diary);
}

/* A clock that is set while somebody runs does not move his start away from
 * what he ran: it is reckoned from now, each time. */
static void set_start(struct diary *diary, uint64_t t_us)
{
	struct session_log *log = &diary->scribe.log;
	int64_t now_s;

	log->has_start = diary->set.wall_clock(diary->set.user, t_us, &now_s, &log->offset_s);
	if (log->has_start)
		log->start_s = now_s - (int64_t)((t_us - diary->scribe.began_us) / 1000000);
}

/* Its times are of the pipeline's clock: they move to the wall's. */
static void set_kept(struct diary *diary)
{
	struct session_log *log = &diary->scribe.log;
	struct runner_session kept;

	log->has_kept = pipeline_kept(diary->set.pipeline, &kept);
	if (!log->has_kept)
		return;
	kept.pain_s += log->start_s - kept.start_s;
	kept.start_s = log->start_s;
	log->kept = kept;
}

/* Once a second, and with each change of the session */
static void describe(struct diary *diary, uint64_t t_us)
{
	set_start(diary, t_us);
	set_kept(diary);
	/* the core forgets him with his session */
	if (scribe_under_way(&diary->scribe))
		diary->scribe.log.who = *pipeline_who(diary->set.pipeline);
}

void diary_event(struct diary *diary, const struct source_event *event)
{
	scribe_event(&diary->scribe, event);
}

void diary_outcome(struct diary *diary, const struct outcome *outcome)
{
	bool was_under_way = scribe_under_way(&diary->scribe);
	size_t seconds = diary->scribe.log.second_count;

	scribe_outcome(&diary->scribe, outcome);
	if ((outcome->message.type == DISPLAY_MESSAGE_SESSION &&
	     (was_under_way || scribe_under_way(&diary->scribe))) ||
	    diary->scribe.log.second_count != seconds)
		describe(diary, outcome->t_us);
}

const struct session_log *diary_log(const struct diary *diary)
{
	return &diary->scribe.log;
}
