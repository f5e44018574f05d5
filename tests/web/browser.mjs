// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright 2026 the gaitd authors
//
// What the tests of the page share: programs, a browser, and checks of a view.
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';

const PATIENCE_MS = 20000;

let failures = 0, checks = 0;

export function check(good, what, saw = '') {
	checks += 1;
	if (good)
		return;
	failures += 1;
	console.log(`FAIL: ${what}${saw === '' ? '' : `: ${saw}`}`);
}

export function finish() {
	console.log(`${checks} checks, ${failures} failed`);
	process.exitCode = failures || !checks ? 1 : 0;
}

export function sleep(ms) {
	return new Promise((resolve) => { setTimeout(resolve, ms); });
}

// Until it holds; false if it does not for too long.
export async function until(condition) {
	const end = performance.now() + PATIENCE_MS;
	while (performance.now() < end) {
		if (await condition())
			return true;
		await sleep(20);
	}
	return false;
}

// ---- programs ----
const programs = new Set(), browsers = [];

export function run(command, args) {
	const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] });
	child.said = '';
	child.stdout.on('data', (data) => { child.said += data; });
	child.stderr.on('data', (data) => { child.said += data; });
	programs.add(child);
	child.on('exit', () => programs.delete(child));
	return child;
}

export async function end(child) {
	if (!programs.has(child))
		return;
	const gone = new Promise((resolve) => { child.on('exit', resolve); });
	child.kill('SIGTERM');
	await gone;
}

export async function endAll() {
	await Promise.all([...programs].map(end));
	await Promise.all(browsers.map((server) => {
		signal(family(server.process().pid), 'SIGCONT'); // one that sleeps ends no more
		return server.kill();
	}));
}

// The page's address
export async function serve(builddir, socket, ...more) {
	const child = run(path.join(builddir, 'gaitd-web'),
		['--listen', '127.0.0.1:0', '--socket', socket, ...more]);
	await until(() => child.said.includes('listening on '));
	return child.said.match(/http:\S+/)?.[0];
}

// ---- the browser ----
const FLAGS = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
	'--disable-background-networking', '--disable-component-update', '--disable-sync'];

// With its temporary files in work, so that none outlive the test
export async function launch(chromium, work) {
	const server = await chromium.launchServer({ args: FLAGS,
		executablePath: process.env.CHROMIUM || '/usr/bin/chromium',
		env: { ...process.env, TMPDIR: work } });
	browsers.push(server);
	return server;
}

// A process and all that it has started
export function family(pid) {
	const parents = new Map();
	for (const name of fs.readdirSync('/proc').filter((one) => /^\d+$/.test(one))) {
		try {
			const stat = fs.readFileSync(`/proc/${name}/stat`, 'utf8');
			parents.set(Number(name), Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]));
		} catch (error) {
			// it has ended meanwhile
		}
	}
	const members = [pid];
	for (const member of members)
		members.push(...[...parents].filter(([, parent]) => parent === member).map(([one]) => one));
	return members;
}

// A browser's helpers come and go by themselves: one may have ended meanwhile.
export function signal(processes, name) {
	for (const one of processes) {
		try {
			process.kill(one, name);
		} catch (error) {
			if (error.code !== 'ESRCH')
				throw error;
		}
	}
}

// A page that notes what it asks the network for, and what goes wrong in it
export async function openPage(browser, url, options) {
	const context = await browser.newContext({ viewport: { width: 1280, height: 800 },
		locale: 'en-US', bypassCSP: false, ...options });
	const page = await context.newPage();
	page.asked = [];
	page.octets = 0;
	page.on('request', (request) => page.asked.push(request.url()));
	page.on('response', async (response) => {
		if (!response.url().endsWith('/events'))
			page.octets += (await response.body().catch(() => '')).length;
	});
	page.on('pageerror', (error) => check(false, 'an error in the page', error));
	page.on('console', (message) => {
		// that a fetch has failed is what some tests are about
		if (message.type() === 'error' && !/Failed to load resource/.test(message.text()))
			check(false, 'the page complains', message.text());
	});
	await page.goto(url);
	return page;
}

export function text(page, id) {
	return page.evaluate((one) => document.getElementById(one).textContent, id);
}

export function isSeen(page, id) {
	return page.evaluate((one) => document.getElementById(one).checkVisibility(), id);
}

// ---- what holds in every view ----

// Everything fits; keys can be hit and read
function faultsOfLayout() {
	const faults = [];
	const root = document.scrollingElement;
	if (root.scrollHeight > innerHeight || root.scrollWidth > innerWidth)
		faults.push(`the page scrolls: ${root.scrollWidth}x${root.scrollHeight}`);
	for (const element of document.querySelectorAll('button, input, #numbers p, header :is(p, dd, li), #prompt :is(p, h2), #gauge p, #summary :is(p, dd), #pad h2')) {
		if (!element.checkVisibility() || !element.textContent ||
			getComputedStyle(element).clipPath !== 'none') // for screen readers alone
			continue;
		const box = element.getBoundingClientRect();
		const name = element.id || element.textContent;
		if (element.scrollWidth > element.clientWidth + 1 && element.clientWidth)
			faults.push(`${name} is cut`);
		if (box.left < -1 || box.right > innerWidth + 1 || box.bottom > innerHeight + 1)
			if (!element.closest('#welcome'))
				faults.push(`${name} is off the screen`);
		if (element.matches('button, input') && (box.width < 64 || box.height < 64))
			faults.push(`${name} is ${box.width}x${box.height} px`);
	}
	const prompt = document.getElementById('prompt').getBoundingClientRect();
	for (const id of ['numbers', 'gauge', 'pad', 'chart', 'summary', 'keys', 'welcome']) {
		const element = document.getElementById(id);
		const box = element.getBoundingClientRect();
		if (element.checkVisibility() && box.height && prompt.height &&
			box.top < prompt.bottom - 1 && box.bottom > prompt.top + 1)
			faults.push(`${id} and the prompt overlap`);
	}
	return faults;
}

export async function checkLayout(page, name) {
	const faults = await page.evaluate(faultsOfLayout);
	check(!faults.length, `${name}: layout`, faults.join('; '));
}

// All of axe-core's rules, with the enhanced contrast of 7:1
export async function checkAccess(page, axe, name) {
	await page.evaluate(axe);
	const violations = await page.evaluate(async () => (await window.axe.run(document, {
		rules: { 'color-contrast-enhanced': { enabled: true }, 'target-size': { enabled: true } },
	})).violations.map((one) => `${one.id} (${one.nodes.map((node) => node.target).join(', ')})`));
	check(!violations.length, `${name}: axe-core`, violations.join('; '));
}
