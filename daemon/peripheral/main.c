/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 *
 * gaitd-sim: arguments, and what there is to choose from.
 */
#include "config.h"

#include "daemon/bluetooth/gatt_table.h"
#include "daemon/peripheral/fault.h"
#include "daemon/peripheral/peripheral.h"
#include "daemon/peripheral/sim.h"
#include "daemon/peripheral/sim_stick.h"
#include "protocol/att.h"
#include "protocol/hex.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define EXIT_USAGE 2

static const char usage[] =
	"Usage: gaitd-sim treadmill|footpod|strap [OPTION...]\n"
	"       gaitd-sim stick [OPTION...]\n"
	"       gaitd-sim --list\n"
	"\n"
	"Simulates a fitness device on a Bluetooth adapter: it advertises, is found,\n"
	"connected and read like a real one. For that it takes the adapter for itself;\n"
	"bluetoothd must not run on it. A stick is an ANT stick in a virtual USB port\n"
	"(modprobe vhci-hcd), with the runner's pod and strap near it. Needs root.\n"
	"\n"
	"  --adapter hciN        which (hci0)\n"
	"  --scenario NAME       who runs, and what happens (demo)\n"
	"  --seed N              chance of the scenario (1)\n"
	"  --start-at SECONDS    begin in its midst\n"
	"  --name NAME           the name it advertises, at most 20 octets\n"
	"  --layout NAME|FILE    which attributes at which handles (plain)\n"
	"  --mtu N               the longest PDU it takes, 23 to 517 (517)\n"
	"  --fault NAME          what it does wrong (none)\n"
	"  --toggle-advertising  for emulated controllers, which report an advertiser\n"
	"                        once each time it is switched on\n"
	"  --model NAME          which stick (1009)\n"
	"  --key HEX             the network key that its pods use, 16 digits\n"
	"  --neighbours N        pods of others that come and go, 0 to 32 (0)\n"
	"  --port N              of vhci_hcd (0)\n"
	"  --list                name scenarios, layouts and faults\n"
	"  --version, --help\n"
	"\n"
	"While it runs it takes words on standard input, a line each: drop (the link),\n"
	"off, on (its power), begin (the scenario), pause, resume (notifications),\n"
	"fault NAME, speed [KMH], changed (Service Changed), quit. A stick takes: plug,\n"
	"unplug, stall, deaf [off], pod [off], begin, fault NAME, quit.\n"
	"\n"
	"Exit status: 0 ok, 1 failure, 2 usage, 4 no adapter or no virtual port.\n";

/* What the options are kept in while they are read */
struct arguments {
	struct sim_options sim;
	const char *layout;
	struct gatt_table table;
	struct sim_stick_options stick;
};

static bool complain(const char *what, const char *value)
{
	fprintf(stderr, "gaitd-sim: %s: %s (see gaitd-sim --help)\n", value,
	        what);
	return false;
}

static bool take_number(const char *text, uint64_t least, uint64_t most,
                        uint64_t *out)
{
	char *end;
	unsigned long long number;

	errno = 0;
	number = strtoull(text, &end, 10);
	if (errno != 0 || end == text || *end != '\0' || *text == '-' ||
	    number < least || number > most)
		return complain("not a number, or out of range", text);
	*out = number;
	return true;
}

static bool take_adapter(struct arguments *a, const char *value)
{
	uint64_t index;

	if (strncmp(value, "hci", 3) != 0)
		return complain("adapters are called hci0, hci1 ...", value);
	if (!take_number(value + 3, 0, 0xfffe, &index))
		return false;
	a->sim.adapter = (uint16_t)index;
	return true;
}

static bool take_scenario(struct arguments *a, const char *value)
{
	a->sim.scenario = scenario_by_name(value);
	return a->sim.scenario != NULL ||
	       complain("no such scenario: gaitd-sim --list names them", value);
}

