// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright 2026 the gaitd authors
//
// Clients that mean harm, against a gaitd-web of their own: it serves others all
// the same, lets them go, and does not grow.
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { Daemon } from './daemon.mjs';
import { check, end, run, sleep, until } from './browser.mjs';

const SLOW = 300; // more than gaitd-web takes at once
const GROWTH_KB = 6000;

function connect(port, hello) {
	const socket = net.connect(port, '127.0.0.1');
	socket.on('error', () => {});
	socket.on('connect', () => socket.write(hello));
	return socket;
}

function memory(pid) {
	return Number(fs.readFileSync(`/proc/${pid}/status`, 'utf8').match(/VmRSS:\s+(\d+)/)[1]);
}

// A letter of a header field a second, from many: slowloris
async function slowloris(port) {
	const sockets = Array.from({ length: SLOW }, () => connect(port, 'GET / HTTP/1.1\r\nX: ').resume());
	const letters = setInterval(() => sockets.forEach((one) => one.writable && one.write('x')), 1000);
	await sleep(500);
	const answer = await fetch(`http://127.0.0.1:${port}/`).catch(() => null);
	check(answer?.status === 200, 'a page is served in spite of slow clients', answer?.status);
	const gone = () => sockets.every((one) => one.readableEnded || one.destroyed);
	check(await until(gone) || await until(gone), 'slow clients are let go',
		sockets.filter((one) => !one.readableEnded && !one.destroyed).length);
	clearInterval(letters);
	sockets.forEach((one) => one.destroy());
}

// Readers of events that never read, and some that talk without an end
async function deaf(port, pid, daemon) {
	const hello = 'GET /events HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n';
	const before = memory(pid);
	const readers = Array.from({ length: 20 }, () => connect(port, hello).pause());
	const talkers = Array.from({ length: 5 }, () => connect(port, hello));
	await sleep(500);
	talkers.forEach((one) => one.write(Buffer.alloc(4 << 20, 'x')));
	for (let i = 0; i < 400; i++) {
		daemon.prompt('form', 'Quicker', 'x'.repeat(200), { why: 'y'.repeat(700) });
		await sleep(10);
	}
	const growth = memory(pid) - before;
	check(growth < GROWTH_KB, 'clients that do not read cost no memory', `${growth} kB`);
	[...readers, ...talkers].forEach((one) => one.destroy());
}

async function nonsense(port) {
	const words = ['\0\0\0\0\r\n\r\n', 'GET / HTTP/9.9\r\n\r\n', 'GET http://evil.example/ HTTP/1.1\r\n\r\n',
		'POST /input HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: -1\r\n\r\n',
		'POST /input HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 99999999999\r\n\r\n',
		'POST /input HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: chunked\r\n\r\nffffffffff\r\n',
		'GET /events HTTP/1.0\r\nHost: 127.0.0.1\r\n\r\n', 'A'.repeat(100000)];
	const sockets = words.map((one) => connect(port, one));
	await sleep(1000);
	sockets.forEach((one) => one.destroy());
	const answer = await fetch(`http://127.0.0.1:${port}/`);
	check(answer.status === 200, 'nonsense leaves it in order', answer.status);
}

export async function hostile(builddir, work) {
	const socket = path.join(work, 'hostile.sock');
	const daemon = new Daemon(socket);
	daemon.say('metrics', { speed_kmh: 10 });
	await daemon.start();
	const web = run(path.join(builddir, 'gaitd-web'), ['--listen', '127.0.0.1:0', '--socket', socket]);
	await until(() => web.said.includes('listening on '));
	const port = Number(web.said.match(/:(\d+)\/\n/)[1]);
	await nonsense(port);
	await deaf(port, web.pid, daemon);
	await slowloris(port);
	check(web.exitCode === null, 'gaitd-web lives');
	await end(web);
	await daemon.stop();
}
