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
        ("{% include 'x' %}", "template line 1, column 4: unknown tag 'include'"),
        ("\r\n\r\n{# x", "template line 3, column 1: the comment is not closed before the end of the template"),
        ("{{ 'x }}", "template line 1, column 4: the string is not closed before the end of the template"),
        (
            "{{ 99999999999999999999 }}",
            "template line 1, column 4: invalid literal: the integer '99999999999999999999' is not a 64-bit one"
        ),
        ("{{ '\\ud800' }}", "template line 1, column 7: invalid literal: the escape is not a Unicode character"),
        ("{{ 1 ? 2 }}", "template line 1, column 6: expected an operator, name or literal, found '?'"),
        ("{{ x|nope }}", "template line 1, column 5: unknown filter 'nope'"),
        ("{{ x is nope }}", "template line 1, column 6: unknown test 'nope'"),
        ("{{ a.b.c }}", "template line 1, column 5: 'a' is undefined"),
        ("{{ {}.b.c }}", "template line 1, column 8: 'b' of a dictionary is undefined"),
        ("{{ 1 + 'a' }}", "template line 1, column 8: '+' does not work on an integer and a string"),
        ("{{ 'a'.split('') }}", "template line 1, column 13: split: the separator is empty"),
        (
            "{{ [].append(1) }}",
            "template line 1, column 13: 'append', which would change its receiver, does not work on a list"
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
            "{% for x in y recursive %}{% endfor %}{% for x in [1] recursive %}{% endfor %}",
            "template line 1, column 4: unknown loop modifier 'recursive'"
        ),
    ])
    func `say where, what was found and what was expected`(source: String, expected: String) {
        let error = #expect(throws: JinjaError.self) { try JinjaTemplate(source).renderText([:]) }
        #expect(error?.description == expected)
    }
}
