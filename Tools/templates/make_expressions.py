"""Writes Tests/Fixtures/templates/expressions.json: small templates with what Jinja2 makes of them.

    python make_expressions.py ../../Tests/Fixtures/templates

A case is [template, output], or [template, null] where Jinja2 raises an error. Made with Jinja2 3.1.6.
"""

import json
import pathlib
import sys

from transformers_jinja import environment

# Every case sees these variables; a prelude keeps the order of dictionaries without a format of its own.
PRELUDE = (
    "{%- set s = '  Hello, World  ' -%}{%- set u = 'Größe, 日本語 🙂' -%}{%- set e = '' -%}"
    "{%- set xs = [3, 1, 2] -%}{%- set words = ['pear', 'Apple', 'fig', 'apple'] -%}"
    "{%- set d = {'b': 1, 'a': [1, 2], 'c': {'x': none}} -%}"
    "{%- set people = [{'name': 'Ada', 'age': 36, 'admin': true}, {'name': 'bob', 'age': 7}, "
    "{'name': 'Cy', 'age': 36, 'admin': false}] -%}"
)

EXPRESSIONS = """
1
-1
+1
1_000
0x1F
0b101
0o17
1.5
1e3
1.5e-7
1e16
1e15
123456789012345680.0
0.0001
0.00001
-0.0
100.0
1/3
2/1
7//2
-7//2
7//-2
7.5//2
-7.5//2
7%3
-7%3
7%-3
7.5%2
-7.5%2
2**10
2**-1
2**0.5
-2**2
2**3**2
2+3*4
(2+3)*4
10-3-2
2*3~4
1~2+3
1+2~3
'a'~'b'*3
'a' + 'b'
'ab' * 3
3 * 'ab'
[1] * 3
[1, 2] + [3]
(1, 2) + (3,)
(1,)
()
[]
{}
(1)
true
false
none
True
False
None
not true
not not 1
not 1 == 2
1 < 2 < 3
1 < 3 < 2
1 < 2 > 0 != 5
1 == 1.0
1 == true
'a' < 'b'
'Z' < 'a'
'é' > 'z'
[1, 2] < [1, 3]
[1] == [1.0]
(1, 2) == [1, 2]
{'a': 1} == {'a': 1}
none == none
missing == none
missing == other
1 in [1, 2]
3 not in [1, 2]
'ell' in 'hello'
'b' in d
'z' in d
'x' not in 'abc'
1 in missing
true and 'x'
0 and 'x'
0 or 'x'
e or none or 'z'
1 if true else 2
1 if false else 2
1 if false
'a' if false else 'b' if false else 'c'
(1 if true else 2) + 1
missing
missing.field
missing is defined
missing is not defined
missing is undefined
missing ~ 'x'
missing + 1
missing|default('x')
missing.a|default('x')
e|default('x')
e|default('x', true)
none|default('x')
none|d('x', boolean=true)
d.b
d['b']
d.c.x
d.zzz
d['zzz'] is defined
d.items()|list
d.keys()|list
d.values()|list
d.get('b')
d.get('q')
d.get('q', 7)
d|length
d
d|list
d|items|list
d|dictsort
{'B': 1, 'a': 2}|dictsort
{'B': 1, 'a': 2}|dictsort(true)
{'B': 1, 'a': 2}|dictsort(by='value', reverse=true)
{1: 'i', none: 'n', true: 't'}
{'a': 1, 'a': 2}
dict(a=1, b='x')
dict({'a': 1}, b=2)
dict([('k', 'v')])
xs
xs[0]
xs[-1]
xs[9]
xs[1:]
xs[:-1]
xs[::-1]
xs[::2]
xs[5:]
xs[-2:]
xs[2:0:-1]
xs[0:2][0]
xs.0
s[2:7]
s[::-1]
u[0]
u[2]
u[-1]
u[1:4]
u[::2]
u[99]
u|length
s|length
xs|length
xs|sort
xs|sort(reverse=true)
words|sort
words|sort(case_sensitive=true)
people|sort(attribute='age')|map(attribute='name')|list
people|sort(attribute='age', reverse=true)|map(attribute='name')|list
words|unique|list
words|unique(true)|list
[1, 1.0, true, 2]|unique|list
xs|sum
people|sum(attribute='age')
xs|min
xs|max
words|max
people|max(attribute='age')
xs|first
xs|last
[]|first
''|first
'abc'|first
'abc'|last
xs|reverse|list
'abc'|reverse
xs|join
xs|join(', ')
people|join('/', attribute='name')
words|map('upper')|join(',')
words|map('replace', 'p', 'q')|list
people|map(attribute='name')|list
people|map(attribute='admin', default='?')|list
people|map(attribute='age')|map('string')|join('+')
people|selectattr('admin')|map(attribute='name')|list
people|rejectattr('admin')|map(attribute='name')|list
people|selectattr('age', 'equalto', 36)|list|length
people|selectattr('age', '>', 10)|map(attribute='name')|join
people|selectattr('admin', 'defined')|map(attribute='name')|join(' ')
people|selectattr('name', 'in', ['Ada', 'Cy'])|map(attribute='name')|join(' ')
people|rejectattr('age', 'odd')|map(attribute='name')|join(' ')
[0, 1, '', 'x', none]|select|list
[0, 1, '', 'x', none]|reject|list
[1, 2, 3, 4]|select('even')|list
[1, 2, 3, 4]|reject('divisibleby', 3)|list
['a', 1]|select('string')|list
people|groupby('age')|map('first')|list
[1, 2, 3, 4, 5]|batch(2)|list
[1, 2, 3]|batch(2, 'x')|list
s|trim
s.strip()
s.lstrip()
s.rstrip()
'xxaxx'.strip('x')
'xyaxy'|trim('xy')
'abc'.upper()
'ABC'.lower()
'hello world-of (things)'|title
'hello world'.title()
"they're bill's"|title
"they're bill's".title()
'hELLO wORLD'|capitalize
'hELLO'.capitalize()
'aBc'.swapcase()
'straße'|upper
'ÀÉ'|lower
u|upper
'a,b,,c'.split(',')
'a,b,,c'.split(',', 1)
' a  b c '.split()
' a  b c '.split(none, 1)
'a-b-c'.rsplit('-', 1)
'a-b-c'.split('-')[-1]
'ab'.split('x')
''.split(',')
''.split()
'a\\nb\\r\\nc\\n'.splitlines()
'a\\nb'.splitlines(true)
'key=value=x'.partition('=')
'key=value=x'.rpartition('=')
'nokey'.partition('=')
'nokey'.rpartition('=')
'hello'.startswith('he')
'hello'.startswith(('x', 'h'))
'hello'.endswith('lo')
'hello'.find('l')
'hello'.rfind('l')
'hello'.find('z')
u.find('語')
'hello'.index('l')
'hello'.index('z')
'hello'.count('l')
'aaa'.count('aa')
'hello'.replace('l', 'L')
'hello'.replace('l', 'L', 1)
'hello'|replace('l', 'L')
'hello'|replace('l', 'L', 1)
'abc'.replace('', '-')
'abc'.replace('', '-', 2)
'hello'.removeprefix('he')
'hello'.removesuffix('lo')
','.join(['a', 'b'])
','.join([1])
'7'.zfill(3)
'-7'.zfill(4)
'a'.ljust(3) ~ '|'
'a'.rjust(3, '.')
'ab'.center(5) ~ '|'
'ab'|center(6) ~ '|'
'123'.isdigit()
'12a'.isdigit()
'abc'.isalpha()
'ab1'.isalnum()
' '.isspace()
'AB'.isupper()
'ab'.islower()
''.isdigit()
'{} and {}'.format(1, 'x')
'{0}{1}{0} {n}'.format('a', 'b', n=3)
'{{}}'.format()
'%s is %d' % ('x', 3)
'%s' % 'y'
'%05.2f|%5d|%-5s|%x|%%' % (3.14159, 42, 'ab', 255)
'%.3f' % 2
'%s' % [1]
'%d' % 3.9
'%s-%s'|format('a', 'b')
'%s'|format
'42'|int
'42.9'|int
'x'|int
'x'|int(5)
'0x1F'|int(base=16)
'1F'|int(base=16)
3.9|int
-3.9|int
none|int
true|int
' 7 '|int
'1.5'|float
'x'|float
'x'|float(2.5)
3|float
'1e3'|float
3.14159|round(2)
2.5|round
3.5|round
2.675|round(2)
0.15|round(1)
1.005|round(2)
3|round
3.2|round(0, 'ceil')
3.27|round(1, 'floor')
-2.5|round
-3|abs
-3.5|abs
1234.5678|round(-2)
3|string
3.0|string
[1, 'a']|string
true|string
none|string
'x'|list
'<a href="x">&\\'</a>'|e
'<b>'|safe
'a b&c/d?é'|urlencode
'one two  three'|wordcount
'a\\nb\\n\\nc'|indent
'a\\nb\\n\\nc'|indent(2, true)
'a\\nb\\n\\nc'|indent(2, blank=true)
'a\\nb\\n'|indent('>>')
''|indent
'foo bar baz qux'|truncate(9)
'foo bar baz qux'|truncate(9, True)
'foo bar baz qux'|truncate(11)
'foo bar baz qux'|truncate(11, False, '', 0)
1 is number
1.0 is number
true is number
'1' is number
1 is integer
true is integer
1.0 is integer
1.0 is float
'a' is string
xs is string
d is mapping
xs is mapping
xs is sequence
'a' is sequence
1 is sequence
xs is iterable
1 is iterable
none is none
0 is none
true is boolean
true is true
1 is true
false is false
3 is odd
3 is even
4 is divisibleby 2
4 is divisibleby(3)
'abc' is lower
'ABC' is upper
1 is eq 1
1 is ne 1
3 is gt 2
3 is lt(2)
2 is ge 2
2 is in [1, 2]
range is callable
xs is callable
1 is sameas 1
none is sameas none
'join' is filter
not xs is string
xs is not string and 1 is integer
1 is not none
d.items is callable
range(3)|list
range(1, 4)|list
range(5, 0, -2)|list
range(0)|list
range(1, 10, 3)|list
'a' 'b' "c"
'it\\'s'
"a\\tb"|tojson
['it\\'s', "say \\"x\\"", 'both \\' and "']
['\\n', '\\t', '\\\\', '\\x07', 'é', '\\u200b']
'\\x41\\u00e9\\101\\q'
'abc' 'def' | upper
d|tojson
d|tojson(indent=2)
d|tojson(separators=(',', ':'))
d|tojson(sort_keys=true)
d|tojson(indent=2, sort_keys=true)
u|tojson
u|tojson(ensure_ascii=true)
'<>&\\'"\\\\ \\x01\\x7f'|tojson
[1, 1.5, true, none, 'x', [], {}]|tojson
[[], {}, [[]]]|tojson(indent=4)
{1: 2, none: 3, true: 4}|tojson
(1, 2)|tojson
1e100|tojson
missing|tojson
[1, 2, 3] | map('string') | join('-') | upper
xs|map('int')|sum
(xs|length) > 2 and xs[0] == 3
people[0].name ~ people[-1]['name']
people|map(attribute='name')|map('lower')|sort|join(',')
loop is defined
{'a': {'b': {'c': [1, {'d': 'deep'}]}}}.a.b.c[1].d
namespace(x=1).x
strftime_now('%Y-%m-%d')
strftime_now('%d %b %Y')
strftime_now('%A, %B %e, %Y %H:%M:%S %p %j %y %I')
raise_exception('no')
'abc'|nofilter
'abc' is notest
xs.append(4)
d.update({'a': 1})
d.pop('a')
1 + 'a'
'a' + 1
[1] + (2,)
1 / 0
1 % 0
xs['a']
xs.name
'a' < 1
none + 1
none.x
none.x.y
'a'.nomethod()
range(100001)|length
{'a': 1}['a']
{'a': 1}|attr('items') is callable
[1, 2, 3][1:][0]
'abcdef'[1:5:2]
'abc'[-2:]
xs|length == 3
d['a'][0] + d['a'][1] * 2
-xs[0]
-3|abs
not e
e|length > 0
'a' ~ 1 ~ none ~ true ~ 1.0
"%s" % none
'a b'.split(' ')|last
('a', 'b')|join
(xs)|first
[['a', 1], ['b', 2]]|map('first')|list
[['a', 1], ['b', 2]]|map(attribute=0)|list
[['a', 1], ['b', 2]]|map(attribute='1')|list
dict([['a', 1]]).a
'x' if xs and d else 'y'
'yes' if 'Ada' in people|map(attribute='name') else 'no'
xs == [3, 1, 2]
xs is eq([3, 1, 2])
'é'|length
'é' == 'é'
'\\u0065\\u0301' == '\\u00e9'
'a' * 0
'a' * -1
[] or {} or '' or 0
1 and 2 or 3
1 or 2 and 0
(1, 2, 3)[0:2]
{'k': (1, 2)}.k
'A' ~ -1
'/'.join('abc')
'abc'|map('upper')|join
"tab\\there"
'x'.join(words|sort)
words|map('length')|list
words|map('first')|join
[3.0, 2, 1.5]|sort
[[2, 'b'], [1, 'z'], [2, 'a']]|sort
['b', 'A', 'c']|sort|first
people|selectattr('name', 'eq', 'Ada')|first
(people|selectattr('name', 'eq', 'Ada')|first).age
people|selectattr('nope')|list
9007199254740993
0.1 + 0.2
1e22
1e21 + 1
5e-324
1.7976931348623157e308
3.0 * 2
7 // 2.0
10 ** 15
2 ** 62
range(0, -9223372036854775807)|list
range(9223372036854775807, -9223372036854775807)|list
range(9223372036854775800, 9223372036854775807, 5)|list
range(0, 5, 9223372036854775807)|list
'x'.ljust(-9223372036854775807)
[1, 2, 3][::9223372036854775807]
[1, 2, 3][::-9223372036854775807]
[1, 2, 3][-9223372036854775807:]
'ab'.replace('', '-', 0)
''|replace('', 'x')
'aXbX'.replace('X', '', -1)
''.replace('a', 'b')
'\\U0001F642'|tojson(ensure_ascii=true)
'x'|indent(width=3, first=true)
'  a  '.split()
'a,b'.rsplit(',')
'a b  c'.rsplit()
'a\\x0bb\\x1cc\\x85d\\u2028e'.splitlines()
'\\u00a0\\u3000x\\u2003'.strip()
'ŉ'|upper
'ǆ'|title
'ǆ'|capitalize
'İ'|lower
'²'.isdigit()
'½'.isnumeric()
'½'.isdigit()
'٣'.isdecimal()
'٣'|int
'１'.isdigit()
'日本'.isalpha()
'ª'.islower()
'\\u0301'|list
'e\\u0301'|length
'é'|reverse
['é', 'e', 'f']|sort
""".strip("\n").split("\n")

