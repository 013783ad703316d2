extension ToolCallConvention {
    /// Command R7B and Command A, `<|START_ACTION|>[{"tool_call_id": "0", "tool_name": "f", "parameters": {…}}]<|END_ACTION|>`,
    /// and Command R and R+, whose list stands in a fence behind `Action:`.
    ///
    /// Source: the chat templates of CohereLabs/c4ai-command-r7b-12-2024 and CohereLabs/c4ai-command-r-plus.
    static let commandR = ToolCallConvention(
        name: "command-r", evidence: [["<|START_ACTION|>"], ["Action:", "```json", "<|CHATBOT_TOKEN|>"]],
        openers: ["<|START_ACTION|>", "Action: ```json", "Action:```json"], closers: ["<|END_ACTION|>", "```"]
    ) { opener, _ in
        JSONCallReader(
            JSONCallReader.Syntax(
                nameField: "tool_name", argumentFields: ["parameters"],
                closers: opener.hasSuffix("json") ? ["```"] : ["<|END_ACTION|>"]))
    }
}
