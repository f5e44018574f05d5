/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * A session that ended becomes a file in its runner's folder, whole and under a
 * name that sorts, or a word that says why not.
 */
#include "daemon/history/publish.h"
#include "protocol/fit.h"
#include "tests/unit/suite.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char directory[64], folder[96], why[400];
static struct history *h;
static int64_t id;

/* A minute of Ada's, who wants her sessions in `exports` */
static void start(const char *exports, bool has_start)
{
	struct history_runner ada = { .name = "Ada" };
	struct history_session session = { 0 };
	struct history_touch touch = { "a-boot", 1234 };
	struct session_log log;
	enum history_result result;
	char path[160];

	strcpy(directory, "/tmp/gaitd-test-XXXXXX");
	CU_ASSERT_PTR_NOT_NULL_FATAL(mkdtemp(directory));
	snprintf(folder, sizeof(folder), "%s/%s", directory, exports);
	snprintf(path, sizeof(path), "%s/history.sqlite", directory);
	h = history_open(path, HISTORY_CREATE, &result, why, sizeof(why));
	CU_ASSERT_PTR_NOT_NULL_FATAL(h);
	runner_init(&ada.told);
	snprintf(ada.exports, sizeof(ada.exports), "%s", *exports ? folder : "");
	CU_ASSERT_EQUAL(history_add_runner(h, &ada), HISTORY_OK);
	session_log_init(&log);
	strcpy(log.runner, "Ada");
	log.has_start = has_start;
	log.start_s = 1796016600; /* 2026-11-30T06:30:00+01:00 */
	log.offset_s = 3600;
	log.ended = true;
	for (uint32_t s = 0; s < 60; s++) {
		struct session_second second = {
			.at_s = s,
			.metrics = { .present = DISPLAY_SPEED, .speed_kmh = 9 },
		};

		session_log_add_second(&log, &second);
	}
	CU_ASSERT_EQUAL(history_write(h, &session, &log, 0, 0, &touch), HISTORY_OK);
	id = session.id;
	session_log_free(&log);
	strcpy(why, "untouched");
}

static void end(void)
{
	char command[200];

	history_close(h);
	snprintf(command, sizeof(command), "rm -r %s", directory);
	CU_ASSERT_EQUAL(system(command), 0); /* NOLINT(cert-env33-c): our own */
}

static unsigned files_in(const char *path)
{
	DIR *dir = opendir(path);
	struct dirent *entry;
	unsigned count = 0;

	while (dir && (entry = readdir(dir)))
		count += strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0;
	if (dir)
		closedir(dir);
	return count;
}

static void it_is_written(void)
{
	char path[200];
	uint8_t bytes[8192];
	struct fit_reader reader;
	struct fit_message message;
	struct fit_fault fault;
	struct stat st;
	FILE *file;

	start("folder", true);
	CU_ASSERT_EQUAL(mkdir(folder, 0700), 0);
	/* a second time it is the same file */
	for (int i = 0; i < 2; i++)
		CU_ASSERT_TRUE(publish_session(h, id, why, sizeof(why)));
	CU_ASSERT_EQUAL(files_in(folder), 1);
	snprintf(path, sizeof(path), "%s/2026-11-30T063000-treadmill-run.fit", folder);
	CU_ASSERT_EQUAL(stat(path, &st), 0);
	CU_ASSERT_EQUAL(st.st_mode & 07777, 0640);
	file = fopen(path, "r");
	CU_ASSERT_PTR_NOT_NULL_FATAL(file);
	fit_reader_init(&reader, bytes, fread(bytes, 1, sizeof(bytes), file));
	fclose(file);
	CU_ASSERT_EQUAL(fit_read(&reader, &message, &fault), FIT_FILE);
	end();
}

static void who_wants_none_gets_none(void)
{
	start("", true);
	CU_ASSERT_TRUE(publish_session(h, id, why, sizeof(why)));
	CU_ASSERT_TRUE(publish_session(h, id + 1, why, sizeof(why))); /* there is none */
	CU_ASSERT_STRING_EQUAL(why, "untouched");
	end();
}

static void why_not_is_said(void)
{
	start("missing", true);
	CU_ASSERT_FALSE(publish_session(h, id, why, sizeof(why)));
	CU_ASSERT_PTR_NOT_NULL(strstr(why, "make the folder"));
	end();
	start("folder", false);
	CU_ASSERT_EQUAL(mkdir(folder, 0700), 0);
	CU_ASSERT_FALSE(publish_session(h, id, why, sizeof(why)));
	CU_ASSERT_PTR_NOT_NULL(strstr(why, "the wall clock was not known"));
	CU_ASSERT_EQUAL(files_in(folder), 0);
	end();
}

int main(void)
{
	CU_TestInfo tests[] = {
		{ "it is written", it_is_written },
		{ "who wants none gets none", who_wants_none_gets_none },
		{ "why not is said", why_not_is_said },
		CU_TEST_INFO_NULL,
	};

	return suite_run("publish", tests);
}
