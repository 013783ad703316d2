/// Takes an answer apart into content, reasoning and calls while it comes, in one model family's own syntax.
///
/// The events do not depend on where the text is cut: put together they are the same for every way to cut it. A marker
/// that may still come is held back, never given out in part. Nothing is lost but markers and the white space beside them:
/// what turns out to be no call is content, and a call that is cut off or broken is told as incomplete.
package struct AnswerParser: Sendable {
    private var parsing: any AnswerParsing

    /// - Parameters:
    ///   - conventions: how the model writes.
    ///   - tools: what the request lets the model call; with none there are no calls, and what looks like one is content.
    ///   - prompt: the end of the prompt as the template wrote it, which may have opened the reasoning.
    ///   - controlTokens: the texts of those control tokens of the model that are markers; they count as such only where
    ///     `append(control:)` brings them, and are text where the model spells them.
    ///   - seed: of the calls' ids.
    package init(
        conventions: AnswerConventions, tools: [ToolDefinition], prompt: String, controlTokens: Set<String> = [],
        seed: UInt64, limits: AnswerLimits = AnswerLimits()
    ) {
        let output = AnswerOutput(
            tools: ToolCatalog(tools),
            ids: ToolCallIDs(style: conventions.toolCalls?.idStyle ?? .prefixed, seed: seed),
            callLimit: limits.callCount)
        let takesCalls = !tools.isEmpty
        if conventions.isHarmony {
            parsing = HarmonyAnswerParser(
                output: output, takesCalls: takesCalls && conventions.toolCalls != nil,
                showsReasoning: conventions.reasoning != nil, prompt: prompt, controlTokens: controlTokens,
                limits: limits)
        } else {
            parsing = MarkedAnswerParser(
                output: output, toolCalls: takesCalls ? conventions.toolCalls : nil, reasoning: conventions.reasoning,
                prompt: prompt, controlTokens: controlTokens, limits: limits)
        }
    }

    /// More of the answer, cut between characters.
    ///
    /// - Returns: events whose neighbours are of different kinds.
    package mutating func append(_ text: String) -> [AnswerEvent] { parsing.append(text) }

    /// A control token, by its text. One that is no marker changes nothing.
    package mutating func append(control text: String) -> [AnswerEvent] { parsing.append(control: text) }

    /// The end: what was held back is what it is so far.
    package mutating func finish() -> [AnswerEvent] { parsing.finish() }

    /// Whether nothing more can come: the last call that is allowed has ended.
    package var isFinished: Bool { parsing.isFinished }
}

protocol AnswerParsing: Sendable {
    mutating func append(_ text: String) -> [AnswerEvent]
    mutating func append(control text: String) -> [AnswerEvent]
    mutating func finish() -> [AnswerEvent]
    var isFinished: Bool { get }
}
