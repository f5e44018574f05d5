/* SPDX-License-Identifier: MIT
 * Copyright 2026 the gaitd authors
 *
 * A spool's events as files: "00000000000000000042.safety". One that was not
 * written to its end has another name, and is removed by the next start.
 */
#ifndef GAITD_MQTT_SPOOL_FILE_H
#define GAITD_MQTT_SPOOL_FILE_H

#include "plugins/mqtt/spool.h"

/* 0, or errno with nothing left behind */
int spool_file_write(const char *directory, const struct spool_entry *entry);
void spool_file_remove(const char *directory, const struct spool_entry *entry);
/* Reads at most `max`, oldest first; returns how many. What is no event is removed,
 * and said. `last` is the greatest number seen. */
size_t spool_file_load(const char *directory, struct spool_entry *entries, size_t max,
                       uint64_t *last);

#endif
