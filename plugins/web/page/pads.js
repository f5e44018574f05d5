// SPDX-License-Identifier: MIT
// Copyright 2026 the gaitd authors
//
// Pads: big keys for a number or a word, in the place of the chart. A prompt
// that asks opens one by itself, unless another is under the runner's finger.

const RED_FLAGS = ['leg', 'numb', 'bladder', 'straight', 'fall'];
const PAD_SETTLE_MS = 400; // a finger on its way to what was here is not meant

const pad = { kind: null, promptId: 0, openedAt: 0 };

function byId(id) {
	return document.getElementById(id);
}

function say(text) {
	byId('note').textContent = text;
	clearTimeout(say.timer);
	say.timer = setTimeout(() => { byId('note').textContent = ''; }, 4000);
}

// Tells gaitd; the runner hears whether it was taken.
async function tell(input, told) {
	if (!state.ready || !state.input) {
		say(word(state.ready ? 'noInput' : 'away'));
		return false;
	}
	const taken = await post('input', { type: 'input', ...input });
	say(taken ? told : word('notTaken'));
	return taken;
}

function addKey(keys, [label, value, meaning], choose) {
	const key = document.createElement('button');
	key.type = 'button';
	key.textContent = label;
	key.dataset.value = value;
	if (meaning) {
		const small = document.createElement('small');
		small.textContent = meaning;
		key.append(' ', small);
	}
	key.addEventListener('click', () => {
		if (now() - pad.openedAt > PAD_SETTLE_MS)
			choose(value);
	});
	keys.append(key);
}

function openPad(kind, title, choices, choose) {
	const keys = byId('pad-keys');
	pad.kind = kind;
	pad.openedAt = now();
	keys.replaceChildren();
	keys.dataset.kind = choices.every(([label]) => String(label).length < 3) ? 'numbers' : 'words';
	for (const choice of choices)
		addKey(keys, choice, choose);
	byId('pad-title').textContent = title;
	render();
}

function closePad() {
	pad.kind = null;
	render();
}

// Numbers; the ends of pain's say what they mean.
function scale(low, high) {
	const meanings = low === 0 && high === 10 ? { 0: word('least'), 10: word('worst') } : {};
	return Array.from({ length: high - low + 1 }, (_, i) => [low + i, low + i, meanings[low + i]]);
}

function openPain() {
	openPad('pain', word('painAsk'), scale(0, 10), (value) => {
		closePad();
		tell({ input: 'pain', value }, word('painTold', value));
	});
	byId('pad-title').focus();
}

function openRedFlag() {
	openPad('flag', word('flagAsk'),
		RED_FLAGS.map((flag) => [word(flag), flag]), (value) => {
			closePad();
			tell({ input: 'red_flag', value }, word('flagTold'));
		});
	byId('pad-title').focus();
}

// ---- prompts that ask ----
function openAsk() {
	const { id, ask } = state.prompt;
	const choices = ask.kind === 'scale' ? scale(ask.min, ask.max) :
		(ask.choices || []).map((choice) => [choice.text, choice.value]);
	pad.promptId = id;
	openPad(ask.kind === 'scale' ? 'scale' : 'choice', word('answerAsk'), choices, (value) => {
		closePad();
		tell({ input: 'answer', id, value }, word('answerTold'));
	});
}

// Once a prompt; a question whose prompt has gone goes with it.
function followPrompt() {
	const asks = ['scale', 'choice'].includes(state.prompt?.ask?.kind);
	const open = pad.kind === 'scale' || pad.kind === 'choice';
	if (open && (!asks || pad.promptId !== state.prompt.id))
		closePad();
	if (!pad.kind && asks && pad.promptId !== state.prompt.id && state.input)
		openAsk();
}

function pressDigit(digit) {
	const key = [...byId('pad-keys').children].find((one, i) => byId('pad-keys').dataset.kind ===
		'numbers' ? one.dataset.value === String(digit) : i + 1 === digit);
	key?.click();
}

// ---- the keys below ----
function toggleMute() {
	const minutes = mutedMinutes() ? 0 : 10;
	tell({ input: 'mute', minutes }, minutes ? word('muted', minutes) : word('unmuted'));
}

function toggleIntervals() {
	const on = !state.session?.intervals;
	tell({ input: 'intervals', value: on ? 'on' : 'off' }, word(on ? 'intervalsOn' : 'intervalsOff'));
}

function acknowledge() {
	if (state.prompt)
		tell({ input: 'ack', id: state.prompt.id }, '');
}

function toggleWhy() {
	if (!state.prompt?.why)
		return;
	state.prompt.whyOpen = !state.prompt.whyOpen;
	render();
}
