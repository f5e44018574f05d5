/* SPDX-License-Identifier: GPL-2.0-or-later
 * Copyright 2026 the gaitd authors
 */
#include "daemon/usb/usb_stick.h"

#include "daemon/usb/usb_loop.h"

#include <event2/event.h>
#include <libusb.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#define IN_TRANSFERS 2
#define IN_SIZE 512 /* of whole packets of 64: a short one would lose what is behind */
#define OUT_TRANSFERS 8
#define OUT_SIZE 80
#define OUT_TIMEOUT_MS 1000
#define EMPTY_MAX 100 /* transfers without a byte, in a row */
#define RESET_WAIT_MS 1750
#define SETTLED_OCTETS 200 /* of data: then failures are forgotten */

static const unsigned waits_ms[] = { 500, 1000, 2000, 5000, 10000, 30000 };
#define WAITS (sizeof(waits_ms) / sizeof(waits_ms[0]))

/* One that is used again and again */
struct usb_transfer {
	struct usb_stick *stick;
	struct libusb_transfer *transfer;
	uint8_t *buffer;
	bool busy;
};

struct usb_stick {
	const struct usb_stick_ops *ops;
	void *user;
	struct usb_loop *loop;
	char wish[USB_PORT_SIZE];
	bool unwanted; /* none is to be used */
	enum usb_stick_state state;
	struct event *wait;

	/* the one in use */
	struct libusb_device *device; /* referenced; NULL: none */
	char title[USB_TITLE_SIZE];
	struct usb_opened opened;
	bool told_open;

	struct usb_transfer in[IN_TRANSFERS], out[OUT_TRANSFERS];
	uint8_t in_buffers[IN_TRANSFERS][IN_SIZE];
	uint8_t *out_page; /* what is sent: kept from core dumps */
	unsigned flying;   /* transfers */
	struct libusb_transfer *cancelled[IN_TRANSFERS + OUT_TRANSFERS];
	size_t cancelled_count;
	unsigned empty;

	bool reset;         /* the device, when it closes */
	bool reopening;     /* asked for: no failure */
	bool missed_change; /* of the bus, while it was busy */
	bool ending;
	unsigned failures;
	size_t octets; /* since it was opened */
	char why[USB_WORDS_SIZE];
	char others[USB_WORDS_SIZE]; /* what was said of further sticks */
};

static void choose(struct usb_stick *stick);

static void note(struct usb_stick *stick, bool problem, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
static void note(struct usb_stick *stick, bool problem, const char *format, ...)
{
	char text[USB_WORDS_SIZE + 80];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	stick->ops->note(stick->user, problem, text);
}

/* ---- closing ---- */

static void forget_device(struct usb_stick *stick)
{
	if (stick->device)
		libusb_unref_device(stick->device);
	stick->device = NULL;
	stick->title[0] = '\0';
}

static void wait_ms(struct usb_stick *stick, unsigned milliseconds)
{
	struct timeval tv = { (time_t)(milliseconds / 1000),
		              (suseconds_t)(milliseconds % 1000 * 1000) };

	stick->state = USB_STICK_WAITING;
	event_add(stick->wait, &tv);
}

static unsigned next_wait_ms(struct usb_stick *stick)
{
	size_t at = stick->failures < WAITS ? stick->failures : WAITS - 1;

	stick->failures++;
	return waits_ms[at];
}

/* Its node is gone or was never good: try when the time has come, or when the
 * bus tells of something. */
static void rest(struct usb_stick *stick)
{
	unsigned milliseconds;

	forget_device(stick);
	if (stick->ending) {
		stick->state = USB_STICK_NONE;
		return;
	}
	if (stick->reopening)
		milliseconds = stick->reset ? RESET_WAIT_MS : 0;
	else
		milliseconds = next_wait_ms(stick);
	if (stick->missed_change) /* another one may have arrived */
		milliseconds = 0;
	stick->reopening = stick->reset = stick->missed_change = false;
	wait_ms(stick, milliseconds);
}

static void close_work(void *user)
{
	struct usb_stick *stick = user;

	usb_device_close(&stick->opened, stick->reset);
}

static void close_done(void *user)
{
	rest(user);
}

/* The kernel keeps whoever cancels a transfer until the controller has let it
 * go. */
static void cancel_work(void *user)
{
	const struct usb_stick *stick = user;

	for (size_t i = 0; i < stick->cancelled_count; i++)
		libusb_cancel_transfer(stick->cancelled[i]);
}

static void finish_closing(struct usb_stick *stick);

static void cancel_done(void *user)
{
	finish_closing(user);
}

static void add_busy(struct usb_stick *stick, const struct usb_transfer *transfers,
                     size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (transfers[i].busy)
			stick->cancelled[stick->cancelled_count++] = transfers[i].transfer;
	}
}

