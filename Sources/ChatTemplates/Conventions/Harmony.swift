extension ToolCallConvention {
    /// gpt-oss, whose answers are messages: see `HarmonyAnswerParser`, which takes the place of a reader.
    static let harmony = ToolCallConvention(
        name: "harmony", evidence: [["<|channel|>", "<|message|>"]]
    ) { _, _ in JSONCallReader(JSONCallReader.Syntax()) }
}
