# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright 2026 the gaitd authors
#
# protocol/ and daemon/core as one shared library beneath the unit tests as they are
# built already: those two are compiled anew, with counters or without, and nothing
# else is. What is compiled for counting is counted; what is put before the library
# (LD_PRELOAD) takes a file's place without linking anything again.
import concurrent.futures
import glob
import json
import os
import resource
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile

ROOMS = ("daemon/core", "protocol")
# All that any of the tests needs beside the library, each before what it stands on
ARCHIVES = ("libunit.a", "libcaptures.a", "libsessions.a", "libsimulator.a", "libcore.a",
            "librules.a", "libdisplaycodec.a", "libprotocol.a")
LIBRARY = "libreached.so"
MEMORY_MOST = 2 << 30


pools = []  # whoever is at work in one writes into the place that goes


class Refused(Exception):
    """What went wrong, for who reads"""


def words(name):
    return shlex.split(os.environ.get(name, ""))


def must(command, **options):
    done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, check=False, **options)
    if done.returncode:
        raise Refused(f"{shlex.join(command)}\n{done.stdout}".rstrip())
    return done.stdout


class Bed:
    """CC, CPPFLAGS, CFLAGS and LIBS are the build's; `place` goes when we do."""

    def __init__(self, place):
        self.source = os.environ["srcdir"]
        self.place = place
        self.compiler = words("CC") or ["gcc"]
        self.pool = concurrent.futures.ThreadPoolExecutor(os.cpu_count())
        pools.append(self.pool)
        self.sources = [os.path.relpath(path, self.source) for room in ROOMS
                        for path in sorted(glob.glob(f"{self.source}/{room}/*.c"))]

    def compile(self, path, object_file, flags):
        os.makedirs(os.path.dirname(object_file), exist_ok=True)
        must([*self.compiler, *words("CPPFLAGS"), *words("CFLAGS"), "-U_FORTIFY_SOURCE", "-w", "-fPIC", "-fno-lto",
              *flags, "-c", path, "-o", object_file])

    def library(self, name, flags, link=()):
        """All of the rooms, compiled so, in a directory of that name"""
        home = os.path.join(self.place, name)
        objects = {one: os.path.join(home, one[:-2] + ".o") for one in self.sources}
        list(self.pool.map(lambda one: self.compile(os.path.join(self.source, one), objects[one], flags),
                           self.sources))
        must([*self.compiler, "-shared", *link, "-o", os.path.join(home, LIBRARY), *objects.values()])
        return home

    def link(self, test, home):
        """A unit test's own objects, and the library where its archives were"""
        name = os.path.basename(test)
        # as automake names them: beside the test, and of it in another directory
        objects = glob.glob(f"tests/*/{name}-*.o") + glob.glob(f"tests/*/unit_{name}-*.o")
        program = os.path.join(self.place, name)
        must([*self.compiler, "-rdynamic", "-o", program, *(objects or [test + ".o"]), os.path.join(home, LIBRARY),
              *ARCHIVES, *words("LIBS")])
        return program

    def programs(self, tests, home):
        return list(self.pool.map(lambda test: self.link(test, home), tests))

    def outcome(self, program, home, processor_s=None, **more):
        """The test run on the library of that directory: its status, and how many seconds
        of a processor it took. A bound is of such seconds, too: no machine is too slow."""
        environment = {**os.environ, "LD_LIBRARY_PATH": home, "builddir": ".", **more}
        test = subprocess.Popen([program], env=environment, stdin=subprocess.DEVNULL,
                                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        if processor_s:
            resource.prlimit(test.pid, resource.RLIMIT_CPU, (processor_s, processor_s))
            resource.prlimit(test.pid, resource.RLIMIT_AS, (MEMORY_MOST, MEMORY_MOST))
        _, status, usage = os.wait4(test.pid, 0)
        test.returncode = os.waitstatus_to_exitcode(status)
        return test.returncode, usage.ru_utime + usage.ru_stime


    def survey(self, program, home):
        """(seconds of a processor that it takes, what it reaches as counts() tells)"""
        own = os.path.join(self.place, os.path.basename(program) + ".counts")
        status, cost = self.outcome(program, home, GCOV_PREFIX=own)
        if status:
            raise Refused(f"{os.path.basename(program)} fails")
        # gcov looks for what the compiler noted beside what was counted
        for data in glob.glob(f"{own}/**/*.gcda", recursive=True):
            notes = data[:-len("gcda")] + "gcno"
            os.symlink(notes[len(own):], notes)
        return cost, counts(own)


def counts(home):
    """Of each file {line: (times, [times of each branch])}, as gcov tells"""
    data = sorted(glob.glob("**/*.gcda", root_dir=home, recursive=True))
    if not data:
        return {}
    told = must([*(words("GCOV") or ["gcov"]), "--json-format", "--branch-probabilities", "--stdout", *data],
                cwd=home)
    files = {}
    for report in told.splitlines():
        if not report.startswith("{"):
            continue
        for one in json.loads(report)["files"]:
            lines = files.setdefault(one["file"], {})
            for line in one["lines"]:
                add(lines, line["line_number"], line["count"], [b["count"] for b in line["branches"]])
    return files


def add(lines, number, times, branches):
    """A line may be told of more than once: of a program each, of a function each"""
    seen, ways = lines.get(number, (0, []))
    if len(ways) == len(branches):
        branches = [a + b for a, b in zip(ways, branches)]
    lines[number] = (seen + times, branches or ways)


def run(main):
    """main(place) in a directory that goes, however we end"""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    signal.signal(signal.SIGHUP, lambda *_: sys.exit(129))
    place = tempfile.mkdtemp(prefix="gaitd-reach.")
    try:
        sys.exit(main(place))
    except Refused as refused:
        sys.exit(f"{os.path.basename(sys.argv[0])}: {refused}")
    except KeyboardInterrupt:
        sys.exit(130)
    finally:
        for pool in pools:
            pool.shutdown(cancel_futures=True)
        shutil.rmtree(place, ignore_errors=True)
