/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 */
#include <config.h>

#include "daemon/gaitctl/past.h"

#include "daemon/service/config.h"
#include "daemon/service/log.h"
#include "daemon/service/paths.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define TOKEN "history"

#ifdef WITH_HISTORY

#include "daemon/history/desk.h"
#include "daemon/history/leaf.h"

/* ---- where it lies ------------------------------------------------------------ */

static bool find_history(char path[PATHS_FILE_MAX], int *status)
{
	struct config_layers *layers = config_read(gaitctl.config);
	struct yaml_fault fault;
	struct config *config = layers ? config_make(layers, &fault) : NULL;
	bool enabled = config && config->history.enabled;

	*status = EXIT_CONFIGURATION;
	if (config)
		paths_history(config->history.path, path);
	if (config && !enabled) {
		*status = EXIT_FAILED;
		log_error(TOKEN, "the history is off; set history.enabled to true in "
		                 "/etc/gaitd/gaitd.yaml");
	}
	config_free(config);
	config_layers_free(layers);
	return enabled;
}

static bool find_anonymous(char path[PATHS_FILE_MAX])
{
	char display[PATHS_SOCKET_MAX];

	if (!paths_display_socket(gaitctl.socket, NULL, display))
		return false;
	snprintf(path, PATHS_FILE_MAX, "%s.session", display);
	return true;
}

/* ---- asking -------------------------------------------------------------------- */

static json_t *answer_here(const json_t *request, int *status)
{
	struct shelves *shelves = calloc(1, sizeof(*shelves));
	json_t *reply = json_object();

	if (!shelves) {
		json_decref(reply);
		return NULL;
	}
	if (find_history(shelves->state.path, status)) {
		find_anonymous(shelves->session.path);
		*status = EXIT_OK;
		if (!desk_answer(shelves, request, reply)) {
			*status = access(shelves->state.path, F_OK) < 0 && errno == EACCES
			                  ? EXIT_PERMISSION
			                  : EXIT_FAILED;
			log_error(TOKEN, "%s", reply_text(reply, "error"));
		}
		if (shelves->state.word[0] && *status == EXIT_OK)
			log_warn(TOKEN, "%s", shelves->state.word);
		shelf_close(&shelves->state);
		shelf_close(&shelves->session);
	}
	free(shelves);
	if (*status == EXIT_OK)
		return reply;
	json_decref(reply);
	return NULL;
}

static bool needs_daemon(const json_t *request)
{
	const char *what = json_string_value(json_object_get(request, "do"));

	return what && (strcmp(what, "start") == 0 || strcmp(what, "stop") == 0);
}

/* NULL where it is to be done here */
static json_t *answer_there(const char *cmd, const json_t *request, int *status)
{
	json_t *reply = ask(cmd, request, status);

	if (!reply)
		return NULL;
	*status = json_is_true(json_object_get(reply, "ok")) ? EXIT_OK : EXIT_FAILED;
	if (*status == EXIT_OK)
		return reply;
	if (!reply_is_unknown(reply))
		log_error(TOKEN, "%s", reply_text(reply, "error"));
	else if (needs_daemon(request))
		log_error(TOKEN, "this gaitd keeps no history: it is off, or it plays a recording");
	else
		*status = EXIT_GO_ON;
	json_decref(reply);
	return NULL;
}

json_t *past_ask(const char *cmd, json_t *request, int *status)
{
	json_t *reply = NULL;

	*status = EXIT_GO_ON;
	json_object_set_new(request, "cmd", json_string(cmd));
	if (needs_daemon(request) || ask_is_there())
		reply = answer_there(cmd, request, status);
	if (*status == EXIT_GO_ON)
		reply = answer_here(request, status);
	json_decref(request);
	return reply;
}

/* ---- reading -------------------------------------------------------------------- */

static struct history *open_file(const char *path, enum history_result *result,
                                 int *status)
{
	char why[256];
	struct history *history = history_open(path, HISTORY_READ, result, why, sizeof(why));

	if (history || *result == HISTORY_NOTHING)
		return history;
	*status = access(path, R_OK) < 0 && errno == EACCES ? EXIT_PERMISSION : EXIT_FAILED;
	log_error(TOKEN, "%s: %s%s", path, why,
	          *status == EXIT_PERMISSION ? "; be root, or who gaitd runs as" : "");
	return NULL;
}

static enum history_result load_from(struct history *history, const char *id,
                                     const char *runner, struct session_log *log)
{
	int64_t number = id ? strtoll(id, NULL, 10) : 0;
	enum history_result result = HISTORY_OK;

	if (!id)
		result = history_latest(history, runner, &number);
	return result == HISTORY_OK ? history_load_session(history, number, log) : result;
}

/* The one under way has a leaf, whose gaitd's user alone may read it. */
static bool may_read_leaf(const char *path, int *status)
{
	char name[LEAF_NAME_MAX];

	leaf_name(path, name);
	if (access(name, R_OK) == 0 || errno != EACCES)
		return true;
	*status = EXIT_PERMISSION;
	log_error(TOKEN, "%s: %s; be root, or who gaitd runs as", name, strerror(EACCES));
	return false;
}

static enum history_result load_anonymous_from(struct history *history, const char *path,
                                               struct session_log *log)
{
	struct history_session in_file;
	struct history_touch touch;
	enum history_result result = leaf_load(history, path, log, &in_file, &touch);

