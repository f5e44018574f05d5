/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 */
#include "daemon/service/secret.h"

#include "daemon/service/log.h"
#include "protocol/hex.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define TOKEN "ant"
#define FILE_MOST 64 /* octets: 16 digits, and somebody's blank lines */

void *secret_new(size_t size)
{
	void *secret = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS,
	                    -1, 0);

	if (secret == MAP_FAILED)
		return NULL;
	madvise(secret, size, MADV_DONTDUMP);
	mlock(secret, size); /* a limit may forbid it; it is no promise */
	return secret;
}

void secret_free(void *secret, size_t size)
{
	if (!secret)
		return;
	explicit_bzero(secret, size);
	munmap(secret, size);
}

bool secret_ant_key(const char *text, size_t length, uint8_t out[SECRET_ANT_KEY_SIZE])
{
	uint8_t any = 0;
	size_t digits = 2 * SECRET_ANT_KEY_SIZE;
	bool good = length >= digits;

	for (size_t i = 0; good && i < SECRET_ANT_KEY_SIZE; i++) {
		good = hex_octet(text + 2 * i, &out[i]);
		any |= out[i];
	}
	for (size_t i = digits; good && i < length; i++)
		good = isspace((unsigned char)text[i]);
	if (good && any != 0)
		return true;
	explicit_bzero(out, SECRET_ANT_KEY_SIZE);
	return false;
}

static bool is_tight(const char *path, int fd)
{
	struct stat st;

	if (fstat(fd, &st) < 0 || !S_ISREG(st.st_mode)) {
		log_known(MESSAGE_KEY_REFUSED, TOKEN, "%s: not a file; ant.network_key_file names one with 16 hex "
		                 "digits in it", path);
		return false;
	}
	if (st.st_uid != 0 && st.st_uid != geteuid()) {
		log_known(MESSAGE_KEY_REFUSED, TOKEN, "%s: belongs to another user: \"chown root\" it", path);
		return false;
	}
	if (st.st_mode & (S_IWGRP | S_IRWXO)) {
		log_known(MESSAGE_KEY_REFUSED, TOKEN, "%s: everybody can read it, or its group can change it: "
		                 "\"chmod 0640\" it", path);
		return false;
	}
	return true;
}

bool secret_ant_key_file(const char *path, uint8_t out[SECRET_ANT_KEY_SIZE])
{
	char *text = secret_new(FILE_MOST);
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	bool good = false;
	ssize_t length;

	if (fd < 0 || !text) {
		log_known(MESSAGE_KEY_REFUSED, TOKEN, "%s: %s", path, strerror(fd < 0 ? errno : ENOMEM));
	} else if (is_tight(path, fd)) {
		length = read(fd, text, FILE_MOST);
		good = length > 0 && secret_ant_key(text, (size_t)length, out);
		if (!good)
			log_known(MESSAGE_KEY_REFUSED, TOKEN, "%s: expected 16 hex digits, not all zero, and "
			                 "nothing else", path);
	}
	if (fd >= 0)
		close(fd);
	secret_free(text, FILE_MOST);
	return good;
}