static void begin_cancelling(struct usb_stick *stick)
{
	add_busy(stick, stick->in, IN_TRANSFERS);
	add_busy(stick, stick->out, OUT_TRANSFERS);
	usb_loop_work(stick->loop, cancel_work, cancel_done, stick);
}

/* Cancels what is under way, once, and closes when all of it has come back. */
static void finish_closing(struct usb_stick *stick)
{
	if (stick->state != USB_STICK_CLOSING || usb_loop_is_working(stick->loop))
		return;
	if (stick->flying == 0)
		usb_loop_work(stick->loop, close_work, close_done, stick);
	else if (stick->cancelled_count == 0)
		begin_cancelling(stick);
}

static void begin_closing(struct usb_stick *stick)
{
	if (stick->state != USB_STICK_OPEN)
		return;
	stick->state = USB_STICK_CLOSING;
	stick->cancelled_count = 0;
	if (stick->told_open) {
		stick->told_open = false;
		stick->ops->closed(stick->user);
	}
	finish_closing(stick);
}

static void fail(struct usb_stick *stick, int error)
{
	if (stick->state != USB_STICK_OPEN)
		return;
	usb_explain(USB_TRANSFER, error, stick->title, "", stick->why);
	/* pulling it out is no problem, the first time an error may be the same */
	note(stick, error != LIBUSB_ERROR_NO_DEVICE && stick->failures > 1, "%s", stick->why);
	begin_closing(stick);
}

/* ---- transfers ---- */

static int error_of(enum libusb_transfer_status status)
{
	switch (status) {
	case LIBUSB_TRANSFER_NO_DEVICE:
		return LIBUSB_ERROR_NO_DEVICE;
	case LIBUSB_TRANSFER_STALL:
		return LIBUSB_ERROR_PIPE;
	case LIBUSB_TRANSFER_TIMED_OUT:
		return LIBUSB_ERROR_TIMEOUT;
	case LIBUSB_TRANSFER_OVERFLOW:
		return LIBUSB_ERROR_OVERFLOW;
	case LIBUSB_TRANSFER_COMPLETED:
	case LIBUSB_TRANSFER_ERROR:
	case LIBUSB_TRANSFER_CANCELLED:
		break;
	}
	return LIBUSB_ERROR_IO;
}

static void submit(struct usb_transfer *transfer)
{
	struct usb_stick *stick = transfer->stick;
	int error = libusb_submit_transfer(transfer->transfer);

	transfer->busy = error == LIBUSB_SUCCESS;
	if (transfer->busy)
		stick->flying++;
	else
		fail(stick, error);
}

static void has_landed(struct usb_transfer *transfer)
{
	transfer->busy = false;
	transfer->stick->flying--;
}

static void take(struct usb_stick *stick, const struct libusb_transfer *transfer)
{
	size_t length = (size_t)transfer->actual_length;

	stick->empty = length > 0 ? 0 : stick->empty + 1;
	stick->octets += length;
	if (stick->octets > SETTLED_OCTETS)
		stick->failures = 0;
	if (length > 0)
		stick->ops->received(stick->user, transfer->buffer, length);
}

static void LIBUSB_CALL on_in(struct libusb_transfer *transfer)
{
	struct usb_transfer *in = transfer->user_data;
	struct usb_stick *stick = in->stick;

	has_landed(in);
	if (stick->state == USB_STICK_OPEN) {
		if (transfer->status != LIBUSB_TRANSFER_COMPLETED)
			fail(stick, error_of(transfer->status));
		else
			take(stick, transfer);
	}
	if (stick->state == USB_STICK_OPEN && stick->empty > EMPTY_MAX)
		fail(stick, LIBUSB_ERROR_IO);
	else if (stick->state == USB_STICK_OPEN)
		submit(in);
	finish_closing(stick);
}

static void LIBUSB_CALL on_out(struct libusb_transfer *transfer)
{
	struct usb_transfer *out = transfer->user_data;
	struct usb_stick *stick = out->stick;

	explicit_bzero(out->buffer, OUT_SIZE);
	has_landed(out);
	if (transfer->status != LIBUSB_TRANSFER_COMPLETED)
		fail(stick, error_of(transfer->status));
	finish_closing(stick);
}

static struct usb_transfer *idle_out(struct usb_stick *stick)
{
	for (size_t i = 0; i < OUT_TRANSFERS; i++) {
		if (!stick->out[i].busy)
			return &stick->out[i];
	}
	return NULL;
}

