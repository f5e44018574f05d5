// SPDX-License-Identifier: MIT
// Copyright 2026 the gaitd authors
//
// The page: draws the state, and takes touches and keys.

const MARKS = { off: '–', searching: '○', live: '●', stale: '◐', lost: '✕' };
const GAUGE_SPAN = 40; // steps a minute that the gauge shows
const COUNTDOWN_MAX_S = 3600; // longer: it stays until it is acknowledged

// Only what differs is touched: the browser has less to do, a screen reader
// less to say.
function put(id, text) {
	const element = byId(id);
	if (element.textContent !== text)
		element.textContent = text;
}

// ---- parts ----
function renderLink(id, device) {
	const of = state.link ? state.link[device] : undefined;
	const mark = byId(id + '-mark');
	mark.textContent = MARKS[of] || '✕';
	mark.className = 'mark ' + (of === 'live' ? 'good' : of === 'off' ? '' : 'bad');
	put(id, of ? `${word(device)}: ${word(of)}` : `${word(device)}: ${ABSENT}`);
}

function gaitWord() {
	const session = state.session?.state;
	if (session === 'paused' || session === 'ended')
		return word(session);
	return ['idle', 'walk', 'run'].includes(state.metrics.gait) ? word(state.metrics.gait) : '';
}

function renderHeader() {
	renderLink('treadmill', 'treadmill');
	renderLink('footpod', 'footpod');
	const bad = ['low', 'critical'].includes(state.battery);
	byId('battery-item').hidden = !bad;
	if (bad)
		put('battery', word(state.battery));
	put('gait', gaitWord());
	put('time-name', word('time'));
	put('distance-name', word('distance'));
	put('time', timeText(state.metrics.elapsed_s ?? state.session?.elapsed_s));
	put('distance', distanceText(state.metrics.distance_m ?? state.session?.distance_m));
}

function renderNumbers() {
	const m = state.metrics;
	put('cadence-name', word('cadence'));
	put('cadence', known(m.cadence_spm, 0));
	put('cadence-unit', word('spm'));
	put('speed-name', word('speed'));
	put('speed', speedText(m.speed_kmh));
	put('speed-unit', speedUnit());
	put('incline-name', word('incline'));
	put('incline', inclineText(m.incline_pct));
}

// The band stands in the middle; the runner at its end when he is beyond it.
function renderGauge() {
	const target = state.target;
	const cadence = state.metrics.cadence_spm;
	byId('gauge-band').toggleAttribute('hidden', !target);
	byId('gauge-runner').toggleAttribute('hidden', !target || typeof cadence !== 'number');
	put('gauge-low', target ? String(target.low_spm) : '');
	put('gauge-high', target ? String(target.high_spm) : '');
	put('gauge-word', state.ready ? bandText() : '');
	byId('gauge').dataset.where = String(Math.sign(bandDistance() ?? NaN));
	if (!target)
		return;
	const middle = (target.low_spm + target.high_spm) / 2;
	const x = (spm) => 500 + Math.max(-0.5, Math.min(0.5, (spm - middle) / GAUGE_SPAN)) * 960;
	const band = byId('gauge-band');
	band.setAttribute('x', x(target.low_spm));
	band.setAttribute('width', x(target.high_spm) - x(target.low_spm));
	byId('gauge-low').style.left = x(target.low_spm) / 10 + '%';
	byId('gauge-high').style.left = x(target.high_spm) / 10 + '%';
	if (typeof cadence === 'number')
		byId('gauge-runner').setAttribute('transform', `translate(${x(cadence)} 0)`);
}

// ---- the prompt, or what stands in its place ----

// What the page itself has to say where no prompt is
function ownWords() {
	if (!state.ready)
		return [word('away'), state.why ? `${word('awayText')} (${state.why})` : word('awayText')];
	if (!smallValues().length && state.session?.state !== 'ended')
		return [word('start'), word('never')];
	return null;
}

function renderSmall(wanted) {
	const list = byId('small');
	const values = wanted ? smallValues().slice(0, 5) : [];
	while (list.children.length > values.length)
		list.lastChild.remove();
	values.forEach(([name, text], i) => {
		let item = list.children[i];
		if (!item) {
			item = document.createElement('div');
			item.append(document.createElement('dt'), document.createElement('dd'));
			list.append(item);
		}
		item.firstChild.textContent = name;
		item.lastChild.textContent = text;
	});
}

function timeLeft(prompt) {
	const seconds = Math.max(1, Math.ceil((prompt.endsAt - now()) / 1000));
	return seconds > COUNTDOWN_MAX_S ? '' : seconds + ' s';
}

