// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright 2026 the gaitd authors
//
// check_web.mjs BUILDDIR MODULES PICTURES: the page of gaitd-web in headless
// Chromium: what a runner sees, by keyboard and by touch, in three sizes and five
// languages; daemons that go, pages that sleep. Screenshots are left in PICTURES.
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { Daemon } from './daemon.mjs';
import * as test from './browser.mjs';
import { hostile } from './hostile.mjs';
import { summaryPage } from './summary_page.mjs';

const { check, until, text } = test;
const [builddir, modules, pictures] = process.argv.slice(2).map((one) => path.resolve(one));
const require = createRequire(modules + '/');
const { chromium } = require('playwright-core');
const axe = fs.readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
const work = fs.mkdtempSync(path.join(process.env.TMPDIR || '/tmp', 'gaitd-page.'));

const DISCLAIMER = 'Running tips for healthy adults. Not a medical device and not medical advice. ' +
	'If you have or had back trouble, or any illness, ask your doctor before running. Stop and get ' +
	'help for severe pain, pain or numbness in a leg, numbness between the legs, trouble with ' +
	'bladder or bowel, chest pain or dizziness. Clip on the safety key. The treadmill\'s own stop ' +
	'button is always first.';
const SIZES = { '1280x800': [1280, 800], '800x480': [800, 480], '390x844': [390, 844] };
const SESSION = { state: 'running', elapsed_s: 412, distance_m: 1030, runner: 'anonymous',
	lang: 'en', units: 'km', feedback: true, intervals: false };
const METRICS = { speed_kmh: 10, incline_pct: 1.5, cadence_spm: 158, target_spm: 170,
	step_m: 1.05, heart_rate_bpm: 148, distance_m: 2010, elapsed_s: 765, gait: 'run',
	elevation_gain_m: 12 };

// Each size of a view: a picture for people, the layout for us
async function look(page, name) {
	for (const [size, [width, height]] of Object.entries(SIZES)) {
		await page.setViewportSize({ width, height });
		await page.evaluate(() => new Promise((resolve) => { requestAnimationFrame(resolve); }));
		await test.checkLayout(page, `${name} at ${size}`);
		await page.screenshot({ path: path.join(pictures, `${name}-${size}.png`) });
	}
	await page.setViewportSize({ width: 1280, height: 800 });
	await test.checkAccess(page, axe, name);
}

function heard(daemon, members, what) {
	return until(() => daemon.find(members)).then((good) => check(good, what));
}

function shows(page, id, expected) {
	return until(async () => await text(page, id) === expected)
		.then(async (good) => check(good, `${id} shows ${expected}`, good || await text(page, id)));
}

// ---- the first screen, by keyboard alone ----
async function firstScreen(page, daemon) {
	check(await until(() => test.isSeen(page, 'disclaimer')), 'the disclaimer is shown');
	check(await text(page, 'disclaimer') === DISCLAIMER, 'the disclaimer is word for word');
	await look(page, 'first');
	daemon.say('session', { ...SESSION, lang: 'de' });
	await shows(page, 'welcome-title', 'Bevor du läufst');
	check(await text(page, 'disclaimer') === DISCLAIMER && await test.isSeen(page, 'disclaimer'),
		'its English stands beneath a translation');
	await look(page, 'first-de');
	daemon.say('session', SESSION);
	await shows(page, 'welcome-next', 'Understood');
	daemon.prompt('safety', 'Stop safely now', 'Stop safely now. Please contact a doctor today.');
	check(await until(() => test.isSeen(page, 'prompt-headline')), 'a prompt shows beside it');
	daemon.clear(daemon.lastId);
	await page.focus('#welcome-next');
	await page.keyboard.press('Enter');
	await shows(page, 'welcome-title', 'About you');
	await look(page, 'questions');
	await page.focus('#taller');
	for (let i = 0; i < 6; i++)
		await page.keyboard.press('Enter');
	await shows(page, 'height', '175 cm');
	await page.focus('#back-pain button');
	await page.keyboard.press('Space');
	await page.keyboard.press('Tab');
	await page.keyboard.press('Tab');
	await page.keyboard.press('Tab');
	await page.keyboard.press('Enter'); // a novice: no
	await page.focus('#welcome-next');
	await page.keyboard.press('Enter');
	await heard(daemon, { input: 'profile', height_m: 1.75, back_pain: true, novice: false },
		'the profile is told');
	check(await until(async () => !await test.isSeen(page, 'welcome')), 'the first screen goes');
}

