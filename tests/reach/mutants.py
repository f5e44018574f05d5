# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright 2026 the gaitd authors
#
# The small wrongs that can be done to a C file of this house, each by itself: a
# comparison off by its limit, a condition turned round, another operator, a number
# that is one more or a tenth more, a statement left out, a value returned wrong. Found in the text;
# the house's layout tells where a function and where a table begins.
import dataclasses
import hashlib
import re

# no code: comments, texts, letters
BLANK = re.compile(r'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\])+\'|^#(?!define)[^\n]*', re.S | re.M)
HEAD = re.compile(r"^(?=[a-z])(?P<type>[\w \*]*?[ *])(?P<name>\w+)\((?P<parameters>[^;{}]*)\)\n\{\n", re.M)
TABLE = re.compile(r"^(?:static )?const [^;{}()]*?(?P<name>\w+)\[[^\n]*\] = \{", re.M)
DEFINE = re.compile(r"^#define (?P<name>\w+) (?P<body>[^\n]*)", re.M)

OPERATORS = (
    (r"(?<![<>=!\-])<(?![<=])", "<="), (r"<=", "<"),
    (r"(?<![>\-=])>(?![>=])", ">="), (r"(?<![>])>=", ">"),
    (r"==", "!="), (r"!=", "=="), (r"&&", "||"), (r"\|\|", "&&"),
    (r"(?<=[\w)\]] )\+(?= )", "-"), (r"(?<=[\w)\]] )-(?= )", "+"),
    (r"(?<=[\w)\]] )\*(?= )", "/"), (r"(?<=[\w)\]] )/(?= )", "*"),
    (r"(?<= )\+=", "-="), (r"(?<= )-=", "+="), (r"\+\+", "--"), (r"--", "++"),
    (r"(?<=[ (=&|])!(?=[\w(])", ""), (r"\btrue\b", "false"), (r"\bfalse\b", "true"),
)
NUMBER = re.compile(r"(?<![\w.])(\d+)(\.\d+)?([uUlL]*)(?![\w.])")
STATEMENT = re.compile(r"^(?P<tabs>\t+)(?P<text>\*?[a-z_]\w*(?:(?:->|\.)\w+|\[[^\]\n]*\])*"
                       r"(?:\(| (?:[-+*/|&]?=) |\+\+;|--;)[^;{}]*;|\*?[a-z_]\w*(?:(?:->|\.)\w+|\[[^\]\n]*\])*(?:\+\+|--);)", re.M)
CONDITION = re.compile(r"\b(?:if|while) \(")
RETURN = re.compile(r"\breturn (?P<value>[^;]+);")
# Declarations: a size is the compiler's business, and so is what it needs to know
DULL = re.compile(r"\bsizeof\b|\bassert\(|^\s*(static )?(const )?(struct |unsigned )?\w+ \*?\w+\[[^\]]*\](;|,)")
LOOP = re.compile(r"^\s*for \(")


@dataclasses.dataclass(frozen=True)
class Mutant:
    path: str
    place: str  # the function, the table or the name that is defined
    text: str   # the line, without what is around it
    change: str
    line: int
    start: int
    end: int
    new: str

    @property
    def key(self):
        return (self.path, self.place, self.text, self.change)

    @property
    def draw(self):
        """A number that stays the same while the line does"""
        return hashlib.sha256("\n".join(self.key).encode()).hexdigest()

    def applied(self, text):
        return text[:self.start] + self.new + text[self.end:]

    def __str__(self):
        return f"{self.path}:{self.line} ({self.place}): {self.text}\n\t{self.change}"


@dataclasses.dataclass(frozen=True)
class Function:
    kind: str
    name: str
    parameters: tuple
    start: int
    body: int  # behind its opening brace
    end: int


def without_comments(text):
    return BLANK.sub(lambda m: re.sub(r"[^\n]", " ", m.group()), text)


def functions(code):
    for found in HEAD.finditer(code):
        names = tuple(re.findall(r"\w+", re.sub(r"\[[^\]]*\]", "", one))[-1]
                      for one in found.group("parameters").split(","))
        yield Function(found.group("type"), found.group("name"), () if names == ("void",) else names,
                       found.start(), found.end(), code.find("\n}", found.end() - 1) + len("\n}\n"))


