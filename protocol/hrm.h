/* SPDX-License-Identifier: MIT
 * Copyright 2026 the gaitd authors
 *
 * ANT+ heart-rate monitor (device type 120): its data pages. Octets 4 to 7 are
 * the same in every page. Bit 7 of the page number changes every four messages;
 * of a strap in which it never does nothing but those four octets is defined.
 */
#ifndef GAITD_HRM_H
#define GAITD_HRM_H

#include "protocol/ant_common.h"

#include <stdbool.h>
#include <stdint.h>

#define HRM_DEVICE_TYPE 120

enum hrm_page_number {
	HRM_PAGE_LEGACY = 0, /* of an old strap as well */
	HRM_PAGE_OPERATING_TIME = 1,
	HRM_PAGE_MANUFACTURER = 2,
	HRM_PAGE_PRODUCT = 3,
	HRM_PAGE_PREVIOUS_BEAT = 4,
	HRM_PAGE_SWIM = 5,
	HRM_PAGE_FEATURES = 6,
	HRM_PAGE_BATTERY = 7,
};

struct hrm_page {
	uint8_t page; /* enum hrm_page_number, or one that is not known */
	bool toggle;
	uint16_t beat_time; /* of the last beat, 1/1024 s, wraps at 64 s */
	uint8_t beats;      /* wraps at 256 */
	uint8_t rate_bpm;   /* 0 is no reading */
	union {             /* by `page`, nothing for 0 and unknown ones */
		uint32_t operating_s;
		struct {
			uint8_t manufacturer; /* its lowest octet */
			uint16_t serial;
		} maker;
		struct {
			uint8_t hardware, software, model;
		} product;
		uint16_t previous_beat_time; /* 1/1024 s */
		struct {
			uint8_t interval_mean_bpm, interval_max_bpm;
			uint8_t session_mean_bpm;
		} swim;
		struct {
			uint8_t supported, enabled; /* of enum hrm_feature */
		} features;
		struct {
			bool has_percent, has_volts;
			uint8_t percent;
			uint16_t volts_256;
			enum ant_battery status;
		} battery;
	};
};

enum hrm_feature {
	HRM_FEATURE_RUNNING = 1u << 0,
	HRM_FEATURE_CYCLING = 1u << 1,
	HRM_FEATURE_SWIMMING = 1u << 2,
	HRM_FEATURE_GYM = 1u << 3,
};

/* Which pages of a strap count. Zero it to begin. */
struct hrm_paging {
	bool heard, toggle;
	bool toggled; /* it changed: the strap has pages */
};

/* Every eight octets are a page. One of a strap without pages comes out as
 * page 0. */
void hrm_page_decode(struct hrm_paging *paging,
                     const uint8_t page[ANT_PAGE_SIZE], struct hrm_page *out);

#endif
