#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright 2026 the gaitd authors
#
# coverage.py TEST...: what these unit tests reach of the codecs and of the core, file
# by file, whether that is enough, and whether they notice a few mutants (mutate.py);
# `make coverage` calls it.
#
# coverage.py --of BUILD: what was reached of everything in a build that counts
# (configure --enable-coverage) once its tests have run; `make coverage-all`.
import collections
import os
import sys

import bed
import mutate

LINES_LEAST, BRANCHES_LEAST = 95, 90
MUTANTS = 25
SHELL = ("daemon/", "plugins/")


class Tally(collections.Counter):
    """lines, lines_reached, branches, branches_reached"""

    @classmethod
    def of(cls, lines):
        tally = cls()
        for times, branches in lines.values():
            tally.update(lines=1, lines_reached=times > 0, branches=len(branches),
                         branches_reached=sum(way > 0 for way in branches))
        return tally

    def share(self, what):
        return 100 * self[what + "_reached"] / self[what] if self[what] else 100

    def row(self, name):
        return (f"{name:<34}{self['lines']:6}{self.share('lines'):7.1f} %"
                f"{self['branches']:8}{self.share('branches'):7.1f} %")


def missed(lines):
    return " ".join(str(number) for number, (times, _) in sorted(lines.items()) if not times)


def print_files(files):
    print(f"{'':34} lines  reached branches  reached  lines that are not")
    for name, lines in sorted(files.items()):
        print(f"{Tally.of(lines).row(name)}  {missed(lines)}".rstrip())


def by_room(files):
    rooms = collections.defaultdict(Tally)
    for name, lines in files.items():
        rooms[os.path.dirname(name)].update(Tally.of(lines))
    return rooms


def merged(surveys):
    files = collections.defaultdict(dict)
    for counts in surveys:
        for name, lines in counts.items():
            for number, (times, branches) in lines.items():
                bed.add(files[name], number, times, branches)
    return {name: lines for name, lines in files.items() if name.endswith(".c")}


def shortfalls(rooms):
    for room, tally in sorted(rooms.items()):
        for what, least in (("lines", LINES_LEAST), ("branches", BRANCHES_LEAST)):
            if tally.share(what) < least:
                yield f"{room}: {tally.share(what):.1f} % of its {what}, at least {least} % are to be reached"
    if sorted(rooms) != sorted(bed.ROOMS):
        yield f"counted {', '.join(sorted(rooms)) or 'nothing'} instead of {', '.join(bed.ROOMS)}: is it gcc's gcov?"


def gate(place):
    trial = mutate.Trial(place, sys.argv[1:])
    files = merged(trial.counts.values())
    print_files(files)
    rooms = by_room(files)
    for room, tally in sorted(rooms.items()):
        print(tally.row(room))
    bad = list(shortfalls(rooms))
    for fault in bad:
        print("coverage: " + fault, file=sys.stderr)
    return 1 if bad or not mutate.sample(trial, MUTANTS, os.cpu_count()) else 0


def report(build):
    files = {name: lines for name, lines in bed.counts(build).items()
             if name.endswith(".c") and name.startswith((*SHELL, *bed.ROOMS))}
    rooms = by_room(files)
    for room, tally in sorted(rooms.items()):
        print(tally.row(room))
    for name, inside in (("the codecs and the core", True), ("the shell", False)):
        whole = Tally()
        for room, tally in rooms.items():
            if (room in bed.ROOMS) == inside:
                whole.update(tally)
        print(whole.row(name))
    return 0


if __name__ == "__main__":
    bed.run(lambda place: report(sys.argv[2]) if sys.argv[1] == "--of" else gate(place))
