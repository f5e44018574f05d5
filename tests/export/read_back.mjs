// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright 2026 the gaitd authors
//
// read_back.mjs MODULES FIT CSV TCX: two readers of FIT that are not ours, and
// not each other's, must read the same in each field of each message; what they
// read must be what the table has, and what services ask of an upload must hold.
import { createRequire } from 'node:module'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

const [modules, fitFile, csvFile, tcxFile] = process.argv.slice(2)
const require = createRequire(pathToFileURL(join(modules, 'package.json')))
const decoder = require('fit-decoder')
const profile = require('fit-decoder/src/constants.js')
const parserPath = join(modules, 'node_modules/fit-file-parser')
const parserEntry = JSON.parse(readFileSync(join(parserPath, 'package.json'))).main
const loaded = await import(pathToFileURL(join(parserPath, parserEntry)))
const FitParser = loaded.default?.default ?? loaded.default

let compared = 0
let failures = 0

function fail(text) {
	if (++failures <= 20)
		console.log(`FAIL: ${text}`)
}

function same(a, b, what) {
	compared++
	const close = typeof a === 'number' && typeof b === 'number' && Math.abs(a - b) < 1e-6
	if (!close && a !== b)
		fail(`${what}: ${a} and ${b}`)
}

// ---- the files -------------------------------------------------------------

const bytes = readFileSync(fitFile)

async function parse(content) {
	const parser = new FitParser({ force: false, mode: 'list', speedUnit: 'm/s', lengthUnit: 'm' })
	return (await parser.parseAsync(content)).messages
}

function rows(text) {
	const table = []
	let row = [''], quoted = false
	for (let i = 0; i < text.length; i++) {
		const c = text[i]
		if (quoted && c === '"' && text[i + 1] === '"')
			row[row.length - 1] += text[++i]
		else if (c === '"')
			quoted = !quoted
		else if (!quoted && c === ',')
			row.push('')
		else if (!quoted && c === '\r' && text[i + 1] === '\n') {
			table.push(row)
			row = ['']
			i++
		} else
			row[row.length - 1] += c
	}
	if (row.length !== 1 || row[0] !== '')
		fail('the table does not end with a line')
	const names = table.shift()
	for (const [i, cells] of table.entries())
		same(cells.length, names.length, `cells of row ${i}`)
	return table.map(cells => Object.fromEntries(names.map((name, i) => [name, cells[i]])))
}

const first = await parse(bytes)
const raw = decoder.fit2json(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length))
const table = rows(readFileSync(csvFile, 'utf8'))

// ---- the two readers agree -------------------------------------------------

// What fit-decoder leaves as it stands in the file. Its names are its own.
const invalid = {
	0x00: 0xff, 0x01: 0x7f, 0x02: 0xff, 0x83: 0x7fff, 0x84: 0xffff, 0x85: 0x7fffffff,
	0x86: 0xffffffff, 0x07: '', 0x0a: 0, 0x8b: 0, 0x8c: 0,
}
const scales = {
	distance: 100, total_distance: 100, speed: 1000, enhanced_speed: 1000, avg_speed: 1000,
	max_speed: 1000, enhanced_avg_speed: 1000, enhanced_max_speed: 1000, grade: 100,
	fractional_cadence: 128, avg_fractional_cadence: 128, max_fractional_cadence: 128,
	step_length: 10, vertical_oscillation: 10, stance_time: 10, stance_time_percent: 100,
	stance_time_balance: 100, vertical_ratio: 100, total_elapsed_time: 1000,
	total_timer_time: 1000,
}
const times = ['timestamp', 'start_time', 'time_created', 'local_timestamp']
const described = {}

function value(type, name, data) {
	if (times.includes(name))
		return new Date((data + 631065600) * 1000).getTime()
	if (name === 'software_version' && type === 'device_info')
		return data / 100
	return data / (scales[name] ?? 1)
}

function text(octets) {
	const end = octets.indexOf(0)
	return Buffer.from(end < 0 ? octets : octets.slice(0, end)).toString()
}

