#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright 2026 the gaitd authors
#
# coverage.py TEST...: what these unit tests reach of the codecs and of the core, file
# by file, and whether that is enough; `make coverage` calls it.
#
# coverage.py --of BUILD: what was reached of everything in a build that counts
# (configure --enable-coverage) once its tests have run; `make coverage-all`.
import collections
import os
import sys

import bed

LINES_LEAST, BRANCHES_LEAST = 95, 90
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


def all_run(bench, programs, home):
    """Runs them, as many at once as there are processors; the names of those that fail"""
    ended = bench.pool.map(lambda program: bench.start(program, home).wait(), programs)
    return [os.path.basename(program) for program, status in zip(programs, ended) if status]


def gate(place):
    bench = bed.Bed(place)
    home = bench.library("counted", ["-O0", "-g", "--coverage"], ["--coverage"])
    failed = all_run(bench, bench.programs(sys.argv[1:], home), home)
    files = {name: lines for name, lines in bed.counts(home).items() if name.endswith(".c")}
    print_files(files)
    bad = [f"{name} fails" for name in failed]
    for room, tally in sorted(by_room(files).items()):
        print(tally.row(room))
        for what, least in (("lines", LINES_LEAST), ("branches", BRANCHES_LEAST)):
            if tally.share(what) < least:
                bad.append(f"{room}: {tally.share(what):.1f} % of its {what}, at least {least} % are to be reached")
    if sorted(by_room(files)) != sorted(bed.ROOMS):
        bad.append(f"counted {', '.join(sorted(by_room(files))) or 'nothing'} instead of {', '.join(bed.ROOMS)}")
    for fault in bad:
        print("coverage: " + fault, file=sys.stderr)
    return 1 if bad else 0


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
