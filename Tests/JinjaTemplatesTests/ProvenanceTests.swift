import JinjaTemplates
import Testing

/// Where the text of an output came from. In the expected texts, input stands between ⟦ and ⟧.
@Suite("Origin of text")
struct ProvenanceTests {
    private static func marked(_ source: String) throws -> String {
        let context: [String: JinjaValue] = [
            "x": .input("Ab <c>"), "y": .input("1,2"), "n": .input("7"),
            "m": .dictionary([("role", .text("user")), ("content", .input("hi"))]),
        ]
        return try JinjaTemplate(source).render(context)
            .map { $0.isInput ? "⟦\($0.text)⟧" : $0.text }.joined()
    }

    @Test(arguments: [
        ("a{{ x }}b", "a⟦Ab <c>⟧b"),
        ("{{ 'a' + x + 'b' ~ n }}", "a⟦Ab <c>⟧b⟦7⟧"),
        ("{{ x ~ n }}", "⟦Ab <c>7⟧"),
        ("{{ ('<' ~ x ~ '>')[1:4] }}", "⟦Ab ⟧"),
        ("{{ ('<' ~ x ~ '>')[::-1] }}", ">⟦>c< bA⟧<"),
        ("{{ ('<' ~ x ~ '>')[0] }}{{ ('<' ~ x ~ '>')[1] }}", "<⟦A⟧"),
        ("{{ (' ' ~ x ~ ' ')|trim }}", "⟦Ab <c>⟧"),
        ("{{ x.split(' ')[1] ~ '|' ~ x.split(' ')|join('+') }}", "⟦<c>⟧|⟦Ab⟧+⟦<c>⟧"),
        ("{{ ('k=' ~ y).partition('=')[2] }}", "⟦1,2⟧"),
        ("{{ x.replace('b', '-') }}", "⟦A⟧-⟦ <c>⟧"),
        ("{{ '[%s]'.replace('%s', x) }}", "[⟦Ab <c>⟧]"),
        ("{{ x|upper }}{{ x.lower() }}{{ ('a' ~ n)|title }}", "⟦AB <C>ab <c>⟧A⟦7⟧"),
        ("{{ '<%s>' % x }}{{ '{}!'.format(n) }}", "<⟦Ab <c>⟧>⟦7⟧!"),
        ("{{ [x, 'a'] }}", "['⟦Ab <c>⟧', 'a']"),
        ("{{ m|tojson }}", "{\"role\": \"user\", \"content\": \"⟦hi⟧\"}"),
        ("{{ x|e }}", "⟦Ab &lt;c&gt;⟧"),
        ("{{ (x ~ '\\n' ~ n)|indent(2) }}", "⟦Ab <c>⟧\n  ⟦7⟧"),
        ("{{ x|truncate(5, true, '..', 0) }}", "⟦Ab ⟧.."),
        ("{{ n|center(3, ) }}", " ⟦7⟧ "),
        ("{% for c in n ~ 'z' %}{{ c }};{% endfor %}", "⟦7⟧;z;"),
        ("{{ y.split(',')|map('int')|sum }}", "3"),
        ("{{ n|int }}{{ n|length }}{{ n == '7' }}", "71True"),
        ("{% set t %}a{{ n }}{% endset %}{{ t }}{{ t|reverse }}", "a⟦77⟧a"),
        ("{% macro q(v) %}<{{ v }}>{% endmacro %}{{ q(n) }}", "<⟦7⟧>"),
        ("{% filter upper %}a{{ x }}{% endfilter %}", "A⟦AB <C>⟧"),
        ("{{ {n: 1}|list|first }}{{ {'7': 'v'}[n] }}", "⟦7⟧v"),
        ("{{ dict([[n, x]]).items()|list }}", "[('⟦7⟧', '⟦Ab <c>⟧')]"),
        ("{{ m.content if m.role == 'user' }}{{ m['role'] }}", "⟦hi⟧user"),
        ("{{ [n, 'b', x]|sort|join }}", "⟦7Ab <c>⟧b"),
        ("{{ x|default('d') }}{{ missing|default(n) }}", "⟦Ab <c>7⟧"),
        ("{{ strftime_now(n) }}", "⟦7⟧"),
        ("{{ x|urlencode }}{{ (n ~ '\\n')|string }}", "⟦Ab%20%3Cc%3E7⟧\n"),
        ("{{ x|list|last }}{{ x|first }}{{ n * 2 }}", "⟦>A77⟧"),
        ("{{ n.zfill(3) }}{{ n.ljust(2, '_') }}", "00⟦77⟧_"),
    ])
    func `stays with the text`(source: String, expected: String) throws {
        #expect(try Self.marked(source) == expected)
    }

    @Test func `does not change what is equal`() throws {
        #expect(try Self.marked("{{ n in ['7'] }}{{ '7' is eq n }}{{ 'c' in x }}") == "TrueTrueTrue")
    }
}
