/* SPDX-License-Identifier: MIT
 * Copyright 2026 the gaitd authors
 */
#include "plugins/web/server.h"

#include "plugins/web/bridge.h"
#include "plugins/web/clock.h"
#include "plugins/web/page.h"
#include "plugins/web/present.h"
#include "plugins/web/stream.h"
#include "plugins/web/trace.h"
#include "plugins/web/visitors.h"

#include <errno.h>
#include <event2/buffer.h>
#include <event2/http.h>
#include <event2/keyvalq_struct.h>
#include <event2/listener.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#define HEADERS_MAX 8192
#define BODY_MAX DISPLAY_LINE_MAX
#define TIMEOUT_S 10

struct server {
	const struct guard *guard;
	struct event_base *base;
	struct evhttp *http;
	struct visitors *visitors;
	struct stream *stream;
	struct bridge *bridge;
	struct event *tick;
	struct present present;
	struct trace trace;
	struct guard_bucket requests, inputs;
};

/* ---- answers ---- */

/* The page needs itself and nothing else, whoever asks. */
static void add_headers(struct evhttp_request *request, const char *type)
{
	static const struct {
		const char *name, *value;
	} always[] = {
		{ "Content-Security-Policy",
		  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
		  "connect-src 'self'; base-uri 'none'; form-action 'none'; "
		  "frame-ancestors 'none'; require-trusted-types-for 'script'" },
		{ "X-Content-Type-Options", "nosniff" },
		{ "X-Frame-Options", "DENY" },
		{ "Referrer-Policy", "no-referrer" },
		{ "Cross-Origin-Opener-Policy", "same-origin" },
		{ "Cross-Origin-Resource-Policy", "same-origin" },
		{ "Permissions-Policy", "camera=(), microphone=(), geolocation=()" },
		{ "Cache-Control", "no-store" },
	};
	struct evkeyvalq *headers = evhttp_request_get_output_headers(request);

	for (size_t i = 0; i < sizeof(always) / sizeof(always[0]); i++)
		evhttp_add_header(headers, always[i].name, always[i].value);
	evhttp_add_header(headers, "Content-Type", type);
}

static const char *reason_of(int status)
{
	static const struct {
		int status;
		const char *reason;
	} reasons[] = {
		{ 200, "OK" },
		{ 204, "No Content" },
		{ 400, "Bad Request" },
		{ 401, "Unauthorized" },
		{ 403, "Forbidden" },
		{ 404, "Not Found" },
		{ 405, "Method Not Allowed" },
		{ 415, "Unsupported Media Type" },
		{ 421, "Misdirected Request" },
		{ 429, "Too Many Requests" },
		{ 503, "Service Unavailable" },
	};

	for (size_t i = 0; i < sizeof(reasons) / sizeof(reasons[0]); i++) {
		if (reasons[i].status == status)
			return reasons[i].reason;
	}
	return "Refused";
}

static void answer(struct evhttp_request *request, int status, const char *why)
{
	struct evkeyvalq *headers = evhttp_request_get_output_headers(request);
	struct evbuffer *text = evbuffer_new();

	if (text && *why)
		evbuffer_add_printf(text, "%s\n", why);
	add_headers(request, "text/plain; charset=utf-8");
	if (status == 401)
		evhttp_add_header(headers, "WWW-Authenticate", "Bearer");
	if (status == 429 || status == 503)
		evhttp_add_header(headers, "Retry-After", "1");
	if (status >= 400) /* whoever errs says it anew */
		evhttp_add_header(headers, "Connection", "close");
	evhttp_send_reply(request, status, reason_of(status), text);
	if (text)
		evbuffer_free(text);
}

static void answer_file(struct evhttp_request *request, const struct page_file *file)
{
	struct evbuffer *text = evbuffer_new();

	add_headers(request, file->type);
	if (text)
		evbuffer_add_reference(text, file->bytes, file->length, NULL, NULL);
	evhttp_send_reply(request, 200, "OK", text);
	if (text)
		evbuffer_free(text);
}

