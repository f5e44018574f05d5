// SPDX-License-Identifier: MIT
// Copyright 2026 the gaitd authors
//
// The last minutes: cadence with its target band above, speed and incline below,
// what was prompted between. Lines differ by stroke and by name, not by colour
// alone. Where a value was not known there is no line.

const CHART_MOST_MS = 10 * 60000;
const CHART_LEAST_MS = 2 * 60000; // so that a run that has begun is seen
const CHART_GAP_MS = 3 * TRACE_STEP_S * 1000; // a longer silence breaks a line
const COLOURS = { // Okabe and Ito
	orange: '#e69f00', sky: '#56b4e9', green: '#009e73', yellow: '#f0e442',
	vermillion: '#d55e00', purple: '#cc79a7', white: '#ffffff', grey: '#c8ccd2',
};
const LEVEL_COLOURS = {
	safety: COLOURS.vermillion, load: COLOURS.orange, form: COLOURS.sky,
	habit: COLOURS.purple, praise: COLOURS.green, system: COLOURS.grey,
};
const LEVEL_SHAPES = { // around 0,0
	safety: [[-4, -9], [4, -9], [9, -4], [9, 4], [4, 9], [-4, 9], [-9, 4], [-9, -4]],
	load: [[0, -10], [10, 8], [-10, 8]],
	form: [[0, -10], [10, 0], [0, 10], [-10, 0]],
	habit: [[-8, -8], [8, -8], [8, 8], [-8, 8]],
	praise: Array.from({ length: 16 }, (_, i) => [9 * Math.cos(i * Math.PI / 8), 9 * Math.sin(i * Math.PI / 8)]),
	system: [[-9, -4], [9, -4], [9, 4], [-9, 4]],
};

// A lane of the chart: where values of a range are drawn
function lane(top, bottom, low, high) {
	return (value) => bottom - (value - low) / (high - low) * (bottom - top);
}

// The range of what is drawn, no narrower than `least`
function range(values, least) {
	const numbers = values.filter((value) => typeof value === 'number');
	if (!numbers.length)
		return [0, least];
	const low = Math.min(...numbers), high = Math.max(...numbers);
	const spare = Math.max(0, least - (high - low)) / 2;
	return [low - spare, high + spare];
}

function drawLine(pen, points, x, y, name) {
	let last;
	pen.beginPath();
	for (const point of points) {
		if (typeof point[name] !== 'number') {
			last = undefined;
			continue;
		}
		if (last && point.at - last.at < CHART_GAP_MS)
			pen.lineTo(x(point.at), y(point[name]));
		else
			pen.moveTo(x(point.at), y(point[name]));
		last = point;
	}
	pen.stroke();
}

function drawBand(pen, points, x, y) {
	pen.fillStyle = COLOURS.green;
	for (let i = 0; i < points.length; i++) {
		const { at, low, high } = points[i];
		if (typeof low !== 'number' || typeof high !== 'number')
			continue;
		const next = points[i + 1]?.at ?? now();
		const end = Math.min(next, at + CHART_GAP_MS);
		pen.globalAlpha = 0.55;
		pen.fillRect(x(at), y(high), x(end) - x(at) + 0.5, y(low) - y(high));
		pen.globalAlpha = 1;
		pen.fillRect(x(at), y(high) - 1, x(end) - x(at) + 0.5, 2);
		pen.fillRect(x(at), y(low) - 1, x(end) - x(at) + 0.5, 2);
	}
}

function drawShape(pen, level, x, y, scale) {
	pen.beginPath();
	for (const [dx, dy] of LEVEL_SHAPES[level])
		pen.lineTo(x + dx * scale, y + dy * scale);
	pen.closePath();
	pen.fillStyle = LEVEL_COLOURS[level];
	pen.fill();
	pen.strokeStyle = '#000';
	pen.lineWidth = 2;
	pen.stroke();
}

const LINES = [
	['cadence', COLOURS.white, []], ['speed', COLOURS.sky, []], ['incline', COLOURS.orange, [4, 5]],
];

// Which line is which, in a row at the top
function drawNames(pen, size) {
	let left = 2;
	pen.font = `600 ${size}px system-ui, sans-serif`;
	pen.textBaseline = 'middle';
	pen.lineWidth = 3;
	for (const [name, colour, dash] of LINES) {
		pen.strokeStyle = colour;
		pen.setLineDash(dash);
		pen.beginPath();
		pen.moveTo(left, size / 2 + 1);
		pen.lineTo(left + 30, size / 2 + 1);
		pen.stroke();
		pen.fillStyle = COLOURS.white;
		pen.fillText(word(name), left + 37, size / 2 + 1);
		left += 37 + pen.measureText(word(name)).width + 24;
	}
	pen.setLineDash([]);
}

function drawTimes(pen, x, bottom, size, span) {
	pen.font = `${size}px system-ui, sans-serif`;
	pen.textBaseline = 'alphabetic';
	pen.textAlign = 'center';
	pen.fillStyle = COLOURS.grey;
	pen.strokeStyle = '#4a5058';
	pen.lineWidth = 1;
	const step = span > 5 * 60000 ? 2 : 1;
	for (let minutes = step; minutes < span / 60000; minutes += step) {
		const at = x(now() - minutes * 60000);
		pen.beginPath();
		pen.moveTo(at, size + 6);
		pen.lineTo(at, bottom - size - 2);
		pen.stroke();
		pen.fillText('−' + word('minutes', minutes), at, bottom - 2);
	}
	pen.textAlign = 'left';
}

function drawLanes(pen, points, x, height, size) {
	const top = size + 8;
	const middle = Math.round(top + (height - top - size) * 0.58);
	const cadences = points.flatMap((p) => [p.cadence, p.low, p.high]);
	const upper = lane(top, middle - 7, ...range(cadences, 20));
	const speed = lane(middle + 7, height - size - 5, ...range(points.map((p) => p.speed), 4));
	const incline = lane(middle + 7, height - size - 5, ...range(points.map((p) => p.incline), 6));
	drawBand(pen, points, x, upper);
	pen.lineJoin = 'round';
	pen.lineWidth = 3;
	const places = { cadence: upper, speed, incline };
	for (const [name, colour, dash] of LINES) {
		pen.strokeStyle = colour;
		pen.setLineDash(dash);
		drawLine(pen, points, x, places[name], name);
	}
	pen.setLineDash([]);
	return middle;
}

function drawChart(canvas) {
	const { clientWidth: width, clientHeight: height } = canvas;
	if (!width || !height)
		return;
	const ratio = devicePixelRatio || 1;
	canvas.width = Math.round(width * ratio);
	canvas.height = Math.round(height * ratio);
	const pen = canvas.getContext('2d');
	pen.scale(ratio, ratio);
	const size = Math.max(13, Math.min(20, height / 7));
	const end = now();
	const points = state.trace.filter((point) => end - point.at <= CHART_MOST_MS);
	const span = Math.max(CHART_LEAST_MS, points.length ? end - points[0].at : 0);
	const x = (at) => 4 + (width - 16) * (1 - (end - at) / span);
	drawTimes(pen, x, height, size, span);
	drawNames(pen, size);
	const middle = drawLanes(pen, points, x, height, size);
	for (const point of points) {
		if (point.level)
			drawShape(pen, point.level, x(point.at), middle, size / 16);
	}
	canvas.setAttribute('aria-label', word('chart'));
}