static bool take_seed(struct arguments *a, const char *value)
{
	return take_number(value, 0, UINT64_MAX, &a->sim.seed);
}

static bool take_start_at(struct arguments *a, const char *value)
{
	uint64_t seconds;

	if (!take_number(value, 0, UINT16_MAX, &seconds))
		return false;
	a->sim.start_at_s = (uint32_t)seconds;
	return true;
}

static bool take_name(struct arguments *a, const char *value)
{
	if (*value == '\0' || strlen(value) > 20)
		return complain("a name has 1 to 20 octets", value);
	a->sim.name = value;
	return true;
}

static bool take_layout(struct arguments *a, const char *value)
{
	a->layout = value;
	return true;
}

static bool take_mtu(struct arguments *a, const char *value)
{
	uint64_t mtu;

	if (!take_number(value, ATT_MTU_DEFAULT, ATT_MTU_MAX, &mtu))
		return false;
	a->sim.mtu = (uint16_t)mtu;
	return true;
}

/* A device's or a stick's: which of them it is stands behind the options. */
static bool take_fault(struct arguments *a, const char *value)
{
	struct fault fault;

	fault_init(&fault, NULL, NULL);
	if (!fault_choose(&fault, value) && !stick_fault_find(value, &a->stick.fault))
		return complain("no such fault: gaitd-sim --list names them",
		                value);
	a->sim.fault = value;
	return true;
}

static bool take_toggle(struct arguments *a, const char *value)
{
	(void)value;
	a->sim.toggle_advertising = true;
	return true;
}

static bool take_model(struct arguments *a, const char *value)
{
	a->stick.model = stick_model_find(value);
	return a->stick.model != NULL ||
	       complain("no such stick: gaitd-sim --list names them", value);
}

static bool take_key(struct arguments *a, const char *value)
{
	bool good = strlen(value) == 2 * STICK_KEY_SIZE;

	for (size_t i = 0; good && i < STICK_KEY_SIZE; i++)
		good = hex_octet(value + 2 * i, &a->stick.key[i]);
	return good || complain("a network key has 16 hex digits", "--key");
}

static bool take_neighbours(struct arguments *a, const char *value)
{
	uint64_t number;

	if (!take_number(value, 0, 32, &number))
		return false;
	a->stick.neighbours = (unsigned)number;
	return true;
}

static bool take_port(struct arguments *a, const char *value)
{
	uint64_t number;

	if (!take_number(value, 0, 127, &number))
		return false;
	a->stick.port = (unsigned)number;
	return true;
}

/* In the order of `options` */
static bool (*const takers[])(struct arguments *a, const char *value) = {
	take_adapter, take_scenario, take_seed,  take_start_at, take_name,
	take_layout,  take_mtu,      take_fault, take_toggle,
	take_model,   take_key,      take_neighbours, take_port,
};

static const struct option options[] = {
	{ "adapter", required_argument, NULL, 0 },
	{ "scenario", required_argument, NULL, 1 },
	{ "seed", required_argument, NULL, 2 },
	{ "start-at", required_argument, NULL, 3 },
	{ "name", required_argument, NULL, 4 },
	{ "layout", required_argument, NULL, 5 },
	{ "mtu", required_argument, NULL, 6 },
	{ "fault", required_argument, NULL, 7 },
	{ "toggle-advertising", no_argument, NULL, 8 },
	{ "model", required_argument, NULL, 9 },
	{ "key", required_argument, NULL, 10 },
	{ "neighbours", required_argument, NULL, 11 },
	{ "port", required_argument, NULL, 12 },
	{ "list", no_argument, NULL, 'l' },
	{ "version", no_argument, NULL, 'v' },
	{ "help", no_argument, NULL, 'h' },
	{ NULL, 0, NULL, 0 },
};