	if (result != HISTORY_NOTHING || !history)
		return result;
	session_log_free(log);
	return load_from(history, NULL, NULL, log);
}

/* When its session began; -1: there is none, or it cannot be read. */
static int64_t start_of(const char *path, int *status)
{
	enum history_result result;
	struct history *history = open_file(path, &result, status);
	struct session_log log;
	int64_t start_s = -1;

	session_log_init(&log);
	if ((history || result == HISTORY_NOTHING) &&
	    load_anonymous_from(history, path, &log) == HISTORY_OK)
		start_s = log.has_start ? log.start_s : 0;
	session_log_free(&log);
	history_close(history);
	return start_s;
}

static bool is_number(const char *text)
{
	return *text && strspn(text, "0123456789") == strlen(text) && strlen(text) < 19;
}

/* Or says why not */
static bool is_loaded(const char *path, const char *id, struct history *history,
                      enum history_result result)
{
	if (result == HISTORY_NOTHING)
		log_error(TOKEN, "%s; gaitctl history lists those that are kept",
		          id ? "there is no such session" : "no session is kept");
	else if (result != HISTORY_OK && history)
		log_error(TOKEN, "%s: %s", path, history_why(history));
	history_close(history);
	return result == HISTORY_OK;
}

static bool load(const char *path, const char *id, const char *runner,
                 struct session_log *log, int *status)
{
	enum history_result result;
	struct history *history;

	*status = EXIT_FAILED;
	history = open_file(path, &result, status);
	if (history)
		result = load_from(history, id, runner, log);
	return is_loaded(path, id, history, result);
}

/* The one under way, or the last one */
static bool load_anonymous(const char *path, struct session_log *log, int *status)
{
	enum history_result result;
	struct history *history;

	*status = EXIT_FAILED;
	history = open_file(path, &result, status);
	if (history || result == HISTORY_NOTHING)
		result = load_anonymous_from(history, path, log);
	if (result == HISTORY_NOTHING && !may_read_leaf(path, status)) {
		history_close(history);
		return false;
	}
	return is_loaded(path, NULL, history, result);
}

bool past_load(const char *id, const char *runner, struct session_log *log, int *status)
{
	char known[PATHS_FILE_MAX], anonymous[PATHS_FILE_MAX];
	bool is_last = !id && !runner;

	if (id && strcmp(id, "anonymous") != 0 && !is_number(id)) {
		log_error("usage", "which session? A number, as gaitctl history lists them, or "
		                   "\"anonymous\"");
		*status = EXIT_USAGE;
		return false;
	}
	*status = EXIT_USAGE;
	if (!find_anonymous(anonymous))
		return false;
	if (id && !is_number(id))
		return load_anonymous(anonymous, log, status);
	if (!find_history(known, status))
		return is_last && load_anonymous(anonymous, log, status);
	if (is_last && start_of(anonymous, status) > start_of(known, status))
		return load_anonymous(anonymous, log, status);
	return load(known, id, runner, log, status);
}

struct ids {
	int64_t *list;
	size_t count, room;
	int64_t since_s;
};

static bool take_id(const struct history_entry *entry, void *user)
{
	struct ids *ids = user;
	int64_t *more;

	if (!entry->has_start || entry->start_s < ids->since_s)
		return true;
	if (ids->count == ids->room) {
		ids->room = ids->room ? 2 * ids->room : 64;
		more = reallocarray(ids->list, ids->room, sizeof(*more));
		if (!more)
			return false;
		ids->list = more;
	}
	ids->list[ids->count++] = entry->id;
	return true;
}

bool past_each(const char *runner, int64_t since_s,
               bool (*each)(const struct session_log *log, void *user), void *user,
               int *status)
{
	char path[PATHS_FILE_MAX];
	enum history_result result;
	struct history *history;
	struct ids ids = { .since_s = since_s };
	bool more = true;

	if (!find_history(path, status))
		return false;
	*status = EXIT_OK;
	history = open_file(path, &result, status);
	if (history)
		result = history_list(history, runner, INT64_MAX, take_id, &ids);
	for (size_t i = ids.count; more && i-- > 0 && result == HISTORY_OK;) {
		struct session_log log;

		result = history_load_session(history, ids.list[i], &log);
		if (result == HISTORY_OK)
			more = each(&log, user);
		session_log_free(&log);
	}
	if (history && result != HISTORY_OK) {
		log_error(TOKEN, "%s: %s", path, history_why(history));
		*status = EXIT_FAILED;
	}
	history_close(history);
	free(ids.list);
	return *status == EXIT_OK;
}

#else

static void say_none(int *status)
{
	log_error(TOKEN, "this gaitctl is built without a history");
	*status = EXIT_FAILED;
}

json_t *past_ask(const char *cmd, json_t *request, int *status)
{
	(void)cmd;
	json_decref(request);
	say_none(status);
	return NULL;
}

bool past_load(const char *id, const char *runner, struct session_log *log, int *status)
{
	(void)id;
	(void)runner;
	(void)log;
	say_none(status);
	return false;
}

bool past_each(const char *runner, int64_t since_s,
               bool (*each)(const struct session_log *log, void *user), void *user,
               int *status)
{
	(void)runner;
	(void)since_s;
	(void)each;
	(void)user;
	say_none(status);
	return false;
}

#endif