void usb_stick_send(struct usb_stick *stick, const uint8_t *bytes, size_t length)
{
	struct usb_transfer *out = idle_out(stick);

	if (!out || stick->state != USB_STICK_OPEN || length > OUT_SIZE)
		return;
	memcpy(out->buffer, bytes, length);
	libusb_fill_bulk_transfer(out->transfer, stick->opened.handle, stick->opened.out,
	                          out->buffer, (int)length, on_out, out, OUT_TIMEOUT_MS);
	submit(out);
	if (!out->busy)
		explicit_bzero(out->buffer, OUT_SIZE);
}

static void start_reading(struct usb_stick *stick)
{
	for (size_t i = 0; i < IN_TRANSFERS && stick->state == USB_STICK_OPEN; i++) {
		struct usb_transfer *in = &stick->in[i];

		libusb_fill_bulk_transfer(in->transfer, stick->opened.handle,
		                          stick->opened.in, in->buffer, IN_SIZE, on_in, in,
		                          0);
		submit(in);
	}
}

/* ---- opening ---- */

static void open_work(void *user)
{
	struct usb_stick *stick = user;

	usb_device_open(stick->device, &stick->opened);
}

static void open_failed(struct usb_stick *stick)
{
	char why[USB_WORDS_SIZE];

	usb_explain(stick->opened.step, stick->opened.error, stick->title,
	            stick->opened.holder, why);
	/* once for each reason */
	if (strcmp(why, stick->why) != 0)
		note(stick, stick->opened.error != LIBUSB_ERROR_NO_DEVICE, "%s", why);
	memcpy(stick->why, why, sizeof(why));
	rest(stick);
}

static void open_done(void *user)
{
	struct usb_stick *stick = user;

	if (stick->opened.error != LIBUSB_SUCCESS) {
		open_failed(stick);
		return;
	}
	if (stick->ending)
		return; /* who ends closes it */
	stick->state = USB_STICK_OPEN;
	stick->why[0] = '\0';
	stick->empty = 0;
	stick->octets = 0;
	start_reading(stick);
	if (stick->state != USB_STICK_OPEN)
		return;
	stick->told_open = true;
	stick->ops->opened(stick->user, stick->title);
	if (stick->missed_change)
		choose(stick);
	stick->missed_change = false;
}

static void begin_opening(struct usb_stick *stick, const struct usb_device *device)
{
	event_del(stick->wait);
	stick->device = libusb_ref_device(device->device);
	usb_device_title(device, stick->title);
	stick->state = USB_STICK_OPENING;
	usb_loop_work(stick->loop, open_work, open_done, stick);
}

/* Those that are not used are named, once; where none can be, they are why. */
static void name_others(struct usb_stick *stick, const struct usb_devices *devices,
                        const struct usb_device *chosen)
{
	char words[USB_WORDS_SIZE];
	bool problem = usb_others(devices, chosen, stick->wish, words);
	bool were_why = strcmp(stick->why, stick->others) == 0;

	if (*words && strcmp(words, stick->others) != 0)
		note(stick, problem, "%s", words);
	memcpy(stick->others, words, sizeof(words));
	if (!chosen && (*words || were_why))
		memcpy(stick->why, words, sizeof(words));
}

static bool is_there(const struct usb_devices *devices, const struct libusb_device *device)
{
	for (size_t i = 0; i < devices->count; i++) {
		if (devices->at[i].device == device)
			return true;
	}
	return false;
}

static bool may_stay(const struct usb_stick *stick, const struct usb_device *chosen)
{
	return !stick->unwanted &&
	       (*stick->wish == '\0' || (chosen && chosen->device == stick->device));
}

/* The bus or the wish changed, or it is time to try again. */
static void choose(struct usb_stick *stick)
{
	struct usb_devices devices;
	const struct usb_device *chosen;

	if (stick->ending || usb_loop_is_working(stick->loop))
		return;
	usb_devices_list(usb_loop_context(stick->loop), &devices);
	chosen = stick->unwanted ? NULL : usb_devices_choose(&devices, stick->wish);
	if (stick->state != USB_STICK_OPEN && stick->state != USB_STICK_CLOSING &&
	    !stick->unwanted)
		name_others(stick, &devices, chosen);
	if (stick->state == USB_STICK_OPEN && !is_there(&devices, stick->device)) {
		fail(stick, LIBUSB_ERROR_NO_DEVICE);
	} else if (stick->state == USB_STICK_OPEN && !may_stay(stick, chosen)) {
		stick->reopening = true;
		begin_closing(stick);
	} else if (stick->state == USB_STICK_NONE && chosen) {
		begin_opening(stick, chosen);
	}
	usb_devices_free(&devices);
}

/* What has arrived is not kept waiting for what failed before it came. */
static void on_changed(void *user)
{
	struct usb_stick *stick = user;

	if (stick->state == USB_STICK_OPENING || stick->state == USB_STICK_CLOSING)
		stick->missed_change = true;
	if (stick->state == USB_STICK_WAITING)
		stick->state = USB_STICK_NONE;
	choose(stick);
	if (stick->state == USB_STICK_NONE)
		event_del(stick->wait);
}

