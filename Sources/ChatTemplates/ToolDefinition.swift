/// A function that a model may call, as its template shows it to the model.
public struct ToolDefinition: Sendable, Equatable {
    public let name: String
    /// `{"type": "function", "function": {…}}` with the fields in the order in which they were given.
    package let value: TemplateVariable

    /// - Parameters:
    ///   - parameters: a JSON schema of an object; nil for a function without parameters.
    /// - Throws: `ChatTemplateError` where `parameters` is no JSON object, or nested deeper than templates take.
    public init(name: String, description: String? = nil, parameters: String? = nil) throws(ChatTemplateError) {
        var function = [TemplateVariable.Entry("name", .text(name))]
        if let description { function.append(.init("description", .text(description))) }
        if let parameters {
            let schema = try TemplateVariable(json: parameters, of: "parameters of tool '\(name)'")
            guard case .object = schema else { throw Self.invalid("the parameters of '\(name)' are no JSON object") }
            function.append(.init("parameters", schema))
        }
        self.name = name
        value = .object([.init("type", .text("function")), .init("function", .object(function))])
    }

    /// Reads a definition as clients send it, `{"type": "function", "function": {"name": …}}`, and keeps the order and all
    /// of its fields.
    ///
    /// - Throws: `ChatTemplateError` for JSON that is no such definition.
    public init(json: String) throws(ChatTemplateError) {
        try self.init(value: TemplateVariable(json: json, of: "tool definition"))
    }

    /// Reads a list of definitions.
    ///
    /// - Throws: `ChatTemplateError` as above, and for JSON that is no list.
    public static func list(json: String) throws(ChatTemplateError) -> [ToolDefinition] {
        guard case .list(let values) = try TemplateVariable(json: json, of: "list of tools") else {
            throw invalid("they are no JSON list")
        }
        var tools: [ToolDefinition] = []
        for value in values { tools.append(try ToolDefinition(value: value)) }
        return tools
    }

    private init(value: TemplateVariable) throws(ChatTemplateError) {
        guard case .text("function")? = value["type"] else { throw Self.invalid("its type is not \"function\"") }
        guard let function = value["function"], case .text(let name)? = function["name"], !name.isEmpty else {
            throw Self.invalid("it has no function with a name")
        }
        switch function["parameters"] {
        case nil, .object?, TemplateVariable.none?: break
        default: throw Self.invalid("the parameters of '\(name)' are no JSON object")
        }
        self.name = name
        self.value = value
    }

    private static func invalid(_ reason: String) -> ChatTemplateError {
        ChatTemplateError(problem: .invalidTool(reason))
    }

    /// The schema of a parameter; nil where the definition says nothing about it.
    func schema(ofParameter parameter: String) -> TemplateVariable? {
        value["function"]?["parameters"]?["properties"]?[parameter]
    }
}
