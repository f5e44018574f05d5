# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright 2026 the gaitd authors
#
# All mutants of a file in one, after Untch, Offutt and Harrold's mutant schemata
# (ISSTA 1993), by functions: each mutant is a copy of the function that it is in, under
# a name of its own, and the function asks first which of them is meant. A number by name
# or a table is changed for copies of the functions that use it. So a mutant costs no
# compiler, linker and loader of its own, only the tests that run with it.
import re

import mutants

CHOICE = """#include <stdlib.h>
static int reach_mutant;
__attribute__((constructor)) static void reach_choose(void)
{
	const char *word = getenv("REACH_MUTANT");
	reach_mutant = word ? atoi(word) : 0;
}
"""


def users(code, name, functions):
    """The functions that use it, by themselves or through another name"""
    names, grown = {name}, True
    while grown:
        word = re.compile(r"\b(" + "|".join(names) + r")\b")
        more = {found.group(1) for found in re.finditer(r"^#define (\w+)(?:\([^)]*\))? ([^\n]*)", code, re.M)
                if word.search(found.group(2))}
        grown = not more <= names
        names |= more
    return [one for one in functions if word.search(code, one.body, one.end)]


class Schemata:
    def __init__(self, path, text):
        self.path, self.text = path, text
        self.code = mutants.without_comments(text)
        self.functions = list(mutants.functions(self.code))
        self.copies = {one: [] for one in self.functions}
        self.tables = []

    def copy(self, number, function, text, before="", after=""):
        kind = re.sub(r"^static ", "", function.kind)
        named = re.sub(r"\b%s\(" % function.name, f"{function.name}__{number}(", text, count=1)
        named = named[len(function.kind):] if named.startswith(function.kind) else named
        self.copies[function].append((number, f'{before}#line 1 "mutant-{number}"\nstatic {kind}{named}{after}'))

    def add(self, number, mutant):
        """False if it changes nothing in a function"""
        for one in self.functions:
            if one.body <= mutant.start < one.end:
                self.copy(number, one, self.text[one.start:mutant.start] + mutant.new + self.text[mutant.end:one.end])
                return True
        before, after = self.beside(number, mutant)
        found = users(self.code, mutant.place, self.functions)
        for one in found:
            self.copy(number, one, self.text[one.start:one.end], before, after)
        return bool(found)

    def beside(self, number, mutant):
        """What makes a name that is not a function's stand for something else; and ends it"""
        undefine = f"#undef {mutant.place}\n"
        for found in mutants.DEFINE.finditer(self.code):
            if found.start() <= mutant.start < found.end():
                value = self.code[found.start("body"):mutant.start] + mutant.new + self.code[mutant.end:found.end()]
                return (f"{undefine}#define {mutant.place} {value}\n",
                        f"{undefine}{self.code[found.start():found.end()]}\n")
        for found in mutants.TABLE.finditer(self.code):
            end = self.code.find("\n};", found.end()) + len("\n};\n")
            if found.start() <= mutant.start < end:
                self.tables.append((number, end, self.text[found.start():found.start("name")] +
                                    f"{mutant.place}__{number}" + self.text[found.end("name"):mutant.start] +
                                    mutant.new + self.text[mutant.end:end]))
                return f"#define {mutant.place} {mutant.place}__{number}\n", undefine
        raise ValueError(f"neither function nor name nor table: {mutant}")

    def back(self, at):
        return f'#line {self.code.count(chr(10), 0, at) + 1} "{self.path}"\n'

    def chooser(self, one, numbers):
        call = f"{one.name}__%d({', '.join(one.parameters)});"
        if one.kind.split()[-1] == "void":
            call += " return;"
        else:
            call = "return " + call
        return "\tswitch (reach_mutant) {\n" + "".join(f"\tcase {n}: {call % n}\n" for n in numbers) + "\t}\n"

    def whole(self, without=()):
        """The file with all of them but these"""
        added = [(0, CHOICE)]
        for number, end, table in self.tables:
            if number not in without:
                added.append((end, f'#line 1 "mutant-{number}"\n{table}{self.back(end)}'))
        for one in self.functions:
            chosen = {number: copy for number, copy in self.copies[one] if number not in without}
            if chosen:
                added.append((one.start, "".join(chosen.values()) + self.back(one.start)))
                added.append((one.body, self.chooser(one, chosen)))
        parts, at = [], 0
        for position, text in sorted(added, key=lambda one: one[0]):
            parts += [self.text[at:position], text]
            at = position
        return "".join(parts) + self.text[at:]


def refused(words):
    """The numbers of those that a compiler, told not to warn, has a word to say about"""
    return {int(number) for number in re.findall(r"^mutant-(\d+):", words, re.M)}
