/* SPDX-License-Identifier: MIT
 * Copyright 2026 the gaitd authors
 */
#include "plugins/mqtt/broker_words.h"

#include "plugins/mqtt/say.h"

#include <errno.h>
#include <mosquitto.h>
#include <mqtt_protocol.h>
#include <string.h>

/* What OpenSSL and libmosquitto tell, and what it means here */
static const struct meaning {
	const char *part, *words;
} meanings[] = {
	{ "certificate verify failed", "the broker's certificate is not believed: its authority is "
	  "not the one in broker.ca, it has expired, or this computer's clock is wrong" },
	{ "host name verification failed", "the broker's certificate is for another name than "
	  "broker.host" },
	{ "alert certificate expired", "the broker says that this console's certificate has "
	  "expired: renew broker.certificate, or set this computer's clock" },
	{ "alert certificate revoked", "the broker says that this console's certificate is "
	  "revoked: if that is not meant, issue another" },
	{ "alert unknown ca", "the broker does not know the authority that issued "
	  "broker.certificate" },
	{ "alert certificate unknown", "the broker does not believe broker.certificate: it was "
	  "issued by another authority, has expired or is revoked" },
	{ "alert certificate required", "the broker wants a certificate: set broker.certificate "
	  "and broker.key" },
	{ "alert handshake failure", "the broker wants a certificate, or TLS of another version: "
	  "set broker.certificate and broker.key" },
	{ "wrong version number", "there is no TLS at that port: take another, or leave "
	  "broker.ca out" },
	{ "Unable to load CA certificates", "broker.ca cannot be read, or holds no certificate" },
	{ "Unable to load client certificate", "broker.certificate cannot be read, or holds none" },
	{ "Unable to load client key", "broker.key cannot be read, or holds none" },
	{ "are inconsistent", "broker.key is not the key of broker.certificate" },
};

static const char *meaning_of(const char *library)
{
	for (size_t i = 0; i < sizeof(meanings) / sizeof(meanings[0]); i++) {
		if (strstr(library, meanings[i].part))
			return meanings[i].words;
	}
	return NULL;
}

static void tell(struct broker_words *words, const char *text)
{
	words->told = true;
	if (strcmp(text, words->last) == 0)
		return;
	snprintf(words->last, sizeof(words->last), "%s", text);
	say("%s", text);
}

static void tell_why(struct broker_words *words, const struct settings *s, const char *what,
                     const char *why)
{
	char text[512];

	snprintf(text, sizeof(text), "the broker %.200s:%ld %s: %.250s; trying again",
	         s->broker.host, s->broker.port, what, why);
	tell(words, text);
}

void broker_words_begin(struct broker_words *words)
{
	words->library[0] = '\0';
	words->told = false;
}

/* Of a row of errors the first that means something */
void broker_words_library(struct broker_words *words, const char *text)
{
	if (!meaning_of(words->library))
		snprintf(words->library, sizeof(words->library), "%s", text);
}

void broker_words_connected(struct broker_words *words, const struct settings *s)
{
	words->last[0] = '\0';
	say("connected to %s:%ld as %s/%s%s", s->broker.host, s->broker.port, s->site, s->console,
	    *s->broker.ca ? " with TLS" : "");
}

void broker_words_refused(struct broker_words *words, const struct settings *s, int reason,
                          bool speaks_5)
{
	const char *why = speaks_5 ? mosquitto_reason_string(reason) :
	                             mosquitto_connack_string(reason);
	char text[256];

	switch (reason) {
	case CONNACK_REFUSED_PROTOCOL_VERSION:
	case MQTT_RC_UNSUPPORTED_PROTOCOL_VERSION:
		why = "it does not speak MQTT 5: set broker.protocol to 3.1.1";
		break;
	case CONNACK_REFUSED_BAD_USERNAME_PASSWORD:
	case CONNACK_REFUSED_NOT_AUTHORIZED:
	case MQTT_RC_NOT_AUTHORIZED:
	case MQTT_RC_BAD_USERNAME_OR_PASSWORD:
		snprintf(text, sizeof(text), "%s: have it let in the certificate or name and "
		         "password of this console, %s", why, s->console);
		why = text;
		break;
	default:
		break;
	}
	tell_why(words, s, "refuses this console", why);
}

/* libmosquitto leaves errno as it was for MOSQ_ERR_ERRNO. */
void broker_words_lost(struct broker_words *words, const struct settings *s, int error,
                       bool was_up)
{
	const char *why = meaning_of(words->library);

	if (words->told)
		return;
	if (!why && error == MOSQ_ERR_ERRNO)
		why = errno ? strerror(errno) : "closed";
	if (!why && error == MOSQ_ERR_EAI)
		why = "there is no such name: look at broker.host and at this computer's resolver";
	if (!why && *words->library)
		why = words->library;
	if (!why)
		why = error == MOSQ_ERR_CONN_LOST ? "the connection ended" :
		                                    mosquitto_strerror(error);
	tell_why(words, s, was_up ? "is gone" : "is not reached", why);
}

void broker_words_silent(struct broker_words *words, const struct settings *s)
{
	tell_why(words, s, "is not reached", "no answer; is the network there, and the port right?");
}

void broker_words_unanswered(struct broker_words *words, const struct settings *s)
{
	char why[96];

	snprintf(why, sizeof(why), "for %ld s it has not said that it has what it was told",
	         s->broker.answer_s);
	tell_why(words, s, "is given up", why);
}

void broker_words_unresolved(struct broker_words *words, const struct settings *s)
{
	tell_why(words, s, "is not reached", "nobody answers which address its name has; is the "
	         "network there, and this computer's resolver right? Or give broker.host an "
	         "address");
}

void broker_words_options(struct broker_words *words, const struct settings *s, int error)
{
	const char *why = meaning_of(words->library);

	if (!why && error == MOSQ_ERR_INVAL)
		why = "broker.ca, broker.certificate or broker.key cannot be read";
	tell_why(words, s, "is not tried", why ? why : mosquitto_strerror(error));
}

void broker_words_unpublished(struct broker_words *words, const struct settings *s, int reason)
{
	char text[512];

	snprintf(text, sizeof(text), "the broker refuses what this console publishes: %s; have its "
	         "ACL let %s write gaitd/v1/%s/%s/#", mosquitto_reason_string(reason), s->console,
	         s->site, s->console);
	tell(words, text);
}

void broker_words_unsubscribed(struct broker_words *words, const struct settings *s,
                               const char *pattern)
{
	char text[512];

	snprintf(text, sizeof(text), "the broker refuses the subscription to %.200s; have its ACL "
	         "let %s read it", pattern, s->console);
	tell(words, text);
}
