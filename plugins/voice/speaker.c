/* SPDX-License-Identifier: MIT
 * Copyright 2026 the gaitd authors
 */
#include "config.h"
#include "plugins/voice/speaker.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define PATIENCE_MS 1000u /* with a program that was asked to end */
#define ARGUMENTS 8
enum { EXIT_NOT_FOUND = 127 };

bool speaker_engine_read(struct speaker *s, const char *name)
{
	static const char *const names[] = {
		[SPEAKER_AUTO] = "auto", [SPEAKER_ESPEAK_NG] = "espeak-ng",
		[SPEAKER_SPD_SAY] = "spd-say",
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (strcmp(name, names[i]) == 0) {
			s->engine = (enum speaker_engine)i;
			return true;
		}
	return false;
}

static void complain(struct speaker *s, const char *words)
{
	if (strcmp(words, s->complaint) != 0)
		fprintf(stderr, "gaitd-voice: %s\n", words);
	snprintf(s->complaint, sizeof(s->complaint), "%s", words);
}

/* ---- which program ---- */
static bool is_installed(const char *program)
{
	const char *path = getenv("PATH");
	char file[4096];

	for (; path && *path; path += path[strcspn(path, ":")] == ':' ? 1 : 0) {
		size_t length = strcspn(path, ":");

		snprintf(file, sizeof(file), "%.*s/%s", (int)length, path, program);
		if (access(file, X_OK) == 0)
			return true;
		path += length;
	}
	return false;
}

/* Which one it is by now: somebody may install it meanwhile */
static enum speaker_engine choose(struct speaker *s)
{
	bool any = s->engine == SPEAKER_AUTO;

	if (s->engine == SPEAKER_COMMAND)
		return SPEAKER_COMMAND;
	if ((any || s->engine == SPEAKER_ESPEAK_NG) && is_installed("espeak-ng"))
		return SPEAKER_ESPEAK_NG;
	if ((any || s->engine == SPEAKER_SPD_SAY) && is_installed("spd-say"))
		return SPEAKER_SPD_SAY;
	complain(s, any ? "neither espeak-ng nor spd-say is here: install espeak-ng, or give "
	                  "--command" :
	         s->engine == SPEAKER_SPD_SAY ?
	         "spd-say is not here: install speech-dispatcher" :
	         "espeak-ng is not here: install it, or give --command");
	return SPEAKER_AUTO;
}

/* The words go in by standard input where they can: they are no options. */
static void fill_arguments(const struct speaker *s, enum speaker_engine engine,
                           const struct utterance *u, const char *arguments[ARGUMENTS])
{
	const char *espeak[ARGUMENTS] = { "espeak-ng", "-v", u->lang, "--stdin" };
	const char *spd[ARGUMENTS] = { "spd-say", "-w", "-P", "important", "-l", u->lang,
		                       u->text };
	const char *command[ARGUMENTS] = { "sh", "-c", s->command };
	const char **chosen = engine == SPEAKER_ESPEAK_NG ? espeak :
	                      engine == SPEAKER_SPD_SAY   ? spd :
	                                                    command;

	memcpy(arguments, chosen, ARGUMENTS * sizeof(*arguments));
}

/* ---- processes, each a group of its own, so that all of it ends ---- */
static void become(const char *const arguments[ARGUMENTS], int input)
{
	sigset_t none;

	setpgid(0, 0);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	signal(SIGPIPE, SIG_DFL);
	dup2(input, STDIN_FILENO);
	dup2(STDERR_FILENO, STDOUT_FILENO);
	execvp(arguments[0], (char *const *)arguments);
	_exit(EXIT_NOT_FOUND);
}

/* A sound server lowers music while a stream of this role plays. */
static void set_surroundings(const struct utterance *u)
{
	setenv("PULSE_PROP", "media.role=phone", 0);
	setenv("GAITD_VOICE_LANG", u->lang, 1);
	setenv("GAITD_VOICE_LEVEL", display_level_name(u->level), 1);
}

static pid_t start(const char *const arguments[ARGUMENTS], const char *words)
{
	int ends[2];
	pid_t pid;

	if (pipe2(ends, O_CLOEXEC) < 0)
		return -1;
	pid = fork();
	if (pid == 0)
		become(arguments, ends[0]);
	close(ends[0]);
	/* a pipe holds more than one utterance: this never waits */
	if (pid > 0) {
		setpgid(pid, pid);
		if (write(ends[1], words, strlen(words)) < 0 || write(ends[1], "\n", 1) < 0)
			kill(-pid, SIGTERM);
	}
	close(ends[1]);
	return pid;
}

static void duck(struct speaker *s, bool on)
{
	const char *arguments[ARGUMENTS] = { "sh", "-c", s->duck };

	if (!s->duck || s->is_ducked == on)
		return;
	s->is_ducked = on;
	setenv("GAITD_VOICE", on ? "on" : "off", 1);
	if (start(arguments, "") < 0)
		complain(s, "the command of --duck cannot be started");
}

bool speaker_speak(struct speaker *s, const struct utterance *utterance)
{
	const char *arguments[ARGUMENTS];
	enum speaker_engine engine = choose(s);

	if (engine == SPEAKER_AUTO)
		return false;
	duck(s, true);
	set_surroundings(utterance);
	fill_arguments(s, engine, utterance, arguments);
	s->pid = start(arguments, utterance->text);
	s->kill_ms = UINT64_MAX;
	if (s->pid > 0)
		return true;
	s->pid = 0;
	complain(s, strerror(errno));
	return false;
}

void speaker_hush(struct speaker *s, uint64_t now_ms)
{
	const char *cancel[ARGUMENTS] = { "spd-say", "-C" };

	if (!s->pid || s->kill_ms != UINT64_MAX)
		return;
	kill(-s->pid, SIGTERM);
	s->kill_ms = now_ms + PATIENCE_MS;
	if (s->engine != SPEAKER_COMMAND && choose(s) == SPEAKER_SPD_SAY)
		start(cancel, ""); /* the dispatcher would speak on */
}

/* True if what spoke failed by itself */
static bool has_failed(const struct speaker *s, int status)
{
	return s->kill_ms == UINT64_MAX && !(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

bool speaker_idle(struct speaker *s, uint64_t now_ms)
{
	char words[96];
	pid_t pid;
	int status;

	while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
		if (pid != s->pid)
			continue; /* a command of --duck */
		if (has_failed(s, status)) {
			snprintf(words, sizeof(words), "what speaks ended with %s %d",
			         WIFSIGNALED(status) ? "signal" : "status",
			         WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status));
			complain(s, words);
		}
		s->pid = 0;
	}
	if (s->pid && now_ms >= s->kill_ms)
		kill(-s->pid, SIGKILL);
	return !s->pid;
}

void speaker_rest(struct speaker *s)
{
	duck(s, false);
}
