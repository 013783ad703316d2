/// How the models of one family set their reasoning off from the answer. A new family is a row in `all`.
package struct ReasoningConvention: Sendable {
    /// What options call it.
    package let name: String
    /// Texts that a chat template of the family has in its source: all of one of these lists.
    let evidence: [[String]]
    let opener: String
    let closer: String
    /// Stand around the answer itself, and mean nothing else.
    var framing: [String] = []

    /// Whether a prompt ends inside the reasoning, so that the answer goes on with it.
    func isOpen(atEndOf prompt: String) -> Bool {
        guard !opener.isEmpty, let end = prompt.lastIndex(where: { !$0.isWhitespace }) else { return false }
        return prompt[...end].hasSuffix(opener)
    }

    /// All families, in the order in which templates are asked.
    package static let all: [ReasoningConvention] = [
        // The markers are those of `HarmonyAnswerParser`.
        ReasoningConvention(
            name: ToolCallConvention.harmony.name, evidence: ToolCallConvention.harmony.evidence, opener: "", closer: ""
        ),
        // Magistral.
        ReasoningConvention(name: "mistral", evidence: [["[THINK]"]], opener: "[THINK]", closer: "[/THINK]"),
        // Command R7B and Command A.
        ReasoningConvention(
            name: "command-r", evidence: [["<|START_THINKING|>"]], opener: "<|START_THINKING|>",
            closer: "<|END_THINKING|>", framing: ["<|START_RESPONSE|>", "<|END_RESPONSE|>"]),
        // Seed-OSS.
        ReasoningConvention(
            name: "seed", evidence: [["<seed:think>"]], opener: "<seed:think>", closer: "</seed:think>"),
        // Qwen3, DeepSeek-R1, GLM-4.5, SmolLM3 and most others.
        ReasoningConvention(name: "think", evidence: [["</think>"]], opener: "<think>", closer: "</think>"),
    ]
}
