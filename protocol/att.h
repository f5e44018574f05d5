/* SPDX-License-Identifier: MIT
 * Copyright 2026 the gaitd authors
 *
 * Attribute Protocol PDUs, both directions (Core specification volume 3, part
 * F, section 3.4). One table says which fields each opcode has; encoder and
 * decoder walk it.
 */
#ifndef GAITD_ATT_H
#define GAITD_ATT_H

#include "protocol/uuid.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define ATT_CID 4           /* the L2CAP channel it has on LE */
#define ATT_MTU_DEFAULT 23  /* before, and if ever, MTUs are exchanged */
#define ATT_MTU_MAX 517     /* an opcode, a handle, offset and the value */
#define ATT_VALUE_MAX 512   /* the longest attribute value (3.2.9) */
#define ATT_HANDLE_MIN 0x0001
#define ATT_HANDLE_MAX 0xffff

enum att_opcode {
	ATT_ERROR_RESPONSE = 0x01,
	ATT_MTU_REQUEST = 0x02,
	ATT_MTU_RESPONSE = 0x03,
	ATT_FIND_INFORMATION_REQUEST = 0x04,
	ATT_FIND_INFORMATION_RESPONSE = 0x05,
	ATT_FIND_BY_TYPE_VALUE_REQUEST = 0x06,
	ATT_FIND_BY_TYPE_VALUE_RESPONSE = 0x07,
	ATT_READ_BY_TYPE_REQUEST = 0x08,
	ATT_READ_BY_TYPE_RESPONSE = 0x09,
	ATT_READ_REQUEST = 0x0a,
	ATT_READ_RESPONSE = 0x0b,
	ATT_READ_BLOB_REQUEST = 0x0c,
	ATT_READ_BLOB_RESPONSE = 0x0d,
	ATT_READ_MULTIPLE_REQUEST = 0x0e,
	ATT_READ_MULTIPLE_RESPONSE = 0x0f,
	ATT_READ_BY_GROUP_TYPE_REQUEST = 0x10,
	ATT_READ_BY_GROUP_TYPE_RESPONSE = 0x11,
	ATT_WRITE_REQUEST = 0x12,
	ATT_WRITE_RESPONSE = 0x13,
	ATT_PREPARE_WRITE_REQUEST = 0x16,
	ATT_PREPARE_WRITE_RESPONSE = 0x17,
	ATT_EXECUTE_WRITE_REQUEST = 0x18,
	ATT_EXECUTE_WRITE_RESPONSE = 0x19,
	ATT_NOTIFICATION = 0x1b,
	ATT_INDICATION = 0x1d,
	ATT_CONFIRMATION = 0x1e,
	ATT_READ_MULTIPLE_VARIABLE_REQUEST = 0x20,
	ATT_READ_MULTIPLE_VARIABLE_RESPONSE = 0x21,
	ATT_MULTIPLE_NOTIFICATION = 0x23,
	ATT_WRITE_COMMAND = 0x52,
	ATT_SIGNED_WRITE_COMMAND = 0xd2,
};

enum att_kind {
	ATT_KIND_REQUEST,
	ATT_KIND_RESPONSE,
	ATT_KIND_COMMAND,
	ATT_KIND_NOTIFICATION,
	ATT_KIND_INDICATION,
	ATT_KIND_CONFIRMATION,
};

/* Of any octet: an opcode we do not know is a command if its command flag
 * (bit 6) says so, else a request (3.3.1). */
enum att_kind att_kind(uint8_t opcode);
/* The opcode that answers a request or an indication; 0 if none does. */
uint8_t att_answer(uint8_t opcode);
const char *att_opcode_name(uint8_t opcode); /* "unknown" if it is */

