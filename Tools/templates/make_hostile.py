"""Writes Tests/Fixtures/templates/hostile.json: templates that would cost without bound, and what each runs into.

    python make_hostile.py ../../Tests/Fixtures/templates

A case is [template, what stops it]: "budget" of steps or bytes, "range", "depth", or "refused" for a number that an operation does not take.
"""

import json
import pathlib
import sys


def grow(expression, start="'x'", rounds=99):
    return "{% set ns = namespace(s=" + start + ") %}{% for i in range(" + str(rounds) + ") %}{% set ns.s = " + expression + " %}{% endfor %}"


def loop(body, count=99999):
    return "{% for i in range(" + str(count) + ") %}" + body + "{% endfor %}"


STEPS = [
    loop(loop("", 99999)),
    loop("{% if i is divisibleby 7 and i > 3 or i in [1, 2, 3] %}{% set x = i * 2 + 1 %}{% endif %}"),
    loop("{% set x = 'abc' * 9999 %}"),
    loop("{% set x = range(999)|list|length %}"),
    loop("{% macro m() %}{% endmacro %}{% set x = range(999)|sum %}"),
    grow("ns.s|map('list')", "[1]", 99999),
    grow("[ns.s, ns.s]", "[1]", 50) + "{{ ns.s }}",
    grow("[ns.s, ns.s]", "[1]", 50) + "{{ ns.s == ns.s }}",
    grow("[ns.s, ns.s]", "[1]", 50) + "{{ ns.s|tojson }}",
    grow("(ns.s, ns.s)", "(1,)", 50) + "{{ {ns.s: 1} }}",
    grow("ns.s + ns.s", "[1]", 99),
    grow("ns.s * 9", "[1]", 99),
    "{% set a = ('a' * 4000000) ~ 'b' %}{% set b = ('a' * 2000000) ~ 'b' %}" + loop("{% set x = b in a %}"),
    "{% set a = 'ab' * 2000000 %}" + loop("{% set x = a|length %}"),
    "{% set a = 'ab' * 2000000 %}" + loop("{% set x = a[i] %}"),
    "{% set a = 'ab' * 2000000 %}" + loop("{% set x = a == a ~ '' %}"),
    "{% set a = 'ab' * 2000000 %}" + loop("{% set x = a.find('c') %}"),
    "{% set a = 'ab' * 1000000 %}" + loop("{% set x = a.upper() %}"),
    "{% set a = 'a ' * 1000000 %}" + loop("{% set x = a.split() %}"),
    "{% set a = 'ab' * 1000000 %}" + loop("{% set x = a|list %}"),
    "{% set a = ['x' * 1000000] * 1000 %}{{ a|sort|length }}{{ a|unique|list|length }}",
    "{% set a = range(99999)|list %}" + loop("{% set x = a|sort %}"),
    "{% set a = range(99999)|list %}" + loop("{% set x = 'q' in a %}"),
    "{% set a = range(99999) %}" + loop("{% set x = 'q' in a %}"),
    "{% set a = range(99999) %}" + loop("{% set x = a|map('string')|select('in', a)|list %}"),
    "{% set d = dict(range(9998)|map('string')|batch(2)) %}" + loop("{% set x = dict(d) %}"),
    loop("{% set x = namespace(a=1) %}"),
    loop("{% set x = cycler(1, 2) %}{% set y = joiner() %}"),
    loop("{% set x = [1, 2]|map('abs') %}"),
    loop("{% set x = {'a': 1}.items() %}"),
    "{% macro m() %}{% endmacro %}" + loop("{{ m() }}"),
    "{% macro m() %}{{ caller() }}{% endmacro %}" + loop("{% call m() %}{% endcall %}"),
    loop("{% filter upper %}{% endfilter %}{% set x %}{% endset %}{% with a = 1 %}{% endwith %}"),
    loop("{{ '%s %d %5.2f' % ('a', 1, 2.5) }}{{ '{:>5} {}'.format(1, 2) }}") + loop(loop("")),
    "{% for x in [[1, [2]]] recursive %}" + loop("", 99999) + "{{ loop(x) if x is iterable }}{% endfor %}" + loop(loop("")),
    grow("ns.s.replace('x', 'xx')"),
    "{{ 'x'.format }}" + loop("{{ ('{}' * 9999).format }}"),
    loop("{% set x = i|string|tojson|length + i|float|round(2)|int %}"),
    loop("{{ strftime_now('%Y') }}") + loop("{{ i }}"),
    "{{ [1] * 9223372036854775807 }}",
    "{{ range(10)|list|batch(5000000, 1)|list }}",
    "{{ range(10)|slice(50000000)|list }}",
    "{{ range(10)|batch(50000, [1])|list * 99999 }}",
]
STRING = [
    grow("ns.s ~ ns.s"),
    grow("ns.s + ns.s"),
    grow("[ns.s, ns.s]|join"),
    grow("'%s%s' % (ns.s, ns.s)"),
    grow("'{0}{0}'.format(ns.s)"),
    grow("ns.s|tojson|tojson"),
    grow("ns.s|urlencode", "'%'", 9999),
    grow("ns.s|e", "'&'", 9999),
    grow("[ns.s, ns.s]|string"),
    "{% set a %}" + loop("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa") + "{% endset %}",
    "{{ 'x' * 1000000000 }}",
    "{{ 'x' * 9223372036854775807 }}",
    "{{ 'x'.ljust(1000000000) }}",
    "{{ 'x'.rjust(9223372036854775807, 'é') }}",
    "{{ 'x'.zfill(1000000000) }}",
    "{{ 'x'.center(1000000000) }}",
    "{{ 'x'|center(9223372036854775807) }}",
    "{{ 'x'|indent(1000000000) }}",
    "{{ ('x\\n' * 100000)|indent(1000) }}",
    "{{ '\\t'.expandtabs(1000000000) }}",
    "{{ '%1000000000d' % 1 }}",
    "{{ '%-1000000000s' % 1 }}",
    "{{ '%*d' % (1000000000, 1) }}",
    "{{ '{:1000000000}'.format(1) }}",
    "{{ '{:{}}'.format(1, 1000000000) }}",
    "{{ ('ab' * 1000000).replace('a', 'b' * 1000000) }}",
    "{{ ('b' * 1000000).join(['a'] * 100000) }}",
    "{{ (['a'] * 100000)|join('b' * 1000000) }}",
    "{% set x = [range(99999)|list] * 9 %}{{ x }}",
    "{{ [[[[[1]]]]]|tojson(indent='x' * 1000000) }}",
]
RANGE = ["{{ range(100001) }}", "{{ range(-9223372036854775807, 9223372036854775807) }}", "{{ range(9223372036854775807, -9223372036854775807, -1) }}"]
REFUSED = [
    "{{ '%.1000000000f' % 1.5 }}",
    "{{ '%.1000000000d' % 1 }}",
    "{{ '{:.1000000000f}'.format(1.5) }}",
    "{{ [1]|tojson(indent=1000000000) }}",
    "{{ 9 ** 999999999 }}",
    "{{ 9223372036854775807 * 9223372036854775807 }}",
    "{{ '%99999999999999999999d' % 1 }}",
    "{{ '9' * 400000 }}{{ ('9' * 400000)|int }}",
    "{{ 2.0 ** 99999 }}",
    "{{ 1.5|round(99) }}{{ 1e308|round(-400) }}{{ 1.5|round(99, 'ceil') }}",
]
DEPTH = [
    "{% set ns = namespace(x=[]) %}" + loop("{% set ns.x = [ns.x] %}", 5000),
    "{% set ns = namespace(x={}) %}" + loop("{% set ns.x = {'a': ns.x} %}", 5000),
    "{% set ns = namespace(x={}) %}" + loop("{% set ns.x = {1: ns.x.items()} %}", 5000),
    "{% set ns = namespace(x=()) %}" + loop("{% set ns.x = {(1, ns.x): 1}|list|first %}", 5000),
    "{% set ns = namespace(x=[1]) %}" + loop("{% set ns.x = ns.x|map('string') %}", 500) + "{{ ns.x|list }}",
    "{% set ns = namespace() %}{% set ns.a = ns %}{{ ns }}",
    "{% set ns = namespace() %}{% set ns.a = [ns] %}{{ ns }}",
    "{% set ns = namespace() %}{% set ns.a = {'a': namespace(b=ns)} %}{{ ns }}",
    "{% for x in [1] recursive %}{{ loop([1]) }}{% endfor %}",
    "{% for x in [1] recursive %}{% set y = loop([loop([2])]) %}{% endfor %}",
    "{% macro m() %}{% for x in [1] recursive %}{{ loop([m()]) }}{% endfor %}{% endmacro %}{{ m() }}",
    "{{ '{:{:{:{}}}}'.format(1, 2, 3, 4, 5) }}",
]
OUTPUT = [loop("{{ 'abcdefghijklmnopqrstuvwxyz' * 400 }}"), "{% set x = 'y' * 8000000 %}{{ x }}{{ x }}"]


def main():
    cases = [[source, "budget"] for source in STEPS + STRING + OUTPUT]
    cases += [[source, "range"] for source in RANGE]
    cases += [[source, "refused"] for source in REFUSED] + [[source, "depth"] for source in DEPTH]
    path = pathlib.Path(sys.argv[1]) / "hostile.json"
    path.write_text("[\n" + ",\n".join(json.dumps(case) for case in cases) + "\n]\n")
    print(len(cases), "cases")


if __name__ == "__main__":
    main()
