"""Random templates with what Jinja2 makes of them, for a comparison with Realizar.

    python random_templates.py SEED COUNT > random.json     # any number, for REALIZAR_TEMPLATE_CASES
    python random_templates.py --fixture ../../Tests/Fixtures/templates

A case is [template, output], or [template, null] where Jinja2 raises an error. Made with Jinja2 3.1.6 and Python 3.11.
The same seed gives the same templates. What prints addresses in memory is left out.
"""

import json
import pathlib
import random
import signal
import sys

from transformers_jinja import environment

PRELUDE = (
    "{%- set s = 'Hello, World' -%}{%- set t = ' a-b  c\\n' -%}{%- set u = 'Größe ΣΑΣ 日本 🙂' -%}{%- set e = '' -%}"
    "{%- set n = 7 -%}{%- set z = 0 -%}{%- set f = 2.5 -%}{%- set yes = true -%}{%- set nil = none -%}"
    "{%- set xs = [3, 1, 2, 1] -%}{%- set ws = ['pear', 'Apple', 'fig', 'apple'] -%}{%- set mixed = [1, 'a', none, 2.0, true] -%}"
    "{%- set d = {'b': 1, 'a': [1, 2], 'c': {'x': none, 'y': 'k'}, 'items': 'i'} -%}"
    "{%- set ps = [{'name': 'Ada', 'age': 36, 'tag': 'x'}, {'name': 'bob', 'age': 7}, {'name': 'Cy', 'age': 36, 'tag': none}] -%}"
    "{%- set ns = namespace(a=1, b='q') -%}{%- set nested = [[1, 2], [3, [4, 5]], []] -%}"
    "{%- macro m(p, q=2) -%}<{{ p }}|{{ q }}>{%- endmacro -%}"
    "{%- macro w(p) -%}[{{ p }}:{{ caller(p) if caller else '' }}{{ varargs }}{{ kwargs }}]{%- endmacro -%}\n"
)

STRING_NAMES = ["s", "t", "u", "e"]
LIST_NAMES = ["xs", "ws", "mixed", "ps", "nested"]
TEXTS = [
    "", " ", "a", "ab", "aXbX", "Hello", "  pad ", "x,y,,z", "line\\none\\r\\ntwo\\n", "12", "-3", "3.7", "1e3", " 42 ", "0x1f", "1_0",
    "ß", "éÉ", "ǆŉ", "日本語", "🙂👍", "<b>&\\'\\\"", "a\\tb", "%s", "{}", "a b c d", "İI", "tHiS is", "\\x00\\x1b", "\\u200b\\u00a0", "٣", "½", "None",
]
INTEGERS = ["0", "1", "2", "3", "-1", "-2", "5", "7", "10", "-7", "100", "255", "1_000", "0x1F", "9007199254740993", "4611686018427387904"]
FLOATS = ["0.0", "1.5", "-2.5", "3.14159", "1e3", "2.675", "1e16", "1.5e-7", "0.1", "100.0", "-0.0", "1e22", "123456789.125"]
TESTS0 = [
    "defined", "undefined", "none", "boolean", "true", "false", "integer", "float", "number", "string", "mapping", "sequence",
    "iterable", "callable", "odd", "even", "lower", "upper", "filter", "test",
]
TESTS1 = ["eq", "ne", "lt", "le", "gt", "ge", "==", "!=", "<", ">", "in", "divisibleby", "equalto", "greaterthan", "lessthan"]
FORMATS = [
    "%s", "%d", "%5d|%-5d|%05d", "%.2f", "%8.3f|", "%x %X %o", "%e", "%g", "%+d", "% d", "%r", "%5s|%-5s|", "%c", "%%", "%(a)s", "%s %s",
    "%#x", "%.3s", "%i", "%G", "%.0f", "%#.0f", "%a", "%q", "%.3d", "%*d",
]
BRACES = [
    "{}", "{0}", "{0}{0}", "{:>5}|", "{:<5}|", "{:^5}|", "{:*^7}", "{:05}", "{:,}", "{:.2f}", "{:.3}", "{:d}", "{:x}", "{:#x}", "{:b}",
    "{:e}", "{:%}", "{:+}", "{: }", "{!r}", "{!s:>4}", "{a}", "{0[0]}", "{0.real}", "{:_}", "{:08,}", "{:{}}", "{{{}}}", "{:s}", "{:c}", "{:g}",
    "{:.0f}", "{:=+8}", "{:n}", "{", "}", "{:.1%}", "{:x>4}", "{0!a}", "{:10.3e}|", "{:#o}", "{:X}",
]
STRFTIME = ["%Y-%m-%d", "%d %b %Y", "%B %-d, %Y", "%A %H:%M:%S %p", "%j %U %w %y %I %W %V %G %u", "%%", "plain", "%e|%k|%l|%C|%D|%F|%T|%R|%h|%n"]


