import JinjaTemplates
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
        "{% macro m() %}{% call m() %}{{ m() }}{% endcall %}{% endmacro %}{{ m() }}",
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

    @Test(arguments: [
        "{% set ns = namespace(x=[]) %}{% for i in range(5000) %}{% set ns.x = [ns.x] %}{% endfor %}",
        "{% set ns = namespace(x={}) %}{% for i in range(5000) %}{% set ns.x = {'a': ns.x} %}{% endfor %}",
        "{% set ns = namespace(x={}) %}{% for i in range(5000) %}{% set ns.x = dict(a=ns.x) %}{% endfor %}",
        "{% set ns = namespace(x={}) %}{% for i in range(5000) %}{% set ns.x = {1: ns.x.items} %}{% endfor %}",
        "{% set ns = namespace(x=[]) %}{% for i in range(5000) %}{% set ns.x = [ns.x]|batch(1) %}{% endfor %}",
        "{% set ns = namespace(x=[]) %}{% for i in range(5000) %}{% set ns.x = [[ns.x]|map('list')|list] %}{% endfor %}",
    ])
    func `values nested deep are refused`(source: String) async {
        #expect(await Self.outcome(source) == .failure(.nestingTooDeep(limit: JinjaLimits().valueNesting)))
    }

    @Test(arguments: [
        ("{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}", JinjaLimits.Budget.steps),
        ("{% for a in range(99999) %}{% set x = 'abc' * 1000 %}{{ x }}{% endfor %}", .output),
        ("{% for a in range(99999) %}{% set x = 'abc' * 99999 %}{% endfor %}", .steps),
        ("{% set ns = namespace(s='x') %}{% for i in range(99) %}{% set ns.s = ns.s ~ ns.s %}{% endfor %}", .string),
        ("{% set ns = namespace(s='x') %}{% for i in range(99) %}{% set ns.s = ns.s + ns.s %}{% endfor %}", .string),
        (
            "{% set ns = namespace(s='x') %}{% for i in range(99) %}{% set ns.s = [ns.s, ns.s]|join %}{% endfor %}",
            .string
        ),
        (
            "{% set ns = namespace(s='x') %}{% for i in range(99) %}{% set ns.s = ns.s.replace('x', 'xxx') %}{% endfor %}",
            .steps
        ),
        ("{{ 'x' * 99999999999 }}", .string),
        ("{{ 'x' * 9223372036854775807 }}", .string),
        ("{{ [1] * 9223372036854775807 }}", .steps),
        ("{{ 'x'.ljust(99999999999) }}", .string),
        ("{{ 'x'|indent(99999999999) }}", .string),
        ("{{ 'x'|center(9223372036854775807) }}", .string),
        ("{{ range(100001) }}", .range),
        ("{{ range(-9223372036854775807, 9223372036854775807) }}", .range),
        ("{{ range(9223372036854775807, -9223372036854775807, -1) }}", .range),
        ("{% set x = [range(99999)] * 9999 %}{{ x }}", .string),
        (
            "{% set ns = namespace(x=[1]) %}{% for i in range(50) %}{% set ns.x = [ns.x, ns.x] %}{% endfor %}{{ ns.x }}",
            .steps
        ),
        (
            "{% set ns = namespace(x=[1]) %}{% for i in range(50) %}{% set ns.x = [ns.x, ns.x] %}{% endfor %}"
                + "{{ ns.x == ns.x }}", .steps
        ),
        (
            "{% set ns = namespace(x=[1]) %}{% for i in range(50) %}{% set ns.x = [ns.x, ns.x] %}{% endfor %}"
                + "{{ ns.x|tojson }}", .steps
        ),
        (
            "{% set a = ('a' * 4000000) ~ 'b' %}{% set b = ('a' * 2000000) ~ 'b' %}"
                + "{% for i in range(9999) %}{% set x = b in a %}{% endfor %}", .steps
        ),
        (
            "{% set a = 'ab' * 4000000 %}{% for i in range(9999) %}{% set x = a|length %}{% endfor %}", .steps
        ),
        (
            "{% set a = 'ab' * 2000000 %}{% for i in range(9999) %}{% set x = a[i] %}{% endfor %}", .steps
        ),
        ("{% set a = ['x' * 1000000] * 1000 %}{{ a|sort|length }}{{ a|unique|list|length }}", .steps),
        ("{% for i in range(99999) %}{% macro m() %}{% endmacro %}{% set x = range(999) %}{% endfor %}", .steps),
    ])
    func `costs stop at their budget`(source: String, budget: JinjaLimits.Budget) async {
        let (problem, seconds) = await onSmallStack { () -> (JinjaError.Problem?, Double) in
            let start = threadSeconds()
            do throws(JinjaError) {
                _ = try JinjaTemplate(source).renderText([:])
                return (nil, 0)
            } catch {
                return (error.problem, threadSeconds() - start)
            }
        }
        guard case .budgetExceeded(let found, _)? = problem else {
            Issue.record("no budget ran out: \(String(describing: problem))")
            return
        }
        #expect(found == budget)
        #if !DEBUG
        #expect(seconds < 5)  // at most 0.8 on a Zen 5 core
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
