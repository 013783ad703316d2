/// How one model writes what its answers hold beside plain text.
package struct AnswerConventions: Sendable {
    /// nil where calls are not read.
    package var toolCalls: ToolCallConvention?
    /// nil where reasoning is not told from content.
    package var reasoning: ReasoningConvention?

    /// Plain text only.
    package static let none = AnswerConventions(toolCalls: nil, reasoning: nil)

    package init(toolCalls: ToolCallConvention?, reasoning: ReasoningConvention?) {
        self.toolCalls = toolCalls
        self.reasoning = reasoning
    }

    /// What a chat template's source shows of its model, unless a name is given.
    ///
    /// - Parameters:
    ///   - toolCallParser: the name of a `ToolCallConvention`, or "none".
    ///   - reasoningParser: the name of a `ReasoningConvention`, or "none".
    /// - Throws: `.unknownParser` for other names.
    package init(
        template source: String, toolCallParser: String? = nil, reasoningParser: String? = nil
    ) throws(ChatTemplateError) {
        toolCalls = try Self.chosen(
            toolCallParser, of: ToolCallConvention.all.map { ($0.name, $0.evidence, $0) }, "tool-call parser", source)
        reasoning = try Self.chosen(
            reasoningParser, of: ReasoningConvention.all.map { ($0.name, $0.evidence, $0) }, "reasoning parser", source)
    }

    /// Names that options take.
    package static var toolCallParserNames: [String] { ToolCallConvention.all.map(\.name) + ["none"] }
    package static var reasoningParserNames: [String] { ReasoningConvention.all.map(\.name) + ["none"] }

    private static func chosen<Convention>(
        _ name: String?, of rows: [(name: String, evidence: [[String]], convention: Convention)], _ kind: String,
        _ source: String
    ) throws(ChatTemplateError) -> Convention? {
        guard let name else {
            return rows.first { $0.evidence.contains { $0.allSatisfy(source.contains) } }?.convention
        }
        if name == "none" { return nil }
        guard let row = rows.first(where: { $0.name == name }) else {
            throw ChatTemplateError(
                problem: .unknownParser(kind, name: name, known: rows.map(\.name) + ["none"]))
        }
        return row.convention
    }

    /// Whether the conversation itself must tell of the tools, by `GenericToolPrompt`.
    package var describesTools: Bool { toolCalls?.name == ToolCallConvention.json.name }

    /// Whether answers are messages with headers.
    var isHarmony: Bool {
        let name = ToolCallConvention.harmony.name
        return toolCalls?.name == name || reasoning?.name == name
    }

    /// Every text that means something to the parser.
    package var markers: Set<String> {
        if isHarmony { return Set(HarmonyAnswerParser.markers) }
        let reasoning = reasoning.map { [$0.opener, $0.closer] + $0.framing } ?? []
        return Set((toolCalls.map { $0.markers + $0.innerMarkers } ?? []) + reasoning)
    }
}
