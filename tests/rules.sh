#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright 2026 the gaitd authors
#
# gaitd-rules(5) as a stranger reads it: its first rule, its recording and its
# commands, taken from the page, do what the page says. And what gaitctl rules
# tells of rules, without a daemon.
. "${srcdir:-.}/tests/hostile/lib.sh"

page=$srcdir/daemon/rules/gaitd-rules.5
cd "$work"

# example PATTERN: the literal block of the page whose first line matches
example() {
	awk -v first="$1" '
		/^\.Bd -literal/ { inside = 1; started = 0; next }
		/^\.Ed/ { if (inside && started) exit; inside = 0 }
		inside && !started { started = $0 ~ first ? 1 : (inside = 0) }
		inside && started { print }' "$page"
}

# says PATTERN: standard output of the last command has it
says() {
	grep -q -e "$1" "$work/out" || fail "no \"$1\" in: $(head -c 600 "$work/out")"
}

example '^rules:$' >easy-hr.yaml
example '^\{$' >make-recording
grep -q 'id: easy-hr' easy-hr.yaml || fail "the page begins with no rule"
sh ./make-recording
[ -s climb.rec ] || fail "the page makes no recording"

# ---- the page's own steps
expect 0 '' "$gaitctl" rules check easy-hr.yaml
says '^easy-hr.yaml: ok$'
expect 0 '' "$gaitctl" rules explain easy-hr --rules easy-hr.yaml
says 'all of these, for 60 s without a break:'
says 'heart rate is above 90 % of heart rate max'
says 'incline is above 0 %'
says "again after 300 s"
expect 0 '' "$gaitd" --rules easy-hr.yaml --replay climb.rec --speed max --prompts -
says '^{"t":72.000,"event":"prompt","id":3,"rule":"easy-hr","level":"form","headline":"Ease off","text":"Ease off."'
expect 0 '' "$gaitctl" rules why climb.rec --at 65 easy-hr --rules easy-hr.yaml
example '^easy-hr \(form\)' | sed 's/(heart_rate.*//' >expected
while IFS= read -r line; do
	says "$line"
done <expected
[ "$(wc -l <expected)" -ge 5 ] || fail "the page tells no reasons"

# On the flat it is silent, and says so; so it is without a heart rate.
sed 's/1400\(0000b0\)/0000\1/' climb.rec >flat.rec
expect 0 '' "$gaitd" --rules easy-hr.yaml --replay flat.rec --speed max --prompts -
! grep -q easy-hr out || fail "easy-hr speaks on the flat"
expect 0 '' "$gaitctl" --rules easy-hr.yaml rules why flat.rec --at 2:00 easy-hr
says 'silent: its condition is not true'
says 'false *incline is above 0 %  (incline 0 %)'
sed 's/0801\(e8031400\)0000b0/0800\10000/' climb.rec >no-strap.rec
expect 0 '' "$gaitctl" --rules easy-hr.yaml rules why no-strap.rec --at 2:00 easy-hr
says 'absent .*heart_rate is absent'

# ---- the block of the design page, as it stands
cat >design.yaml <<'YAML'
rules:
  - id: easy-hr
    level: form
    when: "heart_rate > 90 % of heart_rate_max and incline > 0 %"
    hold: 60 s
    clear: "heart_rate < 85 % of heart_rate_max"
    repeat: 300 s
    limit: 3
    needs: [heart_rate]
    mutes: []
    say: {headline: "Ease off", text: "Ease off."}
    why: "..."
    source: "..."
    strength: opinion
YAML
expect 0 '' "$gaitd" --rules design.yaml --replay climb.rec --speed max --prompts -
says '"t":72.000,"event":"prompt".*"rule":"easy-hr"'

# ---- overlays: two in a row, off and on again
printf 'rules:\n- {id: easy-hr, hold: 30 s}\n' >sooner.yaml
printf 'rules:\n- {id: warm-up, enabled: false}\n' >off.yaml
printf 'rules:\n- {id: warm-up, enabled: true}\n' >on.yaml
expect 0 '' "$gaitd" --rules design.yaml --rules sooner.yaml --rules off.yaml \
	--replay climb.rec --speed max --prompts -
