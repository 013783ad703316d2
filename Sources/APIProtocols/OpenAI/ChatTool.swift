/// A function that a chat request lets the model call.
public struct ChatTool: Sendable, Equatable {
    public var name: String
    /// The whole definition as the client wrote it: `{"type": "function", "function": {…}}`.
    public var json: String

    public static let maximumCount = 128
    public static let maximumNameLength = 64

    public init(name: String, json: String) {
        self.name = name
        self.json = json
    }

    /// - Throws: `RequestFieldError` for the first tool that is none, or of another kind than functions.
    static func tools(_ fields: FieldReader, body: [UInt8]?) throws(RequestFieldError) -> [ChatTool] {
        guard
            let checked = try fields.array(
                "tools", of: CheckedTool.self, maximumCount: maximumCount, expected: "an array of tools")
        else { return [] }
        guard !checked.isEmpty else { return [] }
        guard let texts = body.flatMap({ JSONFragments.elements(ofList: "tools", in: $0) }),
            texts.count == checked.count
        else { throw fields.invalid("tools", expected: "written without escapes in its name") }
        return zip(checked, texts).map { ChatTool(name: $0.name, json: $1) }
    }
}

/// `{"type": "function", "function": {…}}`, of which only the name is kept.
private struct CheckedTool: Decodable {
    let name: String

    init(from decoder: any Decoder) throws {
        let fields = try FieldReader(decoder)
        let type = try fields.required("type", fields.string("type"))
        guard type == "function" else {
            throw fields.error(
                "type", .unsupported(found: JSONValue.string(type).description, instead: "only \"function\" is served"))
        }
        let function = try fields.required(
            "function", fields.value("function", as: CheckedFunction.self, expected: "an object"))
        try fields.refuseOthers(known: ["type", "function"], rules: FieldRules())
        name = function.name
    }
}

private struct CheckedFunction: Decodable {
    let name: String

    init(from decoder: any Decoder) throws {
        let fields = try FieldReader(decoder)
        name = try ToolName.read(fields)
        _ = try fields.string("description")
        _ = try fields.value("parameters", as: AnyObjectField.self, expected: "a JSON schema of an object")
        // Arguments are not held to the schema, and the clients' helpers only take tools that ask for it.
        _ = try fields.boolean("strict")
        try fields.refuseOthers(known: ["name", "description", "parameters", "strict"], rules: FieldRules())
    }
}

/// Names of functions as OpenAI's API has them, and dots, which other makers of tools use.
enum ToolName {
    static func read(_ fields: FieldReader) throws(RequestFieldError) -> String {
        let name = try fields.required("name", fields.string("name"))
        let isValid =
            (1...ChatTool.maximumNameLength).contains(name.utf8.count)
            && name.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "."):
                    true
                default: false
                }
            }
        guard isValid else {
            throw fields.invalid(
                "name", expected: "1 to \(ChatTool.maximumNameLength) letters, digits, underscores, dashes and dots")
        }
        return name
    }
}
