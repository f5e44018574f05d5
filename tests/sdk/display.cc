// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright 2026 the gaitd authors
//
// The header as C++ sees it: each structure, a hook, a call.
#include <gaitd-display.h>

namespace {

struct Board {
	gaitd_display *display;
	gaitd_display_prompt prompt;
	gaitd_display_metrics metrics;
	gaitd_display_session session;
	gaitd_display_link link;
	gaitd_display_target target;
	gaitd_display_battery battery;
	gaitd_display_summary summary;
};

extern "C" void on_prompt(const gaitd_display_prompt *prompt, void *user)
{
	Board *board = static_cast<Board *>(user);

	board->prompt = *prompt;
	gaitd_display_shown(board->display, prompt->id);
}

} // namespace

int main()
{
	Board board = Board();
	gaitd_display_settings settings = gaitd_display_settings();
	gaitd_display_hooks hooks = gaitd_display_hooks();
	struct gaitd_display_profile profile = {}; // a call has this name too

	settings.name = "c++";
	settings.caps = GAITD_DISPLAY_CAP_SHOWN | GAITD_DISPLAY_CAP_INPUT;
	hooks.prompt = on_prompt;
	board.display = gaitd_display_new(&settings, &hooks, &board);
	gaitd_display_profile(board.display, &profile);
	gaitd_display_red_flag(board.display, GAITD_DISPLAY_RED_FLAG_FALL);
	return gaitd_display_run(board.display);
}
