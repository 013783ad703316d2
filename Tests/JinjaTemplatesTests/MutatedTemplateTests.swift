import JinjaTemplates
import TestSupport
import Testing

/// Mutations of the templates and expressions of the fixtures: each parses and renders or throws a `JinjaError`.
@Suite("Mutated templates")
struct MutatedTemplateTests {
    private static let files = [
        "alpaca", "chatml", "command-r", "deepseek", "gemma3", "gpt-oss", "granite", "llama3.1", "mistral", "qwen3",
    ]
    private static let snippets = [
        "{%", "%}", "{{", "}}", "{#", "#}", "-", "+", "(", ")", "[", "]", "{", "}", "'", "\"", "\\", "|", ".", ",", ":",
        " if ", " else ", " in ", " is ", " not ", "**", "//", "%", "~", "0", "9223372036854775807", "-1", "1e308",
        "é", "🙂", "{% endif %}", "{% endfor %}", "{% set x = ", "{% for x in messages %}", "loop.", "namespace(",
        "range(",
        "|tojson", "|map(", "|sort", "[::-1]", "[:", "m(", "\u{0}", "\r\n",
    ]

    private static func mutate(_ source: String, _ generator: inout SeededGenerator) -> String {
        var scalars = Array(source.unicodeScalars)
        for _ in 0..<Int.random(in: 1...4, using: &generator) {
            guard !scalars.isEmpty else { break }
            let place = Int.random(in: 0..<scalars.count, using: &generator)
            let end = min(scalars.count, place + Int.random(in: 0...12, using: &generator))
            switch Int.random(in: 0..<4, using: &generator) {
            case 0: scalars.removeSubrange(place..<end)
            case 1: scalars.insert(contentsOf: Array(scalars[place..<end]), at: place)
            case 2: scalars[place] = Unicode.Scalar(UInt8.random(in: 9..<127, using: &generator))
            default:
                let snippet = snippets.randomElement(using: &generator) ?? ""
                scalars.insert(contentsOf: snippet.unicodeScalars, at: place)
            }
        }
        var text = String.UnicodeScalarView()
        text.append(contentsOf: scalars)
        return String(text)
    }

    @Test func `20,000 mutations render or throw`() async throws {
        var sources: [String] = []
        for file in Self.files {
            sources.append(String(decoding: try Fixtures.bytes("templates/\(file).jinja"), as: UTF8.self))
        }
        let fixture = try #require(PythonComparisonTests.fixture)
        sources += fixture.cases.compactMap { $0[0] }.map { fixture.prelude + $0 }
        sources += try #require(PythonComparisonTests.random).cases.compactMap { $0[0] }
        let templates = sources
        let counts = await onSmallStack {
            var generator = SeededGenerator(seed: 20)
            var limits = JinjaLimits()
            limits.steps = 50_000
            limits.allocatedBytes = 4 << 20
            let message = JinjaValue.dictionary([("role", .text("user")), ("content", .input("Hi <|x|>"))])
            let context: [String: JinjaValue] = [
                "messages": .list([message, message]), "bos_token": .text("<s>"), "eos_token": .text("</s>"),
                "add_generation_prompt": .boolean(true), "tools": .none,
            ]
            var rendered = 0
            var refused = 0
            for round in 0..<20_000 {
                let index = round % 3 == 0 ? round / 3 % Self.files.count : round % templates.count
                let source = Self.mutate(templates[index], &generator)
                do throws(JinjaError) {
                    _ = try JinjaTemplate(source, limits: limits).render(context)
                    rendered += 1
                } catch {
                    refused += error.line > 0 && error.column > 0 ? 1 : 0
                }
            }
            return (rendered, refused)
        }
        #expect(counts.0 + counts.1 == 20_000)
        #expect(counts.0 > 2_000)
        #expect(counts.1 > 2_000)
    }
}
