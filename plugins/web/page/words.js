// SPDX-License-Identifier: MIT
// Copyright 2026 the gaitd authors
//
// The page's own words; prompts come translated from gaitd. {n} is a number.
'use strict';

const LANGUAGES = { en: 'English', de: 'Deutsch', fr: 'Français', es: 'Español', ja: '日本語' };

// Word for word; a translation stands above it, never in its place.
const DISCLAIMER = 'Running tips for healthy adults. Not a medical device and not medical advice. ' +
	'If you have or had back trouble, or any illness, ask your doctor before running. ' +
	'Stop and get help for severe pain, pain or numbness in a leg, numbness between the legs, ' +
	'trouble with bladder or bowel, chest pain or dizziness. Clip on the safety key. ' +
	'The treadmill\'s own stop button is always first.';

const WORDS = {
	en: {
		cadence: 'cadence', speed: 'speed', incline: 'incline', step: 'step length',
		heart: 'heart', time: 'time', distance: 'distance', climb: 'climb', energy: 'energy',
		spm: 'steps/min', band: 'target', contact: 'ground contact', bounce: 'bounce',
		ratio: 'vertical ratio', balance: 'left foot', stance: 'stance',
		treadmill: 'treadmill', footpod: 'foot pod',
		off: 'none', searching: 'searching', live: 'live', stale: 'silent', lost: 'lost',
		low: 'battery low', critical: 'battery empty',
		idle: 'standing', walk: 'walking', run: 'running', paused: 'paused', ended: 'finished',
		safety: 'SAFETY', load: 'LOAD', form: 'FORM', habit: 'HABIT', praise: 'PRAISE',
		system: 'SYSTEM',
		inBand: 'in the band', below: '{n} below the band', above: '{n} above the band',
		noBand: 'no target yet', notKnown: 'not known',
		pain: 'Pain', redFlag: 'Red flag', ack: 'Understood', why: 'Why?', mute: 'Mute',
		unmute: 'Unmute', intervals: 'Intervals', me: 'About me', back: 'Back',
		on: 'on', offNow: 'off', minutes: '{n} min',
		painAsk: 'How much does your back hurt?', least: 'not at all', worst: 'worst',
		flagAsk: 'Red flag: which one?', leg: 'pain shoots down a leg', numb: 'a leg is numb or weak',
		bladder: 'numb saddle, bladder or bowel change', straight: 'cannot stand straight',
		fall: 'after a fall', answerAsk: 'Your answer',
		painTold: 'Pain {n} of 10 told.', flagTold: 'Red flag told.',
		answerTold: 'Answer told.', profileTold: 'Told, for this session only.',
		muted: 'Only safety tips for {n} minutes.', unmuted: 'Tips are on again.',
		intervalsOn: 'Run-walk intervals: on.', intervalsOff: 'Run-walk intervals: off.',
		notTaken: 'gaitd did not take it: press again.',
		noInput: 'gaitd takes no input from this console.',
		away: 'No connection', awayText: 'Trying again. The treadmill goes on without it.',
		start: 'Step on and start the belt.',
		never: 'gaitd reads and prompts. It never moves the belt.',
		welcome: 'Before you run', next: 'Understood', about: 'About you',
		only: 'For this session only. Leave out what you like.',
		height: 'How tall are you?', backPain: 'Have you had back pain?',
		novice: 'Have you been running for less than six months?',
		units: 'Units', language: 'Language', yes: 'Yes', no: 'No', unsaid: 'no answer',
		taller: 'taller', shorter: 'shorter', skip: 'Skip', done: 'Done',
		summary: 'Your run', token: 'This console asks for its token.', open: 'Open',
		chart: 'Cadence, speed and incline of the last minutes',
		km: 'km', mi: 'miles',
	},
	de: {
		cadence: 'Schrittfrequenz', speed: 'Tempo', incline: 'Steigung', step: 'Schrittlänge',
		heart: 'Puls', time: 'Zeit', distance: 'Strecke', climb: 'Anstieg', energy: 'Energie',
		spm: 'Schritte/min', band: 'Ziel', contact: 'Bodenkontakt', bounce: 'Hub',
		ratio: 'Hubverhältnis', balance: 'linker Fuß', stance: 'Standphase',
		treadmill: 'Laufband', footpod: 'Laufsensor',
		off: 'keins', searching: 'wird gesucht', live: 'verbunden', stale: 'still',
		lost: 'verloren', low: 'Batterie schwach', critical: 'Batterie leer',
		idle: 'steht', walk: 'geht', run: 'läuft', paused: 'Pause', ended: 'beendet',
		safety: 'SICHERHEIT', load: 'BELASTUNG', form: 'LAUFFORM', habit: 'GEWOHNHEIT',
		praise: 'LOB', system: 'SYSTEM',
		inBand: 'im Zielband', below: '{n} unter dem Zielband', above: '{n} über dem Zielband',
		noBand: 'noch kein Ziel', notKnown: 'unbekannt',
		pain: 'Schmerz', redFlag: 'Warnzeichen', ack: 'Verstanden', why: 'Warum?', mute: 'Ruhe',
		unmute: 'Tipps an', intervals: 'Intervalle', me: 'Über mich', back: 'Zurück',
		on: 'an', offNow: 'aus', minutes: '{n} min',
		painAsk: 'Wie sehr tut dein Rücken weh?', least: 'gar nicht', worst: 'am schlimmsten',
		flagAsk: 'Warnzeichen: welches?', leg: 'Schmerz schießt ins Bein',
		numb: 'ein Bein ist taub oder schwach',
		bladder: 'taub im Schritt, Blase oder Darm gestört',
		straight: 'kann nicht gerade stehen', fall: 'nach einem Sturz',
		answerAsk: 'Deine Antwort',
		painTold: 'Schmerz {n} von 10 gemeldet.', flagTold: 'Warnzeichen gemeldet.',
		answerTold: 'Antwort gemeldet.', profileTold: 'Gemeldet, nur für dieses Training.',
		muted: '{n} Minuten lang nur Sicherheit.', unmuted: 'Die Tipps sind wieder an.',
		intervalsOn: 'Lauf-Geh-Intervalle: an.', intervalsOff: 'Lauf-Geh-Intervalle: aus.',
		notTaken: 'gaitd hat es nicht angenommen: nochmal drücken.',
		noInput: 'gaitd nimmt von dieser Konsole nichts an.',
		away: 'Keine Verbindung', awayText: 'Neuer Versuch läuft. Das Laufband geht ohne sie weiter.',
		start: 'Steig auf und starte das Band.',
		never: 'gaitd liest mit und gibt Tipps. Es bewegt nie das Band.',
		welcome: 'Bevor du läufst', next: 'Verstanden', about: 'Über dich',
		only: 'Nur für dieses Training. Lass weg, was du möchtest.',
		height: 'Wie groß bist du?', backPain: 'Hattest du schon Rückenschmerzen?',
		novice: 'Läufst du seit weniger als sechs Monaten?',
		units: 'Einheiten', language: 'Sprache', yes: 'Ja', no: 'Nein', unsaid: 'keine Angabe',
		taller: 'größer', shorter: 'kleiner', skip: 'Überspringen', done: 'Fertig',
		summary: 'Dein Lauf', token: 'Diese Konsole fragt nach ihrem Token.', open: 'Öffnen',
		chart: 'Schrittfrequenz, Tempo und Steigung der letzten Minuten',
		km: 'km', mi: 'Meilen',
		disclaimer: 'Lauftipps für gesunde Erwachsene. Kein Medizinprodukt und kein ärztlicher Rat. Wenn du ' +
			'Rückenbeschwerden oder eine Krankheit hast oder hattest, frag vor dem Laufen deinen Arzt. Hör ' +
			'auf und hol Hilfe bei starken Schmerzen, Schmerzen oder Taubheit in einem Bein, Taubheit ' +
			'zwischen den Beinen, Problemen mit Blase oder Darm, Brustschmerzen oder Schwindel. Klemm den ' +
			'Sicherheitsschlüssel an. Der Stopp-Knopf des Laufbands kommt immer zuerst.',
	},
	fr: {
		cadence: 'cadence', speed: 'vitesse', incline: 'pente', step: 'longueur de pas',
		heart: 'pouls', time: 'temps', distance: 'distance', climb: 'dénivelé', energy: 'énergie',
		spm: 'pas/min', band: 'cible', contact: 'contact au sol', bounce: 'rebond',
		ratio: 'ratio vertical', balance: 'pied gauche', stance: 'appui',
		treadmill: 'tapis', footpod: 'capteur de foulée',
		off: 'aucun', searching: 'recherche', live: 'connecté', stale: 'muet', lost: 'perdu',
		low: 'pile faible', critical: 'pile vide',
		idle: 'à l’arrêt', walk: 'marche', run: 'course', paused: 'pause', ended: 'terminé',
		safety: 'SÉCURITÉ', load: 'CHARGE', form: 'FOULÉE', habit: 'HABITUDE', praise: 'BRAVO',
		system: 'SYSTÈME',
		inBand: 'dans la cible', below: '{n} sous la cible', above: '{n} au-dessus de la cible',
		noBand: 'pas encore de cible', notKnown: 'inconnu',
		pain: 'Douleur', redFlag: 'Alerte', ack: 'Compris', why: 'Pourquoi ?', mute: 'Silence',
		unmute: 'Conseils', intervals: 'Fractionné', me: 'À mon sujet', back: 'Retour',
		on: 'oui', offNow: 'non', minutes: '{n} min',
		painAsk: 'À quel point ton dos te fait-il mal ?', least: 'pas du tout', worst: 'au pire',
		flagAsk: 'Alerte : laquelle ?', leg: 'douleur qui descend dans une jambe',
		numb: 'une jambe engourdie ou faible',
		bladder: 'entrejambe engourdi, vessie ou intestin troublés',
		straight: 'impossible de se tenir droit', fall: 'après une chute',
		answerAsk: 'Ta réponse',
		painTold: 'Douleur {n} sur 10 transmise.', flagTold: 'Alerte transmise.',
		answerTold: 'Réponse transmise.', profileTold: 'Transmis, pour cette séance seulement.',
		muted: 'Sécurité seulement pendant {n} minutes.', unmuted: 'Les conseils reprennent.',
		intervalsOn: 'Course et marche en alternance : oui.',
		intervalsOff: 'Course et marche en alternance : non.',
		notTaken: 'gaitd ne l’a pas pris : appuie encore.',
		noInput: 'gaitd n’accepte rien de cette console.',
		away: 'Pas de connexion', awayText: 'Nouvel essai en cours. Le tapis continue sans elle.',
		start: 'Monte et démarre le tapis.',
		never: 'gaitd observe et conseille. Il ne commande jamais le tapis.',
		welcome: 'Avant de courir', next: 'Compris', about: 'À ton sujet',
		only: 'Pour cette séance seulement. Passe ce que tu veux.',
		height: 'Combien mesures-tu ?', backPain: 'As-tu déjà eu mal au dos ?',
		novice: 'Cours-tu depuis moins de six mois ?',
		units: 'Unités', language: 'Langue', yes: 'Oui', no: 'Non', unsaid: 'sans réponse',
		taller: 'plus grand', shorter: 'plus petit', skip: 'Passer', done: 'Terminé',
		summary: 'Ta course', token: 'Cette console demande son jeton.', open: 'Ouvrir',
		chart: 'Cadence, vitesse et pente des dernières minutes',
		km: 'km', mi: 'miles',
		disclaimer: 'Conseils de course pour adultes en bonne santé. Ni dispositif médical ni avis médical. Si tu ' +
			'as ou as eu des problèmes de dos, ou une maladie, demande à ton médecin avant de courir. ' +
			'Arrête et cherche de l\'aide en cas de douleur forte, de douleur ou d\'engourdissement dans une ' +
			'jambe, d\'engourdissement entre les jambes, de troubles de la vessie ou de l\'intestin, de ' +
			'douleur à la poitrine ou de vertige. Accroche la clé de sécurité. Le bouton d\'arrêt du tapis ' +
			'passe toujours en premier.',
	},
	es: {
		cadence: 'cadencia', speed: 'velocidad', incline: 'pendiente', step: 'longitud de paso',
		heart: 'pulso', time: 'tiempo', distance: 'distancia', climb: 'desnivel', energy: 'energía',
		spm: 'pasos/min', band: 'objetivo', contact: 'contacto', bounce: 'rebote',
		ratio: 'relación vertical', balance: 'pie izquierdo', stance: 'apoyo',
		treadmill: 'cinta', footpod: 'sensor de zancada',
		off: 'ninguno', searching: 'buscando', live: 'conectado', stale: 'callado',
		lost: 'perdido', low: 'pila baja', critical: 'pila agotada',
		idle: 'parado', walk: 'caminando', run: 'corriendo', paused: 'pausa', ended: 'terminado',
		safety: 'SEGURIDAD', load: 'CARGA', form: 'TÉCNICA', habit: 'HÁBITO', praise: 'BIEN',
		system: 'SISTEMA',
		inBand: 'en el objetivo', below: '{n} por debajo', above: '{n} por encima',
		noBand: 'aún sin objetivo', notKnown: 'desconocido',
		pain: 'Dolor', redFlag: 'Alarma', ack: 'Entendido', why: '¿Por qué?', mute: 'Silencio',
		unmute: 'Consejos', intervals: 'Intervalos', me: 'Sobre mí', back: 'Volver',
		on: 'sí', offNow: 'no', minutes: '{n} min',
		painAsk: '¿Cuánto te duele la espalda?', least: 'nada', worst: 'lo peor',
		flagAsk: 'Alarma: ¿cuál?', leg: 'dolor que baja por una pierna',
		numb: 'una pierna dormida o débil',
		bladder: 'entrepierna dormida, vejiga o intestino alterados',
		straight: 'no puedo ponerme recto', fall: 'después de una caída',
		answerAsk: 'Tu respuesta',
		painTold: 'Dolor {n} de 10 comunicado.', flagTold: 'Alarma comunicada.',
		answerTold: 'Respuesta comunicada.', profileTold: 'Comunicado, solo para esta sesión.',
		muted: 'Solo seguridad durante {n} minutos.', unmuted: 'Vuelven los consejos.',
		intervalsOn: 'Intervalos de correr y caminar: sí.',
		intervalsOff: 'Intervalos de correr y caminar: no.',
		notTaken: 'gaitd no lo ha tomado: pulsa otra vez.',
		noInput: 'gaitd no acepta nada de esta consola.',
		away: 'Sin conexión', awayText: 'Probando de nuevo. La cinta sigue sin ella.',
		start: 'Sube y arranca la cinta.',
		never: 'gaitd observa y aconseja. Nunca mueve la cinta.',
		welcome: 'Antes de correr', next: 'Entendido', about: 'Sobre ti',
		only: 'Solo para esta sesión. Deja lo que no quieras decir.',
		height: '¿Cuánto mides?', backPain: '¿Has tenido dolor de espalda?',
		novice: '¿Corres desde hace menos de seis meses?',
		units: 'Unidades', language: 'Idioma', yes: 'Sí', no: 'No', unsaid: 'sin respuesta',
		taller: 'más alto', shorter: 'más bajo', skip: 'Omitir', done: 'Listo',
		summary: 'Tu carrera', token: 'Esta consola pide su clave.', open: 'Abrir',
		chart: 'Cadencia, velocidad y pendiente de los últimos minutos',
		km: 'km', mi: 'millas',
		disclaimer: 'Consejos para correr, para adultos sanos. No es un producto sanitario ni consejo médico. Si ' +
			'tienes o has tenido problemas de espalda, o cualquier enfermedad, pregunta a tu médico antes ' +
			'de correr. Para y busca ayuda si sientes dolor fuerte, dolor o adormecimiento en una pierna, ' +
			'adormecimiento entre las piernas, problemas de vejiga o intestino, dolor en el pecho o mareo. ' +
			'Engancha la llave de seguridad. El botón de parada de la cinta es siempre lo primero.',
	},
	ja: {
		cadence: 'ピッチ', speed: '速度', incline: '傾斜', step: '歩幅',
		heart: '心拍', time: '時間', distance: '距離', climb: '上り', energy: '消費',
		spm: '歩/分', band: '目標', contact: '接地時間', bounce: '上下動',
		ratio: '上下動比', balance: '左足', stance: '接地率',
		treadmill: 'トレッドミル', footpod: 'フットポッド',
		off: 'なし', searching: '検索中', live: '接続中', stale: '応答なし', lost: '切断',
		low: '電池残量少', critical: '電池切れ',
		idle: '停止', walk: '歩行', run: '走行', paused: '一時停止', ended: '終了',
		safety: '安全', load: '負荷', form: 'フォーム', habit: '習慣', praise: '良い調子',
		system: 'お知らせ',
		inBand: '目標範囲内', below: '目標より{n}少ない', above: '目標より{n}多い',
		noBand: '目標はまだありません', notKnown: '不明',
		pain: '痛み', redFlag: '危険な兆候', ack: 'わかりました', why: '理由', mute: '静かに',
		unmute: '再開', intervals: 'インターバル', me: '自分のこと', back: '戻る',
		on: 'オン', offNow: 'オフ', minutes: '{n}分',
		painAsk: '背中・腰はどのくらい痛みますか？', least: '痛くない', worst: '最もひどい',
		flagAsk: '危険な兆候：どれですか？', leg: '脚に走る痛み', numb: '脚のしびれ・力が入らない',
		bladder: '股のしびれ、排尿・排便の異常', straight: 'まっすぐ立てない',
		fall: '転倒のあと', answerAsk: '回答',
		painTold: '痛み{n}（10段階）を伝えました。', flagTold: '危険な兆候を伝えました。',
		answerTold: '回答を伝えました。', profileTold: '今回だけ伝えました。',
		muted: '{n}分間は安全の案内だけです。', unmuted: '案内を再開しました。',
		intervalsOn: '走歩インターバル：オン', intervalsOff: '走歩インターバル：オフ',
		notTaken: '受け付けられませんでした。もう一度押してください。',
		noInput: 'この画面からの入力は受け付けられません。',
		away: '接続がありません', awayText: '再接続しています。トレッドミルはそのまま動きます。',
		start: '乗ってベルトを動かしてください。',
		never: 'gaitdは見て知らせるだけで、ベルトを動かすことはありません。',
		welcome: '走る前に', next: 'わかりました', about: 'あなたについて',
		only: '今回だけ使います。答えたくないものは飛ばせます。',
		height: '身長はどのくらいですか？', backPain: '背中・腰を痛めたことはありますか？',
		novice: '走り始めて6か月未満ですか？',
		units: '単位', language: '言語', yes: 'はい', no: 'いいえ', unsaid: '回答なし',
		taller: '高く', shorter: '低く', skip: '飛ばす', done: '完了',
		summary: '今回のラン', token: 'この画面にはトークンが必要です。', open: '開く',
		chart: 'ここ数分のピッチ・速度・傾斜',
		km: 'km', mi: 'マイル',
		disclaimer: '健康な成人のためのランニングの助言です。医療機器ではなく、医学的な助言でもありません。腰や背中の不調' +
			'、または病気がある方、あった方は、走る前に医師に相談してください。強い痛み、足の痛みやしびれ、股のし' +
			'びれ、排尿や排便の異常、胸の痛み、めまいがあれば、走るのをやめて助けを求めてください。安全キーを服に' +
			'付けてください。止まるときは必ずトレッドミルの停止ボタンを使ってください。',
	},
};

let language = 'en';

// "de-AT" is "de"; what is not here is English.
function speak(tag) {
	const primary = (tag || 'en').toLowerCase().split(/[-_]/)[0];
	language = WORDS[primary] ? primary : 'en';
}

function word(name, n) {
	const text = WORDS[language][name] || name;
	return n === undefined ? text : text.replace('{n}', n);
}

function number(value, decimals) {
	return value.toLocaleString(language, {
		minimumFractionDigits: decimals, maximumFractionDigits: decimals, useGrouping: false,
	});
}
