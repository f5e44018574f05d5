// SPDX-License-Identifier: MIT
// Copyright 2026 the gaitd authors
//
// To the server and back: /events read as a stream, so that the token can go in
// a header; what the runner says by POST. Nothing old gets through: a page that
// was suspended, or hears nothing, drops the connection with all that lies in
// it, and begins anew.

const SILENCE_MS = 3500; // the server says something every second
const RETRY_MS = 1000;

const link = {
	token: '', locked: false, abort: null, heardAt: 0, aliveAt: Date.now(), changed: null,
};

// The token comes behind the # of the page's address, which is never sent and
// in no log; it stays as long as this tab.
function findToken() {
	const said = decodeURIComponent(location.hash.slice(1));
	if (said) {
		sessionStorage.setItem('token', said);
		history.replaceState(null, '', location.pathname);
	}
	link.token = sessionStorage.getItem('token') || '';
}

function headers(more) {
	return link.token ? { ...more, Authorization: 'Bearer ' + link.token } : more;
}

// Whether this page has slept since its last turn: what comes now may be old.
function wasSuspended() {
	const time = Date.now();
	const slept = time - link.aliveAt > SILENCE_MS || time < link.aliveAt;
	link.aliveAt = time;
	return slept;
}

function lose() {
	link.abort?.abort();
	link.abort = null;
	if (state.connected) {
		forget();
		link.changed();
	}
}

function takeEvent(text) {
	for (const line of text.split('\n')) {
		if (line.startsWith('data: '))
			take(JSON.parse(line.slice(6)));
	}
}

async function read(response, abort) {
	const reader = response.body.getReader();
	const decoder = new TextDecoder();
	let rest = '';
	for (;;) {
		const { done, value } = await reader.read();
		if (done || abort.signal.aborted)
			return;
		if (wasSuspended())
			return lose();
		link.heardAt = Date.now();
		const events = (rest + decoder.decode(value, { stream: true })).split('\n\n');
		rest = events.pop();
		events.forEach(takeEvent);
		if (events.length)
			link.changed();
	}
}

async function connect() {
	const abort = new AbortController();
	link.abort = abort;
	link.heardAt = Date.now();
	try {
		const response = await fetch('events', {
			headers: headers({ Accept: 'text/event-stream' }), cache: 'no-store',
			signal: abort.signal,
		});
		link.locked = response.status === 401;
		if (response.ok)
			await read(response, abort);
	} catch (error) {
		// as good as silence
	}
	if (link.abort === abort)
		lose();
	link.changed();
}

async function stayConnected() {
	for (;;) {
		await connect();
		await new Promise((resolve) => { setTimeout(resolve, RETRY_MS); });
	}
}

// Once a second
function watchLink() {
	if (wasSuspended() || Date.now() - link.heardAt > SILENCE_MS)
		lose();
}

// True when the server has taken it
async function post(path, message) {
	try {
		const response = await fetch(path, {
			method: 'POST', body: JSON.stringify(message), cache: 'no-store',
			headers: headers({ 'Content-Type': 'application/json', 'Gaitd-Key': state.key }),
		});
		return response.ok;
	} catch (error) {
		return false;
	}
}
