/* SPDX-License-Identifier: MIT
 * Copyright 2026 the gaitd authors
 *
 * Letters: fontconfig finds a face that has them, cairo draws them.
 */
#include "plugins/drm/picture_parts.h"
#include "protocol/utf8.h"

#include <cairo-ft.h>
#include <string.h>

#define DIGIT_SHARE 0.73 /* how high a digit is, of its font's size */
#define ROW_MAX 1024

/* Latin letters, and a face for what has others */
enum { FACE_LATIN, FACE_JAPANESE, FACES };
static cairo_font_face_t *faces[FACES];

static cairo_font_face_t *find_face(const char *language)
{
	FcPattern *wanted = FcPatternCreate();
	FcPattern *found = NULL;
	cairo_font_face_t *face = NULL;
	FcResult result;

	if (wanted) {
		FcPatternAddString(wanted, FC_FAMILY, (const FcChar8 *)"sans-serif");
		FcPatternAddString(wanted, FC_LANG, (const FcChar8 *)language);
		FcPatternAddInteger(wanted, FC_WEIGHT, FC_WEIGHT_BOLD);
		FcConfigSubstitute(NULL, wanted, FcMatchPattern);
		FcDefaultSubstitute(wanted);
		found = FcFontMatch(NULL, wanted, &result);
		FcPatternDestroy(wanted);
	}
	if (found) {
		face = cairo_ft_font_face_create_for_pattern(found);
		FcPatternDestroy(found);
	}
	return face;
}

/* Kana, kanji and what stands between them begin at U+2E80: three octets, the
 * first 0xe2 with 0xba after it, or more. */
static bool is_japanese(const char *text)
{
	for (const unsigned char *s = (const unsigned char *)text; *s; s++)
		if (*s > 0xe2 || (*s == 0xe2 && s[1] >= 0xba))
			return true;
	return false;
}

/* cairo gives up on the whole picture at an octet that is no character. */
struct clean {
	char text[ROW_MAX];
};

static struct clean clean_of(const char *text)
{
	struct clean clean;
	size_t length = 0, octets;

	for (; *text && length + 4 < ROW_MAX; text += octets ? octets : 1) {
		octets = utf8_printable(text, strnlen(text, 4));
		memcpy(clean.text + length, octets ? text : "?", octets ? octets : 1);
		length += octets ? octets : 1;
	}
	clean.text[length] = '\0';
	return clean;
}

static void use_face(cairo_t *cr, double size, const char *text)
{
	static const char *const languages[FACES] = { "en", "ja" };
	int which = is_japanese(text) ? FACE_JAPANESE : FACE_LATIN;

	if (!faces[which])
		faces[which] = find_face(languages[which]);
	if (faces[which])
		cairo_set_font_face(cr, faces[which]);
	cairo_set_font_size(cr, size);
}

void picture_end(void)
{
	for (int i = 0; i < FACES; i++) {
		if (faces[i])
			cairo_font_face_destroy(faces[i]);
		faces[i] = NULL;
	}
	/* what both libraries keep for a next time looks like a leak */
	cairo_debug_reset_static_data();
	FcFini();
}

double picture_width(cairo_t *cr, double size, const char *text)
{
	const struct clean clean = clean_of(text);
	cairo_text_extents_t extents;

	use_face(cr, size, clean.text);
	cairo_text_extents(cr, clean.text, &extents);
	return extents.x_advance;
}

double picture_text(cairo_t *cr, double x, double y, double most, double size,
                    const char *text)
{
	const struct clean clean = clean_of(text);
	double width = picture_width(cr, size, text);

	if (most < 1)
		return x;
	if (width > most) {
		size = size * most / width;
		width = picture_width(cr, size, text);
	}
	cairo_move_to(cr, x, y);
	cairo_show_text(cr, clean.text);
	return x + width;
}

void picture_text_right(cairo_t *cr, double x, double y, double size, const char *text)
{
	double width = picture_width(cr, size, text);

	picture_text(cr, x - width, y, width + 1, size, text);
}

void picture_text_centred(cairo_t *cr, double x, double y, double most, double size,
                          const char *text)
{
	double width = picture_width(cr, size, text);

	picture_text(cr, x - (width < most ? width : most) / 2, y, most, size, text);
}

void picture_digits(cairo_t *cr, double x, double y, double high, const char *digits)
{
	double size = high / DIGIT_SHARE;

	picture_text(cr, x - picture_width(cr, size, digits) / 2, y, 1e6, size, digits);
}

/* Octets of the text that go into a row, words whole if they can be */
static size_t row_length(cairo_t *cr, double width, double size, const char *text)
{
	char row[ROW_MAX];
	size_t length = 0, words = 0;

	while (text[length]) {
		size_t octets = utf8_printable(text + length, strnlen(text + length, 4));

		octets = octets ? octets : 1;
		if (text[length] == ' ')
			words = length;
		if (length + octets >= sizeof(row))
			return length;
		memcpy(row + length, text + length, octets);
		row[length + octets] = '\0';
		if (picture_width(cr, size, row) > width && length)
			return words ? words : length;
		length += octets;
	}
	return length;
}

double picture_words(cairo_t *cr, double x, double y, double width, double size,
                     const char *text, bool draw)
{
	char row[ROW_MAX];

	while (*text) {
		size_t length = row_length(cr, width, size, text);

		memcpy(row, text, length);
		row[length] = '\0';
		if (draw)
			picture_text(cr, x, y + size, width * 1.01, size, row);
		y += size * PICTURE_ROW;
		text += length;
		text += strspn(text, " ");
	}
	return y;
}
