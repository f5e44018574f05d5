/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * libusb's errors are told apart, each with what to do, as they were met in a
 * guest with real udev and systemd.
 */
#include "daemon/usb/usb_device.h"
#include "tests/unit/suite.h"

#include <libusb.h>
#include <string.h>

static const struct {
	enum usb_step step;
	int error;
	const char *name, *fix;
} rows[] = {
	{ USB_START, LIBUSB_ERROR_OTHER, "(OTHER)", "AF_NETLINK" },
	{ USB_OPEN, LIBUSB_ERROR_ACCESS, "(ACCESS)", "60-gaitd-ant.rules" },
	{ USB_OPEN, LIBUSB_ERROR_IO, "(IO)", "DeviceAllow=char-usb_device rw" },
	{ USB_OPEN, LIBUSB_ERROR_NO_DEVICE, "(NO_DEVICE)", "PrivateDevices=yes" },
	{ USB_CLAIM, LIBUSB_ERROR_BUSY, "(BUSY)", "end that program" },
	{ USB_TRANSFER, LIBUSB_ERROR_NO_DEVICE, "(NO_DEVICE)", "plug it in" },
	{ USB_TRANSFER, LIBUSB_ERROR_IO, "(IO)", "cable of its own" },
	{ USB_TRANSFER, LIBUSB_ERROR_PIPE, "(PIPE)", "cable of its own" },
	{ USB_TRANSFER, LIBUSB_ERROR_TIMEOUT, "(TIMEOUT)", "cable of its own" },
	{ USB_CONFIGURE, LIBUSB_ERROR_OTHER, "(OTHER)", "kernel's log" },
	{ USB_ENDPOINTS, LIBUSB_ERROR_NOT_FOUND, "(NOT_FOUND)", "another stick" },
	{ USB_CLAIM, -42, "cannot be used", "cable of its own" },
};

static void test_errors(void)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char words[USB_WORDS_SIZE];

		usb_explain(rows[i].step, rows[i].error, "0fcf:1009 at 1-1", "", words);
		CU_ASSERT_PTR_EQUAL(strstr(words, "0fcf:1009 at 1-1: "), words);
		CU_ASSERT_PTR_NOT_NULL(strstr(words, rows[i].name));
		CU_ASSERT_PTR_NOT_NULL(strstr(words, rows[i].fix));
		/* nothing was cut */
		CU_ASSERT_TRUE(strlen(words) + 1 < sizeof(words));
	}
}

static void test_holder(void)
{
	char words[USB_WORDS_SIZE];

	usb_explain(USB_CLAIM, LIBUSB_ERROR_BUSY, "0fcf:1008 at 1-2", "zwift (process 42)",
	            words);
	CU_ASSERT_PTR_NOT_NULL(strstr(words, "(BUSY): zwift (process 42); end that"));
}

int main(void)
{
	CU_TestInfo tests[] = {
		{ "each error and what to do", test_errors },
		{ "who has it", test_holder },
		CU_TEST_INFO_NULL,
	};

	return suite_run("usb_words", tests);
}