class Maker:
    def __init__(self, seed):
        self.r = random.Random(seed)
        self.names = []

    def pick(self, items):
        return self.r.choice(items)

    def chance(self, share):
        return self.r.random() < share

    def text(self):
        quote = self.pick("'\"")
        value = self.pick(TEXTS)
        if quote == '"':
            value = value.replace("\\'", "'").replace('"', '"') if '\\"' in value else value
        return quote + value + quote

    def expression(self, depth, kind=None):
        if kind is None or self.chance(0.06):
            kind = self.pick(["int", "int", "float", "str", "str", "str", "list", "list", "dict", "bool", "any", "any"])
        return getattr(self, "make_" + kind)(depth)

    def e(self, depth, kind=None):
        return self.expression(depth - 1, kind)

    def small(self, depth):
        return self.pick(["0", "1", "2", "3", "-1", "-2", "n", "z", "5", "12"]) if depth <= 0 or self.chance(0.8) else self.e(depth, "int")

    def make_any(self, depth):
        options = ["missing", "nil", "none", "true", "false", "n", "f", "s", "xs", "d", "ns.a", "ns.b", "ns.zz", "d.c", "d.c.y", "d.nope", "ps[0].tag"]
        options += self.names
        if depth <= 0 or self.chance(0.3):
            return self.pick(options)
        k = self.r.randrange(14)
        if k == 0:
            return f"({self.e(depth)} if {self.e(depth, 'bool')} else {self.e(depth)})"
        if k == 1:
            return f"({self.e(depth)} if {self.e(depth, 'bool')})"
        if k == 2:
            return f"({self.e(depth)} {self.pick(['or', 'and'])} {self.e(depth)})"
        if k == 3:
            return f"{self.e(depth, 'list')}[{self.small(depth)}]"
        if k == 4:
            return f"{self.e(depth, 'dict')}[{self.pick([self.text(), repr('a'), repr('b'), self.small(depth)])}]"
        if k == 5:
            return f"{self.e(depth, 'dict')}.{self.pick(['a', 'b', 'c', 'x', 'name'])}"
        if k == 6:
            return f"({self.e(depth, 'list')})|{self.pick(['first', 'last', 'min', 'max', 'sum'])}"
        if k == 7:
            return f"({self.e(depth, 'any')})|default({self.e(depth)}{self.pick(['', ', true', ', boolean=false'])})"
        if k == 8:
            return f"{self.e(depth, 'dict')}.get({self.pick([self.text(), repr('a'), repr('zz')])}{self.pick(['', ', 9', ', none'])})"
        if k == 9:
            return f"m({self.e(depth)}{self.pick(['', ', 1', ', q=3', ', *[5]', ', **{' + repr('q') + ': 8}', ', zz=1'])})"
        if k == 10:
            return f"({self.e(depth, 'list')})|{self.pick(['max', 'min'])}({self.pick(['', 'true', 'attribute=0', 'attribute=' + repr('age')])})"
        if k == 11:
            return f"cycler({self.e(depth)}, 2).next()"
        if k == 12:
            return f"({self.e(depth, 'dict')})|attr({self.pick([repr('items'), repr('a'), self.text()])}) is defined"
        return f"(({self.e(depth, 'list')})|list)[{self.small(depth)}]"

    def make_bool(self, depth):
        if depth <= 0:
            return self.pick(["true", "false", "yes", "n > 3", "e", "xs", "missing is defined"])
        k = self.r.randrange(10)
        if k == 0:
            return f"not {self.e(depth)}"
        if k == 1:
            kind = self.pick(["int", "str", "list", "any", "float"])
            return f"({self.e(depth, kind)} {self.pick(['==', '!=', '<', '<=', '>', '>='])} {self.e(depth, kind)})"
        if k == 2:
            return f"({self.e(depth, 'int')} {self.pick(['<', '==', '>='])} {self.e(depth, 'int')} {self.pick(['<', '!='])} {self.e(depth, 'int')})"
        if k == 3:
            return f"({self.e(depth, self.pick(['str', 'int']))} {self.pick(['in', 'not in'])} {self.e(depth, self.pick(['str', 'list', 'dict']))})"
        if k in (4, 5):
            return f"({self.e(depth)} is {self.pick(['', 'not '])}{self.pick(TESTS0)})"
        if k == 6:
            return f"({self.e(depth)} is {self.pick(TESTS1)}({self.e(depth)}))"
        if k == 7:
            method = self.pick(
                ["isalpha", "isdigit", "isdecimal", "isnumeric", "isalnum", "isspace", "isupper", "islower", "istitle", "isascii", "isidentifier", "isprintable"]
            )
            return f"({self.e(depth, 'str')}).{method}()"
        if k == 8:
            return f"({self.e(depth, 'str')}).{self.pick(['startswith', 'endswith'])}({self.e(depth, 'str')}{self.pick(['', ', 1', ', 1, 3', ', -2'])})"
        return f"({self.e(depth)} {self.pick(['and', 'or'])} {self.e(depth)})"

    def make_int(self, depth):
        if depth <= 0:
            return self.pick(INTEGERS + ["n", "z", "ns.a", "xs[0]"])
        k = self.r.randrange(9)
        if k < 3:
            return f"({self.e(depth, 'int')} {self.pick(['+', '-', '*', '//', '%', '+', '-'])} {self.e(depth, self.pick(['int', 'int', 'float']))})"
        if k == 3:
            return f"({self.e(depth)})|{self.pick(['length', 'count', 'int', 'wordcount'])}"
        if k == 4:
            return f"({self.e(depth, self.pick(['str', 'float', 'any']))})|int({self.pick(['', '5', 'base=16', '-1, 8', '0, 2', 'default=none', 'base=0'])})"
        if k == 5:
            return f"({self.e(depth, 'str')}).{self.pick(['find', 'rfind', 'count', 'index', 'rindex'])}({self.e(depth, 'str')}{self.pick(['', ', 1', ', 0, -1', ', -3'])})"
        if k == 6:
            return f"({self.pick(['-', '+', ''])}({self.e(depth, 'int')}))|abs"
        if k == 7:
            return f"({self.small(depth)} ** {self.pick(['0', '1', '2', '3', '10', '-1'])})"
        return f"({self.e(depth, 'list')}).{self.pick(['index', 'count'])}({self.e(depth)})"

    def make_float(self, depth):
        if depth <= 0:
            return self.pick(FLOATS + ["f"])
        k = self.r.randrange(5)
        if k < 2:
            return f"({self.e(depth, self.pick(['int', 'float']))} {self.pick(['+', '-', '*', '/', '//', '%'])} {self.e(depth, self.pick(['int', 'float']))})"
        if k == 2:
            return f"({self.e(depth, self.pick(['float', 'int']))})|round({self.pick(['', '1', '2', '3', '-1', '-2'])}{self.pick(['', '', ', ' + repr('ceil')]) if self.chance(0) else ''})"
        if k == 3:
            return f"({self.e(depth, 'float')})|round({self.pick(['0', '1', '2', '-1'])}, {self.pick([repr('ceil'), repr('floor'), repr('common')])})"
        return f"({self.e(depth, self.pick(['str', 'int', 'any']))})|float({self.pick(['', '1.5', 'default=2'])})"

    def make_str(self, depth):
        if depth <= 0:
            return self.text() if self.chance(0.6) else self.pick(STRING_NAMES + ["ws[1]", "ns.b"])
        k = self.r.randrange(24)
        x = lambda kind="str": self.e(depth, kind)
        if k < 3:
            return f"({x()} {self.pick(['~', '+', '~'])} {self.e(depth, self.pick(['str', 'str', 'any', 'int']))})"
        if k == 3:
            return f"({x()} * {self.pick(['0', '1', '2', '3', '-1'])})"
        if k == 4:
            return f"({x()})[{self.pick(['', self.small(depth)])}:{self.pick(['', self.small(depth)])}{self.pick(['', ':', ':-1', ':2', ':-2'])}]"
        if k == 5:
            return f"({x()})[{self.small(depth)}]"
        if k in (6, 7):
            return f"({x()}).{self.pick(['upper', 'lower', 'title', 'capitalize', 'swapcase', 'casefold', 'strip', 'lstrip', 'rstrip', 'expandtabs'])}()"
        if k == 8:
            return f"({x()}).{self.pick(['strip', 'lstrip', 'rstrip', 'removeprefix', 'removesuffix'])}({x()})"
        if k == 9:
            return f"({x()}).replace({x()}, {x()}{self.pick(['', ', 1', ', -1', ', 0'])})"
        if k == 10:
            return f"({x()}).{self.pick(['ljust', 'rjust', 'center', 'zfill'])}({self.pick(['3', '8', '0', '-1', '11'])}{self.pick(['', ', ' + repr('*')])})"
        if k == 11:
            return f"({x()}).join({self.e(depth, 'list')})"
        if k in (12, 13):
            return f"({self.e(depth)})|{self.pick(['upper', 'lower', 'title', 'capitalize', 'trim', 'string', 'urlencode', 'reverse', 'length'])}"
        if k == 14:
            return f"({self.e(depth, 'list')})|join({self.pick(['', x(), repr(', '), 'd=' + repr('-'), 'attribute=' + repr('name')])})"
        if k in (15, 16):
            arguments = self.pick(["", "", "indent=2", "indent=none", "separators=(',', ':')", "ensure_ascii=true", "sort_keys=true", "indent=1, sort_keys=true", "indent=4, separators=(';', ' = ')"])
            return f"({self.e(depth)})|tojson({arguments})"
        if k == 17:
            return f"({x()})|indent({self.pick(['', '2', 'first=true', '3, true, true', 'blank=true', 'width=' + repr('> ')])})"
        if k == 18:
            return f"({x()})|truncate({self.pick(['5', '3', '9, true', '5, false, ' + repr('..'), '4, leeway=0', '255', '3, true, ' + repr('') + ', 1'])})"
        if k == 19:
            return f"({x()})|replace({x()}, {self.e(depth)}{self.pick(['', ', 1'])})"
        if k == 20:
            values = self.pick([self.e(depth), f"({self.e(depth)}, {self.e(depth)})", "{'a': " + self.e(depth) + "}", f"({self.e(depth, 'int')},)"])
            return f"({self.pick([repr(self.pick(FORMATS)), repr(self.pick(FORMATS))])} % {values})"
        if k == 21:
            return f"({repr(self.pick(BRACES))}).format({self.e(depth)}{self.pick(['', ', ' + self.e(depth), ', a=' + self.e(depth)])})"
        if k == 22:
            return f"({x()})|{self.pick(['center(9)', 'trim(' + repr('a ') + ')', 'filesizeformat', 'xmlattr', 'format(1, 2)', 'trim'])}"
        return f"strftime_now({repr(self.pick(STRFTIME))})"

    def make_list(self, depth):
        if depth <= 0:
            return self.pick(LIST_NAMES + ["[]", "[1, 2, 3]", "()", "(1,)", "['a', 'b']", "range(4)", "d.keys()"])
        k = self.r.randrange(20)
        x = lambda: f"({self.e(depth, 'list')})"
        if k < 3:
            items = ", ".join(self.e(depth) for _ in range(self.r.randrange(4)))
            return f"[{items}]" if self.chance(0.7) else f"({items},)" if items else "()"
        if k == 3:
            return f"{x()}[{self.pick(['', self.small(depth)])}:{self.pick(['', self.small(depth)])}{self.pick(['', ':', ':-1', ':2'])}]"
        if k == 4:
            return f"({x()} + {x()})"
        if k == 5:
            return f"({x()}|{self.pick(['list', 'sort', 'reverse|list', 'unique|list', 'sort(reverse=true)', 'sort(case_sensitive=true)', 'unique(true)|list'])})"
        if k == 6:
            attribute = self.pick(["'name'", "'age'", "'tag'", "0", "'0'", "'name,age'", "'a.b'"])
            return f"({x()}|{self.pick(['sort', 'map', 'unique', 'groupby'])}(attribute={attribute})|list)"
        if k == 7:
            return f"({x()}|map({self.pick(['upper', 'lower', 'string', 'int', 'float', 'length', 'first', 'list', 'tojson', 'trim', 'abs', 'reverse', 'title', 'nope'])!r})|list)"
        if k == 8:
            return f"({x()}|map(attribute={self.pick([repr('name'), repr('tag'), repr('zz'), '0', repr('c.x')])}{self.pick(['', ', default=' + self.e(depth)])})|list)"
        if k in (9, 10):
            test = self.pick([""] + [repr(t) for t in TESTS0[:-2]] + [f"'eq', {self.e(depth)}", f"'in', {x()}", "'divisibleby', 2", "'gt', 1"])
            return f"({x()}|{self.pick(['select', 'reject'])}({test})|list)"
        if k == 11:
            test = self.pick(["", ", 'defined'", ", 'none'", f", 'eq', {self.e(depth)}", ", 'string'", ", '>', 10", ", 'in', xs"])
            return f"({x()}|{self.pick(['selectattr', 'rejectattr'])}({self.pick([repr('name'), repr('age'), repr('tag')])}{test})|list)"
        if k == 12:
            return f"({self.e(depth, 'str')}).{self.pick(['split()', 'splitlines()', 'splitlines(true)', 'split(none, 1)', 'rsplit(none, 1)', 'rsplit()'])}"
        if k == 13:
            return f"({self.e(depth, 'str')}).{self.pick(['split', 'rsplit'])}({self.e(depth, 'str')}{self.pick(['', ', 1', ', maxsplit=1', ', -1'])})"
        if k == 14:
            return f"({self.e(depth, 'str')}).{self.pick(['partition', 'rpartition'])}({self.e(depth, 'str')})"
        if k == 15:
            return f"range({', '.join(self.pick(['0', '1', '3', '5', '-2', 'n']) for _ in range(self.r.randrange(1, 4)))})"
        if k == 16:
            return f"({x()}|{self.pick(['batch', 'slice'])}({self.pick(['2', '3', '1', '2, 0', '4, ' + repr('x'), '0', '-1'])})|list)"
        if k == 17:
            return f"({self.e(depth, 'dict')}){self.pick(['.items()', '.keys()', '.values()', '|items|list', '|dictsort', '|list', '|dictsort(by=' + repr('value') + ')', '|dictsort(reverse=true)'])}"
        if k == 18:
            return f"({x()} * {self.pick(['0', '1', '2', '-1'])})"
        return f"({self.e(depth, 'str')})|list"

    def make_dict(self, depth):
        if depth <= 0:
            return self.pick(["d", "{}", "{'a': 1}", "ps[0]", "d.c", "dict(k=1)"])
        k = self.r.randrange(5)
        if k < 3:
            key = lambda: self.pick([self.text(), "'a'", "'b'", "1", "1.0", "true", "none", "(1, 2)", self.e(depth, "str"), "missing"])
            pairs = ", ".join(f"{key()}: {self.e(depth)}" for _ in range(self.r.randrange(4)))
            return "{" + pairs + "}"
        if k == 3:
            return f"dict({self.pick(['', self.e(depth, 'dict'), '[(' + repr('q') + ', 1)]'])})" if self.chance(0.6) else f"dict({self.e(depth, 'dict')}, a={self.e(depth)})"
        return f"({self.e(depth, 'dict')}).copy()"

    # Statements

    def space(self):
        return self.pick(["", "", " ", "\n", "\n  ", "  ", "\t", "x", "\n\n", " y\n"])

    def open(self):
        return self.pick(["{%", "{%", "{%", "{%-", "{%+"])

    def close(self):
        return self.pick(["%}", "%}", "%}", "-%}", "+%}"])

    def tag(self, inside):
        return f"{self.open()} {inside} {self.close()}"

    def output(self, depth):
        left, right = self.pick([("{{", "}}"), ("{{", "}}"), ("{{-", "-}}"), ("{{", "-}}")])
        return f"{left} {self.expression(depth)} {right}"

    def body(self, depth, in_loop=False):
        return "".join(self.space() + self.statement(depth, in_loop) for _ in range(self.r.randrange(1, 3))) + self.space()

    def statement(self, depth, in_loop=False):
        if depth <= 0:
            return self.output(1)
        k = self.r.randrange(19)
        name = self.pick(["v", "w2", "x", "s", "n"])
        if k < 4:
            return self.output(2)
        if k < 6:
            self.names = (self.names + [name])[-4:]
            return self.tag(f"set {name} = {self.expression(2)}")
        if k == 6:
            return self.tag(f"set {self.pick(['ns.a', 'ns.c', 'v.a'])} = {self.expression(2)}")
        if k == 7:
            middle = self.pick(["", self.tag(f"elif {self.expression(1, 'bool')}") + self.body(depth - 1, in_loop)])
            other = self.pick(["", self.tag("else") + self.body(depth - 1, in_loop)])
            return self.tag(f"if {self.expression(2, 'bool')}") + self.body(depth - 1, in_loop) + middle + other + self.tag("endif")
        if k in (8, 9, 10):
            target = self.pick(["v", "x", "v, x", "(v, x)", "v, (x, w2)"]) if self.chance(0.3) else self.pick(["v", "x"])
            source = self.expression(2, "list")
            condition = self.pick(["", "", f" if {self.expression(1, 'bool')}", " if v", " if loop"])
            end = self.pick(["", self.tag("else") + self.body(depth - 1, in_loop)])
            loop = self.pick(["index", "index0", "revindex", "first", "last", "length", "depth", "previtem", "nextitem", "cycle('a', 'b')", "changed(v)"])
            extra = self.pick(["", "{{ loop." + loop + " }}", "{{ loop." + loop + " }}", self.tag("if v") + self.tag(self.pick(["break", "continue"])) + self.tag("endif")])
            self.names = (self.names + ["v"])[-4:]
            return self.tag(f"for {target} in {source}{condition}") + extra + self.body(depth - 1, True) + end + self.tag("endfor")
        if k == 11:
            inner = self.pick(["{{ v }}", "{% if v is iterable and v is not string %}({{ loop(v) }}){% else %}{{ v }}{% endif %}", "{{ loop.depth }}{% if v is iterable and v is not string %}{{ loop(v) }}{% endif %}"])
            return self.tag(f"for v in {self.pick(['nested', 'mixed', '[[[1], 2], 3]'])} recursive") + inner + self.tag("endfor")
        if k == 12:
            filters = self.pick(["", " | upper", " | trim | title", " | replace('a', 'b')", " | indent(2)"])
            return self.tag(f"set {name}{filters}") + self.body(depth - 1, in_loop) + self.tag("endset") + "{{ " + name + " }}"
        if k == 13:
            return self.tag(f"filter {self.pick(['upper', 'trim', 'title|trim', 'replace(' + repr('e') + ', ' + repr('3') + ')', 'indent(3, true)', 'length', 'nope'])}") + self.body(depth - 1, in_loop) + self.tag("endfilter")
        if k == 14:
            return self.tag(f"with v = {self.expression(2)}, x = {self.pick(['v', self.expression(1)])}") + self.body(depth - 1, in_loop) + self.tag("endwith")
        if k == 15:
            parameters = self.pick(["", "a", "a, b=1", "a, b=a", "a=b, b=2", "a, caller=none"])
            inside = self.pick(["{{ a }}{{ b }}", "{{ varargs }}{{ kwargs }}", "{{ caller() if caller }}{{ a }}", "{{ a ~ n }}", ""])
            call = self.pick(["{{ k() }}", "{{ k(1) }}", "{{ k(1, 2) }}", "{{ k(b=3) }}", "{{ k(1, 2, 3, c=4) }}", "{% call k(1) %}in{% endcall %}", "{{ k }}{{ k.name }}{{ k.arguments }}"])
            return self.tag(f"macro k({parameters})") + self.body(depth - 1) + inside + self.tag("endmacro") + call
        if k == 16:
            return self.tag(f"call{self.pick(['', '(y)', '(y, z2=4)'])} w({self.expression(1)})") + self.body(depth - 1) + self.pick(["", "{{ y }}"]) + self.tag("endcall")
        if k == 17:
            return self.pick([
                "{# a comment #}", "{#- a -#}", "  {# b +#}\n", "{% raw %}{{ x }}{% endraw %}", "{%- raw -%} {% y {%- endraw -%}",
                "{% generation %}{% set v = 1 %}g{{ v }}{% endgeneration %}", "{% print 1, s %}", "{% set a, b = 1, [2] %}{{ a }}{{ b }}",
            ])
        return self.pick([
            "{{ ws|map('upper') is string }}", "{% set g = xs|map('string') %}{{ g|list }}{{ g|list }}", "{% if []|select %}g{% endif %}",
            "{% set j = joiner('; ') %}{{ j() }}{{ j() }}", "{% set g = xs|reverse %}{% for v in g %}{{ v }}{% break %}{% endfor %}{{ g|list }}",
            "{{ ns }}", "{{ range(3) }}{{ d.keys() }}{{ d.values() }}{{ {'a': 1}.items() }}", "{% for g in ps|groupby('age') %}{{ g.grouper }}{{ g.list|length }}{{ g[0] }}{% endfor %}",
            "{% set c = cycler(1, 2, 3) %}{{ c.next() }}{{ c.next() }}{{ c.current }}{{ c.reset() }}{{ c.next() }}", "{{ loop }}", "{{ (xs|map('string'))|first }}",
        ])

    def template(self):
        self.names = []
        if self.chance(0.45):
            return "{{ " + self.expression(self.pick([1, 2, 2, 3, 3, 4])) + " }}"
        return "".join(self.space() + self.statement(self.pick([1, 2, 3])) for _ in range(self.r.randrange(1, 4))) + self.space()


