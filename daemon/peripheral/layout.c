/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 */
#include "daemon/peripheral/layout.h"

#include <string.h>

/* By the book: FTMS 1.0.1 section 4, with device information and battery */
static const char plain_treadmill[] = "service 0001 0005 1800\n"
				      "characteristic 0002 0003 0000 02 2a00\n"
				      "characteristic 0004 0005 0000 02 2a01\n"
				      "service 0006 0009 1801\n"
				      "characteristic 0007 0008 0009 20 2a05\n"
				      "service 000a 0012 180a\n"
				      "characteristic 000b 000c 0000 02 2a29\n"
				      "characteristic 000d 000e 0000 02 2a24\n"
				      "characteristic 000f 0010 0000 02 2a25\n"
				      "characteristic 0011 0012 0000 02 2a26\n"
				      "service 0013 0025 1826\n"
				      "characteristic 0014 0015 0000 02 2acc\n"
				      "characteristic 0016 0017 0018 10 2acd\n"
				      "characteristic 0019 001a 001b 12 2ad3\n"
				      "characteristic 001c 001d 0000 02 2ad4\n"
				      "characteristic 001e 001f 0000 02 2ad5\n"
				      "characteristic 0020 0021 0022 28 2ad9\n"
				      "characteristic 0023 0024 0025 10 2ada\n";

/* blak3r/treadspan protocol-analysis/urevo-E1L: README.md, handles of the
 * configurations from urevo-with-kinomap.pcapng */
static const char urevo[] =
	"service 0001 0003 1800\n"
	"characteristic 0002 0003 0000 02 2a00\n"
	"service 0004 0012 180a\n"
	"characteristic 0005 0006 0000 02 2a29\n"
	"characteristic 0007 0008 0000 02 2a24\n"
	"characteristic 0009 000a 0000 02 2a25\n"
	"characteristic 000b 000c 0000 02 2a27\n"
	"characteristic 000d 000e 0000 02 2a26\n"
	"characteristic 000f 0010 0000 02 2a28\n"
	"characteristic 0011 0012 0000 02 2a23\n"
	"service 0013 0032 1826\n"
	"characteristic 0014 0015 0000 02 2acc\n"
	"characteristic 0016 0017 0018 10 2acd\n"
	"characteristic 0019 001a 001b 12 2ad3\n"
	"characteristic 001c 001d 0000 02 2ad4\n"
	"characteristic 001e 001f 0000 02 2ad5\n"
	"characteristic 0020 0021 0000 02 2ad6\n"
	"characteristic 0022 0023 0000 02 2ad7\n"
	"characteristic 0024 0025 0000 02 2ad8\n"
	"characteristic 0026 0027 0028 28 2ad9\n"
	"characteristic 0029 002a 002b 10 2ada\n"
	"characteristic 002c 002d 0000 08 a580d216-7087-5e6c-36b3-77c02f551c85\n"
	"characteristic 002e 002f 0030 10 c4208999-8d92-bee1-4456-2068528eccf6\n"
	"characteristic 0031 0032 0000 02 62b817cb-47db-c59e-b675-1a66e37a5196\n"
	"service 0033 0038 fff0\n"
	"characteristic 0034 0035 0036 10 fff1\n"
	"characteristic 0037 0038 0000 04 fff2\n"
	"service 0039 003e fee0\n"
	"characteristic 003a 003b 003c 10 fee1\n"
	"characteristic 003d 003e 0000 04 fee2\n";

/* justintout/treadmill README.md (FitShow FS-BT-T4): order and properties as
 * there; it names no handles, these are consecutive. */
static const char fitshow[] = "service 0001 0003 1800\n"
			      "characteristic 0002 0003 0000 02 2a00\n"
			      "service 0004 0014 180a\n"
			      "characteristic 0005 0006 0000 02 2a51\n"
			      "characteristic 0007 0008 0000 02 2a5d\n"
			      "characteristic 0009 000a 0000 02 2a25\n"
			      "characteristic 000b 000c 0000 02 2a23\n"
			      "characteristic 000d 000e 0000 02 2a29\n"
			      "characteristic 000f 0010 0000 02 2a24\n"
			      "characteristic 0011 0012 0000 02 2a27\n"
			      "characteristic 0013 0014 0000 02 2a28\n"
			      "service 0015 0029 1826\n"
			      "characteristic 0016 0017 0000 02 2acc\n"
			      "characteristic 0018 0019 001a 10 2acd\n"
			      "characteristic 001b 001c 001d 12 2ad3\n"
			      "characteristic 001e 001f 0020 10 2ada\n"
			      "characteristic 0021 0022 0023 28 2ad9\n"
			      "characteristic 0024 0025 0000 02 2ad4\n"
			      "characteristic 0026 0027 0000 02 2ad6\n"
			      "characteristic 0028 0029 0000 02 2ad8\n"
			      "service 002a ffff fff0\n"
			      "characteristic 002b 002c 002d 10 fff1\n"
			      "characteristic 002e 002f 0000 04 fff2\n";

/* qdomyos-zwift#175 (Horizon): services and characteristics in the order of
 * its log, the vendor's first, a bike's data beside the treadmill's; the
 * handles are ours. */