function second(record) {
	const type = profile.types.mesg_num[record.globalMessageNumber]
	const message = {}
	for (const field of record.fields) {
		const name = profile.messageFields[type][field.recordNumber]
		if (field.baseType === 0x0d || field.data === invalid[field.baseType])
			continue
		// fit-decoder takes each octet of a text for a character
		message[name] = typeof field.data === 'string'
			? Buffer.from(field.data, 'latin1').toString() : value(type, name, field.data)
	}
	for (const field of record.devFields ?? []) {
		const { field_name: name, fit_base_type_id: base } = described[field.field_definition_number]
		const octets = Buffer.from(field.data)
		const data = base === 7 ? text(octets) : octets.readUInt16LE(0)
		if (data !== invalid[base])
			message[name] = data
	}
	if (type === 'field_description')
		described[message.field_definition_number] = message
	return { type, message }
}

const messages = raw.records.map(second)
const baseTypes = { uint16: 0x84, string: 0x07 }

// fit-file-parser gives words for the numbers of enumerations: fit-decoder's
// tables turn ours into words, too.
const words = {
	'file_id.type': 'file', 'file_id.manufacturer': 'manufacturer',
	'device_info.manufacturer': 'manufacturer', 'event.event': 'event',
	'event.event_type': 'event_type', 'lap.event': 'event', 'lap.event_type': 'event_type',
	'lap.lap_trigger': 'lap_trigger', 'lap.sport': 'sport', 'lap.sub_sport': 'sub_sport',
	'session.event': 'event', 'session.event_type': 'event_type', 'session.sport': 'sport',
	'session.sub_sport': 'sub_sport', 'session.trigger': 'session_trigger',
	'activity.type': 'activity', 'activity.event': 'event', 'activity.event_type': 'event_type',
}

function plain(type, name, theirs) {
	if (theirs instanceof Date || times.includes(name))
		return new Date(theirs).getTime()
	if (name === 'message_index')
		return theirs.value
	if (name === 'device_index')
		return theirs === 'creator' ? 0 : theirs
	if (name === 'fit_base_type_id')
		return baseTypes[theirs]
	return theirs
}

const seen = {}
for (const { type, message } of messages) {
	const index = (seen[type] = (seen[type] ?? -1) + 1)
	const list = first[type]
	const other = Array.isArray(list) ? list[index] : list
	if (!other) {
		fail(`fit-file-parser has no ${type} ${index}`)
		continue
	}
	const names = new Set(Object.keys(message).concat(Object.keys(other)))
	for (const name of names) {
		const word = words[`${type}.${name}`]
		if (name === 'application_id' || (message[name] === undefined && other[name] === ''))
			continue
		same(word ? profile.types[word][message[name]] : message[name],
			other[name] === undefined ? undefined : plain(type, name, other[name]),
			`${type} ${index} ${name}`)
	}
}
for (const [type, list] of Object.entries(first))
	if (Array.isArray(list))
		same(list.length, (seen[type] ?? -1) + 1, `messages of type ${type}`)

// ---- what they read is what the table has ----------------------------------

const of = type => messages.filter(m => m.type === type).map(m => m.message)
const records = of('record')
const columns = {
	distance: ['distance_m', 1], heart_rate: ['heart_rate_bpm', 1], grade: ['incline_pct', 1],
	step_length: ['step_m', 1000], calories: ['energy_kcal', 1],
	vertical_oscillation: ['vertical_oscillation_mm', 1], stance_time: ['ground_contact_ms', 1],
	stance_time_percent: ['stance_pct', 1], stance_time_balance: ['balance_pct', 1],
	vertical_ratio: ['vertical_ratio_pct', 1], target_cadence_low: ['target_low_spm', 1],
	target_cadence_high: ['target_high_spm', 1],
}
const running = table.filter(row => records.some(r => r.timestamp === Date.parse(row.time)))

same(records.length, running.length, 'records, and rows of the same second')
for (const [i, record] of records.entries()) {
	const row = running[i]
	const known = cell => (row[cell] === '' ? undefined : Number(row[cell]))
	const what = `record ${i}`
	same(record.timestamp, Date.parse(row.time), `${what} time`)
	for (const [field, [cell, scale]] of Object.entries(columns))
		same(record[field], known(cell) === undefined ? undefined : known(cell) * scale,
			`${what} ${field}`)
	const speed = known('speed_kmh')
	same(record.enhanced_speed, speed === undefined ? undefined : Math.round(speed / 3.6 * 1000) / 1000,
		`${what} speed`)
	// steps a minute are twice the strides, halves and all
	const strides = record.cadence === undefined ? undefined : record.cadence + record.fractional_cadence
	same(strides === undefined ? undefined : strides * 2, known('cadence_spm'), `${what} cadence`)
}
// what the table has and FIT has not: seconds of pauses alone
for (const row of table)
	if (row.speed_kmh !== '' && !running.includes(row))
		fail(`no record of ${row.time}`)