STATEMENTS = [
    "a\n",
    "a\n\n",
    "  {{ 1 }}  \n  {{ 2 }}\n",
    "  {% if true %}\n  x\n  {% endif %}\n  y",
    "x {% if true %}\ny\n{% endif %} z",
    "x\n  {%- if true %}\ny\n{%- endif -%}\n  z",
    "x\n  {%+ if true %}\ny\n  {%+ endif +%}\n z",
    "  {{- 1 -}}  \n x",
    "a {#- gone -#} b",
    "a {# gone #} b",
    "  {# gone #}\nb",
    "a\n  {#+ kept line #}\nb",
    "  {# gone +#}\nb",
    "\t{% set a = 1 %}\t\n{{ a }}",
    "{% set a = 1 %}  {% set b = 2 %}\n{{ a }}{{ b }}",
    "{% if true %}\n\n{% endif %}",
    "{% raw %}{{ not }} {% this %}{% endraw %}!",
    "a\n  {%- raw -%}\n {{ x }} \n {%- endraw -%}\n b",
    "  {% raw %}\n x\n  {% endraw %}\n y",
    "line\r\nnext\r{% if true %}\r\nx{% endif %}",
    "{{ '}}' }}{{ {'a': {'b': 1}} }}",
    "{{ '{% x %}' }}{{ \"{{\" }}",
    "{{ 1 }}\n{{ 2 }}",
    "{% if false %}a{% elif 0 %}b{% elif 1 %}c{% else %}d{% endif %}",
    "{% if missing %}a{% else %}b{% endif %}",
    "{% for x in xs %}{{ x }}{% if not loop.last %}, {% endif %}{% endfor %}",
    "{% for x in xs %}{{ loop.index }}{{ loop.index0 }}{{ loop.revindex }}{{ loop.revindex0 }}{{ loop.first }}"
    "{{ loop.last }}{{ loop.length }}{{ loop.depth }}{{ loop.depth0 }};{% endfor %}",
    "{% for x in xs %}{{ loop.previtem }}<{{ x }}<{{ loop.nextitem }} {% endfor %}",
    "{% for x in xs %}{{ loop.previtem is defined }}{{ loop.nextitem is defined }} {% endfor %}",
    "{% for x in xs %}{{ loop.cycle('a', 'b') }}{% endfor %}",
    "{% for x in [1, 1, 2] %}{{ loop.changed(x) }} {% endfor %}",
    "{% for k, v in d.items() %}{{ k }}={{ v }};{% endfor %}",
    "{% for k in d %}{{ k }}{% endfor %}",
    "{% for k, (a, b) in [('x', (1, 2))] %}{{ k }}{{ a }}{{ b }}{% endfor %}",
    "{% for (a, b) in [(1, 2)] %}{{ a }}{{ b }}{% endfor %}",
    "{% for x in [] %}a{% else %}none{% endfor %}",
    "{% for x in missing %}a{% else %}none{% endfor %}",
    "{% for x in xs if x > 1 %}{{ loop.index }}:{{ x }} {% else %}none{% endfor %}",
    "{% for x in xs if x > 9 %}{{ x }}{% else %}none{% endfor %}",
    "{% for x in xs %}{% if x == 1 %}{% break %}{% endif %}{{ x }}{% endfor %}",
    "{% for x in xs %}{% if x == 1 %}{% continue %}{% endif %}{{ x }}{% endfor %}",
    "{% for x in xs %}{% for y in xs %}{% if y == 1 %}{% break %}{% endif %}{{ x }}{{ y }} {% endfor %}|{% endfor %}",
    "{% for c in 'aé🙂' %}[{{ c }}]{% endfor %}",
    "{% for x in 1, 2, 3 %}{{ x }}{% endfor %}",
    "{% for x in range(3) %}{% set y = x %}{% endfor %}{{ y }}",
    "{% set y = 0 %}{% for x in range(3) %}{{ y }}{% set y = x + 5 %}{{ y }}{% endfor %}{{ y }}",
    "{% set ns = namespace(n=0, s='') %}{% for x in xs %}{% set ns.n = ns.n + x %}{% set ns.s = ns.s ~ x %}"
    "{% endfor %}{{ ns.n }}{{ ns.s }}",
    "{% set ns = namespace() %}{% set ns.a = [] %}{% for x in xs %}{% set ns.a = ns.a + [x] %}{% endfor %}{{ ns.a }}",
    "{% set ns.a = 1 %}",
    "{% set a, b = 1, 2 %}{{ a }}{{ b }}",
    "{% set a = 1, 2 %}{{ a }}",
    "{% set a, b = [1] %}",
    "{% if true %}{% set a = 1 %}{% endif %}{{ a }}",
    "{% set t %}x{{ 1 }}y{% endset %}[{{ t }}]",
    "{% set t | upper | replace('X', 'z') %}x{{ 1 }}y{% endset %}[{{ t }}]",
    "{% set t %}{% set q = 1 %}{% endset %}{{ q }}",
    "{% filter upper %}a{{ 'b' }}{% endfilter %}",
    "{% filter trim | upper %} a {% endfilter %}",
    "{% filter replace('a', 'b') %}banana{% endfilter %}",
    "{% with a = 1, b = 2 %}{{ a }}{{ b }}{% endwith %}{{ a }}",
    "{% with %}{% set z = 1 %}{{ z }}{% endwith %}{{ z }}",
    "{% macro m(a, b=2, c=b) %}{{ a }}{{ b }}{{ c }}{% endmacro %}{{ m(1) }}|{{ m(1, 3) }}|{{ m(1, c=9) }}|{{ m() }}",
    "{% macro m(a) %}{{ a }}{% endmacro %}{{ m(1, 2) }}",
    "{% macro m(a) %}{{ a }}{% endmacro %}{{ m(z=2) }}",
    "{% macro m(a) %}{{ a }}{{ varargs }}{{ kwargs }}{% endmacro %}{{ m(1, 2, 3, z=4) }}",
    "{% macro m() %}{{ xs }}{{ later }}{% endmacro %}{% set later = 5 %}{{ m() }}",
    "{% macro f(n) %}{{ n }}{% if n > 0 %}{{ f(n - 1) }}{% endif %}{% endmacro %}{{ f(3) }}",
    "{% macro box(t) %}<{{ t }}>{{ caller() }}</{{ t }}>{% endmacro %}{% call box('b') %}in{{ 1 }}{% endcall %}",
    "{% macro each(l) %}{% for i in l %}{{ caller(i) }}{% endfor %}{% endmacro %}"
    "{% call(x) each(xs) %}[{{ x }}]{% endcall %}",
    "{% macro m() %}{{ caller is defined }}{% endmacro %}{{ m() }}",
    "{% macro m(a) %}{{ a|upper }}{% endmacro %}{{ m('x') ~ 'y' }}{{ m('x')|length }}",
    "{% macro m(x) %}\n  a {{ x }}\n{% endmacro %}\n{{ m(1) }}{{- m(2) -}}",
    "{% macro a() %}A{{ b() }}{% endmacro %}{% macro b() %}B{% endmacro %}{{ a() }}",
    "{% macro m(*args) %}{% endmacro %}",
    "{% generation %}x{{ 1 }}{% endgeneration %}y",
    "{% for x in xs %}{% generation %}{{ x }}{% endgeneration %}{% endfor %}",
    "{% set f = xs|map('string') %}{{ f|join }}",
    "{{ m(*[1, 2]) }}{% macro m(a, b) %}{{ a }}{{ b }}{% endmacro %}",
    "{% macro m(a, b) %}{{ a }}{{ b }}{% endmacro %}{{ m(*[1, 2]) }}{{ m(**{'a': 3, 'b': 4}) }}",
    "{% if true %}",
    "{% for x in %}{% endfor %}",
    "{% endif %}",
    "{% nothing %}",
    "{{ 1 + }}",
    "{{ 'a }}",
    "{{ (1 }}",
    "{{ 1) }}",
    "{{ }}",
    "{# open",
    "{% raw %} open",
    "{{ 1 2 }}",
    "{% if 1 %}{% else %}{% else %}{% endif %}",
    "{% break %}",
    "{% set 1 = 2 %}",
    "{% set x %}",
    "{{ a.b.c }}",
    "{{ x|upper|nofilter }}",
    "{% if false %}{{ x|nofilter }}{% endif %}ok",
    "{{ [1,] }}{{ {'a': 1,} }}{{ (1,) }}",
    "{{ 1, 2 }}",
    "{{ 'a'if true else'b' }}",
    "{%if true%}x{%endif%}",
    "{{-1-}}{{-'a'-}}",
    "{{ xs[-1] }}{{ xs [0] }}",
    "{{ d\n.b }}",
    "{%- for m in people -%}\n{{ m.name }}\n{%- endfor %}",
    "{% for m in people %}\n{{ m['name'] + ' ' }}\n{% endfor %}\n",
    "{% for m in people %}{{ m.name }}{{ '' if loop.last else ', ' }}{% endfor %}",
    "{% for a in xs %}{% set outer = loop %}{% for b in [1, 2] %}{{ outer.index }}{{ loop.index }} {% endfor %}"
    "{% endfor %}",
    "{% for x in xs %}{{ x }}{% endfor %}{{ loop is defined }}{{ x is defined }}",
    "{% set x = 'out' %}{% for x in xs %}{{ x }}{% endfor %}{{ x }}",
    "{% set content = ' a </think> b ' %}{{ content.split('</think>')[-1].lstrip('\\n') }}|"
    "{{ content.split('</think>')[0].rstrip().split('<think>')[-1] }}",
    "{% if xs is defined and xs is not none and xs|length > 0 %}y{% endif %}",
    "{{ '\\n' }}x{{ '\n' }}",
    "{{ \"a\" }}{% set x = \"b\" %}{{ x }}\n\n",
    "{% for x in people | selectattr('admin', 'defined') | list %}{{ loop.length }}{{ x.name }}{% endfor %}",
    "{% set a = {'x': 1} %}{% set a = dict(a, y=2) %}{{ a }}",
    "{% for i in range(2) %}{% for j in range(2) %}{{ loop.depth }}{% endfor %}{% endfor %}",
    "a{% if true -%}   b   {%- endif %}c",
    "{{ ns is defined }}{% set ns = namespace(found=false) %}{% if not ns.found %}{% set ns.found = true %}{% endif %}"
    "{{ ns.found }}",
    "{% set m = people[0] %}{{ m['name']|trim }}{{ m.get('x', {}).get('y') }}",
    "{% macro j(x) %}{{ x|tojson }}{% endmacro %}{{ j({'a': 'ü'}) }}",
    "{%- macro n() -%}\n  x\n{%- endmacro -%}\n[{{ n() }}]",
    "{{ not_there() }}",
    "{{ xs() }}",
    "{% set a = [] %}{{ a.append(1) }}",
    "   {{ 1 }}{% if true %}\n  2\n{% endif %}   \n3",
    "\n\n{% if true %}\n\n  x\n\n{% endif %}\n\n",
    "{% if true %}a{% endif %}   {% if true %}b{% endif %}",
    "x  {% if true %}  y  {% endif %}  z",
    "   {% if true %}  y\n   {% endif %}  z",
]


def render(jinja, source):
    try:
        return jinja.from_string(PRELUDE + source).render()
    except Exception:  # an error of any kind is an error here
        return None


def main():
    jinja = environment()
    cases = [[f"{{{{ {expression} }}}}", None] for expression in EXPRESSIONS]
    cases += [[statement, None] for statement in STATEMENTS]
    for case in cases:
        case[1] = render(jinja, case[0])
    path = pathlib.Path(sys.argv[1]) / "expressions.json"
    lines = ",\n".join(json.dumps(case, ensure_ascii=True) for case in cases)
    path.write_text(f'{{"prelude": {json.dumps(PRELUDE)},\n"cases": [\n{lines}\n]}}\n')
    print(f"{len(cases)} cases, {sum(case[1] is None for case in cases)} of them errors")


if __name__ == "__main__":
    main()