enum att_error {
	ATT_ERROR_INVALID_HANDLE = 0x01,
	ATT_ERROR_READ_NOT_PERMITTED = 0x02,
	ATT_ERROR_WRITE_NOT_PERMITTED = 0x03,
	ATT_ERROR_INVALID_PDU = 0x04,
	ATT_ERROR_INSUFFICIENT_AUTHENTICATION = 0x05,
	ATT_ERROR_REQUEST_NOT_SUPPORTED = 0x06,
	ATT_ERROR_INVALID_OFFSET = 0x07,
	ATT_ERROR_INSUFFICIENT_AUTHORIZATION = 0x08,
	ATT_ERROR_PREPARE_QUEUE_FULL = 0x09,
	ATT_ERROR_ATTRIBUTE_NOT_FOUND = 0x0a,
	ATT_ERROR_ATTRIBUTE_NOT_LONG = 0x0b,
	ATT_ERROR_INSUFFICIENT_KEY_SIZE = 0x0c,
	ATT_ERROR_INVALID_VALUE_LENGTH = 0x0d,
	ATT_ERROR_UNLIKELY = 0x0e,
	ATT_ERROR_INSUFFICIENT_ENCRYPTION = 0x0f,
	ATT_ERROR_UNSUPPORTED_GROUP_TYPE = 0x10,
	ATT_ERROR_INSUFFICIENT_RESOURCES = 0x11,
	ATT_ERROR_DATABASE_OUT_OF_SYNC = 0x12,
	ATT_ERROR_VALUE_NOT_ALLOWED = 0x13,
	ATT_ERROR_CCC_IMPROPER = 0xfd,
	ATT_ERROR_PROCEDURE_IN_PROGRESS = 0xfe,
	ATT_ERROR_OUT_OF_RANGE = 0xff,
};

/* Plain words for any octet: "read not permitted", "application error". */
const char *att_error_text(uint8_t error);
/* True for the errors that a higher security level may cure. */
bool att_error_is_security(uint8_t error);

/* One PDU as its fields. Those that the opcode does not have are 0. */
struct att_pdu {
	uint8_t opcode;
	uint16_t mtu;
	uint16_t handle;
	uint16_t offset;
	uint16_t start, end; /* a range of handles */
	struct uuid type;
	uint8_t flags;          /* execute write: 0 cancel, 1 write */
	uint8_t failed_opcode;  /* error response: the request it answers */
	uint8_t error;          /* of enum att_error, or another */
	uint8_t item_size;      /* octets of each item in `value` */
	const uint8_t *value;   /* into the decoded bytes: value or items */
	size_t length;
};

/* False if the opcode is not known, a field is missing, an octet is left over,
 * or a list is empty or does not divide into its items. */
bool att_decode(const uint8_t *bytes, size_t length, struct att_pdu *out);
/* Returns the length written, or 0 if it does not fit or the opcode is not
 * known. A type on the Bluetooth base is written in its short form. */
size_t att_encode(const struct att_pdu *pdu, uint8_t *bytes, size_t size);

/* The items of a list response, in the order sent. */
struct att_item {
	uint16_t handle;
	uint16_t end;         /* of a group; else equal to handle */
	const uint8_t *value; /* what follows the handle or handles */
	size_t length;
};

/* Takes the next item off a decoded list response; false when none is left or
 * the opcode has no list. Works on the PDU's own `value` and `length`. */
bool att_next_item(struct att_pdu *list, struct att_item *out);

/* A characteristic declaration's value (volume 3, part G, section 3.3.1) */
enum att_property {
	ATT_PROPERTY_BROADCAST = 0x01,
	ATT_PROPERTY_READ = 0x02,
	ATT_PROPERTY_WRITE_COMMAND = 0x04,
	ATT_PROPERTY_WRITE = 0x08,
	ATT_PROPERTY_NOTIFY = 0x10,
	ATT_PROPERTY_INDICATE = 0x20,
	ATT_PROPERTY_SIGNED_WRITE = 0x40,
	ATT_PROPERTY_EXTENDED = 0x80,
};

struct att_declaration {
	uint8_t properties; /* of enum att_property */
	uint16_t value_handle;
	struct uuid uuid;
};

bool att_declaration_decode(const uint8_t *bytes, size_t length,
                            struct att_declaration *out);

#define ATT_UUID_PRIMARY_SERVICE 0x2800
#define ATT_UUID_CHARACTERISTIC 0x2803
#define ATT_UUID_CCC 0x2902 /* client characteristic configuration */
#define ATT_UUID_GATT_SERVICE 0x1801
#define ATT_UUID_SERVICE_CHANGED 0x2a05
#define ATT_UUID_DEVICE_NAME 0x2a00

#define ATT_CCC_NOTIFY 0x0001
#define ATT_CCC_INDICATE 0x0002

#endif