says '"t":32.000,"event":"prompt".*"rule":"easy-hr"'
! grep -q warm-up out || fail "a rule that is off speaks"
expect 0 '' "$gaitctl" --rules design.yaml --rules sooner.yaml --rules off.yaml rules list
says '^warm-up  *form  *off; '
says '^easy-hr  *form  *opinion$'
expect 0 '' "$gaitctl" --rules off.yaml rules why climb.rec --at 20 warm-up
says 'silent: an overlay switched it off'
expect 0 '' "$gaitctl" --rules off.yaml --rules on.yaml rules list
! grep -q 'off; ' out || fail "a rule that was switched on again is off"
expect 3 'the rule "easy-rh" is new and needs the key "level"; did you mean easy-hr?' \
	sh -c "sed s/easy-hr/easy-rh/ sooner.yaml >slip.yaml; \"$gaitctl\" --rules design.yaml rules check slip.yaml"

# ---- the configuration's wishes for a runner of whom nothing else is known
printf 'rules: {prompts: off}\n' >quiet.yaml
printf 'session: {units: mi}\n' >miles.yaml
sed '/^# Runner:/d' climb.rec >nobody.rec
expect 0 '' "$gaitctl" --config quiet.yaml rules why nobody.rec --at 20 warm-up
says 'silent: the runner wants fewer prompts, or none'
expect 0 '' "$gaitctl" --config miles.yaml rules why nobody.rec --at 20 warm-up
! grep -q 'wants fewer' out || fail "prompts are off without a word of it"
expect 0 '' "$gaitctl" --config quiet.yaml rules why climb.rec --at 20 warm-up
! grep -q 'wants fewer' out || fail "the configuration goes over the recording's runner"
expect 3 'unknown key' sh -c "echo 'rulse: {}' >slip.yaml; \"$gaitctl\" --config slip.yaml rules list"

# ---- warnings leave the status 0
cat >doubtful.yaml <<'YAML'
rules:
  - {id: never, level: form, when: "speed > 12 km/h and speed < 10 km/h", say: {headline: H, text: T}}
  - {id: quicker, level: form, when: "cadence < 170 spm", say: {headline: H, text: T}}
  - {id: calmer, level: form, when: "cadence > 160 spm", say: {headline: H, text: T}}
YAML
expect 0 '' "$gaitctl" rules check doubtful.yaml
says '^doubtful.yaml:2: warning: rule "never" can never speak'
says '^doubtful.yaml:4: warning: rule "calmer" contradicts "quicker"\|^doubtful.yaml:3: warning: rule "quicker" contradicts "calmer"'
expect 0 '' "$gaitctl" rules check "$srcdir/daemon/rules/rules.yaml"
! grep -q warning out || fail "the shipped rules are in doubt: $(cat out)"

# ---- for programs
for words in 'rules list' 'rules explain steep-and-fast' 'rules explain warm-up decline' \
	'rules why climb.rec --at 65'; do
	# shellcheck disable=SC2086
	expect 0 '' "$gaitctl" --json $words
	case $(head -c 1 out) in
	'{' | '[') ;;
	*) fail "gaitctl --json $words is no JSON" ;;
	esac
done
says '"reason": "repeat"'
says '"until": 102.0'

# ---- slips of the pen
expect 2 'did you mean steep-and-fast?' "$gaitctl" rules explain steep-and-fats
expect 2 'there is no rule' "$gaitctl" rules why climb.rec --at 3 nonsense
expect 2 'as in 6:12' "$gaitctl" rules why climb.rec --at noon
expect 2 'as in 6:12' "$gaitctl" rules why climb.rec --at -3
expect 2 'as in 6:12' "$gaitctl" rules why climb.rec --at 1:99
expect 1 'No such file' "$gaitctl" rules why none.rec --at 3
expect 0 'climb.rec ends at 180.000 s' "$gaitctl" rules why climb.rec --at 999 warm-up
printf '# gaitd recording 1\n1000000 treadmill nonsense\n' >bad.rec
expect 1 'bad.rec:2:' "$gaitctl" rules why bad.rec --at 3
expect 3 'missing.yaml: cannot be read' "$gaitctl" --rules missing.yaml rules list

finish
