import Foundation
import JinjaTemplates
import TestSupport
import Testing

/// Templates that would cost without bound, on a thread with a small stack: each ends soon with an error.
@Suite("Hostile templates")
struct HostileTemplateTests {
    private enum Outcome: Sendable, Equatable {
        case output(bytes: Int)
        case failure(JinjaError.Problem)
    }

    private static func outcome(_ source: String) async -> Outcome {
        await onSmallStack {
            do throws(JinjaError) {
                return .output(bytes: try JinjaTemplate(source).renderText([:]).utf8.count)
            } catch {
                return .failure(error.problem)
            }
        }
    }

    private static func nested(_ open: String, _ inner: String, _ close: String) -> String {
        String(repeating: open, count: 5_000) + inner + String(repeating: close, count: 5_000)
    }

    @Test(arguments: [
        "{{ " + nested("(", "1", ")") + " }}",
        "{{ " + nested("[", "1", "]") + " }}",
        "{{ " + nested("{'a':", "1", "}") + " }}",
        "{{ " + nested("f(", "1", ")") + " }}",
        "{{ " + nested("x[", "1", "]") + " }}",
        "{{ " + nested("-", "1", "") + " }}",
        "{{ " + nested("not ", "1", "") + " }}",
        "{{ " + nested("1 if ", "1", " else 2") + " }}",
        "{{ " + nested("", "1", " if 1") + " }}",
        "{{ " + nested("", "1", " if 1 else 1") + " }}",
        "{{ 1 " + nested("|default(1", "", ")") + " }}",
        "{{ " + nested("1 is eq(", "1", ")") + " }}",
        nested("{% if 1 %}", "x", "{% endif %}"),
        nested("{% for i in 'a' %}", "x", "{% endfor %}"),
        nested("{% macro m() %}", "x", "{% endmacro %}"),
        nested("{% set x %}", "x", "{% endset %}"),
        "{% for " + nested("(", "a", ",)") + " in x %}{% endfor %}",
    ])
    func `nesting in the source stops at its limit`(source: String) async {
        #expect(await Self.outcome(source) == .failure(.nestingTooDeep(limit: JinjaLimits().sourceNesting)))
    }

    @Test(arguments: [
        "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
        "{% macro a() %}{{ b() }}{% endmacro %}"
            + "{% macro b() %}{% if 1 %}{{ [(1 ~ a())] }}{% endif %}{% endmacro %}{{ a() }}",
        "{% macro m() %}{{ caller }}{% call m() %}{{ m() }}{% endcall %}{% endmacro %}{{ m() }}",
        "{% macro m(x) %}{% call m(1) %}{{ m(2) }}{% endcall %}{{ caller() }}{% endmacro %}{{ m(1) }}",
        "{% macro m(x=m()) %}{{ x }}{% endmacro %}{{ m() }}",
        "{% macro m(a=m(1 if 0 else m())) %}{{ x[m()] }}{% endmacro %}{{ m() }}",
        "{% macro m(a=dict(a=m())) %}{% endmacro %}{{ m() }}",
        "{% macro m() %}{{ 1 < (2 + m()|int) < 3 }}{% endmacro %}{{ m() }}",
        "{% macro m() %}{% with a = [m()[m():m()]] %}{% endwith %}{% endmacro %}{{ m() }}",
        "{% macro m() %}{% set x %}{% filter upper %}{{ m() }}{% endfilter %}{% endset %}{% endmacro %}{{ m() }}",
        "{% macro m() %}{% for x in [1] if m() %}{% endfor %}{% endmacro %}{{ m() }}",
        "{% macro m() %}{{ {'a': [1 + (2 * (3 - (4 ~ (m()|trim)))|int)|string]} if not (not m()) else 1 }}{% endmacro %}"
            + "{{ m() }}",
    ])
    func `recursion of macros stops at its limit`(source: String) async {
        #expect(await Self.outcome(source) == .failure(.nestingTooDeep(limit: JinjaLimits().evaluationNesting)))
    }

    /// A template of `hostile.json` and what stops it (Tools/templates/make_hostile.py).
    struct Case: Decodable, Sendable, CustomTestStringConvertible {
        let source: String
        let stop: String

        init(from decoder: any Decoder) throws {
            var values = try decoder.unkeyedContainer()
            (source, stop) = (try values.decode(String.self), try values.decode(String.self))
        }

        var testDescription: String { String(source.prefix(100)) }
    }

    static let cases: [Case] =
        (try? JSONDecoder().decode([Case].self, from: Data(Fixtures.bytes("templates/hostile.json")))) ?? []

    @Test func `there are a hundred templates that would cost without bound`() {
        #expect(Self.cases.count >= 100)
    }

