/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 */
#include <config.h>

#include "daemon/service/key_lift.h"

#include "daemon/service/secret.h"

#include <ctype.h>
#include <string.h>

#define NAME "network_key"
#define DIGITS (2 * sizeof(lift->keys[0]))

static size_t skip(const char *text, size_t length, size_t at, const char *characters)
{
	while (at < length && text[at] && strchr(characters, text[at]))
		at++;
	return at;
}

/* Where the value begins that belongs to a name which ends at `at`; `length` if
 * there is none. */
static size_t value_at(const char *text, size_t length, size_t at)
{
	at = skip(text, length, at, "\"' \t");
	if (at == length || text[at] != ':')
		return length;
	return skip(text, length, at + 1, "\"' \t");
}

static void make_stand_in(char *digits, size_t index)
{
	memcpy(digits, KEY_LIFT_STAND_IN, sizeof(KEY_LIFT_STAND_IN) - 1);
	digits[sizeof(KEY_LIFT_STAND_IN) - 2] = (char)('1' + index);
}

static void lift_at(struct key_lift *lift, size_t at)
{
	if (lift->length - at < DIGITS || lift->count == KEY_LIFT_MAX ||
	    (at + DIGITS < lift->length && isalnum((unsigned char)lift->text[at + DIGITS])) ||
	    !secret_ant_key(lift->text + at, DIGITS, lift->keys[lift->count]))
		return;
	make_stand_in(lift->text + at, lift->count);
	lift->count++;
}

bool key_lift(struct key_lift *lift, const char *text, size_t length)
{
	const char *at;

	lift->length = length;
	lift->count = 0;
	lift->text = secret_new(length + 1);
	lift->keys = secret_new((KEY_LIFT_MAX + 1) * sizeof(lift->keys[0]));
	if (!lift->text || !lift->keys) {
		key_lift_free(lift);
		return false;
	}
	memcpy(lift->text, text, length);
	at = lift->text;
	while ((at = memmem(at, (size_t)(lift->text + length - at), NAME, sizeof(NAME) - 1))) {
		at += sizeof(NAME) - 1;
		lift_at(lift, value_at(lift->text, length, (size_t)(at - lift->text)));
	}
	return true;
}

void key_lift_free(struct key_lift *lift)
{
	secret_free(lift->text, lift->length + 1);
	secret_free(lift->keys, (KEY_LIFT_MAX + 1) * sizeof(lift->keys[0]));
	lift->text = NULL;
	lift->keys = NULL;
}

const uint8_t *key_lift_take(struct key_lift *lift, char *digits)
{
	size_t index = (size_t)(digits[DIGITS - 1] - '1');

	if (memcmp(digits, KEY_LIFT_STAND_IN, DIGITS - 1) != 0 || index >= lift->count) {
		index = KEY_LIFT_MAX;
		secret_ant_key(digits, DIGITS, lift->keys[index]);
	}
	make_stand_in(digits, 0);
	return lift->keys[index];
}
