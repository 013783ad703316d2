extension ToolCallConvention {
    /// GLM-4.5 and later:
    ///
    ///     <tool_call>f
    ///     <arg_key>key</arg_key>
    ///     <arg_value>value</arg_value>
    ///     </tool_call>
    ///
    /// Source: the chat template of zai-org/GLM-4.5.
    static let glm = ToolCallConvention(
        name: "glm", evidence: [["<arg_key>", "<arg_value>"]], openers: ["<tool_call>"], closers: ["</tool_call>"]
    ) { opener, limits in
        let syntax = TaggedCallReader.Syntax(
            keyOpener: "<arg_key>", keyCloser: "</arg_key>", valueOpener: "<arg_value>", valueCloser: "</arg_value>",
            callCloser: "</tool_call>")
        return TaggedCallReader(syntax, opener: opener, pendingLimit: limits.pendingByteCount)
    }
}