    /// With place and reason, on a small stack. Time is measured for the thread alone, and generously bounded: the figures are in
    /// docs/chat-templates.md.
    @Test(arguments: cases)
    func `costs stop at their budget`(hostile: Case) async throws {
        let (error, seconds) = await onSmallStack { () -> (JinjaError?, Double) in
            let start = threadSeconds()
            do throws(JinjaError) {
                _ = try JinjaTemplate(hostile.source).renderText([:])
                return (nil, 0)
            } catch {
                return (error, threadSeconds() - start)
            }
        }
        let found = try #require(error, "no error")
        #expect(found.line == 1 && found.column > 1)
        switch (found.problem, hostile.stop) {
        case (.budgetExceeded(.range, _), "range"), (.nestingTooDeep, "depth"), (.outOfRange, "depth"),
            (.outOfRange, "refused"):
            break
        case (.budgetExceeded(let budget, _), "budget"): #expect(budget != .range && budget != .source)
        default: Issue.record("stopped by \(found) instead of \(hostile.stop)")
        }
        #if !DEBUG
        #expect(seconds < 1)
        #endif
    }

    /// The smallest integer and its neighbours, wherever a number is taken.
    @Test(arguments: [
        "range(0, n)", "range(1, n)", "range(n, 0)", "range(0, n, -1)", "range(m, n)", "range(0, 5, n)", "'x'.ljust(n)",
        "'x'.center(n)", "'x'|center(n)", "'x'|indent(n)", "'x' * n", "[1] * n", "n * 'x'", "[1, 2][n]", "'ab'[n]",
        "[1, 2][n:]", "[1, 2][:n]", "[1, 2][::n]", "'ab'[::n]", "'ab'[m::n + 1]", "n // -1", "n % -1", "n - 1", "-n",
        "n|abs",
        "n ** 2", "2 ** n", "2 ** m", "1 ** m", "(-1) ** m", "n|round(-2)", "m|round(-2)", "1|round(n)", "1|round(m)",
        "n|float|int", "m|float|int", "'1e999'|int", "1e308|int", "'a-b'.split('-', n)", "'a-b'.rsplit('-', m)",
        "'aa'.replace('a', 'b', n)", "'x'|truncate(n)", "'x'|truncate(5, true, '', n)", "'x'|truncate(m, true, '', m)",
        "[1, 2]|batch(n)", "[1, 2]|batch(m)", "'%d' % n", "'%x' % n", "'%99999999d' % 1", "'%.999999f' % 1.5",
        "'%d' % 1e300", "'{9223372036854775807}'.format(1)", "'x'.zfill(n)", "{n: 1}", "[1]|tojson(indent=n)",
        "[1]|tojson(indent=m)", "'1'|int(base=n)", "loop", "[1, 2]|sum(start=m)", "1e308 * 10", "1e308 // 1e-308",
        "n is divisibleby -1", "n is divisibleby 0", "n == m", "n < 1.5",
    ])
    func `extreme numbers give a value or an error`(expression: String) async {
        let source = "{% set m = 9223372036854775807 %}{% set n = -m - 1 %}{{ \(expression) }}"
        if case .failure(.nestingTooDeep) = await Self.outcome(source) { Issue.record("not a matter of nesting") }
    }

    @Test func `long chains are wide and not deep`() async {
        let chain = "{{ " + Array(repeating: "1", count: 20_000).joined(separator: " + ") + " }}"
        #expect(await Self.outcome(chain) == .output(bytes: 5))
        let calls = "{{ 'x'" + String(repeating: "|trim", count: 20_000) + " }}"
        #expect(await Self.outcome(calls) == .output(bytes: 1))
        let branches = "{% if 0 %}" + String(repeating: "{% elif 0 %}", count: 20_000) + "{% else %}y{% endif %}"
        #expect(await Self.outcome(branches) == .output(bytes: 1))
    }

    @Test func `as much nesting as the limits allow fits a small stack`() async {
        let depth = JinjaLimits().sourceNesting / 2 - 4
        let pairs = [("(", ")"), ("[", "]"), ("1 + (2 * (", "))"), ("dict(a=1 ~ ", ")"), ("'a'|default(", ")")]
        for (open, close) in pairs {
            let count = open.contains("1") ? depth / 3 : depth
            let (opened, closed) = (String(repeating: open, count: count), String(repeating: close, count: count))
            let source = "{{ " + opened + "1" + closed + " }}"
            let outcome = await Self.outcome(source)
            guard case .output = outcome else {
                Issue.record("\(open) gives \(outcome)")
                continue
            }
        }
        let recursion = "{% macro m(n) %}{% if n %}{{ m(n - 1) }}{% endif %}{% endmacro %}{{ m(15) }}"
        #expect(await Self.outcome(recursion) == .output(bytes: 0))
    }

    @Test func `a source above its limit is refused`() async {
        let limits = JinjaLimits()
        let outcome = await Self.outcome(String(repeating: "x", count: limits.sourceBytes + 1))
        #expect(outcome == .failure(.budgetExceeded(.source, limit: limits.sourceBytes)))
    }
}
