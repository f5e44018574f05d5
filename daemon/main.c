/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 */
#include "daemon/daemon.h"
#include "daemon/service/log.h"
#include "daemon/service/options.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* A socket must not become somebody's standard output. */
static void open_standard_descriptors(void)
{
	int fd;

	do
		fd = open("/dev/null", O_RDWR);
	while (fd >= 0 && fd <= STDERR_FILENO);
	if (fd >= 0)
		close(fd);
}

int main(int argc, char **argv)
{
	struct options options;
	int status;

	open_standard_descriptors();
	log_start("gaitd");
	status = options_parse(&options, argc, argv);
	if (status == EXIT_GO_ON)
		status = daemon_run(&options);
	if (fflush(stdout) != 0 && status == EXIT_OK) {
		log_error("daemon", "standard output: %s", strerror(errno));
		status = EXIT_FAILED;
	}
	return status;
}
