/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * libusb's errors are told apart, each with what to do, as they were met in a
 * guest with real udev and systemd; and which of several sticks is taken.
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

/* As gaitctl doctor tells them: no two have the same fix. */
static void test_fixes_differ(void)
{
	static const struct {
		enum usb_step step;
		int error;
	} met[] = {
		{ USB_START, LIBUSB_ERROR_OTHER },  { USB_OPEN, LIBUSB_ERROR_ACCESS },
		{ USB_OPEN, LIBUSB_ERROR_IO },      { USB_OPEN, LIBUSB_ERROR_NO_DEVICE },
		{ USB_CLAIM, LIBUSB_ERROR_BUSY },
	};
	const size_t count = sizeof(met) / sizeof(met[0]);

	for (size_t i = 0; i < count; i++) {
		for (size_t j = 0; j < i; j++) {
			const char *what, *fix, *other_what, *other_fix;

			usb_words(met[i].step, met[i].error, &what, &fix);
			usb_words(met[j].step, met[j].error, &other_what, &other_fix);
			CU_ASSERT_STRING_NOT_EQUAL(what, other_what);
			CU_ASSERT_STRING_NOT_EQUAL(fix, other_fix);
			CU_ASSERT_TRUE(*fix && *other_fix);
		}
	}
}

/* Which are not used, and whether anything is wrong with that */
static void test_others(void)
{
	struct usb_devices devices = {
		.at = {
			{ .kind = USB_STICK, .product = 0x1008, .port = "1-1" },
			{ .kind = USB_STICK, .product = 0x1009, .port = "1-2" },
		},
		.count = 2,
	};
	char words[USB_WORDS_SIZE];

	CU_ASSERT_FALSE(usb_others(&devices, &devices.at[0], "", words));
	CU_ASSERT_PTR_NOT_NULL(strstr(words, "0fcf:1008 at 1-1 is used, 0fcf:1009 at 1-2 not"));
	CU_ASSERT_TRUE(usb_others(&devices, NULL, "2-1", words));
	CU_ASSERT_PTR_NOT_NULL(strstr(words, "no stick at 2-1"));
	devices.at[0].kind = USB_SERIAL;
	CU_ASSERT_TRUE(usb_others(&devices, &devices.at[1], "", words));
	CU_ASSERT_PTR_NOT_NULL(strstr(words, "is not supported; it takes one with"));
	devices.count = 0;
	usb_others(&devices, NULL, "", words);
	CU_ASSERT_STRING_EQUAL(words, "");
}

static void test_holder(void)
{
	char words[USB_WORDS_SIZE];

	usb_explain(USB_CLAIM, LIBUSB_ERROR_BUSY, "0fcf:1008 at 1-2", "zwift (process 42)",
	            words);
	CU_ASSERT_PTR_NOT_NULL(strstr(words, "(BUSY): zwift (process 42); end that"));
}

static void test_choice(void)
{
	struct usb_devices devices = {
		.at = {
			{ .kind = USB_SERIAL, .product = 0x1004, .port = "1-1" },
			{ .kind = USB_STICK, .product = 0x1008, .port = "1-1.2" },
			{ .kind = USB_STICK, .product = 0x1009, .port = "2-1" },
		},
		.count = 3,
	};
	char title[USB_TITLE_SIZE];

	CU_ASSERT_PTR_EQUAL(usb_devices_choose(&devices, ""), &devices.at[1]);
	CU_ASSERT_PTR_EQUAL(usb_devices_choose(&devices, "2-1"), &devices.at[2]);
	/* a wish is no wish for another one, and a serial device is no stick */
	CU_ASSERT_PTR_NULL(usb_devices_choose(&devices, "3-1"));
	CU_ASSERT_PTR_NULL(usb_devices_choose(&devices, "1-1"));
	usb_device_title(&devices.at[1], title);
	CU_ASSERT_STRING_EQUAL(title, "0fcf:1008 at 1-1.2");
	devices.count = 1;
	CU_ASSERT_PTR_NULL(usb_devices_choose(&devices, ""));
}

int main(void)
{
	CU_TestInfo tests[] = {
		{ "each error and what to do", test_errors },
		{ "no two fixes are the same", test_fixes_differ },
		{ "those not used", test_others },
		{ "who has it", test_holder },
		{ "which stick", test_choice },
		CU_TEST_INFO_NULL,
	};

	return suite_run("usb_words", tests);
}
