import Foundation
import JinjaTemplates
import TestSupport
import Testing

/// Small templates and what Jinja2 3.1.6, set up as transformers does, made of them.
@Suite("Comparison with Python's Jinja2")
struct PythonComparisonTests {
    struct Cases: Decodable, Sendable {
        let prelude: String
        /// A template and its output, which is nil where Jinja2 raised an error.
        let cases: [[String?]]

        init?(path: String) {
            guard let data = FileManager.default.contents(atPath: path),
                let cases = try? JSONDecoder().decode(Cases.self, from: data)
            else { return nil }
            self = cases
        }
    }

    /// Written by hand (Tools/templates/make_expressions.py).
    static let fixture = Cases(path: Fixtures.path("templates/expressions.json"))
    /// Made by chance (Tools/templates/random_templates.py).
    static let random = Cases(path: Fixtures.path("templates/random.json"))
    /// Any number more, from the same script.
    static let further = ProcessInfo.processInfo.environment["REALIZAR_TEMPLATE_CASES"].flatMap { Cases(path: $0) }

    /// 2024-07-26 09:05:03 UTC, as in the scripts.
    static let now = CivilTime(secondsSince1970: 1_721_984_703)

    @Test func `the fixtures have hundreds of cases`() throws {
        #expect(try #require(Self.fixture).cases.count >= 600)
        #expect(try #require(Self.random).cases.count >= 800)
    }

    @Test(arguments: fixture?.cases.indices ?? 0..<0)
    func `gives Jinja2's output`(index: Int) throws {
        try expectSame(index, of: try #require(Self.fixture))
    }

    @Test func `gives Jinja2's output for random templates`() throws {
        let random = try #require(Self.random)
        for index in random.cases.indices { try expectSame(index, of: random) }
    }

    @Test(.enabled(if: further != nil, "set REALIZAR_TEMPLATE_CASES to a file of random_templates.py"))
    func `gives Jinja2's output for further random templates`() throws {
        let further = try #require(Self.further)
        for index in further.cases.indices { try expectSame(index, of: further) }
    }

    private func expectSame(_ index: Int, of fixture: Cases) throws {
        let source = try #require(fixture.cases[index][0])
        let expected = fixture.cases[index][1]
        do throws(JinjaError) {
            let output = try JinjaTemplate(fixture.prelude + source).renderText([:], now: Self.now)
            #expect(Array(output.utf8) == expected.map { Array($0.utf8) }, "\(source) gives \(output)")
        } catch {
            #expect(expected == nil || Self.isKnownDifference(error), "\(source) gives \(error)")
        }
    }

    /// Where an error stands in place of an output by intent (docs/chat-templates.md): integers have 64 bits, and a slice that
    /// cannot be is an error also where Jinja2 computes it while compiling.
    private static func isKnownDifference(_ error: JinjaError) -> Bool {
        switch error.problem {
        case .outOfRange(let detail): detail.hasSuffix("64-bit range")
        case .invalidLiteral(let detail): detail.hasSuffix("not a 64-bit one")
        case .wrongType(let operation, _): operation == "a slice"
        default: false
        }
    }
}
