// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright 2026 the gaitd authors
//
// The page of `gaitctl summary --html`: a file that asks for nothing, on a screen
// and on a phone, light and dark, and on one sheet of paper.
import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import * as test from './browser.mjs';

const { check } = test;
const RECORDING = new URL('../recordings/simulated-pain-rising.rec', import.meta.url).pathname;
const VIEWS = {
	'summary-page-light': { viewport: { width: 1000, height: 800 }, colorScheme: 'light' },
	'summary-page-dark': { viewport: { width: 1000, height: 800 }, colorScheme: 'dark' },
	'summary-page-phone': { viewport: { width: 390, height: 844 }, colorScheme: 'light' },
};

export async function summaryPage(browser, { builddir, work, pictures, axe }) {
	const file = path.join(work, 'run.html');
	execFileSync(path.join(builddir, 'gaitctl'),
		['summary', '--recording', RECORDING, '--html', file], { stdio: 'ignore' });
	const url = pathToFileURL(file).href;
	for (const [name, view] of Object.entries(VIEWS)) {
		const page = await test.openPage(browser, url, view);
		check(page.asked.every((one) => one === url), `${name}: asks for nothing`, page.asked);
		check(await page.evaluate(() => document.scrollingElement.scrollWidth <= innerWidth),
			`${name}: is as wide as the screen`);
		check(await page.evaluate(() => document.querySelectorAll('svg[role=img]').length) === 4,
			`${name}: speed, incline, cadence and heart rate are drawn`);
		await test.checkAccess(page, axe, name);
		await page.screenshot({ path: path.join(pictures, `${name}.png`), fullPage: true });
		if (name === 'summary-page-light') {
			const paper = await page.pdf({ preferCSSPageSize: true });
			check(/\/Count 1\b/.test(paper.toString('latin1')), `${name}: fits a sheet of A4`);
		}
		await page.context().close();
	}
}