// ---- a run ----
async function numbers(page, daemon) {
	await shows(page, 'cadence', '158');
	await shows(page, 'speed', '10.0');
	await shows(page, 'incline', '1.5');
	await shows(page, 'gauge-word', '7 below the band');
	const height = await page.evaluate(() => {
		const style = getComputedStyle(document.getElementById('cadence'));
		const pen = document.createElement('canvas').getContext('2d');
		pen.font = `${style.fontWeight} ${style.fontSize} ${style.fontFamily}`;
		return pen.measureText('170').actualBoundingBoxAscent;
	});
	check(height >= 149, 'the main number has 149 px', height);
	console.log(`main number: ${Math.round(height)} px at 1280x800`);
	await look(page, 'run');
	daemon.say('metrics', { speed_kmh: 10 });
	await shows(page, 'cadence', '—');
	await shows(page, 'incline', '—');
	await shows(page, 'gauge-word', 'not known');
	daemon.say('session', { ...SESSION, units: 'mi' });
	await shows(page, 'speed', '6.2');
	daemon.say('session', SESSION);
	daemon.say('metrics', METRICS);
	await shows(page, 'cadence', '158');
}

async function prompts(page, daemon) {
	const times = [];
	for (const level of ['system', 'praise', 'habit', 'form', 'load', 'safety']) {
		const from = performance.now();
		const id = daemon.prompt(level, 'Quicker, lighter beat',
			'Quicker, lighter beat: aim for 170 steps a minute.',
			{ why: 'A slightly quicker beat at the same speed shortens each step.' });
		await heard(daemon, { type: 'shown', id }, `a ${level} prompt is shown`);
		times.push(daemon.find({ type: 'shown', id })?.at - from);
		check(await text(page, 'prompt-level') === level.toUpperCase(), `${level} is a word`);
		if (level === 'safety' || level === 'form' || level === 'load')
			await look(page, `prompt-${level}`);
		else
			await test.checkAccess(page, axe, level);
	}
	times.sort((a, b) => a - b);
	console.log(`a prompt was drawn and said to be after ${Math.round(times[2])} ms (median of 6)`);
	await page.keyboard.press('w');
	check(await until(() => test.isSeen(page, 'prompt-why')), 'w tells why');
	await look(page, 'why');
	await page.keyboard.press('a');
	await heard(daemon, { input: 'ack', id: daemon.lastId }, 'a acknowledges');
	daemon.clear(daemon.lastId);
	check(await until(async () => !await test.isSeen(page, 'prompt-headline')), 'a clear clears');
	const id = daemon.prompt('form', 'Short', 'Short.', { ttl_ms: 1200 });
	await heard(daemon, { type: 'shown', id }, 'a short prompt is shown');
	check(await until(async () => !await test.isSeen(page, 'prompt-headline')), 'ttl_ms ends it');
	daemon.present.delete('prompt');
}

async function longTexts(page, daemon) {
	daemon.say('session', { ...SESSION, lang: 'de', intervals: true });
	daemon.prompt('safety', 'Schlüssel ab, Band hält gleich',
		'Sicherheitsschlüssel ab. Festhalten, bis das Band ganz steht.',
		{ english: { headline: 'Hold on: the belt is stopping', text: 'Safety key pulled. Hold on until the belt has come to rest.' } });
	check(await until(() => test.isSeen(page, 'prompt-english')), 'the English stands beneath');
	await look(page, 'long-de');
	daemon.clear(daemon.lastId);
	for (const lang of ['fr', 'es', 'ja']) {
		daemon.say('session', { ...SESSION, lang });
		await until(async () => await page.evaluate(() => document.documentElement.lang) === lang);
		await look(page, `run-${lang}`);
	}
	daemon.say('session', SESSION);
	await shows(page, 'key-pain', 'Pain');
}

// A page that was kept from its work for seconds (by what looks at it) takes itself
// for one that slept and says that it has no connection: then it is pressed again,
// as a runner would.
async function tells(page, daemon, keys, members) {
	let good = false;
	for (let tries = 0; tries < 3 && !good; tries++) {
		for (const key of keys) {
			await page.keyboard.press(key);
			await page.waitForTimeout(450); // a pad takes no key before
		}
		good = await until(() => daemon.find(members));
	}
	check(good, `${[...keys].join(' ')} tells ${members.input}`, good || await text(page, 'note'));
}

