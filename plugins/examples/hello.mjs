#!/usr/bin/env node
// SPDX-License-Identifier: MIT, Copyright 2026 the gaitd authors
// A display in JavaScript; gaitd-display.mjs lies beside it.
import { Display } from './gaitd-display.mjs';

const display = new Display('hello-mjs', { caps: ['metrics', 'shown'] });

display.on('prompt', prompt => {
	console.log(`${prompt.level}: ${prompt.headline}`);
	if (prompt.english)
		console.log(prompt.english.headline);
	display.shown(prompt.id);
});
display.on('clear', clear => console.log(`over: ${clear.reason}`));
display.on('metrics', metrics => {
	if ('cadence_spm' in metrics)
		console.log(`${metrics.cadence_spm} steps a minute`);
});
display.on('gone', why => console.log(`no gaitd: ${why}`));