static const char horizon[] = "service 0001 0003 1800\n"
			      "characteristic 0002 0003 0000 02 2a00\n"
			      "service 000c 001c fff0\n"
			      "characteristic 000d 000e 0000 0a fff1\n"
			      "characteristic 0010 0011 0000 02 fff2\n"
			      "characteristic 0013 0014 0000 08 fff3\n"
			      "characteristic 0016 0017 0018 10 fff4\n"
			      "characteristic 001a 001b 0000 02 fff5\n"
			      "service 0020 0036 1826\n"
			      "characteristic 0021 0022 0000 02 2acc\n"
			      "characteristic 0023 0024 0025 10 2ad2\n"
			      "characteristic 0026 0027 0028 10 2acd\n"
			      "characteristic 002a 002b 002c 12 2ad3\n"
			      "characteristic 002d 002e 0000 02 2ad4\n"
			      "characteristic 002f 0030 0000 02 2ad5\n"
			      "characteristic 0031 0032 0033 28 2ad9\n"
			      "characteristic 0034 0035 0036 10 2ada\n"
			      "service 0040 0046 fee7\n"
			      "characteristic 0041 0042 0000 08 fec7\n"
			      "characteristic 0043 0044 0045 20 fec8\n";

/* Made up to be awkward: the machine last and up to the last handle, status
 * before data, wide gaps */
static const char backwards[] =
	"service 0101 0110 180a\n"
	"characteristic 0103 0104 0000 02 2a29\n"
	"service 1000 1fff 12345678-9abc-def0-0123-456789abcdef\n"
	"characteristic 1001 1002 1003 30 12345678-9abc-def0-0123-456789abcdf0\n"
	"service ff00 ffff 1826\n"
	"characteristic ff03 ff04 ff06 10 2ada\n"
	"characteristic ff08 ff0a 0000 02 2ad5\n"
	"characteristic ff10 ff11 0000 02 2ad4\n"
	"characteristic ff20 ff21 ff24 12 2ad3\n"
	"characteristic ff30 ff31 0000 02 2acc\n"
	"characteristic fffd fffe ffff 10 2acd\n";

static const char plain_footpod[] = "service 0001 0003 1800\n"
				    "characteristic 0002 0003 0000 02 2a00\n"
				    "service 0004 000b 1814\n"
				    "characteristic 0005 0006 0007 10 2a53\n"
				    "characteristic 0008 0009 0000 02 2a54\n"
				    "characteristic 000a 000b 0000 02 2a5d\n"
				    "service 000c 000f 180f\n"
				    "characteristic 000d 000e 000f 12 2a19\n"
				    "service 0010 0012 180a\n"
				    "characteristic 0011 0012 0000 02 2a29\n";

/* Order of services as qdomyos-zwift#827 lists them (Stryd); handles ours */
static const char stryd[] = "service 0001 0003 1800\n"
			    "characteristic 0002 0003 0000 02 2a00\n"
			    "service 000a 0016 1814\n"
			    "characteristic 000b 000c 0000 02 2a54\n"
			    "characteristic 000e 000f 0010 10 2a53\n"
			    "characteristic 0012 0013 0014 28 2a55\n"
			    "service 0020 0026 1818\n"
			    "characteristic 0021 0022 0023 10 2a63\n"
			    "service 0030 0033 180f\n"
			    "characteristic 0031 0032 0033 12 2a19\n"
			    "service 0034 0036 180a\n"
			    "characteristic 0035 0036 0000 02 2a29\n";

static const char plain_strap[] = "service 0001 0003 1800\n"
				  "characteristic 0002 0003 0000 02 2a00\n"
				  "service 0004 0009 180d\n"
				  "characteristic 0005 0006 0007 10 2a37\n"
				  "characteristic 0008 0009 0000 02 2a38\n"
				  "service 000a 000d 180f\n"
				  "characteristic 000b 000c 000d 12 2a19\n"
				  "service 000e 0010 180a\n"
				  "characteristic 000f 0010 0000 02 2a29\n";

static const struct layout layouts[] = {
	{ .name = "plain",
	  .role = ROLE_TREADMILL,
	  .table = plain_treadmill,
	  .summary = "by the book" },
	{ .name = "urevo",
	  .role = ROLE_TREADMILL,
	  .table = urevo,
	  .summary = "UREVO E1L: type in the scan response only",
	  .machine_in_scan_response = true },
	{ .name = "fitshow",
	  .role = ROLE_TREADMILL,
	  .table = fitshow,
	  .summary = "FitShow FS-BT-T4: another order, no inclination range" },
	{ .name = "horizon",
	  .role = ROLE_TREADMILL,
	  .table = horizon,
	  .summary = "Horizon: vendor service first, says no machine type",
	  .no_machine = true },
	{ .name = "backwards",
	  .role = ROLE_TREADMILL,
	  .table = backwards,
	  .summary = "made up: gaps, all in reverse, up to the last handle",
	  .no_machine = true },
	{ .name = "long",
	  .role = ROLE_TREADMILL,
	  .table = plain_treadmill,
	  .summary = "every UUID in its 128-bit form",
	  .long_uuids = true },
	{ .name = "plain",
	  .role = ROLE_FOOTPOD,
	  .table = plain_footpod,
	  .summary = "by the book" },
	{ .name = "stryd",
	  .role = ROLE_FOOTPOD,
	  .table = stryd,
	  .summary = "Stryd: a power meter as well" },
	{ .name = "plain",
	  .role = ROLE_STRAP,
	  .table = plain_strap,
	  .summary = "by the book" },
};

size_t layout_count(void)
{
	return sizeof(layouts) / sizeof(layouts[0]);
}

const struct layout *layout_at(size_t index)
{
	return index < layout_count() ? &layouts[index] : NULL;
}

const struct layout *layout_find(enum role role, const char *name)
{
	for (size_t i = 0; i < layout_count(); i++)
		if (layouts[i].role == role &&
		    strcmp(layouts[i].name, name) == 0)
			return &layouts[i];
	return NULL;
}
