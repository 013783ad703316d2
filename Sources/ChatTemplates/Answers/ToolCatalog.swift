/// The tools of a request, for parsers that must know their names and the types of their parameters.
package struct ToolCatalog: Sendable {
    private let tools: [String: ToolDefinition]

    package init(_ tools: [ToolDefinition]) {
        self.tools = Dictionary(tools.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    }

    func contains(_ name: String) -> Bool { tools[name] != nil }

    /// The types that a parameter's schema allows; none where the schema does not say.
    func types(ofParameter parameter: String, of tool: String) -> [ParameterType] {
        guard let schema = tools[tool]?.schema(ofParameter: parameter) else { return [] }
        return ParameterType.types(of: schema, depth: 0)
    }
}

/// A type of JSON Schema.
enum ParameterType: String, Sendable {
    case string, integer, number, boolean, null, object, array

    /// Choices inside choices that are followed.
    private static let depthLimit = 4

    static func types(of schema: TemplateVariable, depth: Int) -> [ParameterType] {
        switch schema["type"] {
        case .text(let name)?: return ParameterType(rawValue: name).map { [$0] } ?? []
        case .list(let names)?:
            return names.compactMap { if case .text(let name) = $0 { ParameterType(rawValue: name) } else { nil } }
        default: break
        }
        if let constant = schema["const"] { return [ParameterType(of: constant)] }
        if case .list(let values)? = schema["enum"] { return values.map(ParameterType.init(of:)) }
        guard depth < depthLimit else { return [] }
        for name in ["anyOf", "oneOf", "allOf"] {
            guard case .list(let choices)? = schema[name] else { continue }
            return choices.flatMap { types(of: $0, depth: depth + 1) }
        }
        return []
    }

    private init(of value: TemplateVariable) {
        self =
            switch value {
            case .none: .null
            case .boolean: .boolean
            case .integer: .integer
            case .double: .number
            case .text: .string
            case .list: .array
            case .object: .object
            }
    }

    /// The JSON of a value that a model wrote as plain text; nil where the text is no value of this type.
    func json(of text: String) -> String? {
        let text = text.trimmingJSONSpace()
        switch (self, text) {
        case (.string, _): return nil
        case (.boolean, "True"), (.boolean, "true"): return "true"
        case (.boolean, "False"), (.boolean, "false"): return "false"
        case (.null, "None"), (.null, "null"): return "null"
        case (.boolean, _), (.null, _): return nil
        default: break
        }
        var cursor = JSONCursor()
        for byte in text.utf8 {
            let step = cursor.consume(byte)
            guard step == .inside || step == .last else { return nil }
        }
        guard cursor.isComplete, let first = text.utf8.first else { return nil }
        let isFitting =
            switch self {
            case .object: first == UInt8(ascii: "{")
            case .array: first == UInt8(ascii: "[")
            default: first == UInt8(ascii: "-") || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(first)
            }
        return isFitting ? text : nil
    }
}

extension String {
    func trimmingJSONSpace() -> String {
        let bytes = utf8
        guard let start = bytes.firstIndex(where: { !JSONText.isSpace($0) }),
            let end = bytes.lastIndex(where: { !JSONText.isSpace($0) })
        else { return "" }
        return String(self[start...end])
    }
}
