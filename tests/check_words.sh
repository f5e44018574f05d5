#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright 2026 the gaitd authors
#
# What gaitd never says, in no language, in no text, no manual and no README: the
# false friends of the articles that it was conceived from. Longer strides at a
# belt's speed are fewer steps; there is no cadence that suits everybody; rest in
# bed and painkillers are no advice of a treadmill; and it "may", it never prevents,
# heals or diagnoses.
set -eu

srcdir=${srcdir:-.}
export LC_ALL=C.UTF-8

work=$(mktemp -d "${TMPDIR:-/tmp}/gaitd-words.XXXXXX")
trap 'rm -rf "$work"' EXIT
failures=0

# The words, an extended regular expression a language, case ignored
en='longer strides?|longer steps|lengthen (your|the) (stride|step)|stride out|bed ?rest|rest in bed'
en="$en|pain-?killers?|ibuprofen|naproxen|aspirin|anti-?inflammator|180 (spm|steps)"
en="$en|(prevent|heal|cure|diagnose)s? (back|pain|injur|your|a runner)|prevents? (back )?(pain|injur)|push through"
de='l(ä|ae)ngere (Schritte|Schrittl)|gr(ö|oe)(ß|ss)ere Schritte|Bettruhe|Schmerzmittel|Schmerztablette'
de="$de|Ibuprofen|verhindert|verh(ü|ue)tet|beugt .*vor|vorbeug|heilt|heilen|Diagnose"
fr='foul(é|e)es? plus longues?|allonge (ta|la) foul|(fais|faire|prends) des pas plus longs|repos au lit|alit'
fr="$fr|antidouleur|antalgique|analg(é|e)sique|ibuprof|emp(ê|e)che (le|la|les) (mal|douleur|blessure)|pr(é|e)vient|gu(é|e)ri|diagnos"
es='zancadas? m(á|a)s largas?|(da|dar|haz) pasos m(á|a)s largos|alarga (la|tu) zancada|reposo en cama|guardar cama'
es="$es|analg(é|e)sico|ibuprofeno|calmante|previene|prevenir|evita (el dolor|lesiones)|diagn(ó|o)stic|sanar"
ja='歩幅を(広|大き|伸ば)|大股|ストライドを(広|伸)|ベッドで|安静|鎮痛|痛み止め|イブプロフェン|予防|防ぎ|防ぐ|治療|治り|診断'

# never FILE PATTERN [NAME]
never() {
	if grep -nEi -e "$2" "$1" >"$work/found"; then
		echo "FAIL: ${3:-$1} says what gaitd never says:"
		sed 's/^/  /' "$work/found"
		failures=$((failures + 1))
	fi
}

# The lines that are shown; a header, an id, a comment is none.
said() {
	awk '/^msgid /  { shown = 0; next }
	     /^msgstr / { shown = 1 }
	     /^(#|$)/   { next }
	     shown' "$1"
}

# 180 is named once in each language, to say that it is no target.
magic() {
	count=$(grep -c '180' "$1" || :)
	[ "$count" -le 1 ] || {
		echo "FAIL: $2 names 180 $count times:"
		grep -n 180 "$1"
		failures=$((failures + 1))
	}
}

for po in "$srcdir"/daemon/rules/po/*.po "$srcdir"/plugins/*/po/*.po; do
	[ -f "$po" ] || continue
	language=$(basename "$po" .po)
	eval "words=\${$language:-}"
	[ -n "$words" ] || {
		echo "FAIL: $po: no list of words for this language in tests/check_words.sh"
		failures=$((failures + 1))
		continue
	}
	said "$po" >"$work/said"
	never "$work/said" "$words|$en" "$po"
	magic "$work/said" "$po"
done

never "$srcdir/daemon/rules/rules.yaml" "$en|prevent|diagnos|heal |cure"
for page in "$srcdir"/daemon/*.[1-8] "$srcdir"/daemon/*/*.[1-8] "$srcdir"/protocol/*.[1-8] \
	"$srcdir"/plugins/*.[1-8] "$srcdir"/plugins/*/*.[1-8] "$srcdir/README.md"; do
	[ ! -f "$page" ] || never "$page" "$en"
done

# The lists find what they are for.
for line in "Take longer strides" "Bettruhe hilft" "Ibuprofen" "repos au lit" "zancadas más largas" \
	"大股で走って" "prevents back pain" "aim for 180 steps"; do
	echo "$line" | grep -qEi -e "$en|$de|$fr|$es|$ja" || {
		echo "FAIL: the lists do not know \"$line\""
		failures=$((failures + 1))
	}
done

[ "$failures" -eq 0 ]
