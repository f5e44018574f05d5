# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright 2026 the gaitd authors
#
# ANT frames in awk: what a stick hands over when it hears a broadcast.

BEGIN {
	for (i = 0; i < 16; i++)
		nibble[substr("0123456789abcdef", i + 1, 1)] = i
}

function octet(hex, at) {
	return nibble[substr(hex, at, 1)] * 16 + nibble[substr(hex, at + 1, 1)]
}

function xor(a, b,    bit, result) {
	for (bit = 128; bit >= 1; bit /= 2) {
		if ((a >= bit) != (b >= bit))
			result += bit
		if (a >= bit)
			a -= bit
		if (b >= bit)
			b -= bit
	}
	return result + 0
}

# sync, length 9, broadcast data, channel 0, the page, check octet
function ant_frame(page,    hex, check, at) {
	hex = "a4094e00" page
	for (at = 1; at < length(hex); at += 2)
		check = xor(check, octet(hex, at))
	return sprintf("%s%02x", hex, check)
}

# as text: an awk may count in 32 bits
function microseconds(s, us) {
	return s > 0 ? s sprintf("%06d", us) : us + 0
}
