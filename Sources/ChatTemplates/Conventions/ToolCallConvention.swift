/// How the models of one family write calls of tools. A new family is a file here and a row in `all`.
package struct ToolCallConvention: Sendable {
    /// What options call it.
    package let name: String
    /// Texts that a chat template of the family has in its source: all of one of these lists.
    let evidence: [[String]]
    /// Each of these begins calls.
    var openers: [String] = []
    /// May stand behind a call, and mean nothing more.
    var closers: [String] = []
    /// Stand around calls, and mean nothing else.
    var framing: [String] = []
    /// Whether an answer that begins with JSON may be a call without any marker.
    var beginsUnmarked = false
    var idStyle = ToolCallIDs.Style.prefixed
    /// Markers inside a call, which its reader knows.
    var innerMarkers: [String] = []
    /// Reads what is behind an opener; behind "" what begins unmarked.
    let makeReader: @Sendable (_ opener: String, _ limits: AnswerLimits) -> any CallReader

    var markers: [String] { openers + closers + framing }

    /// All families, in the order in which templates are asked: what is more telling comes first.
    package static let all: [ToolCallConvention] = [
        .harmony, .mistral, .deepSeek, .commandR, .glm, .qwen3Coder, .granite, .hermes, .llama3, .json,
    ]
}