async function keyboard(page, daemon) {
	await page.keyboard.press('p');
	check(await until(() => test.isSeen(page, 'pad')), 'p opens the pad');
	await page.waitForTimeout(450);
	await look(page, 'pain');
	await page.keyboard.press('Escape');
	await tells(page, daemon, 'p4', { input: 'pain', value: 4 });
	await page.keyboard.press('r');
	check(await until(() => test.isSeen(page, 'pad')), 'r opens it too');
	await look(page, 'red-flag');
	await page.keyboard.press('Escape');
	await tells(page, daemon, 'r1', { input: 'red_flag', value: 'leg' });
	await page.keyboard.press('m');
	await heard(daemon, { input: 'mute', minutes: 10 }, 'm mutes');
	await shows(page, 'key-mute', 'Unmute (10 min)');
	await page.keyboard.press('m');
	await heard(daemon, { input: 'mute', minutes: 0 }, 'm again ends it');
	await page.keyboard.press('i');
	await heard(daemon, { input: 'intervals', value: 'on' }, 'i declares intervals');
	await page.keyboard.press('h');
	await shows(page, 'welcome-title', 'Before you run');
	await page.click('#welcome-languages button[lang="fr"]');
	await heard(daemon, { input: 'profile', lang: 'fr' }, 'a language is told at once');
	await page.keyboard.press('Escape');
	check(await until(async () => !await test.isSeen(page, 'welcome')), 'Escape leaves it');
	await page.keyboard.press('p');
	await page.keyboard.press('Escape');
	check(await until(async () => !await test.isSeen(page, 'pad')), 'Escape closes the pad');
}

async function asks(page, daemon) {
	let id = daemon.prompt('safety', 'How is your back?', 'How is your back now? 0 to 10',
		{ ack: true, ask: { kind: 'scale', min: 0, max: 10 } });
	check(await until(() => test.isSeen(page, 'pad')), 'a question opens its pad');
	await page.waitForTimeout(450);
	await look(page, 'ask');
	await page.click('#pad-keys button[data-value="2"]');
	await heard(daemon, { input: 'answer', id, value: 2 }, 'a scale is answered');
	daemon.clear(id);
	id = daemon.prompt('system', 'Is this you?', 'Is the runner still the same?', {
		ask: { kind: 'choice', choices: [{ value: 1, text: 'Yes' }, { value: 0, text: 'No' }] } });
	check(await until(() => test.isSeen(page, 'pad')), 'a choice opens its pad');
	await page.waitForTimeout(450);
	await look(page, 'choice');
	await page.keyboard.press('2');
	await heard(daemon, { input: 'answer', id, value: 0 }, 'a choice is answered');
	daemon.clear(id);
}

async function summary(page, daemon) {
	daemon.say('summary', { elapsed_s: 1865, distance_m: 5120,
		text: 'A steady run: your beat was in its band for 24 of 31 minutes.' });
	daemon.say('session', { ...SESSION, state: 'ended', elapsed_s: 1865, distance_m: 5120 });
	await shows(page, 'summary-time', '31:05');
	await shows(page, 'summary-text', 'A steady run: your beat was in its band for 24 of 31 minutes.');
	await look(page, 'summary');
	daemon.present.delete('summary');
	daemon.say('session', { ...SESSION, state: 'running', elapsed_s: 0, distance_m: 0 });
	check(await until(() => test.isSeen(page, 'disclaimer')), 'the next runner reads it too');
	await page.focus('#welcome-next');
	await page.keyboard.press('Enter');
	await page.click('#welcome-skip');
}

// ---- a phone, by touch ----
async function touch(browser, url, daemon) {
	const page = await test.openPage(browser, url, { viewport: { width: 390, height: 844 },
		hasTouch: true, isMobile: true });
	const from = daemon.heard.length;
	const told = async (members, what) => check(await until(() => daemon.find(members, from)), what);
	await shows(page, 'cadence', '158');
	await page.tap('#key-pain');
	await page.waitForTimeout(450);
	await page.tap('#pad-keys button[data-value="10"]');
	await told({ input: 'pain', value: 10 }, 'a touch tells pain 10');
	await page.tap('#key-flag');
	await page.waitForTimeout(450);
	await page.tap('#pad-keys button[data-value="fall"]');
	await told({ input: 'red_flag', value: 'fall' }, 'a touch tells a red flag');
	await page.tap('#key-mute');
	await told({ input: 'mute', minutes: 10 }, 'a touch mutes');
	await page.tap('#key-intervals');
	await told({ input: 'intervals', value: 'on' }, 'a touch declares intervals');
	const id = daemon.prompt('safety', 'Walk 2 minutes', 'Walk 2 min on the flat, then tell me how it feels.',
		{ ack: true });
	await until(() => test.isSeen(page, 'ack'));
	await page.tap('#ack');
	await told({ input: 'ack', id }, 'a touch acknowledges');
	daemon.clear(id);
	await page.context().close();
}

