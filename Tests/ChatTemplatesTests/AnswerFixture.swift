import ChatTemplates
import Foundation
import TestSupport
import Testing

/// An answer in the syntax of a model family, and what it holds (Tools/fixtures/make_answer_fixture.py).
struct AnswerFixture: Decodable, Sendable, CustomTestStringConvertible {
    let tools: String
    let reasoning: String
    let note: String
    let prompt: String
    let text: String
    let content: String
    let thought: String
    let calls: [Call]
    /// Whether a marker in the text is not meant as one.
    let spelled: Bool

    struct Call: Decodable, Sendable, Equatable {
        var name: String
        var arguments: String
        var isComplete: Bool

        init(name: String, arguments: String = "", isComplete: Bool = false) {
            self.name = name
            self.arguments = arguments
            self.isComplete = isComplete
        }

        init(from decoder: any Decoder) throws {
            var list = try decoder.unkeyedContainer()
            name = try list.decode(String.self)
            arguments = try list.decode(String.self)
            isComplete = try list.decode(Bool.self)
        }
    }

    var testDescription: String { "\(tools), \(reasoning): \(note)" }

    static let all: [AnswerFixture] =
        (try? JSONDecoder().decode([AnswerFixture].self, from: Data(Fixtures.bytes("answers/answers.json")))) ?? []

    static let definitions: [ToolDefinition] = [
        (
            "get_weather",
            #"{"city": {"type": "string"}, "days": {"type": "integer"}, "metric": {"type": ["boolean", "null"]}}"#
        ),
        (
            "run",
            #"{"code": {"type": "string"}, "options": {"type": "object"}, "tags": {"anyOf": [{"type": "array"}]}}"#
        ),
        ("noop", "{}"), ("code_interpreter", #"{"code": {"type": "string"}}"#),
    ].compactMap { try? ToolDefinition(name: $0.0, parameters: "{\"type\": \"object\", \"properties\": \($0.1)}") }

    var conventions: AnswerConventions {
        get throws { try AnswerConventions(template: "", toolCallParser: tools, reasoningParser: reasoning) }
    }

    func parser(controlTokens: Set<String> = []) throws -> AnswerParser {
        AnswerParser(
            conventions: try conventions, tools: tools == "none" ? [] : Self.definitions, prompt: prompt,
            controlTokens: controlTokens, seed: 1)
    }
}

/// What an answer's events add up to.
struct ParsedAnswer: Equatable {
    var content = ""
    var thought = ""
    /// Content and reasoning as they came.
    var text = ""
    var calls: [AnswerFixture.Call] = []
    var ids: [String] = []
    /// The kinds of the events in order, neighbours of one kind taken together.
    var order: [String] = []
    /// What is wrong with the events' order.
    var faults: [String] = []

    private var openIndex: Int?

    mutating func add(_ events: [AnswerEvent]) {
        for event in events {
            var kind: String
            switch event {
            case .content(let text):
                kind = "content"
                content += text
                self.text += text
                if text.isEmpty { faults.append("empty content") }
            case .reasoning(let text):
                kind = "reasoning"
                thought += text
                self.text += text
                if text.isEmpty { faults.append("empty reasoning") }
            case .toolCall(.began(let index, let id, let name)):
                kind = "began \(index)"
                if index != calls.count || openIndex != nil { faults.append("call \(index) begins") }
                openIndex = index
                calls.append(AnswerFixture.Call(name: name))
                ids.append(id)
            case .toolCall(.arguments(let index, let fragment)):
                kind = "arguments \(index)"
                if index != openIndex || fragment.isEmpty { faults.append("arguments of \(index)") }
                if !calls.isEmpty { calls[calls.count - 1].arguments += fragment }
            case .toolCall(.ended(let index, let isComplete)):
                kind = "ended \(index)"
                if index != openIndex { faults.append("call \(index) ends") }
                openIndex = nil
                if !calls.isEmpty { calls[calls.count - 1].isComplete = isComplete }
            }
            if openIndex != nil, kind == "content" || kind == "reasoning" { faults.append("text inside a call") }
            if order.last != kind { order.append(kind) }
        }
    }

    mutating func end() {
        if openIndex != nil { faults.append("a call does not end") }
    }

    /// What pieces of an answer are parsed to.
    init(_ pieces: some Sequence<Substring>, _ parser: AnswerParser, controlTokens: Set<String> = []) {
        var parser = parser
        for piece in pieces {
            let text = String(piece)
            add(controlTokens.contains(text) ? parser.append(control: text) : parser.append(text))
        }
        add(parser.finish())
        end()
    }
}
