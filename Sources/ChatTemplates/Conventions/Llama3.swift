extension ToolCallConvention {
    /// Llama 3.1 to 3.3: the whole answer is `{"name": "f", "parameters": {…}}`, several with `;` between them; or
    /// `<|python_tag|>` and such an object, a call in Python or code.
    ///
    /// Since no marker sets the JSON off, it is a call only if it names a tool of the request.
    /// Source: meta-llama/llama-models, models/llama3_1/prompt_format.md.
    static let llama3 = ToolCallConvention(
        name: "llama3", evidence: [["<|python_tag|>"], ["<|start_header_id|>", "tools"]], openers: ["<|python_tag|>"],
        beginsUnmarked: true
    ) { opener, _ in
        if opener.isEmpty { return JSONCallReader(JSONCallReader.Syntax(isUnmarked: true)) }
        return PythonTagReader(JSONCallReader.Syntax())
    }
}
