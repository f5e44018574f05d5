// SPDX-License-Identifier: MIT
// Copyright 2026 the gaitd authors
//
// A display of gaitd for Node, with nothing beyond its library:
//
//	import { Display } from './gaitd-display.mjs';
//	const display = new Display('board', { caps: ['metrics', 'shown'] });
//	display.on('prompt', prompt => display.shown(prompt.id));
//
// An event for each type of gaitd-display(7), and two more: ready, and gone (why),
// when nothing that was shown is so any more. A prompt whose time is over is
// cleared as if the daemon had said so.
import { EventEmitter } from 'node:events';
import net from 'node:net';
import { performance } from 'node:perf_hooks';

const LINE_MAX = 4096; // octets, with the LF
const TICK_MS = 500, STOPPED_MS = 2000, HELLO_MS = 3000;
const CAPS = ['metrics', 'shown', 'input', 'personal'];
const LEVELS = ['system', 'praise', 'habit', 'form', 'load', 'safety'];
const LINKS = ['off', 'searching', 'live', 'stale', 'lost'];
const SESSIONS = ['idle', 'running', 'paused', 'ended'];
const REASONS = ['expired', 'acknowledged', 'replaced', 'condition'];
const GAITS = ['unknown', 'idle', 'walk', 'run'];
const BATTERIES = ['new', 'good', 'ok', 'low', 'critical'];

// ---- the daemon's lines -----------------------------------------------------

const real = x => typeof x === 'number' ? x : undefined;
const between = (low, high) => x => Number.isInteger(x) && x >= low && x <= high ? x : undefined;
const whole = between(-(2 ** 31), 2 ** 31 - 1);
const count = between(0, 2 ** 32 - 1);
const text = x => typeof x === 'string' ? x : '';
const word = (x, words, otherwise) => words.includes(x) ? x : otherwise;
const list = x => Array.isArray(x) ? x : [];
const object = x => typeof x === 'object' && x !== null && !Array.isArray(x) ? x : undefined;
const known = o => Object.fromEntries(Object.entries(o).filter(([, x]) => x !== undefined));
const linkState = x => word(x, LINKS, text(x) ? 'lost' : 'off');

const METRICS = {
	speed_kmh: real, incline_pct: real, step_m: real,
	cadence_spm: whole, target_spm: whole, heart_rate_bpm: whole,
	elevation_gain_m: whole, energy_kcal: whole, distance_m: count, elapsed_s: count,
	gait: x => word(x, GAITS),
	vertical_oscillation_mm: real, ground_contact_ms: real, stance_pct: real,
	balance_pct: real, vertical_ratio_pct: real,
};

function ask(m) {
	const [min, max] = [whole(m?.min), whole(m?.max)];
	if (m?.kind === 'scale' && min < max)
		return { kind: 'scale', min, max };
	if (m?.kind !== 'choice')
		return undefined;
	const choices = list(m.choices)
		.map(c => ({ value: whole(c?.value), text: text(c?.text) }))
		.filter(c => c.value !== undefined && c.text).slice(0, 6);
	return choices.length ? { kind: 'choice', choices } : undefined;
}

const READERS = {
	hello: m => Array.isArray(m.protocol) ? {
		serves_1: m.protocol.includes(1), daemon: text(m.daemon), ping_ms: count(m.ping_ms) ?? 0,
	} : undefined,
	ready: m => ({ caps: CAPS.filter(cap => list(m.caps).includes(cap)) }),
	link: m => ({ treadmill: linkState(m.treadmill), footpod: linkState(m.footpod) }),
	session: m => ({
		state: word(m.state, SESSIONS, 'idle'), elapsed_s: count(m.elapsed_s) ?? 0,
		distance_m: count(m.distance_m) ?? 0, runner: text(m.runner), lang: text(m.lang),
		units: word(m.units, ['mi'], 'km'), feedback: m.feedback === true, intervals: m.intervals === true,
	}),
	metrics: m => known(Object.fromEntries(Object.entries(METRICS).map(([name, read]) => [name, read(m[name])]))),
	target: m => {
		const [low_spm, high_spm] = [whole(m.low_spm), whole(m.high_spm)];
		return low_spm !== undefined && high_spm !== undefined ? { low_spm, high_spm } : undefined;
	},
	prompt: m => count(m.id) && text(m.headline) ? known({
		id: m.id, rule: text(m.rule), level: word(m.level, LEVELS, 'safety'),
		headline: m.headline, text: text(m.text), why: text(m.why),
		english: object(m.english) && { headline: text(m.english.headline), text: text(m.english.text) },
		args: Object.fromEntries(Object.entries(object(m.args) ?? {}).filter(([, x]) => real(x) !== undefined)),
		ttl_ms: count(m.ttl_ms) ?? 0, ack: m.ack === true, ask: ask(object(m.ask)),
	}) : undefined,
	clear: m => count(m.id) ? { id: m.id, reason: word(m.reason, REASONS, 'condition') } : undefined,
	battery: m => BATTERIES.includes(m.footpod) ? { footpod: m.footpod } : undefined,
	summary: m => ({ elapsed_s: count(m.elapsed_s) ?? 0, distance_m: count(m.distance_m) ?? 0, text: text(m.text) }),
	ping: () => ({}),
	error: m => ({ code: text(m.code), detail: text(m.detail), fatal: m.fatal === true }),
	bye: m => ({ reason: text(m.reason) }),
};

