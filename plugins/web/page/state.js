// SPDX-License-Identifier: MIT
// Copyright 2026 the gaitd authors
//
// What is so now, as the server tells it, and its values in words. A value that
// is not known is an em dash, never an old one and never 0.

const ABSENT = '—';
const MILE_KM = 1.609344;
const FOOT_M = 0.3048;
const TRACE_STEP_S = 2;
const TRACE_MOST = 450;

const state = { trace: [] };

function forget() {
	Object.assign(state, {
		connected: false, ready: false, why: '', input: false, key: '', link: null,
		session: null, target: null, metrics: {}, battery: null, summary: null,
		prompt: null, console: { welcomed: true, mute_s: 0 }, mutedUntil: 0,
	});
}
forget();

function now() {
	return performance.now();
}

// ---- the trace: what the chart draws ----
function takeTrace(message) {
	const began = now() - message.age_s * 1000;
	const value = (field, scale) => field === '' ? undefined : field / scale;
	state.trace = message.points.map(([at, speed, incline, cadence, low, high, level]) => ({
		at: began + at * message.step_s * 1000, speed: value(speed, 100),
		incline: value(incline, 10), cadence: value(cadence, 1), low: value(low, 1),
		high: value(high, 1), level: level < 0 ? undefined : LEVELS[level],
	}));
}

function pointNow() {
	const last = state.trace[state.trace.length - 1];
	if (last && now() - last.at < TRACE_STEP_S * 1000)
		return last;
	const point = { at: now() };
	state.trace.push(point);
	if (state.trace.length > TRACE_MOST)
		state.trace.shift();
	return point;
}

function traceMetrics() {
	const { speed_kmh, incline_pct, cadence_spm } = state.metrics;
	Object.assign(pointNow(), {
		speed: speed_kmh, incline: incline_pct, cadence: cadence_spm,
		low: state.target?.low_spm, high: state.target?.high_spm,
	});
}

// ---- messages ----
// In the order of their weight
const LEVELS = ['system', 'praise', 'habit', 'form', 'load', 'safety'];

function takePrompt(message) {
	const level = LEVELS.includes(message.level) ? message.level : 'safety';
	state.prompt = { ...message, level, endsAt: now() + message.ttl_ms, whyOpen: false };
	pointNow().level = level;
}

function takeSession(message) {
	const began = message.state === 'running' &&
		['idle', 'ended'].includes(state.session?.state);
	if (began)
		state.trace = [];
	if (message.state !== 'ended')
		state.summary = null;
	state.session = message;
}

const takers = {
	here(message) {
		const { key, input } = message;
		forget();
		Object.assign(state, { connected: true, ready: true, key, input });
	},
	away(message) {
		const { key, why } = message;
		forget();
		Object.assign(state, { connected: true, key, why });
	},
	console(message) {
		state.console = message;
		state.mutedUntil = now() + message.mute_s * 1000;
	},
	trace: takeTrace,
	link(message) { state.link = message; },
	session: takeSession,
	target(message) { state.target = message.low_spm ? message : null; },
	metrics(message) { state.metrics = message; traceMetrics(); },
	battery(message) { state.battery = message.footpod; },
	summary(message) { state.summary = message; },
	prompt: takePrompt,
	clear(message) {
		if (state.prompt?.id === message.id)
			state.prompt = null;
	},
};

// A type that is not known is ignored.
function take(message) {
	if (Object.hasOwn(takers, message.type))
		takers[message.type](message);
}

// What is over goes by itself. True if something did.
function advance() {
	if (!state.prompt || state.prompt.endsAt > now())
		return false;
	state.prompt = null;
	return true;
}

function mutedMinutes() {
	return Math.max(0, Math.ceil((state.mutedUntil - now()) / 60000));
}

function miles() {
	return state.session?.units === 'mi';
}

// ---- values in words ----
function known(value, decimals) {
	return typeof value === 'number' ? number(value, decimals) : ABSENT;
}

function speedText(kmh) {
	return known(miles() && typeof kmh === 'number' ? kmh / MILE_KM : kmh, 1);
}

function speedUnit() {
	return miles() ? 'mph' : 'km/h';
}

// -0.0 is 0.0
function inclineText(percent) {
	return known(typeof percent === 'number' ? percent || 0 : percent, 1);
}

function distanceText(metres) {
	if (typeof metres !== 'number')
		return ABSENT;
	return miles() ? number(metres / 1000 / MILE_KM, 2) + ' mi' : number(metres / 1000, 2) + ' km';
}

function stepText(metres) {
	if (typeof metres !== 'number')
		return ABSENT;
	return miles() ? number(metres / FOOT_M, 2) + ' ft' : number(metres, 2) + ' m';
}

function climbText(metres) {
	return miles() ? number(metres / FOOT_M, 0) + ' ft' : number(metres, 0) + ' m';
}

function timeText(seconds) {
	if (typeof seconds !== 'number')
		return ABSENT;
	const two = (n) => String(n).padStart(2, '0');
	const hours = Math.floor(seconds / 3600);
	const minutes = Math.floor(seconds % 3600 / 60);
	return hours ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
}

// Steps a minute to the target band: 0 in it, negative below; undefined: not known
function bandDistance() {
	const cadence = state.metrics.cadence_spm;
	if (typeof cadence !== 'number' || !state.target)
		return undefined;
	return Math.min(0, cadence - state.target.low_spm) || Math.max(0, cadence - state.target.high_spm);
}

function bandText() {
	const distance = bandDistance();
	if (!state.target)
		return word('noBand');
	if (distance === undefined)
		return word('notKnown');
	if (distance === 0)
		return word('inBand');
	return distance < 0 ? word('below', -distance) : word('above', distance);
}

// Beside the main numbers: only what is known, the most wanted first
function smallValues() {
	const m = state.metrics;
	return [
		['step', m.step_m, stepText],
		['heart', m.heart_rate_bpm, (v) => number(v, 0)],
		['climb', m.elevation_gain_m, climbText],
		['energy', m.energy_kcal, (v) => number(v, 0) + ' kcal'],
		['contact', m.ground_contact_ms, (v) => number(v, 0) + ' ms'],
		['bounce', m.vertical_oscillation_mm, (v) => number(v, 0) + ' mm'],
		['ratio', m.vertical_ratio_pct, (v) => number(v, 1) + ' %'],
		['balance', m.balance_pct, (v) => number(v, 1) + ' %'],
		['stance', m.stance_pct, (v) => number(v, 1) + ' %'],
	].filter(([, value]) => typeof value === 'number')
		.map(([name, value, text]) => [word(name), text(value)]);
}
