extension ToolCallConvention {
    /// For models that were trained on no syntax of their own: the answer is `{"name": "f", "arguments": {…}}`, or a list of
    /// these, as `GenericToolPrompt` asks for.
    ///
    /// No template speaks for it; it is taken where it is named.
    static let json = ToolCallConvention(
        name: "json", evidence: [], openers: ["```json"], closers: ["```"], beginsUnmarked: true
    ) { _, _ in JSONCallReader(JSONCallReader.Syntax(isUnmarked: true, closers: ["```"])) }
}
