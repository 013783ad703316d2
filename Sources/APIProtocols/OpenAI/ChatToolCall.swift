/// A call of a function by the assistant, in requests and answers.
public struct ChatToolCall: Sendable, Equatable {
    public var id: String
    public var name: String
    /// JSON text as the model wrote it.
    public var arguments: String

    public init(id: String, name: String, arguments: String) {
        self.id = id
        self.name = name
        self.arguments = arguments
    }

    fileprivate enum CodingKeys: String, CodingKey { case index, id, type, function }
    fileprivate enum FunctionKeys: String, CodingKey { case name, arguments }
}

extension ChatToolCall: Decodable {
    public init(from decoder: any Decoder) throws {
        let fields = try FieldReader(decoder)
        id = try fields.required("id", fields.string("id"))
        let type = try fields.string("type") ?? "function"
        guard type == "function" else {
            throw fields.error(
                "type", .unsupported(found: JSONValue.string(type).description, instead: "only \"function\" is served"))
        }
        let function = try fields.required(
            "function", fields.value("function", as: CalledFunction.self, expected: "an object"))
        name = function.name
        arguments = function.arguments
        // Clients that put streamed calls together leave the index in.
        try fields.refuseOthers(known: ["id", "type", "function"], rules: FieldRules(withoutEffect: ["index"]))
    }
}

private struct CalledFunction: Decodable {
    let name: String
    let arguments: String

    init(from decoder: any Decoder) throws {
        let fields = try FieldReader(decoder)
        name = try fields.required("name", fields.string("name"))
        arguments = try fields.required("arguments", fields.string("arguments"))
        // What the client's helpers for parsing add.
        try fields.refuseOthers(
            known: ["name", "arguments"], rules: FieldRules(withoutEffect: ["parsed_arguments"]))
    }
}

extension ChatToolCall: Encodable {
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(id, forKey: .id)
        try container.encode("function", forKey: .type)
        var function = container.nestedContainer(keyedBy: FunctionKeys.self, forKey: .function)
        try function.encode(name, forKey: .name)
        try function.encode(arguments, forKey: .arguments)
    }
}

/// A piece of a call in a stream.
public enum ChatToolCallDelta: Sendable, Equatable, Encodable {
    /// The call's beginning, with empty arguments.
    case began(index: Int, id: String, name: String)
    /// More of its arguments.
    case arguments(index: Int, fragment: String)

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: ChatToolCall.CodingKeys.self)
        switch self {
        case .began(let index, let id, let name):
            try container.encode(index, forKey: .index)
            try ChatToolCall(id: id, name: name, arguments: "").encode(to: encoder)
        case .arguments(let index, let fragment):
            try container.encode(index, forKey: .index)
            var function = container.nestedContainer(keyedBy: ChatToolCall.FunctionKeys.self, forKey: .function)
            try function.encode(fragment, forKey: .arguments)
        }
    }
}
