/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * By the kernel's own interface: what is asked for is nothing, which needs no
 * library to put into words.
 */
#include "daemon/service/privilege.h"

#include "daemon/service/log.h"

#include <errno.h>
#include <linux/capability.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

static bool failed(const char *what)
{
	log_known(MESSAGE_PRIVILEGE_KEPT, "privilege", "cannot give up %s: %s", what, strerror(errno));
	return false;
}

bool privilege_drop(void)
{
	static struct __user_cap_header_struct header = {
		.version = _LINUX_CAPABILITY_VERSION_3,
	};
	static const struct __user_cap_data_struct none[_LINUX_CAPABILITY_U32S_3];

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		return failed("new privileges");
	/* ambient capabilities go with the permitted ones */
	if (syscall(SYS_capset, &header, none) < 0)
		return failed("capabilities");
	return true;
}
