#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright 2026 the gaitd authors
#
# mutate.py [--of PATH]... [--first N] [--jobs N] [--memory FILE] [--least PERCENT]
# TEST...: would the tests notice? The mutants of the core (mutants.py), built together
# (schemata.py) and put before the library that the tests stand on, are tried one at a
# time by those tests that reach its line, the quick ones first, until one fails.
# `make mutation` calls it; README tells the rest.
#
# Not counted: what comes out of the compiler as it was, and what is listed in the file
# `equivalent` with a reason. Listed in `survivors`: what no test notices, and why not; in
# `unnoticed`: and nobody has said why not.
# `make coverage` tries a few of those in no list, the same ones as long as their
# lines stay as they are, and wants each noticed; --first tries so many, drawn in the
# same way. --memory keeps what was noticed, so that a run can go on where another
# ended; begin without one after a change.
import argparse
import collections
import concurrent.futures
import filecmp
import itertools
import json
import os
import sys
import tempfile

import bed
import mutants
import schemata

HERE = os.path.dirname(os.path.abspath(__file__))
CORE = ["daemon/core"]
PLAIN = ["-O1", "-g0"]
# Seconds of a processor, beyond five times what the test took: it hangs
PATIENCE_S = 5


def listed(name, reasons=True):
    """{key of a mutant: the reason}. A line names file and place, `: `, the line; those
    that follow it, indented, `CHANGE: the reason` each, or the change alone."""
    found, head = {}, None
    with open(os.path.join(HERE, name), encoding="utf-8") as file:
        for number, line in enumerate(file, 1):
            if line.startswith("#") or not line.strip():
                continue
            if not line[0].isspace():
                where, _, text = line.strip().partition(": ")
                head = (*where.split(" ", 1), text)
                continue
            change, _, reason = line.strip().partition(": ") if reasons else (line.strip(), "", "-")
            if head is None or len(head) != 3 or not reason:
                raise bed.Refused(f"{name}:{number}: expected CHANGE: REASON beneath FILE PLACE: LINE")
            found[(*head, change)] = reason
    return found


class Trial:
    """The tests, what each reaches, and a mutant at a time"""

    def __init__(self, place, tests):
        self.bench = bed.Bed(place)
        self.base = self.bench.library("counted", ["-O0", "-g", "--coverage"], ["--coverage"])
        self.programs = self.bench.programs(tests, self.base)
        surveys = self.bench.pool.map(lambda one: self.bench.survey(one, self.base), self.programs)
        self.cost, self.counts = {}, {}
        for program, (self.cost[program], self.counts[program]) in zip(self.programs, surveys):
            pass
        self.texts = {path: source(self.bench, path) for path in self.bench.sources}
        self.reached = {}
        self.numbers, self.wrong, self.unbuilt = {}, None, set()

    def take(self, some):
        """Builds these; a test's process is told the number of the one that it runs with"""
        if not some:
            return
        self.numbers = {mutant: number for number, mutant in enumerate(some, 1)}
        self.wrong = os.path.join(self.bench.place, "libwrong.so")
        paths = sorted({mutant.path for mutant in some})
        objects = list(self.bench.pool.map(self.build, paths))
        bed.must([*self.bench.compiler, "-shared", "-o", self.wrong, *objects])
        for test in self.programs:
            if any(self.lines_reached(path).get(test) for path in paths) and self.run(test, 0):
                raise bed.Refused(f"{os.path.basename(test)} fails with none of the mutants chosen")

    def build(self, path):
        made = schemata.Schemata(path, self.texts[path])
        for mutant, number in self.numbers.items():
            if mutant.path == path and not made.add(number, mutant):
                self.unbuilt.add(mutant)
        stem, refused = os.path.join(self.bench.place, path[:-2] + ".wrong"), set()
        os.makedirs(os.path.dirname(stem), exist_ok=True)
        while True:
            with open(stem + ".c", "w", encoding="utf-8") as file:
                file.write(made.whole(refused))
            try:
                self.bench.compile(stem + ".c", stem + ".o", PLAIN)
                break
            except bed.Refused as words:
                more = schemata.refused(str(words)) - refused
                if not more:
                    raise
                refused |= more
        self.unbuilt |= {mutant for mutant, number in self.numbers.items() if number in refused}
        return stem + ".o"

    def run(self, test, number):
        """Its status; counters have been read, and those of this run are put nowhere"""
        bound = round(PATIENCE_S + 5 * self.cost[test])
        return self.bench.outcome(test, self.base, bound, LD_PRELOAD=self.wrong, REACH_MUTANT=str(number),
                                  GCOV_PREFIX="/dev/null")[0]

    def lines_reached(self, path):
        if path not in self.reached:
            self.reached[path] = {test: {line for line, (times, _) in counts[path].items() if times}
                                  for test, counts in self.counts.items() if path in counts}
        return self.reached[path]

    def reaching(self, mutant):
        """Tests that reach its lines; of a table or a number by name, its file"""
        reached = self.lines_reached(mutant.path)
        of_line = [test for test, lines in reached.items() if mutant.line in lines]
        # a statement goes on over lines, of which gcov names one
        return of_line or [test for test, lines in reached.items() if lines]

    def as_before(self, mutant):
        """Whether the compiler makes the same of it"""
        home = tempfile.mkdtemp(dir=self.bench.place)  # a line may stand twice in a function
        text = self.texts[mutant.path]
        for name, words in ((home + "/as-it-was", text), (home + "/wrong", mutant.applied(text))):
            os.makedirs(name)
            with open(name + "/one.c", "w", encoding="utf-8") as file:
                file.write(words)
            self.bench.compile(name + "/one.c", name + "/one.o", ["-O2", "-g0"])
        return filecmp.cmp(home + "/as-it-was/one.o", home + "/wrong/one.o", shallow=False)

    def outcome(self, mutant, kills):
        """The test that notices; "same" if nothing is changed, "unbuilt", or None"""
        if mutant in self.unbuilt:
            return "unbuilt"
        number = self.numbers[mutant]
        for test in sorted(self.reaching(mutant), key=lambda one: self.cost[one] / (1 + kills[mutant.place, one])):
            if self.run(test, number):
                kills[mutant.place, test] += 1
                return os.path.basename(test)
        try:
            return "same" if self.as_before(mutant) else None
        except bed.Refused:
            return "unbuilt"  # a number that a static_assert() holds: the schemata make a variable of it


