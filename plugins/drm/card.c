/* SPDX-License-Identifier: MIT
 * Copyright 2026 the gaitd authors
 */
#include "config.h"
#include "plugins/drm/card.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include <xf86drm.h>
#include <xf86drmMode.h>

#define CARDS 16

struct buffer {
	uint32_t handle, id, stride;
	size_t size;
	uint8_t *pixels;
};

struct card {
	struct card_settings settings;
	char path[32];
	int fd;
	uint32_t connector, crtc;
	drmModeModeInfo mode;
	struct buffer buffers[2];
	int front;    /* what is shown */
	bool set;     /* the mode is set and ours */
	bool flipping; /* the kernel has not yet shown the last one */
	char said[160];
};

static void say(struct card *c, const char *words)
{
	if (strcmp(words, c->said) == 0)
		return;
	snprintf(c->said, sizeof(c->said), "%s", words);
	if (*words && c->settings.say)
		c->settings.say(words);
}

/* ---- a dumb buffer: memory that the kernel shows ---- */
static void buffer_free(int fd, struct buffer *b)
{
	if (b->pixels)
		munmap(b->pixels, b->size);
	if (b->id)
		drmModeRmFB(fd, b->id);
	if (b->handle)
		drmModeDestroyDumbBuffer(fd, b->handle);
	*b = (struct buffer){ 0 };
}

static bool buffer_make(int fd, struct buffer *b, uint32_t width, uint32_t height)
{
	uint64_t size, offset;
	void *pixels;

	*b = (struct buffer){ 0 };
	if (drmModeCreateDumbBuffer(fd, width, height, 32, 0, &b->handle, &b->stride, &size))
		return false;
	b->size = (size_t)size;
	if (drmModeAddFB(fd, width, height, 24, 32, b->stride, b->handle, &b->id) ||
	    drmModeMapDumbBuffer(fd, b->handle, &offset)) {
		buffer_free(fd, b);
		return false;
	}
	pixels = mmap(NULL, b->size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, (off_t)offset);
	if (pixels == MAP_FAILED) {
		buffer_free(fd, b);
		return false;
	}
	b->pixels = pixels;
	memset(b->pixels, 0, b->size);
	return true;
}

/* ---- which screen ---- */
static const drmModeModeInfo *choose_mode(const struct card *c,
                                          const drmModeConnector *connector)
{
	for (int i = 0; i < connector->count_modes; i++)
		if (connector->modes[i].hdisplay == c->settings.width &&
		    connector->modes[i].vdisplay == c->settings.height)
			return &connector->modes[i];
	for (int i = 0; i < connector->count_modes; i++)
		if (connector->modes[i].type & DRM_MODE_TYPE_PREFERRED)
			return &connector->modes[i];
	return connector->modes;
}

/* The first CRTC that can drive it */
static uint32_t choose_crtc(int fd, const drmModeRes *resources,
                            const drmModeConnector *connector)
{
	uint32_t crtc = 0;

	for (int i = 0; i < connector->count_encoders && !crtc; i++) {
		drmModeEncoder *encoder = drmModeGetEncoder(fd, connector->encoders[i]);

		if (!encoder)
			continue;
		for (int k = 0; k < resources->count_crtcs && !crtc; k++)
			if (encoder->possible_crtcs & 1u << k)
				crtc = resources->crtcs[k];
		drmModeFreeEncoder(encoder);
	}
	return crtc;
}

static bool take_connector(struct card *c, const drmModeRes *resources, uint32_t id)
{
	drmModeConnector *connector = drmModeGetConnector(c->fd, id);
	bool found = false;

	if (connector && connector->connection == DRM_MODE_CONNECTED &&
	    connector->count_modes > 0) {
		c->crtc = choose_crtc(c->fd, resources, connector);
		c->mode = *choose_mode(c, connector);
		c->connector = id;
		found = c->crtc;
	}
	drmModeFreeConnector(connector);
	return found;
}

static bool find_screen(struct card *c)
{
	drmModeRes *resources = drmModeGetResources(c->fd);
	bool found = false;

	if (!resources)
		return false;
	for (int i = 0; i < resources->count_connectors && !found; i++)
		found = take_connector(c, resources, resources->connectors[i]);
	drmModeFreeResources(resources);
	return found;
}

/* What the kernel knows, without asking the screen itself */
static bool screen_is_there(const struct card *c)
{
	drmModeConnector *connector = drmModeGetConnectorCurrent(c->fd, c->connector);
	bool there = connector && connector->connection == DRM_MODE_CONNECTED;

	drmModeFreeConnector(connector);
	return there;
}

/* ---- up and down ---- */
static void forget_screen(struct card *c)
{
	for (int i = 0; i < 2; i++)
		buffer_free(c->fd, &c->buffers[i]);
	c->connector = 0;
	c->set = c->flipping = false;
}

static void lose_device(struct card *c)
{
	char words[96];

	forget_screen(c);
	close(c->fd);
	c->fd = -1;
	snprintf(words, sizeof(words), "%s has gone; waiting for it", c->path);
	say(c, words);
}

