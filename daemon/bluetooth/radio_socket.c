/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 */
#include "config.h"

#include "daemon/bluetooth/radio_socket.h"

#include "protocol/att.h"

#include <bluetooth/bluetooth.h>
#include <bluetooth/hci.h>
#include <bluetooth/l2cap.h>
#include <errno.h>
#include <linux/capability.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

static int bound(int type, int protocol, const void *address, socklen_t length)
{
	int fd = socket(AF_BLUETOOTH, type | SOCK_CLOEXEC | SOCK_NONBLOCK, protocol);
	int error;

	if (fd < 0)
		return -errno;
	if (bind(fd, address, length) == 0)
		return fd;
	error = errno;
	close(fd);
	return -error;
}

/* The kernel asks for it when the socket is bound, and never again. */
static bool is_net_admin(void)
{
	struct __user_cap_header_struct header = {
		.version = _LINUX_CAPABILITY_VERSION_3,
	};
	struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3];

	return syscall(SYS_capget, &header, data) == 0 &&
	       data[CAP_TO_INDEX(CAP_NET_ADMIN)].effective &
		       CAP_TO_MASK(CAP_NET_ADMIN);
}

int radio_socket_management(bool *may_manage)
{
	const struct sockaddr_hci address = {
		.hci_family = AF_BLUETOOTH,
		.hci_dev = HCI_DEV_NONE,
		.hci_channel = HCI_CHANNEL_CONTROL,
	};

	*may_manage = is_net_admin();
	return bound(SOCK_RAW, BTPROTO_HCI, &address, sizeof(address));
}

/* An unbound L2CAP socket, or one bound to no channel, refuses to connect to
 * an LE device with EINVAL. */
int radio_socket_att(const struct le_address *adapter)
{
	struct sockaddr_l2 address = {
		.l2_family = AF_BLUETOOTH,
		.l2_cid = htobs(ATT_CID),
		.l2_bdaddr_type = adapter->type == LE_ADDRESS_RANDOM ? BDADDR_LE_RANDOM :
		                                                       BDADDR_LE_PUBLIC,
	};

	memcpy(address.l2_bdaddr.b, adapter->octets, sizeof(address.l2_bdaddr.b));
	return bound(SOCK_SEQPACKET, BTPROTO_L2CAP, &address, sizeof(address));
}
