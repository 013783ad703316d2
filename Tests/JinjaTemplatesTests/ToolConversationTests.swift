import Foundation
import JinjaTemplates
import TestSupport
import Testing

/// Templates in the style of published families over conversations with tools, reasoning, parts and missing fields, and what
/// Jinja2 made of them (Tools/templates/make_tool_conversations.py).
@Suite("Conversations with tools")
struct ToolConversationTests {
    struct Fixture: Decodable, Sendable {
        /// Names and values that a template sees, by the name of the conversation.
        let conversations: [String: JSONInOrder]
        let cases: [Case]
    }

    struct Case: Decodable, Sendable, CustomTestStringConvertible {
        let template: String
        let conversation: String
        /// Nil where Jinja2 raised an error.
        let output: String?

        var testDescription: String { "\(template), \(conversation)" }
    }

    /// JSON with objects written as `{"pairs": [[name, value]]}`, which keeps their order.
    struct JSONInOrder: Decodable, Sendable {
        let value: JinjaValue
        /// Those of an object.
        let pairs: [(name: String, value: JinjaValue)]

        private struct Pair: Decodable {
            let name: String
            let value: JinjaValue

            init(from decoder: any Decoder) throws {
                var container = try decoder.unkeyedContainer()
                (name, value) = (try container.decode(String.self), try container.decode(JSONInOrder.self).value)
            }
        }

        private struct Pairs: Decodable { let pairs: [Pair] }

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            if let object = try? container.decode(Pairs.self) {
                pairs = object.pairs.map { ($0.name, $0.value) }
                value = .dictionary(pairs)
                return
            }
            pairs = []
            if container.decodeNil() {
                value = .none
            } else if let items = try? container.decode([JSONInOrder].self) {
                value = .list(items.map(\.value))
            } else if let text = try? container.decode(String.self) {
                value = .input(text)
            } else if let flag = try? container.decode(Bool.self) {
                value = .boolean(flag)
            } else if let number = try? container.decode(Int.self) {
                value = .integer(number)
            } else {
                value = .double(try container.decode(Double.self))
            }
        }
    }

    static let fixture = try? JSONDecoder().decode(
        Fixture.self, from: Data(Fixtures.bytes("templates/tool-conversations.json")))

    @Test func `the fixture has 29 templates and 16 conversations`() throws {
        let fixture = try #require(Self.fixture)
        #expect(Set(fixture.cases.map(\.template)).count >= 29)
        #expect(fixture.conversations.count >= 16)
        #expect(fixture.cases.count { $0.output != nil } > 300)
    }

    @Test(arguments: fixture?.cases ?? [])
    func `become what Jinja2 makes of them`(wanted: Case) throws {
        let fixture = try #require(Self.fixture)
        let conversation = try #require(fixture.conversations[wanted.conversation])
        let context = Dictionary(uniqueKeysWithValues: conversation.pairs.map { ($0.name, $0.value) })
        let template = try JinjaTemplate(
            String(decoding: Fixtures.bytes("templates/\(wanted.template)"), as: UTF8.self))
        do throws(JinjaError) {
            let output = try template.renderText(context, now: PythonComparisonTests.now)
            #expect(Array(output.utf8) == wanted.output.map { Array($0.utf8) }, "\(output)")
        } catch {
            #expect(wanted.output == nil, "\(error)")
            #expect(error.line > 0 && error.column > 0)
        }
    }
}