/* Black, to begin with. False: not ours */
static bool set_mode(struct card *c)
{
	char words[160];

	drmSetMaster(c->fd); /* or it is ours already; what follows tells */
	if (drmModeSetCrtc(c->fd, c->crtc, c->buffers[c->front].id, 0, 0, &c->connector, 1,
	                   &c->mode)) {
		snprintf(words, sizeof(words), "%s: %s", c->path,
		         errno == EACCES || errno == EPERM || errno == EBUSY ?
		                 "another program has the screen; waiting for it to end" :
		                 strerror(errno));
		say(c, words);
		return false;
	}
	c->set = true;
	c->flipping = false;
	snprintf(words, sizeof(words), "%s: %dx%d", c->path, c->mode.hdisplay,
	         c->mode.vdisplay);
	say(c, words);
	return true;
}

static void begin_screen(struct card *c)
{
	char words[96];

	if (!find_screen(c)) {
		snprintf(words, sizeof(words), "%s: no screen is connected; waiting for one",
		         c->path);
		say(c, words);
		return;
	}
	for (int i = 0; i < 2; i++)
		if (!buffer_make(c->fd, &c->buffers[i], c->mode.hdisplay, c->mode.vdisplay)) {
			snprintf(words, sizeof(words), "%s: no buffer: %s", c->path,
			         strerror(errno));
			say(c, words);
			forget_screen(c);
			return;
		}
	set_mode(c);
}

/* 0, or why it cannot be drawn on */
static int open_device(struct card *c, const char *path)
{
	uint64_t dumb = 0;
	int error;

	c->fd = open(path, O_RDWR | O_CLOEXEC | O_NONBLOCK);
	if (c->fd < 0)
		return errno;
	snprintf(c->path, sizeof(c->path), "%s", path);
	error = drmGetCap(c->fd, DRM_CAP_DUMB_BUFFER, &dumb) == 0 && dumb ? 0 : ENOTSUP;
	if (error) {
		close(c->fd);
		c->fd = -1;
	}
	return error;
}

/* Of all cards, the first with a screen; else the first that can draw */
static int open_any(struct card *c)
{
	int worst = ENODEV, usable = -1;
	char path[32];

	for (int i = 0; i < CARDS; i++) {
		int error;

		snprintf(path, sizeof(path), "/dev/dri/card%d", i);
		error = open_device(c, path);
		if (error == 0 && find_screen(c))
			return 0;
		if (error == 0) {
			usable = usable < 0 ? i : usable;
			close(c->fd);
			c->fd = -1;
		} else if (error != ENOENT) {
			worst = error;
		}
	}
	if (usable < 0)
		return worst;
	snprintf(path, sizeof(path), "/dev/dri/card%d", usable);
	return open_device(c, path);
}

enum card_result card_open(struct card **card, const struct card_settings *settings)
{
	struct card *c = calloc(1, sizeof(*c));
	int error;

	if (!c)
		return CARD_FAILED;
	c->settings = *settings;
	c->fd = -1;
	error = settings->device ? open_device(c, settings->device) : open_any(c);
	if (error) {
		free(c);
		return error == EACCES || error == EPERM ? CARD_DENIED : CARD_ABSENT;
	}
	begin_screen(c);
	*card = c;
	return CARD_GOOD;
}

void card_close(struct card *c)
{
	if (!c)
		return;
	if (c->fd >= 0) {
		forget_screen(c);
		close(c->fd);
	}
	free(c);
}

bool card_check(struct card *c)
{
	bool was_set = c->set;

	c->flipping = false; /* whoever still waits for it has waited too long */
	if (c->fd >= 0 && access(c->path, F_OK) != 0)
		lose_device(c);
	if (c->fd < 0 && open_device(c, c->path) != 0)
		return false;
	if (c->connector && !screen_is_there(c))
		forget_screen(c);
	if (!c->connector)
		begin_screen(c);
	else if (!c->set)
		set_mode(c);
	return c->set && !was_set;
}

/* ---- pictures ---- */
static void on_flip(int fd, unsigned sequence, unsigned seconds, unsigned microseconds,
                    void *user)
{
	struct card *c = user;

	(void)fd, (void)sequence, (void)seconds, (void)microseconds;
	c->flipping = false;
}

int card_fd(const struct card *c)
{
	return c->fd;
}

void card_readable(struct card *c)
{
	drmEventContext context = { .version = 2, .page_flip_handler = on_flip };

	if (c->fd >= 0 && drmHandleEvent(c->fd, &context) != 0 && errno == ENODEV)
		lose_device(c);
}

bool card_is_ready(const struct card *c, int *width, int *height)
{
	*width = c->mode.hdisplay;
	*height = c->mode.vdisplay;
	return c->set && !c->flipping;
}

void card_show(struct card *c, const void *pixels, int stride)
{
	struct buffer *back = &c->buffers[!c->front];
	size_t octets = (size_t)c->mode.hdisplay * 4;

	for (int row = 0; row < c->mode.vdisplay; row++)
		memcpy(back->pixels + (size_t)row * back->stride,
		       (const uint8_t *)pixels + (size_t)row * (size_t)stride, octets);
	c->front = !c->front;
	if (drmModePageFlip(c->fd, c->crtc, back->id, DRM_MODE_PAGE_FLIP_EVENT, c) == 0)
		c->flipping = true;
	else if (errno == ENODEV)
		lose_device(c);
	else /* a driver without flips, or no longer ours */
		c->set = set_mode(c);
}