/* ---- questions ---- */
static const struct page_file *file_at(const char *path)
{
	for (const struct page_file *file = page_files; file->path; file++) {
		if (strcmp(file->path, path) == 0)
			return file;
	}
	return NULL;
}

/* Whether it may; else it has been answered. */
static bool may(struct server *s, struct evhttp_request *request, enum guard_what what)
{
	struct evkeyvalq *headers = evhttp_request_get_input_headers(request);
	struct guard_request asked = {
		.what = what,
		.host = evhttp_find_header(headers, "Host"),
		.origin = evhttp_find_header(headers, "Origin"),
		.fetch_site = evhttp_find_header(headers, "Sec-Fetch-Site"),
		.authorization = evhttp_find_header(headers, "Authorization"),
		.content_type = evhttp_find_header(headers, "Content-Type"),
		.key = evhttp_find_header(headers, "Gaitd-Key"),
	};
	const struct evkeyval *field;
	const char *why;
	int status;

	for (field = headers->tqh_first; field; field = field->next.tqe_next)
		asked.host_fields += strcasecmp(field->key, "Host") == 0;
	status = guard_judge(s->guard, &asked, &why);
	if (status == 200 && !guard_take(what == GUARD_SEND ? &s->inputs : &s->requests,
	                                 clock_ms())) {
		status = 429;
		why = "too many requests: try again in a second";
	}
	if (status != 200)
		answer(request, status, why);
	return status == 200;
}

static void take_events(struct server *s, struct evhttp_request *request)
{
	struct evhttp_connection *connection = evhttp_request_get_connection(request);

	if (stream_count(s->stream) == STREAM_MAX) {
		answer(request, 503, "as many browsers as can be served are listening");
		return;
	}
	add_headers(request, "text/event-stream");
	evhttp_add_header(evhttp_request_get_output_headers(request), "X-Accel-Buffering",
	                  "no");
	visitors_heard(s->visitors, connection, true);
	if (!stream_add(s->stream, request))
		evhttp_connection_free(connection);
}

static void take_input(struct server *s, struct evhttp_request *request)
{
	struct evbuffer *body = evhttp_request_get_input_buffer(request);
	char line[BODY_MAX], why[256] = "";
	ssize_t length = evbuffer_copyout(body, line, sizeof(line));
	int status = bridge_take(s->bridge, line, length > 0 ? (size_t)length : 0, why,
	                         sizeof(why));

	answer(request, status, why);
}

static void take_welcomed(struct server *s, struct evhttp_request *request)
{
	stream_tell(s->stream, present_welcomed(&s->present));
	answer(request, 204, "");
}

static const struct route {
	const char *path;
	enum evhttp_cmd_type method;
	enum guard_what what;
	void (*take)(struct server *s, struct evhttp_request *request);
} routes[] = {
	{ "/events", EVHTTP_REQ_GET, GUARD_EVENTS, take_events },
	{ "/input", EVHTTP_REQ_POST, GUARD_SEND, take_input },
	{ "/welcomed", EVHTTP_REQ_POST, GUARD_SEND, take_welcomed },
};

static const struct route *route_to(const char *path)
{
	for (size_t i = 0; i < sizeof(routes) / sizeof(routes[0]); i++) {
		if (strcmp(routes[i].path, path) == 0)
			return &routes[i];
	}
	return NULL;
}

/* A path alone, as browsers ask; NULL for the URL of a proxy. */
static const char *path_of(struct evhttp_request *request)
{
	const struct evhttp_uri *uri = evhttp_request_get_evhttp_uri(request);

	if (!uri || evhttp_uri_get_scheme(uri) || evhttp_uri_get_host(uri))
		return NULL;
	return evhttp_uri_get_path(uri);
}

static bool is_method_of(const struct route *route, enum evhttp_cmd_type method)
{
	return route ? method == route->method :
	               method == EVHTTP_REQ_GET || method == EVHTTP_REQ_HEAD;
}

