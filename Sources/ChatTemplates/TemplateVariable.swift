import JinjaTemplates

/// A value that a client hands to a template beside the messages, such as `enable_thinking` or the list of tools.
package indirect enum TemplateVariable: Sendable, Equatable {
    case none
    case boolean(Bool)
    case integer(Int)
    case double(Double)
    /// Counts as input, like a message's content.
    case text(String)
    case list([TemplateVariable])
    /// In the order in which a template writes them.
    case object([Entry])

    package struct Entry: Sendable, Equatable {
        package var name: String
        package var value: TemplateVariable

        package init(_ name: String, _ value: TemplateVariable) {
            self.name = name
            self.value = value
        }
    }

    /// Lists and objects inside one another; the schema of a tool has about 10.
    package static let nestingLimit = 48

    func value(named name: String) throws(ChatTemplateError) -> JinjaValue {
        guard let value = value(depth: 0) else {
            throw ChatTemplateError(problem: .nestedVariable(name, limit: Self.nestingLimit))
        }
        return value
    }

    private func value(depth: Int) -> JinjaValue? {
        switch self {
        case .none: return JinjaValue.none
        case .boolean(let value): return .boolean(value)
        case .integer(let value): return .integer(value)
        case .double(let value): return .double(value)
        case .text(let value): return .input(value)
        case .list(let items):
            guard depth < Self.nestingLimit else { return nil }
            var values: [JinjaValue] = []
            for item in items {
                guard let value = item.value(depth: depth + 1) else { return nil }
                values.append(value)
            }
            return .list(values)
        case .object(let entries):
            guard depth < Self.nestingLimit else { return nil }
            var pairs: [(JinjaValue, JinjaValue)] = []
            for entry in entries {
                guard let value = entry.value.value(depth: depth + 1) else { return nil }
                pairs.append((.input(entry.name), value))
            }
            return .dictionary(pairs)
        }
    }
}
