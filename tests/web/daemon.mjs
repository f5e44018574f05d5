// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright 2026 the gaitd authors
//
// A gaitd that says what a test wants: the daemon's end of gaitd-display(7).
import net from 'node:net';

export class Daemon {
	constructor(path) {
		this.path = path;
		this.present = new Map(); // the last of each type, for who comes later
		this.heard = []; // what displays said, without hello and pong
		this.sockets = new Set();
		this.lastId = 0;
	}

	async start() {
		this.server = net.createServer((socket) => this.greet(socket));
		await new Promise((resolve) => { this.server.listen(this.path, resolve); });
	}

	async stop() {
		for (const socket of this.sockets)
			socket.destroy();
		await new Promise((resolve) => { this.server.close(resolve); });
	}

	greet(socket) {
		let rest = '';
		this.sockets.add(socket);
		socket.on('close', () => this.sockets.delete(socket));
		socket.on('error', () => {});
		socket.write(this.line({ type: 'hello', protocol: [1], daemon: 'gaitd 0', ping_ms: 5000 }));
		socket.on('data', (data) => {
			const lines = (rest + data).split('\n');
			rest = lines.pop();
			lines.forEach((line) => this.take(socket, JSON.parse(line)));
		});
	}

	take(socket, message) {
		if (message.type === 'hello') {
			socket.write(this.line({ type: 'ready', caps: message.caps }));
			for (const known of this.present.values())
				socket.write(this.line(known));
		} else if (message.type !== 'pong') {
			this.heard.push({ ...message, at: performance.now() });
		}
	}

	line(message) {
		return JSON.stringify(message) + '\n';
	}

	say(type, members) {
		const message = { type, ...members };
		if (type === 'prompt')
			this.present.delete('clear');
		if (type === 'clear')
			this.present.delete('prompt');
		else
			this.present.set(type, message);
		for (const socket of this.sockets)
			socket.write(this.line(message));
		return performance.now();
	}

	prompt(level, headline, text, more) {
		this.lastId += 1;
		this.say('prompt', { id: this.lastId, rule: 'test', level, headline, text, args: {},
			ttl_ms: 60000, ...more });
		return this.lastId;
	}

	clear(id) {
		this.say('clear', { id, reason: 'condition' });
	}

	// The first message since `from` that has all these members
	find(members, from = 0) {
		return this.heard.slice(from).find((message) => Object.entries(members)
			.every(([name, value]) => message[name] === value));
	}
}
