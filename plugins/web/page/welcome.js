// SPDX-License-Identifier: MIT
// Copyright 2026 the gaitd authors
//
// The first screen: the disclaimer, once a session of somebody who is not known,
// then questions, each of which may be left out. A prompt stays visible beside it.

const HEIGHT_FIRST_CM = 170;
const HEIGHT_LOW_CM = 100, HEIGHT_HIGH_CM = 250;
const INCH_CM = 2.54;

const welcome = { step: 0, byHand: false, said: {} };

function isWelcoming() {
	return welcome.step > 0;
}

// Opens it when it is due, and closes it when it was read elsewhere.
function followWelcome() {
	const due = state.ready && state.session?.runner === 'anonymous' &&
		state.session.state !== 'ended' && !state.console.welcomed;
	if (due && !welcome.step)
		Object.assign(welcome, { step: 1, byHand: false, said: {} });
	else if (!state.ready || (welcome.step === 1 && !welcome.byHand && state.console.welcomed))
		welcome.step = 0;
}

function openAboutMe() {
	Object.assign(welcome, { step: 1, byHand: true, said: {} });
	render();
	byId('welcome-title').focus();
}

function closeWelcome() {
	welcome.step = 0;
	render();
}

function goOn() {
	if (welcome.step === 1) {
		post('welcomed', {});
		state.console.welcomed = true;
		welcome.step = state.input ? 2 : 0;
		render();
		byId('welcome-title').focus();
		return;
	}
	closeWelcome();
	if (Object.keys(welcome.said).length)
		tell({ input: 'profile', ...welcome.said }, word('profileTold'));
}

// Language and units change what is read next: they are told at once.
function sayNow(member, value) {
	tell({ input: 'profile', [member]: value }, '');
}

function changeHeight(cm) {
	const before = welcome.said.height_m;
	const height = before === undefined ? HEIGHT_FIRST_CM : Math.round(before * 100) + cm;
	welcome.said.height_m = Math.min(HEIGHT_HIGH_CM, Math.max(HEIGHT_LOW_CM, height)) / 100;
	renderWelcome();
}

function heightText() {
	const metres = welcome.said.height_m;
	if (metres === undefined)
		return word('unsaid');
	if (!miles())
		return Math.round(metres * 100) + ' cm';
	const inches = Math.round(metres * 100 / INCH_CM);
	return `${Math.floor(inches / 12)} ft ${inches % 12} in`;
}

// A row of keys of which at most one is pressed; pressed again, it is not said.
function choiceRow(id, choices, chosen, choose) {
	const row = byId(id);
	while (row.children.length < choices.length) {
		const key = document.createElement('button');
		key.type = 'button';
		row.append(key);
	}
	choices.forEach(([label, value, lang], i) => {
		const key = row.children[i];
		key.textContent = label;
		if (lang)
			key.lang = lang;
		key.setAttribute('aria-pressed', String(value === chosen));
		key.onclick = () => choose(value);
	});
}

function yesNo(id, member) {
	choiceRow(id, [[word('yes'), true], [word('no'), false]], welcome.said[member], (value) => {
		if (welcome.said[member] === value)
			delete welcome.said[member];
		else
			welcome.said[member] = value;
		renderWelcome();
	});
}

function renderFirst() {
	const translated = WORDS[language].disclaimer;
	byId('disclaimer').textContent = DISCLAIMER;
	byId('disclaimer-translated').textContent = translated || '';
	byId('disclaimer-translated').hidden = !translated;
	byId('welcome-languages').setAttribute('aria-label', word('language'));
	choiceRow('welcome-languages', Object.entries(LANGUAGES).map(([tag, name]) => [name, tag, tag]),
		language, (tag) => { sayNow('lang', tag); });
}

function renderQuestions() {
	byId('welcome-only').textContent = word('only');
	byId('height-name').textContent = word('height');
	byId('height').textContent = heightText();
	byId('shorter').setAttribute('aria-label', word('shorter'));
	byId('taller').setAttribute('aria-label', word('taller'));
	byId('back-pain-name').textContent = word('backPain');
	yesNo('back-pain', 'back_pain');
	byId('novice-name').textContent = word('novice');
	yesNo('novice', 'novice');
	byId('units-name').textContent = word('units');
	choiceRow('units', [[word('km'), 'km'], [word('mi'), 'mi']], state.session?.units,
		(value) => { sayNow('units', value); });
}

function renderWelcome() {
	const first = welcome.step === 1;
	byId('welcome').hidden = !isWelcoming();
	if (!isWelcoming())
		return;
	byId('welcome-title').textContent = word(first ? 'welcome' : 'about');
	byId('welcome-first').hidden = !first;
	byId('welcome-second').hidden = first;
	byId('welcome-languages').hidden = !first;
	byId('welcome-skip').hidden = first;
	byId('welcome-skip').textContent = word('skip');
	byId('welcome-next').textContent = word(first ? 'next' : 'done');
	if (first)
		renderFirst();
	else
		renderQuestions();
}
