extension ToolCallConvention {
    /// Hermes 2 Pro, Qwen 2.5, Qwen3, SmolLM3 and others:
    ///
    ///     <tool_call>
    ///     {"name": "f", "arguments": {…}}
    ///     </tool_call>
    ///
    /// Source: the chat templates of NousResearch/Hermes-2-Pro-Llama-3-8B and Qwen/Qwen3-8B.
    static let hermes = ToolCallConvention(
        name: "hermes", evidence: [["<tool_call>"]], openers: ["<tool_call>"], closers: ["</tool_call>"]
    ) { _, _ in JSONCallReader(JSONCallReader.Syntax(closers: ["</tool_call>"])) }
}