static void print_list(void)
{
	printf("Scenarios:\n");
	for (size_t i = 0; i < scenario_count(); i++)
		printf("  %-22s %s\n", scenario_at(i)->name,
		       scenario_at(i)->summary);
	printf("\nLayouts:\n");
	for (size_t i = 0; i < layout_count(); i++)
		printf("  %-9s  %-10s %s\n", role_name(layout_at(i)->role),
		       layout_at(i)->name, layout_at(i)->summary);
	printf("\nFaults:\n");
	for (size_t i = 0; fault_name_at(i) != NULL; i++)
		printf("  %-22s %s\n", fault_name_at(i), fault_summary_at(i));
	printf("\nSticks:\n");
	for (size_t i = 0; i < stick_model_count(); i++)
		printf("  %-22s %s\n", stick_model_at(i)->name, stick_model_at(i)->summary);
	printf("\nFaults of a stick:\n");
	for (unsigned i = 0; i < STICK_FAULTS; i++)
		printf("  %-22s %s\n", stick_fault_name((enum stick_fault)i),
		       stick_fault_summary((enum stick_fault)i));
}

/* A file that holds a table as devices.json or a layout has it */
static bool read_table(struct arguments *a)
{
	char text[GATT_TABLE_TEXT_SIZE + 1];
	FILE *file = fopen(a->layout, "re");
	size_t length;

	if (file == NULL)
		return complain(strerror(errno), a->layout);
	length = fread(text, 1, sizeof(text) - 1, file);
	fclose(file);
	text[length] = '\0';
	if (!gatt_table_read(text, &a->table))
		return complain("not a table of services and characteristics",
		                a->layout);
	a->sim.table = &a->table;
	a->sim.layout = layout_find(a->sim.role, "plain");
	return true;
}

/* Not one that only a stick has */
static bool check_fault(const struct arguments *a)
{
	struct fault fault;

	fault_init(&fault, NULL, NULL);
	return fault_choose(&fault, a->sim.fault) ||
	       complain("no fault of this device", a->sim.fault);
}

static bool choose_layout(struct arguments *a)
{
	if (strchr(a->layout, '/') != NULL)
		return read_table(a);
	a->sim.layout = layout_find(a->sim.role, a->layout);
	return a->sim.layout != NULL ||
	       complain("no such layout of this device: gaitd-sim --list"
	                " names them, a path has a /",
	                a->layout);
}

/* -1 to go on, else the exit status */
static int parse(int argc, char **argv, struct arguments *a)
{
	int which;

	while ((which = getopt_long(argc, argv, "", options, NULL)) != -1) {
		switch (which) {
		case 'l':
			print_list();
			return EXIT_SUCCESS;
		case 'v':
			printf("gaitd-sim %s\n", PACKAGE_VERSION);
			return EXIT_SUCCESS;
		case 'h':
			fputs(usage, stdout);
			return EXIT_SUCCESS;
		case '?':
			return EXIT_USAGE;
		default:
			if (!takers[which](a, optarg))
				return EXIT_USAGE;
		}
	}
	if (optind + 1 == argc && strcmp(argv[optind], "stick") == 0) {
		a->stick.scenario = a->sim.scenario;
		a->stick.seed = a->sim.seed;
		a->stick.start_at_s = a->sim.start_at_s;
		return sim_stick_run(&a->stick);
	}
	if (optind + 1 != argc || !role_from_name(argv[optind], &a->sim.role)) {
		complain("one of treadmill, footpod, strap, stick is needed",
		         optind < argc ? argv[optind] : "no device");
		return EXIT_USAGE;
	}
	return choose_layout(a) && check_fault(a) ? -1 : EXIT_USAGE;
}

int main(int argc, char **argv)
{
	struct arguments arguments = {
		.sim = {
			.scenario = scenario_by_name("demo"),
			.seed = 1,
			.mtu = ATT_MTU_MAX,
			.fault = "none",
		},
		.layout = "plain",
		.stick = { .model = stick_model_find("1009") },
	};
	int status = parse(argc, argv, &arguments);

	return status >= 0 ? status : sim_run(&arguments.sim);
}
