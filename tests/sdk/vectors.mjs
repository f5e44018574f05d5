// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright 2026 the gaitd authors
//
// vectors.mjs MODULE VECTORS: decode() of gaitd-display.mjs reads each line of the
// daemon's as the vectors have it.
import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { isDeepStrictEqual } from 'node:util';

const { decode } = await import(pathToFileURL(process.argv[2]));
let bad = 0;
for (const text of readFileSync(process.argv[3] + '/daemon.jsonl', 'utf8').trim().split('\n')) {
	const vector = JSON.parse(text), read = decode(vector.line);
	if (!isDeepStrictEqual(read, vector.means)) {
		bad++;
		console.log(`FAIL: ${vector.name}: expected ${JSON.stringify(vector.means)}, read ${JSON.stringify(read)}`);
	}
}
process.exit(bad ? 1 : 0);
