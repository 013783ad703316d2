import Foundation
import JinjaTemplates
import TestSupport
import Testing

/// Small templates and what Jinja2 3.1.6, set up as transformers does, made of them (Tools/templates/make_expressions.py).
@Suite("Comparison with Python's Jinja2")
struct PythonComparisonTests {
    struct Cases: Decodable {
        let prelude: String
        /// A template and its output, which is nil where Jinja2 raised an error.
        let cases: [[String?]]
    }

    static let fixture: Cases? = try? JSONDecoder().decode(
        Cases.self, from: Data(Fixtures.bytes("templates/expressions.json")))

    /// 2024-07-26 09:05:03 UTC, as in the script.
    static let now = CivilTime(secondsSince1970: 1_721_984_703)

    @Test func `the fixture has at least 500 cases`() throws {
        #expect(try #require(Self.fixture).cases.count >= 500)
    }

    @Test(arguments: fixture?.cases.indices ?? 0..<0)
    func `gives Jinja2's output`(index: Int) throws {
        let fixture = try #require(Self.fixture)
        let source = try #require(fixture.cases[index][0])
        var output: String?
        var failure: JinjaError?
        do {
            output = try JinjaTemplate(fixture.prelude + source).renderText([:], now: Self.now)
        } catch { failure = error }
        #expect(
            output.map { Array($0.utf8) } == fixture.cases[index][1].map { Array($0.utf8) },
            "\(source) gives \(output ?? failure?.description ?? "")")
    }
}