// ---- what goes wrong ----
async function restart(page, daemon) {
	await daemon.stop();
	await shows(page, 'prompt-headline', 'No connection');
	for (const id of ['cadence', 'speed', 'incline', 'time', 'distance'])
		check(await text(page, id) === '—', `${id} is not held without a daemon`);
	await look(page, 'away');
	await daemon.start();
	await shows(page, 'cadence', '158');
	check(!await test.isSeen(page, 'welcome'), 'what was read in this session is not shown again');
}

// kill -STOP the whole browser; meanwhile a prompt comes and goes
async function suspended(page, daemon, pid) {
	const processes = test.family(pid);
	daemon.say('metrics', { ...METRICS, cadence_spm: 150 });
	await shows(page, 'cadence', '150');
	test.signal(processes, 'SIGSTOP');
	const stale = daemon.prompt('form', 'Stale', 'Stale.', { ttl_ms: 3000 });
	for (let cadence = 151; cadence < 156; cadence++) {
		daemon.say('metrics', { ...METRICS, cadence_spm: cadence });
		await test.sleep(1000);
	}
	daemon.clear(stale);
	daemon.say('metrics', { ...METRICS, cadence_spm: 171 });
	test.signal(processes, 'SIGCONT');
	await shows(page, 'cadence', '171');
	check(!daemon.find({ type: 'shown', id: stale }), 'a page that slept shows no old prompt');
}

async function token(browser, socket) {
	const file = path.join(work, 'token');
	fs.writeFileSync(file, 'correct-horse-battery\n', { mode: 0o600 });
	const url = await test.serve(builddir, socket, '--token-file', file);
	const page = await test.openPage(browser, url);
	check(await until(() => test.isSeen(page, 'token')), 'the token is asked for');
	await look(page, 'token');
	await page.fill('#token', 'correct-horse-battery');
	await page.click('#lock-open');
	await shows(page, 'cadence', '171');
	const other = await test.openPage(browser, url + '#correct-horse-battery');
	await shows(other, 'cadence', '171');
	check(!other.url().includes('horse'), 'the token does not stay in the address');
	await page.context().close();
	await other.context().close();
}

// The whole way: a simulated run
async function simulated(browser) {
	const socket = path.join(work, 'sim.sock');
	const config = path.join(work, 'gaitd.yaml');
	fs.writeFileSync(config, 'display:\n  input: [gaitd-web]\n  personal: [gaitd-web]\n');
	test.run(path.join(builddir, 'gaitd'),
		['--config', config, '--simulate', 'demo', '--socket', socket]);
	const page = await test.openPage(browser, await test.serve(builddir, socket));
	check(await until(() => test.isSeen(page, 'disclaimer')), 'a simulated run begins with it');
	await page.click('#welcome-next');
	await page.click('#welcome-skip');
	await shows(page, 'prompt-level', 'FORM');
	await page.screenshot({ path: path.join(pictures, 'simulated.png') });
	check(/^\d+$/.test(await text(page, 'cadence')), 'it has a cadence');
	await page.context().close();
}

async function main() {
	const socket = path.join(work, 'display.sock');
	const daemon = new Daemon(socket);
	fs.mkdirSync(pictures, { recursive: true });
	daemon.say('link', { treadmill: 'live', footpod: 'live' });
	daemon.say('session', SESSION);
	daemon.say('target', { low_spm: 165, high_spm: 178 });
	daemon.say('metrics', METRICS);
	daemon.say('battery', { footpod: 'low' });
	await daemon.start();
	const enemies = hostile(builddir, work); // meanwhile
	const url = await test.serve(builddir, socket);
	const server = await test.launch(chromium, work);
	const browser = await chromium.connect(server.wsEndpoint());
	const page = await test.openPage(browser, url);
	const scenes = { firstScreen, numbers, prompts, longTexts, keyboard, asks, summary };
	for (const [name, scene] of Object.entries(scenes)) {
		const began = performance.now();
		await scene(page, daemon);
		console.log(`${name}: ${Math.round(performance.now() - began)} ms`);
	}
	await touch(browser, url, daemon);
	await restart(page, daemon);
	await suspended(page, daemon, server.process().pid);
	check(page.asked.every((one) => one.startsWith(url)), 'nothing is asked of others');
	check(page.octets > 0 && page.octets < 100000, 'the page is below 100 kB', page.octets);
	console.log(`the page: ${page.octets} octets`);
	await token(browser, socket);
	await simulated(browser);
	await summaryPage(browser, { builddir, work, pictures, axe });
	await enemies;
	await browser.close();
	await server.close();
	await daemon.stop();
}

try {
	await main();
} catch (error) {
	check(false, 'the test ran to its end', error.stack);
} finally {
	await test.endAll();
	fs.rmSync(work, { recursive: true, force: true });
}
test.finish();
process.exit();
