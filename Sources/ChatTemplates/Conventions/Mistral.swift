extension ToolCallConvention {
    /// Mistral: `[TOOL_CALLS][{"name": "f", "arguments": {…}}]`, or since 2025 `[TOOL_CALLS]f[ARGS]{…}` for each call, with
    /// `[CALL_ID]…` before `[ARGS]` in some versions.
    ///
    /// Source: mistralai/mistral-common, tokens/tokenizers/instruct.py, versions 3 to 13.
    static let mistral = ToolCallConvention(
        name: "mistral", evidence: [["[TOOL_CALLS]"]], openers: ["[TOOL_CALLS]"], idStyle: .nine,
        innerMarkers: ["[ARGS]", "[CALL_ID]"]
    ) { _, _ in
        NamedCallReader(
            NamedCallReader.Syntax(
                separators: ["[CALL_ID]", "[ARGS]"], closers: ["[TOOL_CALLS]"], list: JSONCallReader.Syntax()))
    }
}
