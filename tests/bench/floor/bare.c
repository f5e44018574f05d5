/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * A floor for the start: a program with an event loop, USB and a configuration in
 * YAML, that opens all three, listens on a socket, says that it is ready and waits
 * for SIGTERM.
 *
 *	bare CONFIG.yaml SOCKET
 */
#include <cyaml/cyaml.h>
#include <event2/event.h>
#include <libusb.h>
#include <signal.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

struct settings {
	char *name;
	uint32_t count;
};

static const cyaml_schema_field_t fields[] = {
	CYAML_FIELD_STRING_PTR("name", CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL, struct settings,
	                       name, 0, CYAML_UNLIMITED),
	CYAML_FIELD_UINT("count", CYAML_FLAG_OPTIONAL, struct settings, count),
	CYAML_FIELD_END,
};

static const cyaml_schema_value_t schema = {
	CYAML_VALUE_MAPPING(CYAML_FLAG_POINTER, struct settings, fields),
};

static const cyaml_config_t how = { .log_level = CYAML_LOG_ERROR, .mem_fn = cyaml_mem };

static void on_term(evutil_socket_t number, short what, void *base)
{
	(void)number;
	(void)what;
	event_base_loopbreak(base);
}

static int listen_at(const char *path)
{
	struct sockaddr_un at = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	strncpy(at.sun_path, path, sizeof(at.sun_path) - 1);
	unlink(path);
	return bind(fd, (struct sockaddr *)&at, sizeof(at)) < 0 || listen(fd, 8) < 0 ? -1 : fd;
}

static void say_ready(void)
{
	const char *path = getenv("NOTIFY_SOCKET");
	struct sockaddr_un to = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	if (path)
		strncpy(to.sun_path, path, sizeof(to.sun_path) - 1);
	if (path && fd >= 0)
		sendto(fd, "READY=1", 7, 0, (struct sockaddr *)&to, sizeof(to));
	close(fd);
}

int main(int argc, char **argv)
{
	struct event_base *base = event_base_new();
	struct event *term = evsignal_new(base, SIGTERM, on_term, base);
	struct settings *settings = NULL;
	libusb_context *usb;

	if (argc != 3 || libusb_init(&usb) < 0 ||
	    cyaml_load_file(argv[1], &how, &schema, (cyaml_data_t **)&settings, NULL) ||
	    listen_at(argv[2]) < 0)
		return 1;
	event_add(term, NULL);
	say_ready();
	event_base_dispatch(base);
	cyaml_free(&how, &schema, settings, 0);
	libusb_exit(usb);
	event_free(term);
	event_base_free(base);
	unlink(argv[2]);
	return 0;
}
