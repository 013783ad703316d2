import ChatTemplates
import Foundation
import TestSupport
import Testing

/// Templates in the style of published models and what Jinja2 made of them for each conversation
/// (Tools/templates/make_conversations.py).
struct ConversationFixture: Decodable {
    let conversations: [String: [[String]]]
    let variables: [Variable]
    let cases: [Case]

    struct Case: Decodable, Sendable, CustomTestStringConvertible {
        let template: String
        let conversation: String
        /// A place in `variables`.
        let variables: Int
        let prompt: Bool
        /// Nil where Jinja2 raised an error.
        let output: String?

        var testDescription: String { "\(template), \(conversation), variables \(variables), prompt \(prompt)" }
    }

    /// JSON with objects written as `{"pairs": [[name, value]]}`, which keeps their order.
    struct Variable: Decodable {
        let value: TemplateVariable

        private struct Pairs: Decodable { let pairs: [[Variable]] }

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            if let pairs = try? container.decode(Pairs.self).pairs {
                value = .object(
                    pairs.compactMap { pair in
                        if case .text(let name)? = pair.first?.value { .init(name, pair[1].value) } else { nil }
                    })
            } else if let items = try? container.decode([Variable].self) {
                value = .list(items.map(\.value))
            } else if let text = try? container.decode(String.self) {
                value = .text(text)
            } else if let flag = try? container.decode(Bool.self) {
                value = .boolean(flag)
            } else if let number = try? container.decode(Int.self) {
                value = .integer(number)
            } else {
                value = .double(try container.decode(Double.self))
            }
        }
    }

    static let shared: ConversationFixture? = try? JSONDecoder().decode(
        ConversationFixture.self, from: Data(Fixtures.bytes("templates/conversations.json")))

    func messages(_ name: String) -> [ChatMessage] {
        (conversations[name] ?? []).compactMap { turn in
            ChatRole(rawValue: turn[0]).map { ChatMessage(role: $0, content: turn[1]) }
        }
    }

    func variables(_ index: Int) -> [String: TemplateVariable] {
        guard case .object(let entries) = variables[index].value else { return [:] }
        return Dictionary(uniqueKeysWithValues: entries.map { ($0.name, $0.value) })
    }

    static func template(_ name: String) throws -> ChatTemplate {
        try ChatTemplate(
            source: String(decoding: Fixtures.bytes("templates/\(name)"), as: UTF8.self), beginToken: "<s>",
            endToken: "</s>", clock: { 1_721_984_703 })  // 2024-07-26 09:05:03 UTC, as in the script
    }
}
