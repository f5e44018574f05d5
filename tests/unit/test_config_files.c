/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * Which files the configuration of a console is made of: the vendor's, the site's,
 * the pieces that a fleet's tool drops in. Where they lie is told here in place of
 * paths.c.
 */
#include "daemon/service/config.h"
#include "daemon/service/log.h"
#include "daemon/service/paths.h"
#include "tests/unit/suite.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char root[64], vendor[128], site[128], pieces[128], own[128], said[512];

const char *paths_vendor_config(void)
{
	return vendor;
}

const char *paths_site_config(void)
{
	return site;
}

const char *paths_config_directory(void)
{
	return pieces;
}

const char *paths_instance_config(void)
{
	return *own ? own : NULL;
}

static void keep(enum log_level level, const char *message, void *user)
{
	(void)level;
	(void)user;
	snprintf(said, sizeof(said), "%s", message);
}

static void start(void)
{
	strcpy(root, "/tmp/gaitd-layers.XXXXXX");
	CU_ASSERT_PTR_NOT_NULL_FATAL(mkdtemp(root));
	snprintf(vendor, sizeof(vendor), "%s/vendor.yaml", root);
	snprintf(site, sizeof(site), "%s/site.yaml", root);
	snprintf(pieces, sizeof(pieces), "%s/conf.d", root);
	*said = *own = '\0';
	log_divert(keep, NULL);
}

static void end(void)
{
	char command[96];

	log_divert(NULL, NULL);
	snprintf(command, sizeof(command), "rm -r %s", root);
	CU_ASSERT_EQUAL(system(command), 0); /* NOLINT(cert-env33-c): a path of our own */
}

static void put(const char *path, const char *text)
{
	FILE *file = fopen(path, "w");

	CU_ASSERT_PTR_NOT_NULL_FATAL(file);
	fputs(text, file);
	fclose(file);
}

static void put_piece(const char *name, const char *text)
{
	char path[300];

	mkdir(pieces, 0700);
	snprintf(path, sizeof(path), "%s/%s", pieces, name);
	put(path, text);
}

/* What --dump-config prints, to be freed; NULL: refused */
static char *dumped(void)
{
	struct config_layers *layers = config_read(NULL);
	char *text = NULL;
	size_t size;
	FILE *out;

	if (!layers)
		return NULL;
	out = open_memstream(&text, &size);
	CU_ASSERT_PTR_NOT_NULL_FATAL(out);
	config_layers_dump(layers, out);
	fclose(out);
	config_layers_free(layers);
	return text;
}

/* That key stands there with that value, and is from there. */
static void says(const char *line, const char *origin)
{
	char *text = dumped(), expected[400];

	CU_ASSERT_PTR_NOT_NULL_FATAL(text);
	snprintf(expected, sizeof(expected), "  %s  # %s%s\n", line, *origin == '/' ? root : "",
	         origin);
	CU_ASSERT_PTR_NOT_NULL(strstr(text, expected));
	if (!strstr(text, expected))
		printf("no line %sin\n%s", expected, text);
	free(text);
}

static void test_nothing_there(void)
{
	start();
	says("max: 64", "default");
	CU_ASSERT_STRING_EQUAL(said, "");
	end();
}

/* Each layer over the one before, key by key; pieces in the order of names. */
static void test_layers(void)
{
	start();
	put(vendor, "display: {max: 10}\nsession: {units: mi, end_after_s: 90}\nlog: {level: info}\n");
	put(site, "display: {max: 20}\nsession: {end_after_s: 100}\n");
	put_piece("20-gym.yaml", "display:\n  max: 40\n");
	put_piece("10-console.yaml", "display: {max: 30}\n"
	                             "treadmill: {address: \"C0:FF:EE:00:11:22\", name: URTM041}\n"
	                             "footpod: {ant_id: 57043}\n");
	says("max: 40", "/conf.d/20-gym.yaml:2:8");
	says("end_after_s: 100", "/site.yaml:2:24");
	says("units: \"mi\"", "/vendor.yaml:2:18");
	says("level: \"info\"", "/vendor.yaml:3:14");
	says("address: \"C0:FF:EE:00:11:22\"", "/conf.d/10-console.yaml:2:22");
	says("ant_id: 57043", "/conf.d/10-console.yaml:3:19");
	says("language: \"en\"", "default");
	/* and one of several daemons has the last word for itself */
	snprintf(own, sizeof(own), "%s/left.yaml", root);
	says("max: 40", "/conf.d/20-gym.yaml:2:8");
	put(own, "display: {max: 50}\n");
	says("max: 50", "/left.yaml:1:16");
	end();
}

/* What an editor, a package or a tool leaves there counts for nothing. */
static void test_what_is_no_piece(void)
{
	char path[300];

	start();
	put_piece("10-console.yaml", "display: {max: 30}\n");
	put_piece("10-console.yaml~", "display: {max: 31}\n");
	put_piece("20.yaml.dpkg-old", "display: {max: 32}\n");
	put_piece(".30.yaml", "display: {max: 33}\n");
	put_piece("README", "no YAML: [\n");
	put_piece("40-empty.yaml", "");
	snprintf(path, sizeof(path), "%s/50-dangling.yaml", pieces);
	CU_ASSERT_EQUAL(symlink("nowhere", path), 0);
	says("max: 30", "/conf.d/10-console.yaml:1:16");
	end();
}

/* Nothing of the whole is used then, and the piece is named. */
static void test_a_bad_piece(void)
{
	char path[300];

	start();
	put(site, "display: {max: 20}\n");
	put_piece("10-good.yaml", "display: {max: 30}\n");
	put_piece("20-bad.yaml", "display:\n  maxx: 1\n");
	errno = 0;
	CU_ASSERT_PTR_NULL(dumped());
	CU_ASSERT_EQUAL(errno, EINVAL);
	CU_ASSERT_PTR_NOT_NULL(strstr(said, "/conf.d/20-bad.yaml:2:3: unknown key \"maxx\""));
	snprintf(path, sizeof(path), "%s/20-bad.yaml", pieces);
	unlink(path);
	CU_ASSERT_EQUAL(mkdir(path, 0700), 0);
	CU_ASSERT_PTR_NULL(dumped());
	CU_ASSERT_PTR_NOT_NULL(strstr(said, "20-bad.yaml: Is a directory"));
	end();
}

static CU_TestInfo tests[] = {
	{ "nothing there", test_nothing_there },
	{ "layers", test_layers },
	{ "what is no piece", test_what_is_no_piece },
	{ "a bad piece", test_a_bad_piece },
	CU_TEST_INFO_NULL,
};

int main(void)
{
	return suite_run("config_files", tests);
}