function renderPrompt() {
	const p = state.prompt;
	const own = p ? null : ownWords();
	const section = byId('prompt');
	section.dataset.level = p ? p.level : own ? 'own' : 'none';
	byId('prompt-shape').setAttribute('href', '#shape-' + (p ? p.level : 'system'));
	put('prompt-level', p ? word(p.level) : '');
	put('prompt-headline', p ? p.headline : own ? own[0] : '');
	put('prompt-text', p ? p.text ?? '' : own ? own[1] : '');
	byId('prompt-text').hidden = Boolean(p?.whyOpen);
	byId('prompt-headline').lang = byId('prompt-text').lang =
		p && state.session?.lang || language;
	put('prompt-english', p?.english ? `${p.english.headline}. ${p.english.text}` : '');
	byId('prompt-english').hidden = !p?.english;
	put('prompt-why', p?.whyOpen ? p.why : '');
	byId('prompt-why').hidden = !p?.whyOpen;
	byId('why').hidden = !p?.why;
	byId('why').setAttribute('aria-pressed', String(Boolean(p?.whyOpen)));
	put('why', word('why'));
	byId('ack').hidden = !p || !state.input;
	put('ack', word('ack'));
	put('prompt-left', p ? timeLeft(p) : '');
	renderSmall(!p && !own);
}

// Said once it has been before somebody's eyes: after the frame that shows it
function tellShown() {
	const p = state.prompt;
	if (!p || p.told || document.visibilityState !== 'visible')
		return;
	p.told = true;
	requestAnimationFrame(() => setTimeout(() => {
		if (state.prompt === p)
			post('input', { type: 'shown', id: p.id });
	}, 0));
}

// ---- the rest ----
function renderSummary() {
	const s = state.summary ?? state.session;
	const ended = state.session?.state === 'ended';
	byId('summary').hidden = !ended;
	if (!ended)
		return;
	put('summary-title', word('summary'));
	put('summary-time-name', word('time'));
	put('summary-distance-name', word('distance'));
	put('summary-time', timeText(s.elapsed_s));
	put('summary-distance', distanceText(s.distance_m));
	put('summary-text', state.summary?.text ?? '');
}

function renderKeys() {
	const muted = mutedMinutes();
	const intervals = Boolean(state.session?.intervals);
	put('key-pain', word('pain'));
	put('key-flag', word('redFlag'));
	put('key-mute', muted ? `${word('unmute')} (${word('minutes', muted)})` : word('mute'));
	byId('key-mute').setAttribute('aria-pressed', String(muted > 0));
	put('key-intervals', `${word('intervals')}: ${word(intervals ? 'on' : 'offNow')}`);
	byId('key-intervals').setAttribute('aria-pressed', String(intervals));
	put('key-me', word('me'));
}

function renderPad() {
	byId('pad').hidden = !pad.kind;
	put('pad-back', word('back'));
}

function renderLock() {
	byId('lock').hidden = !link.locked;
	put('lock-name', word('token'));
	put('lock-open', word('open'));
}

// What the stylesheet arranges by
function view() {
	if (link.locked)
		return 'lock';
	if (isWelcoming())
		return 'welcome';
	if (!state.ready)
		return 'away';
	return state.session?.state === 'ended' ? 'summary' : 'run';
}

// True if the stylesheet has something to arrange anew
function arrange(name, value) {
	const set = document.documentElement.dataset;
	const differs = set[name] !== value;
	set[name] = value;
	return differs;
}

function render() {
	speak(state.session?.lang ?? navigator.language);
	document.documentElement.lang = language;
	const arranged = arrange('view', view()) | arrange('pad', pad.kind ?? '');
	renderHeader();
	renderNumbers();
	renderGauge();
	renderPrompt();
	renderSummary();
	renderWelcome();
	renderPad();
	renderLock();
	renderKeys();
	if (arranged)
		drawChart(byId('chart'));
	tellShown();
}

function changed() {
	advance();
	followWelcome();
	render();
	followPrompt();
}

// ---- keys ----
const KEYS = {
	p: openPain, r: openRedFlag, a: acknowledge, m: toggleMute, i: toggleIntervals,
	h: openAboutMe, w: toggleWhy,
};

function onKey(event) {
	if (event.ctrlKey || event.altKey || event.metaKey || event.target.matches('input'))
		return;
	if (event.key === 'Escape') {
		closePad();
		if (welcome.step === 2 || welcome.byHand)
			closeWelcome();
	} else if (pad.kind && /^[0-9t]$/.test(event.key)) {
		pressDigit(event.key === 't' ? 10 : Number(event.key));
	} else if (!isWelcoming() && !link.locked && Object.hasOwn(KEYS, event.key)) {
		KEYS[event.key]();
	} else {
		return;
	}
	event.preventDefault();
}

function wire() {
	const clicks = {
		'key-pain': openPain, 'key-flag': openRedFlag, 'key-mute': toggleMute,
		'key-intervals': toggleIntervals, 'key-me': openAboutMe, ack: acknowledge,
		why: toggleWhy, 'pad-back': closePad, 'welcome-next': goOn,
		'welcome-skip': closeWelcome, taller: () => changeHeight(1),
		shorter: () => changeHeight(-1),
	};
	for (const [id, press] of Object.entries(clicks))
		byId(id).addEventListener('click', press);
	byId('lock').addEventListener('submit', (event) => {
		event.preventDefault();
		link.token = byId('token').value;
		sessionStorage.setItem('token', link.token);
	});
	addEventListener('keydown', onKey);
	addEventListener('resize', () => drawChart(byId('chart')));
	addEventListener('visibilitychange', tellShown);
}

link.changed = changed;
findToken();
wire();
changed();
stayConnected();
setInterval(() => {
	watchLink();
	changed();
	drawChart(byId('chart'));
}, 1000);