static void on_request(struct evhttp_request *request, void *user)
{
	struct server *s = user;
	enum evhttp_cmd_type method = evhttp_request_get_command(request);
	const char *path = path_of(request);
	const struct page_file *file = path ? file_at(path) : NULL;
	const struct route *route = path ? route_to(path) : NULL;

	visitors_heard(s->visitors, evhttp_request_get_connection(request), false);
	if (!path)
		answer(request, 400, "a path is expected");
	else if (!file && !route)
		answer(request, 404, "there is no such page");
	else if (!is_method_of(route, method))
		answer(request, 405, "another method is expected");
	else if (!may(s, request, route ? route->what : GUARD_PAGE))
		return;
	else if (route)
		route->take(s, request);
	else
		answer_file(request, file);
}

/* ---- the loop ---- */
static void on_changed(uint32_t parts, void *user)
{
	struct server *s = user;

	stream_tell(s->stream, parts);
}

static void on_tick(evutil_socket_t fd, short what, void *user)
{
	struct server *s = user;

	(void)fd;
	(void)what;
	stream_beat(s->stream);
	visitors_tick(s->visitors);
}

static bool start_http(struct server *s, int fd)
{
	struct evconnlistener *listener;

	s->http = evhttp_new(s->base);
	listener = s->http ? evconnlistener_new(s->base, NULL, NULL,
	                                        LEV_OPT_CLOSE_ON_FREE | LEV_OPT_CLOSE_ON_EXEC,
	                                        0, fd) : NULL;
	if (!listener || !evhttp_bind_listener(s->http, listener)) {
		if (listener)
			evconnlistener_free(listener);
		else
			close(fd);
		return false;
	}
	evhttp_set_max_headers_size(s->http, HEADERS_MAX);
	evhttp_set_max_body_size(s->http, BODY_MAX);
	evhttp_set_timeout(s->http, TIMEOUT_S);
	evhttp_set_allowed_methods(s->http, EVHTTP_REQ_GET | EVHTTP_REQ_HEAD | EVHTTP_REQ_POST);
	evhttp_set_gencb(s->http, on_request, s);
	s->visitors = visitors_new(s->http, listener);
	return s->visitors;
}

static bool start(struct server *s, const struct server_settings *settings)
{
	const struct bridge_settings bridge = {
		.socket = settings->socket, .name = settings->name, .present = &s->present,
		.trace = &s->trace, .changed = on_changed, .user = s,
	};
	const struct timeval beat = { .tv_sec = STREAM_BEAT_MS / 1000 };

	if (!start_http(s, settings->listener))
		return false;
	s->stream = stream_new(&s->present, &s->trace);
	s->bridge = s->stream ? bridge_new(s->base, &bridge) : NULL;
	s->tick = event_new(s->base, -1, EV_PERSIST, on_tick, s);
	return s->bridge && s->tick && event_add(s->tick, &beat) == 0;
}

struct server *server_new(struct event_base *base, const struct server_settings *settings)
{
	struct server *s = calloc(1, sizeof(*s));
	int error;

	if (!s) {
		close(settings->listener);
		return NULL;
	}
	s->guard = settings->guard;
	s->base = base;
	s->requests = (struct guard_bucket){ .size = 400, .per_s = 200 };
	s->inputs = (struct guard_bucket){ .size = 20, .per_s = 10 };
	present_init(&s->present, settings->guard->key);
	if (start(s, settings))
		return s;
	error = errno;
	server_free(s);
	errno = error;
	return NULL;
}

/* The connections' buffers are evhttp's before they are the visitors'. */
void server_free(struct server *s)
{
	if (!s)
		return;
	if (s->tick)
		event_free(s->tick);
	bridge_free(s->bridge);
	stream_free(s->stream);
	if (s->http)
		evhttp_free(s->http);
	visitors_free(s->visitors);
	free(s);
}
