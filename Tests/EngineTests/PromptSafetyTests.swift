import ChatTemplates
import Engine
import Foundation
import TestSupport
import Testing
import Tokenization

/// Whatever a client writes, and wherever: only the template places control tokens.
@Suite("Control tokens in prompts")
struct PromptSafetyTests {
    struct Template: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let source: String
    }

    /// Every built-in template, and those in the style of the published families.
    static let templates =
        [Template(testDescription: "built-in ChatML", source: ChatTemplate.chatML)]
        + ((try? FileManager.default.contentsOfDirectory(atPath: Fixtures.path("templates"))) ?? []).sorted()
        .filter { $0.hasSuffix(".jinja") }
        .map { name in
            let bytes = (try? Fixtures.bytes("templates/\(name)")) ?? []
            return Template(testDescription: name, source: String(decoding: bytes, as: UTF8.self))
        }

    /// What these templates write as tokens, and what looks like it.
    static let controlTexts = [
        "<s>", "</s>", "<|im_start|>", "<|im_end|>", "<|start_header_id|>", "<|end_header_id|>", "<|eot_id|>",
        "<|start|>", "<|end|>", "<|message|>", "<|channel|>", "<|return|>", "<|call|>", "<|system|>", "<|user|>",
        "<|assistant|>", "<|START_OF_TURN_TOKEN|>", "<|END_OF_TURN_TOKEN|>", "<|SYSTEM_TOKEN|>", "<|USER_TOKEN|>",
        "<|CHATBOT_TOKEN|>", "<|start_of_role|>", "<|end_of_role|>", "<|end_of_text|>", "<start_of_turn>",
        "<end_of_turn>", "<start_of_image>", "[INST]", "[/INST]", "[TOOL_CALLS]", "[TOOL_RESULTS]", "[/TOOL_RESULTS]",
        "[AVAILABLE_TOOLS]", "[/AVAILABLE_TOOLS]", "<<SYS>>", "<</SYS>>", "<｜User｜>", "<｜Assistant｜>",
        "<｜end▁of▁sentence｜>", "<｜tool▁outputs▁begin｜>", "<｜tool▁output▁begin｜>", "<|python_tag|>", "<unused>",
    ]
    /// With tokens of text that would take the first or last character of the template's tokens.
    static let vocabulary = try? MarkedVocabulary(controlTexts, userDefined: ["§<", ">§", "§[", "]§", "<<"])

    /// What a client may write to get hold of a token: the token, and pieces that text beside them could complete.
    static func attacks(with token: String) -> [String] {
        let scalars = Array(token.unicodeScalars)
        func text(_ part: some Sequence<Unicode.Scalar>) -> String {
            String(String.UnicodeScalarView(part.map { $0 }))
        }
        let cuts = Set([1, scalars.count / 2, scalars.count - 1])
        return [token, "a \(token)\(token) b", "  \(token)\n", token.uppercased(), token.lowercased(), "§ x §", "x <"]
            + cuts.sorted().map { text(scalars[$0...]) + " x " + text(scalars[..<$0]) }
    }

    /// Conversations in which `text` stands wherever a client can write something.
    static func conversations(writing text: String) -> [(messages: TemplateVariable, tools: TemplateVariable)] {
        let value = TemplateVariable.text(text)
        func message(_ role: String, _ fields: TemplateVariable.Entry...) -> TemplateVariable {
            .object([.init("role", .text(role))] + fields)
        }
        let parts = TemplateVariable.list([
            .object([.init("type", .text("text")), .init("text", value)]),
            .object([.init("type", .text("text")), .init("text", value)]),
        ])
        let call = TemplateVariable.object([
            .init("id", .text("123456789")), .init("type", .text("function")),
            .init(
                "function",
                .object([
                    .init("name", value), .init("arguments", .object([.init(text, .list([value, .integer(1)]))])),
                ])),
        ])
        let tool = TemplateVariable.object([
            .init("type", .text("function")),
            .init(
                "function",
                .object([
                    .init("name", value), .init("description", value),
                    .init(
                        "parameters",
                        .object([
                            .init("type", .text("object")), .init("required", .list([value])),
                            .init(
                                "properties",
                                .object([
                                    .init(
                                        text,
                                        .object([
                                            .init("type", .text("string")), .init("description", value),
                                            .init("enum", .list([value])),
                                        ]))
                                ])),
                        ])),
                ])),
        ])
        let content = TemplateVariable.Entry("content", value)
        let turns = [
            message("system", content, .init("name", value)), message("user", content, .init("name", value)),
            message("assistant", content, .init("reasoning_content", value)), message("user", content),
        ]
        let tools = [
            message("user", content),
            message("assistant", .init("content", .text("")), .init("tool_calls", .list([call]))),
            message("tool", content, .init("name", value), .init("tool_call_id", .text("123456789"))),
            message("assistant", content), message("user", content),
        ]
        return [
            (.list(turns), .none), (.list(Array(turns.dropFirst())), .none), (.list(tools), .list([tool])),
            (.list(tools), .none), (.list([message("user", .init("content", parts))]), .none),
        ]
    }

    @Test(arguments: templates)
    func `come from the template alone, as many and in the order of a harmless conversation`(
        template: Template
    ) throws {
        let vocabulary = try #require(Self.vocabulary)
        let chatTemplate = try ChatTemplate(source: template.source, beginToken: "<s>", endToken: "</s>")
        var count = 0
        for (place, harmless) in Self.conversations(writing: "plain").enumerated() {
            guard let reference = try? prompt(chatTemplate, harmless) else { continue }
            let expected = try vocabulary.placements(in: vocabulary.tokenizer.encode(prompt: reference)).map(\.text)
            for text in Self.controlTexts.flatMap(Self.attacks) {
                // A template may refuse such a text itself.
                let hostile = Self.conversations(writing: text)[place]
                guard let segments = try? prompt(chatTemplate, hostile) else { continue }
                let tokenIDs = vocabulary.tokenizer.encode(prompt: segments)
                let placements = try vocabulary.placements(in: tokenIDs)
                #expect(placements.map(\.text) == expected, "conversation \(place), \(text)")
                #expect(placements == Self.placementsByTemplate(segments), "conversation \(place), \(text)")
                let whole = segments.map(\.text).joined()
                #expect(try vocabulary.tokenizer.decode(tokenIDs, special: true) == Array(whole.utf8))
                count += 1
            }
        }
        #expect(count >= Self.controlTexts.count * 9)
    }

    private func prompt(
        _ template: ChatTemplate, _ conversation: (messages: TemplateVariable, tools: TemplateVariable)
    ) throws -> [PromptSegment] {
        try template.render(
            json: conversation.messages, addGenerationPrompt: true, variables: ["tools": conversation.tools])
    }

    private static func candidates(_ byte: UInt8) -> [String] {
        byte == UInt8(ascii: "<") || byte == UInt8(ascii: "[") ? controlTexts : []
    }

    /// Looked for plainly, in each stretch of the template's own text.
    private static func placementsByTemplate(_ segments: [PromptSegment]) -> [MarkedVocabulary.Placement] {
        var offset = 0
        var placements: [MarkedVocabulary.Placement] = []
        for segment in segments {
            let bytes = Array(segment.text.utf8)
            var place = 0
            while !segment.isInput, place < bytes.count {
                let found = candidates(bytes[place]).filter { bytes[place...].starts(with: $0.utf8) }
                    .max { $0.count < $1.count }
                if let found { placements.append(.init(offset: offset + place, text: found)) }
                place += found?.utf8.count ?? 1
            }
            offset += bytes.count
        }
        return placements
    }
}
