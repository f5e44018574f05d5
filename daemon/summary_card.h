/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * The card at a session's end, for the displays that may have it.
 */
#ifndef GAITD_SUMMARY_CARD_H
#define GAITD_SUMMARY_CARD_H

#include "daemon/core/outcome.h"
#include "daemon/rules/language.h"
#include "daemon/sessions/session_log.h"

/* As an outcome of the session's end at `t_us`, for the displays alone. False:
 * less than a minute was run or walked, and there is nothing to sum up. */
bool summary_card(const struct session_log *log, const struct languages *languages,
                  uint64_t t_us, struct outcome *out);

#endif
