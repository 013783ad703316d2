import JinjaTemplates
import Testing

@Suite("Template errors")
struct JinjaErrorTests {
    @Test(arguments: [
        ("{{ 1 + }}", "template line 1, column 8: expected a value, found '}}'"),
        ("a\n é{{ (1 }}", "template line 2, column 9: expected its opening bracket, found '}'"),
        ("{% if x %}", "template line 1, column 4: the tag 'if' is not closed before the end of the template"),
        ("{% for x y %}", "template line 1, column 10: expected 'in', found 'y'"),
        ("{% endif %}", "template line 1, column 4: expected no closing tag, found 'endif'"),
        ("{% for x in y %}{% endif %}", "template line 1, column 20: expected 'endfor' or 'else', found 'endif'"),
        (
            "{% include 'x' %}",
            "template line 1, column 4: the tag 'include' of Jinja is not supported in chat templates"
        ),
        ("\r\n\r\n{# x", "template line 3, column 1: the comment is not closed before the end of the template"),
        ("{{ 'x }}", "template line 1, column 4: the string is not closed before the end of the template"),
        (
            "{{ 99999999999999999999 }}",
            "template line 1, column 4: invalid literal: the integer '99999999999999999999' is not a 64-bit one"
        ),
        ("{{ '\\ud800' }}", "template line 1, column 7: invalid literal: the escape is not a Unicode character"),
        ("{{ 1 ? 2 }}", "template line 1, column 6: expected an operator, name or literal, found '?'"),
        ("{% nope %}", "template line 1, column 4: unknown tag 'nope'"),
        ("{{ x|nope }}", "template line 1, column 6: unknown filter 'nope'"),
        ("{{ x is nope }}", "template line 1, column 9: unknown test 'nope'"),
        (
            "{{ x|random }}",
            "template line 1, column 6: the filter 'random' of Jinja is not supported in chat templates"
        ),
        (
            "{% if 0 %}{{ x|pprint }}{% endif %}",
            "template line 1, column 16: the filter 'pprint' of Jinja is not supported in chat templates"
        ),
        ("{% if 1 %}{{ x|nope }}{% endif %}", "template line 1, column 15: unknown filter 'nope'"),
        ("{{ ['a']|map('nope')|list }}", "template line 1, column 9: unknown filter 'nope'"),
        ("{{ a.b.c }}", "template line 1, column 5: 'a' is undefined"),
        ("{{ {}.b.c }}", "template line 1, column 8: 'b' of a dictionary is undefined"),
        ("{{ 1 + 'a' }}", "template line 1, column 8: '+' does not work on an integer and a string"),
        ("{{ 'a'.split('') }}", "template line 1, column 13: split: the separator is empty"),
        (
            "{{ [].append(1) }}",
            "template line 1, column 13: 'append', which would change a list, is undefined"
        ),
        ("{{ 'a'|replace('b') }}", "template line 1, column 7: filter 'replace': needs the old and the new text"),
        ("{{ 'a'|trim(1, 2) }}", "template line 1, column 7: filter 'trim': takes at most 1 arguments, got 2"),
        ("{{ 'a'|trim(x=1) }}", "template line 1, column 7: filter 'trim': does not take the argument 'x'"),
        ("{{ 1 // 0 }}", "template line 1, column 9: division by zero"),
        ("{{ 9223372036854775807 + 1 }}", "template line 1, column 26: an integer leaves the 64-bit range"),
        ("{{ raise_exception('no ' ~ 1) }}", "template line 1, column 19: no 1"),
        ("{% set a, b = [1] %}", "template line 1, column 15: cannot unpack 1 values into 2 names"),
        ("{{ strftime_now('%Q') }}", "template line 1, column 16: unknown strftime directive '%Q'"),
        (
            "{% for x in [1] %}{{ loop([]) }}{% endfor %}",
            "template line 1, column 26: a call does not work on a loop without 'recursive'"
        ),
        (
            "a\n{% for loop in x %}{% endfor %}",
            "template line 2, column 8: expected another name inside a loop, found 'loop'"
        ),
        ("{% macro m(a, a) %}{% endmacro %}", "template line 1, column 15: expected another name, found 'a'"),
        ("{% endmacro %}", "template line 1, column 4: expected no closing tag, found 'endmacro'"),
        ("{% if x %}\n{% else %}\n{% else %}{% endif %}", "template line 3, column 4: expected 'endif', found 'else'"),
        ("{{ 1 is string is string }}", "template line 1, column 16: expected no second test, found 'is'"),
        ("{% raw %}\n{% x", "template line 1, column 1: 'raw' is not closed before the end of the template"),
        ("x\n\n  {{ 'a' ~ }}", "template line 3, column 12: expected a value, found '}}'"),
        // At run time: the place is that of the operation, also inside of what is called or captured.
        (
            "{% macro m(v) %}\n  {{ v.a.b }}\n{% endmacro %}\n\n{{ m({}) }}",
            "template line 2, column 9: 'a' of a dictionary is undefined"
        ),
        (
            "{% macro m() %}\n{{ caller() }}{% endmacro %}\n{% call m() %}\n {{ 1 / 0 }}{% endcall %}",
            "template line 4, column 9: division by zero"
        ),
        ("{% macro m(a=1 // 0) %}{% endmacro %}\n{{ m() }}", "template line 1, column 19: division by zero"),
        (
            "{% macro m() %}{% endmacro %}\n {{ m(1) }}",
            "template line 2, column 6: m: takes at most 0 arguments, got 1"
        ),
        (
            "{% set x %}\n{{ 'a' + 1 }}{% endset %}",
            "template line 2, column 10: '+' does not work on a string and an integer"
        ),
        ("{% filter upper %}\n\n{{ none.x.y }}{% endfilter %}", "template line 3, column 10: 'x' of none is undefined"),
        (
            "{% for x in [[1]] recursive %}\n{{ loop(x) if x is iterable else x + 'a' }}{% endfor %}",
            "template line 2, column 38: '+' does not work on an integer and a string"
        ),
        ("{% for x in 5 %}{% endfor %}", "template line 1, column 4: a for loop does not work on an integer"),
        ("é{{ '日本' + 1 }}", "template line 1, column 12: '+' does not work on a string and an integer"),
        ("{{ x\n  .y }}", "template line 2, column 3: 'x' is undefined"),
        (
            "{{ ['a', 1]|sort }}",
            "template line 1, column 12: an order comparison does not work on an integer and a string"
        ),
        ("{{ '{:q}'.format(1) }}", "template line 1, column 17: unknown format specification 'q for an integer'"),
        ("{{ 'x' * 99999999 }}", "template line 1, column 10: more than 8388608 bytes in one string"),
        ("{{ range(100001) }}", "template line 1, column 9: more than 100000 elements in a range"),
    ])
    func `say where, what was found and what was expected`(source: String, expected: String) {
        let error = #expect(throws: JinjaError.self) { try JinjaTemplate(source).renderText([:]) }
        #expect(error?.description == expected)
    }
}
