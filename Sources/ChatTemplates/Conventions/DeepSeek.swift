extension ToolCallConvention {
    /// DeepSeek V3 and R1, whose arguments stand between code fences:
    ///
    ///     <｜tool▁calls▁begin｜><｜tool▁call▁begin｜>function<｜tool▁sep｜>f
    ///     ```json
    ///     {…}
    ///     ```<｜tool▁call▁end｜><｜tool▁calls▁end｜>
    ///
    /// and V3.1, which writes `f<｜tool▁sep｜>{…}` in their place.
    /// Source: the chat templates of deepseek-ai/DeepSeek-R1 and deepseek-ai/DeepSeek-V3.1.
    static let deepSeek = ToolCallConvention(
        name: "deepseek", evidence: [["<｜tool▁call▁begin｜>"]], openers: ["<｜tool▁call▁begin｜>"],
        closers: ["```", "<｜tool▁call▁end｜>", "<｜tool▁calls▁end｜>"], framing: ["<｜tool▁calls▁begin｜>"],
        innerMarkers: ["<｜tool▁sep｜>"]
    ) { _, _ in
        NamedCallReader(
            NamedCallReader.Syntax(
                separators: ["<｜tool▁sep｜>", "```json"], nameIsLast: true,
                closers: ["<｜tool▁call▁end｜>", "<｜tool▁calls▁end｜>"]))
    }
}
