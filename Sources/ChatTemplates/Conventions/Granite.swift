extension ToolCallConvention {
    /// Granite 3 and Phi-4-mini: `<|tool_call|>[{"name": "f", "arguments": {…}}]`, which Phi ends with `<|/tool_call|>`.
    ///
    /// Source: the chat templates of ibm-granite/granite-3.1-8b-instruct and microsoft/Phi-4-mini-instruct.
    static let granite = ToolCallConvention(
        name: "granite", evidence: [["<|tool_call|>"]], openers: ["<|tool_call|>"], closers: ["<|/tool_call|>"]
    ) { _, _ in JSONCallReader(JSONCallReader.Syntax(closers: ["<|/tool_call|>"])) }
}
