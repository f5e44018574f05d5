/* SPDX-License-Identifier: MIT
 * Copyright 2026 the gaitd authors
 */
#include "plugins/mqtt/claims.h"

#include <inttypes.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <stdio.h>
#include <string.h>

#define HOUR_MS INT64_C(3600000)

/* The first octets of HMAC-SHA-256, in hex */
static bool digest_of(const char *key, const char *text, size_t octets, char *out)
{
	unsigned char digest[EVP_MAX_MD_SIZE];
	unsigned int length = 0;

	if (!HMAC(EVP_sha256(), key, (int)strlen(key), (const unsigned char *)text,
	          strlen(text), digest, &length) || length < octets)
		return false;
	for (size_t i = 0; i < octets; i++)
		snprintf(out + i * 2, 3, "%02x", digest[i]);
	return true;
}

bool claim_code(const char *key, const char *id, int64_t hour, char out[CLAIM_CODE_SIZE])
{
	char text[80];

	snprintf(text, sizeof(text), "%.39s|%" PRId64, id, hour);
	return digest_of(key, text, 8, out);
}

bool claim_key_mark(const char *key, char out[CLAIM_MARK_SIZE])
{
	return digest_of(key, "gaitd site key", 4, out);
}

bool claim_is_of(const char *key, const char *id, const json_t *message)
{
	const char *pod = json_string_value(json_object_get(message, "pod"));
	const json_t *hour = json_object_get(message, "hour");
	char code[CLAIM_CODE_SIZE];

	return *id && pod && json_is_integer(hour) &&
	       claim_code(key, id, json_integer_value(hour), code) && strcmp(code, pod) == 0;
}

/* The one who compares has said who keeps it. */
static enum claim_verdict obey(const json_t *theirs, const char *us)
{
	const json_t *verdict = json_object_get(theirs, "verdict");
	const char *whom = json_string_value(json_object_get(verdict, "console"));
	const char *keeps = json_string_value(json_object_get(verdict, "keeps"));

	if (!whom || !keeps || strcmp(whom, us) != 0)
		return CLAIM_ANSWER;
	return strcmp(keeps, us) == 0 ? CLAIM_NO_CONFLICT : CLAIM_RELEASE;
}

enum claim_verdict claim_judge(const char *key, const struct claim *ours, const char *us,
                               const json_t *theirs, const char *them)
{
	bool fixed = json_is_true(json_object_get(theirs, "fixed"));
	json_int_t held_ms = json_integer_value(json_object_get(theirs, "held_ms"));

	if (strcmp(us, them) == 0 || !claim_is_of(key, ours->id, theirs))
		return CLAIM_NO_CONFLICT;
	if (fixed && ours->fixed)
		return CLAIM_BOTH_FIXED;
	if (fixed || ours->fixed)
		return fixed ? CLAIM_RELEASE : CLAIM_ANSWER;
	if (strcmp(us, them) > 0)
		return obey(theirs, us);
	return held_ms > (json_int_t)ours->held_ms ? CLAIM_RELEASE : CLAIM_KEEP;
}

json_t *claim_message(const struct stamp *stamp, const char *key, const struct claim *ours,
                      const char *us, const char *rival, bool keep)
{
	json_t *message = message_begin("gaitd.claim/1", stamp);
	int64_t hour = stamp->unix_ms / HOUR_MS;
	char code[CLAIM_CODE_SIZE];

	json_object_set_new(message, "hour", json_integer(hour));
	if (*ours->id && claim_code(key, ours->id, hour, code)) {
		json_object_set_new(message, "pod", json_string(code));
		json_object_set_new(message, "held_ms", json_integer((json_int_t)ours->held_ms));
		json_object_set_new(message, "fixed", json_boolean(ours->fixed));
	}
	if (rival)
		json_object_set_new(message, "verdict",
		                    json_pack("{s:s, s:s}", "console", rival, "keeps",
		                              keep ? us : rival));
	return message;
}
