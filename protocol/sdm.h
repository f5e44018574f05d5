/* SPDX-License-Identifier: MIT
 * Copyright 2026 the gaitd authors
 *
 * ANT+ Stride based Speed and Distance Monitor (device type 124): its data
 * pages. 1 stride = 2 steps. Pages 70 and 80 to 82 are in ant_common.h.
 */
#ifndef GAITD_SDM_H
#define GAITD_SDM_H

#include <stdbool.h>
#include <stdint.h>

#define SDM_DEVICE_TYPE 124
#define SDM_PAGE_SIZE 8

struct sdm_page1 {
	uint16_t time;     /* 1/200 s, wraps at 51200 */
	uint16_t distance; /* 1/16 m, wraps at 4096 */
	uint16_t speed;    /* 1/256 m/s */
	uint8_t strides;   /* wraps at 256 */
	uint8_t latency;   /* 1/32 s */
};

/* Page 2 and, by the same template, pages 3 to 15 */
struct sdm_page2 {
	uint8_t page;
	uint16_t cadence; /* 1/16 stride/min; 0 is no reading */
	uint16_t speed;   /* 1/256 m/s */
	uint8_t calories; /* of page 3 alone: kcal, wraps at 256 */
	uint8_t location; /* enum sdm_location */
	uint8_t battery;  /* enum sdm_battery */
	uint8_t health;   /* enum sdm_health */
	uint8_t use;      /* 0 inactive, 1 active */
};

enum sdm_location {
	SDM_LACES,
	SDM_MIDSOLE,
	SDM_LOCATION_OTHER,
	SDM_ANKLE,
};

enum sdm_battery {
	SDM_BATTERY_NEW,
	SDM_BATTERY_GOOD,
	SDM_BATTERY_OK,
	SDM_BATTERY_LOW,
};

enum sdm_health {
	SDM_HEALTH_OK,
	SDM_HEALTH_ERROR,
	SDM_HEALTH_WARNING,
};

/* Page 16, on request: counted since the battery was changed */
struct sdm_page16 {
	uint32_t strides;  /* wraps at 2^24 */
	uint32_t distance; /* 1/256 m */
};

/* Page 22, on request: which fields the pod fills; of enum sdm_capability. A
 * pod that fills all need not answer. */
enum sdm_capability {
	SDM_CAN_TIME = 1u << 0,
	SDM_CAN_DISTANCE = 1u << 1,
	SDM_CAN_SPEED = 1u << 2,
	SDM_CAN_LATENCY = 1u << 3,
	SDM_CAN_CADENCE = 1u << 4,
	SDM_CAN_CALORIES = 1u << 5,
};
#define SDM_CAN_ALL 0x3fu

bool sdm_page1_decode(const uint8_t page[SDM_PAGE_SIZE], struct sdm_page1 *out);
void sdm_page1_encode(const struct sdm_page1 *p, uint8_t page[SDM_PAGE_SIZE]);
bool sdm_page2_decode(const uint8_t page[SDM_PAGE_SIZE], struct sdm_page2 *out);
void sdm_page2_encode(const struct sdm_page2 *p, uint8_t page[SDM_PAGE_SIZE]);
bool sdm_page16_decode(const uint8_t page[SDM_PAGE_SIZE],
                       struct sdm_page16 *out);
void sdm_page16_encode(const struct sdm_page16 *p,
                       uint8_t page[SDM_PAGE_SIZE]);
/* `out` is of enum sdm_capability. */
bool sdm_page22_decode(const uint8_t page[SDM_PAGE_SIZE], uint8_t *out);
void sdm_page22_encode(uint8_t capabilities, uint8_t page[SDM_PAGE_SIZE]);

#endif