const markers = of('event').filter(e => e.event === 32)
const prompts = table.flatMap(row => row.rule.split('; ').filter(rule => rule)
	.map(rule => ({ rule, time: Date.parse(row.time) })))
const last = of('session')[0].timestamp
const told = prompts.filter(p => p.time <= last)
same(markers.length, told.length, 'prompts')
for (const [i, marker] of markers.entries()) {
	same(marker.rule, told[i]?.rule, `prompt ${i}: rule`)
	same(marker.timestamp, told[i]?.time, `prompt ${i}: time`)
}

// ---- what services ask -----------------------------------------------------

const [session] = of('session')
const laps = of('lap')
const [activity] = of('activity')
same(of('file_id').length, 1, 'file_id')
same(messages[0].type, 'file_id', 'the first message')
same(of('file_id')[0].type, 4, 'type of the file: activity')
same(of('session').length, 1, 'sessions')
same(of('activity').length, 1, 'activities')
same(activity.num_sessions, 1, 'num_sessions')
same(session.num_laps, laps.length, 'num_laps')
same(session.sport, 1, 'sport: running')
same(session.sub_sport, 1, 'sub-sport: treadmill')
same(session.prompts, markers.length, 'prompts of the session')
same(of('file_id')[0].time_created, session.start_time, 'the file and its session begin')
same(laps[0].start_time, session.start_time, 'the first lap and the session begin')
const sum = field => laps.reduce((total, lap) => total + (lap[field] ?? 0), 0)
for (const field of ['total_distance', 'total_timer_time', 'total_elapsed_time'])
	same(sum(field), session[field] ?? 0, `${field} of laps and session`)
for (const one of laps.concat(session)) {
	if (one.total_timer_time > one.total_elapsed_time)
		fail('more time on the timer than there was')
	same(one.timestamp - one.start_time, one.total_elapsed_time * 1000, 'begin, end and length')
}
same(activity.total_timer_time, session.total_timer_time, 'timer of activity and session')
let before = session.start_time
for (const { type, message } of messages) {
	if (message.timestamp === undefined)
		continue
	if (message.timestamp < before)
		fail(`a ${type} goes back in time`)
	before = message.timestamp
}
const timer = of('event').filter(e => e.event === 0).map(e => e.event_type)
for (const [i, type] of timer.entries())
	same(type, i % 2 ? 4 : 0, 'the timer starts and stops in turn')
same(timer.length % 2, 0, 'the timer ends stopped')

// A file that was damaged on its way must not read as a run.
const damaged = Buffer.from(bytes)
damaged[damaged.length >> 1] ^= 1
if (await parse(damaged).then(() => true, () => false))
	fail('an octet was turned, and nobody saw it')

// ---- TCX -------------------------------------------------------------------

const tcx = readFileSync(tcxFile, 'utf8')
const points = [...tcx.matchAll(/<Trackpoint>.*?<\/Trackpoint>/g)].map(m => m[0])
const element = (point, name) => point.match(new RegExp(`<${name}>(?:<Value>)?([^<]*)<`))?.[1]
same(points.length, records.length, 'trackpoints and records')
for (const [i, point] of points.entries()) {
	const row = running[i]
	const known = cell => (row[cell] === '' ? undefined : Number(row[cell]))
	const number = name => (element(point, name) === undefined ? undefined : Number(element(point, name)))
	same(Date.parse(element(point, 'Time')), Date.parse(row.time), `trackpoint ${i} time`)
	same(number('DistanceMeters'), known('distance_m'), `trackpoint ${i} distance`)
	same(number('HeartRateBpm'), known('heart_rate_bpm'), `trackpoint ${i} heart rate`)
	const steps = known('cadence_spm'), speed = known('speed_kmh')
	same(number('RunCadence'), steps === undefined ? undefined : Math.floor((steps + 1) / 2),
		`trackpoint ${i} cadence`)
	same(number('Speed'), speed === undefined ? undefined : Math.round(speed / 3.6 * 1000) / 1000,
		`trackpoint ${i} speed`)
}
same([...tcx.matchAll(/<Lap /g)].length, laps.length, 'laps')

console.log(`${records.length} records, ${compared} values compared, ${failures} differ`)
if (records.length === 0 || compared < records.length * 20)
	fail('too little was compared')
process.exit(failures ? 1 : 0)