class TooLong(Exception):
    pass


def alarm(*_):
    raise TooLong()


def render(jinja, source):
    """The output, None for an error of any kind, or False for a case that cannot be compared."""
    signal.setitimer(signal.ITIMER_REAL, 2)
    try:
        output = jinja.from_string(PRELUDE + source).render()
    except TooLong:
        return False
    except Exception:
        return None
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
    if " at 0x" in output.lower() or "<built-in" in output or "<class" in output or len(output) > 20_000:
        return False
    try:
        output.encode()
    except UnicodeEncodeError:
        return False
    return output


def cases(seed, count):
    signal.signal(signal.SIGALRM, alarm)
    jinja = environment()
    maker = Maker(seed)
    while count > 0:
        source = maker.template()
        output = render(jinja, source)
        if output is False:
            continue
        count -= 1
        yield [source, output]


def write(stream, made):
    lines = ",\n".join(json.dumps(case, ensure_ascii=True) for case in made)
    stream.write(f'{{"prelude": {json.dumps(PRELUDE)},\n"cases": [\n{lines}\n]}}\n')


def main():
    if sys.argv[1] == "--fixture":
        # Short ones, of which few are errors: an error says little about where two engines differ.
        made = [case for case in cases(1, 4000) if len(case[0]) + len(case[1] or "") < 160]
        errors = [case for case in made if case[1] is None]
        made = [case for case in made if case[1] is not None][:700] + errors[:150]
        with open(pathlib.Path(sys.argv[2]) / "random.json", "w") as stream:
            write(stream, made)
    else:
        write(sys.stdout, cases(int(sys.argv[1]), int(sys.argv[2])))


if __name__ == "__main__":
    main()
