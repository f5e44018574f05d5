/* SPDX-License-Identifier: MIT, Copyright 2026 the gaitd authors
 * A display in C: cc hello.c $(pkg-config --cflags --libs gaitd-display) -o hello */
#include <gaitd-display.h>
#include <stdio.h>

static struct gaitd_display *display;

static void on_state(bool ready, const char *why, void *user)
{
	(void)user;
	printf("%s%s\n", ready ? "gaitd is there" : "no gaitd: ", why);
}

static void on_metrics(const struct gaitd_display_metrics *m, void *user)
{
	(void)user;
	if (m->present & GAITD_DISPLAY_SPEED)
		printf("%.1f km/h", m->speed_kmh);
	if (m->present & GAITD_DISPLAY_CADENCE)
		printf(", %d steps a minute", (int)m->cadence_spm);
	putchar('\n');
}

static void on_prompt(const struct gaitd_display_prompt *p, void *user)
{
	(void)user;
	printf("%s: %s\n", gaitd_display_level_name(p->level), p->headline);
	if (p->english.headline[0])
		puts(p->english.headline);
	gaitd_display_shown(display, p->id);
}

static void on_clear(const struct gaitd_display_clear *c, void *user)
{
	(void)user;
	printf("over: %s\n", gaitd_display_clear_reason_name(c->reason));
}

int main(void)
{
	struct gaitd_display_settings settings = { .name = "hello-c", .version = "1" };
	struct gaitd_display_hooks hooks = { .state = on_state, .metrics = on_metrics,
		                             .prompt = on_prompt, .clear = on_clear };

	settings.caps = GAITD_DISPLAY_CAP_METRICS | GAITD_DISPLAY_CAP_SHOWN;
	setvbuf(stdout, NULL, _IOLBF, 0);
	display = gaitd_display_new(&settings, &hooks, NULL);
	if (!display || gaitd_display_run(display) < 0) {
		perror("hello-c");
		return 1;
	}
	gaitd_display_free(display);
	return 0;
}
