/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * What a screen of the kernel's shows just now: its size, and how much of it has
 * which colour of the console, in per mille.
 *
 *	screen_probe DEVICE
 */
#include "plugins/drm/picture.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include <xf86drm.h>
#include <xf86drmMode.h>

/* The framebuffer that the first CRTC with one shows; 0: none */
static uint32_t shown_buffer(int fd)
{
	drmModeRes *resources = drmModeGetResources(fd);
	uint32_t id = 0;

	for (int i = 0; resources && i < resources->count_crtcs && !id; i++) {
		drmModeCrtc *crtc = drmModeGetCrtc(fd, resources->crtcs[i]);

		if (crtc && crtc->mode_valid)
			id = crtc->buffer_id;
		drmModeFreeCrtc(crtc);
	}
	drmModeFreeResources(resources);
	return id;
}

static void count(const uint8_t *pixels, const drmModeFB *fb,
                  uint64_t counts[PICTURE_COLOURS])
{
	for (uint32_t y = 0; y < fb->height; y++)
		for (uint32_t x = 0; x < fb->width; x++) {
			uint32_t value;

			memcpy(&value, pixels + (size_t)y * fb->pitch + (size_t)x * 4, 4);
			for (int i = 0; i < PICTURE_COLOURS; i++)
				counts[i] += (value & 0xffffff) == picture_colours[i];
		}
}

int main(int argc, char **argv)
{
	static const char *const names[PICTURE_COLOURS] = {
		[PICTURE_GROUND] = "ground", [PICTURE_TEXT] = "text",
		[PICTURE_FAINT] = "faint",   [PICTURE_GOOD] = "good",
		[PICTURE_CARE] = "care",     [PICTURE_ALARM] = "alarm",
	};
	uint64_t counts[PICTURE_COLOURS] = { 0 }, offset = 0;
	int fd = argc == 2 ? open(argv[1], O_RDWR | O_CLOEXEC) : -1;
	drmModeFB *fb = fd >= 0 ? drmModeGetFB(fd, shown_buffer(fd)) : NULL;
	size_t size;
	void *pixels;

	if (!fb || !fb->handle || fb->bpp != 32 ||
	    drmModeMapDumbBuffer(fd, fb->handle, &offset)) {
		puts("nothing is shown");
		return EXIT_FAILURE;
	}
	size = (size_t)fb->pitch * fb->height;
	pixels = mmap(NULL, size, PROT_READ, MAP_SHARED, fd, (off_t)offset);
	if (pixels == MAP_FAILED) {
		perror("mmap");
		return EXIT_FAILURE;
	}
	count(pixels, fb, counts);
	printf("%ux%u", fb->width, fb->height);
	for (int i = 0; i < PICTURE_COLOURS; i++)
		printf(" %s %u", names[i],
		       (unsigned)(counts[i] * 1000 / ((uint64_t)fb->width * fb->height)));
	putchar('\n');
	munmap(pixels, size);
	drmModeFreeFB(fb);
	close(fd);
	return EXIT_SUCCESS;
}
