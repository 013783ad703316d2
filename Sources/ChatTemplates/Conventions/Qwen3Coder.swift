extension ToolCallConvention {
    /// Qwen3-Coder:
    ///
    ///     <tool_call>
    ///     <function=f>
    ///     <parameter=key>
    ///     value
    ///     </parameter>
    ///     </function>
    ///     </tool_call>
    ///
    /// The model may leave the outer tags out.
    /// Source: the chat template and the tool parser of Qwen/Qwen3-Coder-30B-A3B-Instruct.
    static let qwen3Coder = ToolCallConvention(
        name: "qwen3-coder", evidence: [["<function=", "<parameter="]], openers: ["<tool_call>", "<function="],
        closers: ["</tool_call>"]
    ) { opener, limits in
        let syntax = TaggedCallReader.Syntax(
            nameOpener: "<function=", nameCloser: ">", keyOpener: "<parameter=", keyCloser: ">",
            valueCloser: "</parameter>", callCloser: "</function>", valuesHaveLines: true)
        return TaggedCallReader(syntax, opener: opener, pendingLimit: limits.pendingByteCount)
    }
}
