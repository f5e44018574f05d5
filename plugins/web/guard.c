/* SPDX-License-Identifier: MIT
 * Copyright 2026 the gaitd authors
 */
#include "plugins/web/guard.h"

#include <arpa/inet.h>
#include <string.h>
#include <strings.h>

/* ---- names ---- */

/* "host:port" or "[::1]:port" without its port; false if it is neither. */
static bool name_of(const char *authority, char *out, size_t size)
{
	const char *end;
	size_t length;

	if (*authority == '[') {
		authority++;
		end = strchr(authority, ']');
		if (!end || (end[1] && end[1] != ':'))
			return false;
	} else {
		end = authority + strcspn(authority, ":");
	}
	length = (size_t)(end - authority);
	if (!length || length >= size)
		return false;
	memcpy(out, authority, length);
	out[length] = '\0';
	return true;
}

static bool is_loopback(const char *name)
{
	struct in6_addr six;
	struct in_addr four;

	if (inet_pton(AF_INET, name, &four) == 1)
		return ntohl(four.s_addr) >> 24 == 127;
	if (inet_pton(AF_INET6, name, &six) == 1)
		return IN6_IS_ADDR_LOOPBACK(&six);
	return strcasecmp(name, "localhost") == 0;
}

static bool is_address(const char *name)
{
	struct in6_addr any;

	return inet_pton(AF_INET, name, &any) == 1 || inet_pton(AF_INET6, name, &any) == 1;
}

/* A site that has made its name resolve to us is not one of ours. */
static bool host_is_ours(const struct guard *guard, const char *host)
{
	char name[256];

	if (guard->any_host)
		return true;
	if (!name_of(host, name, sizeof(name)))
		return false;
	if (is_loopback(name) || (guard->any_address && is_address(name)))
		return true;
	for (size_t i = 0; i < guard->host_count; i++) {
		if (strcasecmp(name, guard->hosts[i]) == 0)
			return true;
	}
	return false;
}

/* Origin is SCHEME://AUTHORITY; the scheme may be that of a server before us. */
static bool is_same_origin(const char *origin, const char *host)
{
	const char *authority = strstr(origin, "://");

	return authority && strcasecmp(authority + 3, host) == 0;
}

/* ---- secrets ---- */

/* In a time that does not tell where they differ */
static bool secrets_match(const char *secret, const char *said)
{
	size_t length = strlen(secret);
	unsigned char differ = strlen(said) != length;

	for (size_t i = 0; i < length && *said; i++, said++)
		differ |= (unsigned char)(secret[i] ^ *said);
	return !differ;
}

static bool token_is_shown(const struct guard *guard, const char *authorization)
{
	static const char scheme[] = "Bearer ";

	if (!guard->token[0])
		return true;
	return authorization &&
	       strncasecmp(authorization, scheme, sizeof(scheme) - 1) == 0 &&
	       secrets_match(guard->token, authorization + sizeof(scheme) - 1);
}

bool guard_read_token(const char *text, size_t length, char out[GUARD_TOKEN_MOST + 1])
{
	static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
	                              "0123456789._~+/=-";
	size_t used = 0;

	while (length && strchr(" \t\r\n", text[length - 1]) && text[length - 1])
		length--;
	while (used < length && text[used] && strchr(letters, text[used]))
		used++;
	if (used != length || length < GUARD_TOKEN_LEAST || length > GUARD_TOKEN_MOST)
		return false;
	memcpy(out, text, length);
	out[length] = '\0';
	return true;
}

/* ---- the verdict ---- */
static bool is_json(const char *content_type)
{
	static const char json[] = "application/json";
	size_t length = sizeof(json) - 1;

	return content_type && strncasecmp(content_type, json, length) == 0 &&
	       (content_type[length] == '\0' || content_type[length] == ';');
}

static int refuse(int status, const char *reason, const char **why)
{
	*why = reason;
	return status;
}

static int judge_send(const struct guard *guard, const struct guard_request *r,
                      const char **why)
{
	if (r->origin && !is_same_origin(r->origin, r->host))
		return refuse(403, "this origin is another site's", why);
	if (!is_json(r->content_type))
		return refuse(415, "Content-Type: application/json is expected", why);
	if (!r->key || !secrets_match(guard->key, r->key))
		return refuse(403, "Gaitd-Key is not the one that /events tells", why);
	return 200;
}

int guard_judge(const struct guard *guard, const struct guard_request *r,
                const char **why)
{
	*why = "";
	if (r->host_fields != 1 || !r->host)
		return refuse(400, "one Host field is expected", why);
	if (!host_is_ours(guard, r->host))
		return refuse(421, "this host is not ours: gaitd-web --host NAME makes it so",
		              why);
	if (r->what == GUARD_PAGE)
		return 200;
	if (r->fetch_site && strcmp(r->fetch_site, "same-origin") != 0 &&
	    strcmp(r->fetch_site, "none") != 0)
		return refuse(403, "asked for by another site's page", why);
	if (!token_is_shown(guard, r->authorization))
		return refuse(401, "the token is missing or wrong", why);
	return r->what == GUARD_SEND ? judge_send(guard, r, why) : 200;
}

/* ---- how often ---- */
bool guard_take(struct guard_bucket *bucket, uint64_t now_ms)
{
	uint64_t most = (uint64_t)bucket->size * 1000;
	uint64_t passed_ms = now_ms - bucket->filled_ms;

	/* a drop is 1000; per_s drops a second are per_s a millisecond */
	if (passed_ms > most || bucket->drops + passed_ms * bucket->per_s > most)
		bucket->drops = most;
	else
		bucket->drops += passed_ms * bucket->per_s;
	bucket->filled_ms = now_ms;
	if (bucket->drops < 1000)
		return false;
	bucket->drops -= 1000;
	return true;
}