class File:
    def __init__(self, path, text):
        self.path, self.text = path, text
        self.code = without_comments(text)
        self.seen = {}

    def mutant(self, place, start, end, new, change):
        line = self.code.count("\n", 0, start) + 1
        text = " ".join(self.text.split("\n")[line - 1].split())
        # the second < of a line is another mutant than its first
        again = self.seen.setdefault((place, line, change), [])
        again.append(start)
        if len(again) > 1:
            change += f" #{len(again)}"
        return Mutant(self.path, place, text, change, line, start, end, new)

    def whole_line(self, at):
        return self.code[self.code.rfind("\n", 0, at) + 1:self.code.find("\n", at)]

    def flips(self, place, start, end):
        for pattern, new in OPERATORS:
            for found in re.compile(pattern, re.M).finditer(self.code, start, end):
                line = self.whole_line(found.start())
                if DULL.search(line) or (LOOP.match(line) and found.group() in ("++", "--")) or \
                        re.search(r"\breturn (true|false);", line):
                    continue
                yield self.mutant(place, found.start(), found.end(), new,
                                  f"{found.group()} -> {new or 'nothing'}")

    def numbers(self, place, start, end, steps=(1,)):
        for found in NUMBER.finditer(self.code, start, end):
            if DULL.search(self.whole_line(found.start())):
                continue
            whole, part, suffix = found.groups()
            for step in steps:
                new = other_number(whole, part, step) + suffix
                yield self.mutant(place, found.start(), found.end(), new, f"{found.group()} -> {new}")

    def conditions(self, place, start, end):
        for found in CONDITION.finditer(self.code, start, end):
            close = closing(self.code, found.end() - 1)
            inner = self.code[found.end():close]
            # one comparison turned round is an operator's mutant, one negation as well
            if not re.search(r"&&|\|\||[<>]", inner):
                continue
            yield self.mutant(place, found.end(), close, f"!({self.text[found.end():close]})", "condition -> its opposite")

    def statements(self, place, start, end):
        for found in STATEMENT.finditer(self.code, start, end):
            word = re.match(r"\w+", found.group("text").lstrip("*")).group()
            if word in ("return", "if", "for", "while", "switch", "case", "assert", "va_start", "va_end"):
                continue
            yield self.mutant(place, found.start("text"), found.end(), ";", "statement -> nothing")

    def returns(self, place, start, end, kind):
        for found in RETURN.finditer(self.code, start, end):
            value = self.text[found.start("value"):found.end("value")]
            if "*" in kind or "struct" in kind or "enum" in kind:
                continue
            new = f"!({value})" if "bool" in kind else f"({value}) + 1"
            yield self.mutant(place, found.start("value"), found.end("value"), new,
                              "value -> its opposite" if "bool" in kind else "value -> one more")

    def mutants(self):
        for found in DEFINE.finditer(self.code):
            yield from self.numbers(found.group("name"), found.start("body"), found.end("body"), (1, -1))
        for found in TABLE.finditer(self.code):
            end = self.code.find("\n}", found.end())
            yield from self.numbers(found.group("name"), found.end(), end)
        for one in functions(self.code):
            for kind in (self.flips, self.numbers, self.conditions, self.statements):
                yield from kind(one.name, one.body, one.end)
            yield from self.returns(one.name, one.body, one.end, one.kind)


def other_number(whole, part, step):
    """One more or less; a tenth of what has a fraction or is in the thousands"""
    if part:
        return f"{float(whole + part) * (1 + step / 10):.6g}"
    return str(int(whole) + step * max(1, int(whole) // 10 if int(whole) >= 1000 else 1))


def closing(code, at):
    """Where the bracket that opens there closes"""
    depth = 0
    for i in range(at, len(code)):
        depth += (code[i] == "(") - (code[i] == ")")
        if not depth:
            return i
    raise ValueError("a bracket that stays open")


def of_file(path, text):
    return sorted(File(path, text).mutants(), key=lambda one: (one.start, one.change))
