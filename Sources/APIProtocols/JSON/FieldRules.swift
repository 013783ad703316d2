/// What happens to fields that a request type does not read.
struct FieldRules {
    /// Fields that change nothing here and ask for nothing that could be missed.
    var withoutEffect: Set<String> = []
    /// Fields of the API that this server does not serve, with the values that ask for nothing and so are accepted.
    var unsupported: [String: [JSONValue]] = [:]
}

extension JSONValue {
    /// A value of the tables as JSON, for messages.
    var json: String {
        switch self {
        case .array(let values): "[\(values.map(\.json).joined(separator: ", "))]"
        case .object(let fields):
            "{\(fields.sorted { $0.key < $1.key }.map { "\"\($0.key)\": \($0.value.json)" }.joined(separator: ", "))}"
        default: description
        }
    }
}