static void on_wait(evutil_socket_t fd, short what, void *user)
{
	struct usb_stick *stick = user;

	(void)fd;
	(void)what;
	stick->state = USB_STICK_NONE;
	choose(stick);
}

/* ---- the whole ---- */

static bool make_transfers(struct usb_stick *stick, struct usb_transfer *transfers,
                           size_t count, uint8_t *buffers, size_t size)
{
	for (size_t i = 0; i < count; i++) {
		transfers[i].stick = stick;
		transfers[i].buffer = buffers + i * size;
		transfers[i].transfer = libusb_alloc_transfer(0);
		if (!transfers[i].transfer)
			return false;
	}
	return true;
}

static bool make_buffers(struct usb_stick *stick)
{
	stick->out_page = mmap(NULL, OUT_TRANSFERS * OUT_SIZE, PROT_READ | PROT_WRITE,
	                       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (stick->out_page == MAP_FAILED) {
		stick->out_page = NULL;
		return false;
	}
	madvise(stick->out_page, OUT_TRANSFERS * OUT_SIZE, MADV_DONTDUMP);
	return make_transfers(stick, stick->in, IN_TRANSFERS, stick->in_buffers[0], IN_SIZE) &&
	       make_transfers(stick, stick->out, OUT_TRANSFERS, stick->out_page, OUT_SIZE);
}

static void free_transfers(struct usb_stick *stick)
{
	for (size_t i = 0; i < IN_TRANSFERS; i++)
		libusb_free_transfer(stick->in[i].transfer);
	for (size_t i = 0; i < OUT_TRANSFERS; i++)
		libusb_free_transfer(stick->out[i].transfer);
}

static void release(struct usb_stick *stick)
{
	if (stick->out_page) {
		explicit_bzero(stick->out_page, OUT_TRANSFERS * OUT_SIZE);
		munmap(stick->out_page, OUT_TRANSFERS * OUT_SIZE);
	}
	if (stick->wait)
		event_free(stick->wait);
	free(stick);
}

struct usb_stick *usb_stick_new(struct event_base *base, const char *port,
                                const struct usb_stick_ops *ops, void *user,
                                char why[USB_WORDS_SIZE])
{
	struct usb_stick *stick = calloc(1, sizeof(*stick));
	int error = LIBUSB_ERROR_NO_MEM;

	if (stick) {
		stick->ops = ops;
		stick->user = user;
		snprintf(stick->wish, sizeof(stick->wish), "%s", port);
		stick->wait = evtimer_new(base, on_wait, stick);
		if (stick->wait && make_buffers(stick))
			stick->loop = usb_loop_new(base, on_changed, stick, &error);
		if (stick->loop)
			return stick;
		free_transfers(stick);
		release(stick);
	}
	usb_explain(USB_START, error, "USB", "", why);
	return NULL;
}

void usb_stick_use(struct usb_stick *stick, const char *port)
{
	stick->unwanted = !port;
	snprintf(stick->wish, sizeof(stick->wish), "%s", port ? port : "");
	on_changed(stick);
}

void usb_stick_reopen(struct usb_stick *stick, bool reset)
{
	if (stick->state != USB_STICK_OPEN)
		return;
	stick->reopening = true;
	stick->reset = reset;
	stick->told_open = false; /* who asks knows that it is closed */
	begin_closing(stick);
}

void usb_stick_pump(struct usb_stick *stick)
{
	usb_loop_pump(stick->loop, 20);
}

#define CLOSING_PUMPS 100

void usb_stick_free(struct usb_stick *stick)
{
	if (!stick)
		return;
	stick->ending = true;
	stick->told_open = false;
	event_del(stick->wait);
	begin_closing(stick);
	for (unsigned i = 0; i < CLOSING_PUMPS && stick->flying > 0; i++)
		usb_stick_pump(stick);
	/* what hangs in the kernel may still write to what we would free */
	if (stick->flying > 0 || !usb_loop_finish(stick->loop))
		return;
	usb_device_close(&stick->opened, false);
	forget_device(stick);
	free_transfers(stick);
	usb_loop_free(stick->loop);
	release(stick);
}

const char *usb_stick_stuck(struct usb_stick *stick)
{
	return usb_loop_stuck(stick->loop);
}

enum usb_stick_state usb_stick_state(const struct usb_stick *stick)
{
	return stick->state;
}

const char *usb_stick_why(const struct usb_stick *stick)
{
	return stick->why;
}

const char *usb_stick_title(const struct usb_stick *stick)
{
	return stick->title;
}