def source(bench, path):
    with open(os.path.join(bench.source, path), encoding="utf-8") as file:
        return file.read()


def found_in(trial, wanted):
    for path, text in trial.texts.items():
        if any(path == one or path.startswith(one.rstrip("/") + "/") for one in wanted):
            yield from mutants.of_file(path, text)


def tried(trial, some, jobs):
    """(mutant, what came of it), as they end"""
    kills = collections.Counter()
    pool = concurrent.futures.ThreadPoolExecutor(jobs)
    waiting = {pool.submit(trial.outcome, one, kills): one for one in some}
    try:
        for done in concurrent.futures.as_completed(waiting):
            yield waiting[done], done.result()
    finally:
        pool.shutdown(cancel_futures=True)


class Memory:
    """What came of a mutant in earlier runs, in a file: a line of JSON each"""

    def __init__(self, name):
        self.name, self.known = name, {}
        if name and os.path.exists(name):
            with open(name, encoding="utf-8") as file:
                self.known = {tuple(key): outcome for key, outcome in map(json.loads, file)}

    def noticed(self, mutant):
        return self.known.get(mutant.key)

    def note(self, mutant, outcome):
        if self.name and outcome:
            with open(self.name, "a", encoding="utf-8") as file:
                file.write(json.dumps([mutant.key, outcome]) + "\n")


def judged(trial, some, jobs, known, memory):
    """How many were noticed, of how many; those that were not are printed as they are found"""
    noticed, count, unbuilt = 0, 0, 0
    unknown = [one for one in some if not memory.noticed(one)]
    trial.take(unknown)
    remembered = ((one, memory.noticed(one)) for one in some if memory.noticed(one))
    for mutant, outcome in itertools.chain(remembered, tried(trial, unknown, jobs)):
        if not memory.noticed(mutant):
            memory.note(mutant, outcome)
        unbuilt += outcome == "unbuilt"
        if outcome in ("same", "unbuilt"):
            continue
        count += 1
        noticed += outcome is not None
        if outcome is None and mutant.key not in known:
            print(f"not noticed: {mutant}", flush=True)
        if outcome is not None and mutant.key in known:
            print(f"noticed by {outcome}, take it out of its list: {mutant}", flush=True)
    return noticed, count, unbuilt


def check_stale(everything, *lists):
    keys = {one.key for one in everything}
    gone = [key for one in lists for key in one if key not in keys]
    for key in gone:
        print("listed, and no longer there: {} {}: {}\n\t{}".format(*key), file=sys.stderr)
    return not gone


def sample(trial, number, jobs):
    """Whether all are noticed of the `number` that drew lowest among those that should be"""
    equivalent, survivors = listed("equivalent"), listed("survivors")
    known = {**equivalent, **survivors, **listed("unnoticed", reasons=False)}
    everything = list(found_in(trial, CORE))
    some = sorted((one for one in everything if one.key not in known), key=lambda one: one.draw)[:number]
    noticed, count, _ = judged(trial, some, jobs, {}, Memory(None))
    print(f"mutants: {noticed} noticed of the {count} tried")
    if noticed < count:
        print("mutate: write a test that notices, or tell in tests/reach/survivors why there is none", file=sys.stderr)
    return check_stale(everything, equivalent, survivors) and noticed == count > 0


def asked():
    parser = argparse.ArgumentParser()
    parser.add_argument("--of", action="append")
    parser.add_argument("--first", type=int)
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    parser.add_argument("--memory")
    parser.add_argument("--least", type=float, default=85)
    parser.add_argument("tests", nargs="+")
    return parser.parse_args()


def main(place):
    wish = asked()
    equivalent, survivors = listed("equivalent"), listed("survivors")
    trial = Trial(place, wish.tests)
    everything = list(found_in(trial, wish.of or CORE))
    fresh = bool(wish.of) or check_stale(everything, equivalent, survivors)
    some = sorted((one for one in everything if one.key not in equivalent), key=lambda one: one.draw)[:wish.first]
    known = {**survivors, **listed("unnoticed", reasons=False)}
    noticed, count, unbuilt = judged(trial, some, wish.jobs, known, Memory(wish.memory))
    share = 100 * noticed / max(count, 1)
    print(f"mutants: {noticed} of {count} noticed, {share:.1f} %; of {len(some)} tried of {len(everything)}, "
          f"{len(some) - count - unbuilt} come out of the compiler as they were and {unbuilt} do not compile")
    return 0 if fresh and count and share >= wish.least else 1


if __name__ == "__main__":
    bed.run(main)