// A line of the daemon's without LF as an object of what this version knows;
// undefined: to be ignored. A type that is not known is "other".
export function decode(line) {
	let m;
	try {
		m = object(JSON.parse(line));
	} catch {
		return undefined;
	}
	if (typeof m?.type !== 'string')
		return undefined;
	if (!Object.hasOwn(READERS, m.type))
		return { type: 'other' };
	const found = READERS[m.type](m);
	return found && { type: m.type, ...found };
}

// Where the daemon is, if nobody says
export function socketPath() {
	const runtime = process.geteuid() ? process.env.XDG_RUNTIME_DIR : undefined;
	return process.env.GAITD_SOCKET || (runtime ? `${runtime}/gaitd/display.sock` : '/run/gaitd/display.sock');
}

// ---- the display ------------------------------------------------------------

// Connects, says hello, answers pings, connects again.
export class Display extends EventEmitter {
	caps = []; // granted; empty while the daemon is not there
	#hello; #path; #socket; #rest; #live; #ran = performance.now(); #retry = 200; #ping = 0; #heard = 0; #why;

	constructor(name, { caps = ['metrics', 'shown'], path = socketPath(), version, cols, rows } = {}) {
		super();
		this.#hello = known({ type: 'hello', protocol: 1, name, version, caps, cols, rows });
		this.#path = path;
		setInterval(() => this.#tick(), TICK_MS);
		this.#connect();
	}

	// What the runner tells; false: the daemon is not there or has not granted it
	shown(id) { return this.caps.includes('shown') && this.#say({ type: 'shown', id }); }
	// input('pain', { value: 4 }), input('ack', { id: 18 }) ...: see gaitd-display(7)
	input(input, members = {}) { return this.caps.includes('input') && this.#say({ type: 'input', input, ...members }); }

	#say(message) {
		this.#socket.write(JSON.stringify(message) + '\n');
		return true;
	}

	#connect() {
		this.#rest = Buffer.alloc(0);
		this.#ping = HELLO_MS / 4;
		this.#heard = performance.now();
		this.#socket = net.connect(this.#path);
		this.#socket.on('data', data => this.#read(data));
		this.#socket.on('error', error => { this.#why = error.message; });
		this.#socket.on('close', () => {
			this.caps = [];
			clearTimeout(this.#live?.timer);
			this.#live = undefined;
			this.emit('gone', this.#why ?? 'gaitd has gone');
			setTimeout(() => this.#connect(), this.#retry);
			this.#retry = Math.min(this.#retry * 2, 5000);
			this.#why = undefined;
		});
	}

	#leave(why) {
		this.#why = why;
		this.#socket.destroy();
	}

	// What lay in the socket of one that was stopped may be as old.
	#tick() {
		const now = performance.now();
		if (now > this.#ran + STOPPED_MS)
			this.#leave('this display was stopped: what it showed may be old');
		else if (this.#ping && now > this.#heard + 4 * this.#ping)
			this.#leave('gaitd is silent');
		this.#ran = now;
	}

	#read(data) {
		this.#heard = performance.now();
		this.#rest = Buffer.concat([this.#rest, data]);
		for (let end; (end = this.#rest.indexOf('\n')) >= 0 && !this.#socket.destroyed;) {
			const m = end < LINE_MAX ? decode(this.#rest.toString('utf8', 0, end)) : undefined;
			this.#rest = this.#rest.subarray(end + 1);
			if (m)
				this.#take(m);
		}
		if (this.#rest.length >= LINE_MAX)
			this.#leave('gaitd sent a line that is too long');
	}

	#take(m) {
		if (m.type === 'hello' && m.serves_1) {
			this.#ping = m.ping_ms;
			this.#say(this.#hello);
		} else if (m.type === 'hello') {
			this.#leave('gaitd speaks another version of the display protocol');
		} else if (m.type === 'ping') {
			this.#say({ type: 'pong' });
		} else if (m.type === 'bye' || (m.type === 'error' && m.fatal)) {
			this.#leave(`gaitd: ${m.reason ?? m.detail}`);
		} else if (m.type === 'clear') {
			this.#over(m);
		} else if (m.type === 'error') {
			this.emit('refused', m); // "error" would end the program
		} else {
			this.#tell(m);
		}
	}

	#tell(m) {
		if (m.type === 'ready') {
			this.caps = m.caps;
			this.#retry = 200;
		} else if (m.type === 'prompt') {
			clearTimeout(this.#live?.timer);
			const clear = { type: 'clear', id: m.id, reason: 'expired' };
			this.#live = { id: m.id, timer: setTimeout(() => this.#over(clear), m.ttl_ms) };
		}
		this.emit(m.type, m);
	}

	// Once, whoever says so first: the daemon, or the prompt's time
	#over(clear) {
		if (this.#live?.id !== clear.id)
			return;
		clearTimeout(this.#live.timer);
		this.#live = undefined;
		this.emit('clear', clear);
	}
}
