/// What values look like as text, and what they are when gone through or counted with.
extension Interpreter {
    /// Python's `str(value)`.
    @inline(never)
    mutating func text(of value: JinjaValue) throws(JinjaError) -> JinjaString {
        if case .string(let text) = value { return text }
        var result = JinjaString()
        try describe(value, into: &result)
        return result
    }

    /// Python's `repr(value)`.
    @inline(never)
    mutating func quoted(_ value: JinjaValue) throws(JinjaError) -> JinjaString {
        var result = JinjaString()
        try describeItem(value, into: &result)
        return result
    }

    @inline(never)
    mutating func append(_ text: String, to buffer: inout JinjaString) throws(JinjaError) {
        try append(JinjaString(text), to: &buffer)
    }

    @inline(never)
    private mutating func describe(_ value: JinjaValue, into result: inout JinjaString) throws(JinjaError) {
        switch value {
        case .undefined: break
        case .none: try append("None", to: &result)
        case .boolean(let value): try append(value ? "True" : "False", to: &result)
        case .integer(let value): try append(String(value), to: &result)
        case .double(let value): try append(value.pythonDescription, to: &result)
        case .string(let text): try quote(text, into: &result)
        case .list(let list):
            try append("[", to: &result)
            try describe(list.items, into: &result)
            try append("]", to: &result)
        case .tuple(let list):
            try append("(", to: &result)
            try describe(list.items, into: &result)
            try append(list.items.count == 1 ? ",)" : ")", to: &result)
        case .dictionary(let dictionary): try describe(dictionary, into: &result)
        case .range(let range): try append(range.description, to: &result)
        case .view(let view, let dictionary):
            let isItems = view == .items
            try append("dict_\(view.rawValue)([", to: &result)
            for (index, entry) in dictionary.entries.enumerated() {
                if index > 0 { try append(", ", to: &result) }
                try append(isItems ? "(" : "", to: &result)
                if view != .values { try describeItem(entry.key, into: &result) }
                if isItems { try append(", ", to: &result) }
                if view != .keys { try describeItem(entry.value, into: &result) }
                try append(isItems ? ")" : "", to: &result)
            }
            try append("])", to: &result)
        case .iterator: try append("<generator object>", to: &result)
        case .method(_, let name): try append("<method \(name)>", to: &result)
        case .function(let function): try append("<function \(function.rawValue)>", to: &result)
        case .macro(let number):
            let macro = macros[number].definition
            try append(macro.isCaller ? "<Macro anonymous>" : "<Macro '\(macro.name)'>", to: &result)
        case .namespace(let number): try describe(namespaces[number], into: &result)
        case .cycler: try append("<Cycler>", to: &result)
        case .joiner: try append("<Joiner>", to: &result)
        case .loop(let serial):
            guard let loop = loops.last(where: { $0.serial == serial }) else { return }
            try append("<LoopContext \(loop.index + 1)/\(loop.items.count)>", to: &result)
        }
    }

    @inline(never)
    private mutating func describe(_ items: [JinjaValue], into result: inout JinjaString) throws(JinjaError) {
        for (index, item) in items.enumerated() {
            if index > 0 { try append(", ", to: &result) }
            try describeItem(item, into: &result)
        }
    }

    @inline(never)
    private mutating func describe(
        _ dictionary: JinjaDictionary, into result: inout JinjaString
    ) throws(JinjaError) {
        try append("{", to: &result)
        for (index, entry) in dictionary.entries.enumerated() {
            if index > 0 { try append(", ", to: &result) }
            try describeItem(entry.key, into: &result)
            try append(": ", to: &result)
            try describeItem(entry.value, into: &result)
        }
        try append("}", to: &result)
    }

    /// A namespace may hold itself: then the text has no end, and the depth is the error.
    @inline(never)
    private mutating func describe(_ namespace: Namespace, into result: inout JinjaString) throws(JinjaError) {
        try enter()
        try append("<Namespace ", to: &result)
        try describe(JinjaDictionary(namespace.entries), into: &result)
        try append(">", to: &result)
        leave()
    }

    @inline(never)
    private mutating func describeItem(_ value: JinjaValue, into result: inout JinjaString) throws(JinjaError) {
        try spend(steps: 2)
        if case .undefined = value { return try append("Undefined", to: &result) }
        try describe(value, into: &result)
    }

    /// Python's quotes: single ones, or double ones around text with only single ones inside.
    @inline(never)
    private mutating func quote(_ text: JinjaString, into result: inout JinjaString) throws(JinjaError) {
        let prefersDouble = text.utf8.contains(UInt8(ascii: "'")) && !text.utf8.contains(UInt8(ascii: "\""))
        let quote: Unicode.Scalar = prefersDouble ? "\"" : "'"
        let escaped = try map(text) { scalar in
            switch scalar {
            case quote, "\\": return "\\\(scalar)"
            case "\n": return "\\n"
            case "\r": return "\\r"
            case "\t": return "\\t"
            default: break
            }
            if scalar.isPythonPrintable { return nil }
            return switch scalar.value {
            case 0...0xFF: "\\x" + scalar.value.hexadecimal(digits: 2)
            case 0...0xFFFF: "\\u" + scalar.value.hexadecimal(digits: 4)
            default: "\\U" + scalar.value.hexadecimal(digits: 8)
            }
        }
        try append(String(quote), to: &result)
        try append(escaped, to: &result)
        try append(String(quote), to: &result)
    }

    /// `mapScalars`, paid for.
    mutating func map(
        _ text: JinjaString, _ transform: (Unicode.Scalar) -> String?
    ) throws(JinjaError) -> JinjaString {
        try spend(bytes: text.utf8.count)
        try spend(steps: text.utf8.count)
        let result = text.mapScalars(transform)
        try spend(bytes: max(0, result.utf8.count - text.utf8.count))
        return result
    }

    // MARK: Conversions

    /// The items that a loop over the value sees.
    @inline(never)
    mutating func items(of value: JinjaValue, for operation: String) throws(JinjaError) -> [JinjaValue] {
        switch value {
        case .undefined: return []
        case .list(let list), .tuple(let list):
            try spend(steps: list.items.count)
            return list.items
        case .dictionary(let dictionary), .view(.keys, let dictionary):
            try spend(items: dictionary.entries.count)
            return dictionary.entries.map(\.key)
        case .view(.values, let dictionary):
            try spend(items: dictionary.entries.count)
            return dictionary.entries.map(\.value)
        case .view(.items, let dictionary):
            try spend(items: 3 * dictionary.entries.count)
            return dictionary.entries.map { .tuple([$0.key, $0.value]) }
        case .range(let range):
            try spend(items: range.count)
            return range.elements
        case .iterator(let number): return try drain(number)
        case .string(let text):
            try spend(items: 2 * text.utf8.count)
            return text.characters.map { .string($0) }
        default: throw failure(.wrongType(operation: operation, found: value.kind))
        }
    }

    @inline(never)
    func integer(_ value: JinjaValue, for operation: String) throws(JinjaError) -> Int {
        guard let number = value.asInteger else {
            throw failure(.wrongType(operation: operation, found: value.kind))
        }
        return number
    }

    @inline(never)
    func string(_ value: JinjaValue, for operation: String) throws(JinjaError) -> JinjaString {
        guard case .string(let text) = value else {
            throw failure(.wrongType(operation: operation, found: value.kind))
        }
        return text
    }

    /// A list of strings that were cut from one that has been paid for.
    @inline(never)
    mutating func strings(_ ranges: [Range<Int>], of text: JinjaString) throws(JinjaError) -> JinjaValue {
        try spend(items: 2 * ranges.count)
        try spend(bytes: text.utf8.count)
        return .list(ranges.map { .string(text.slice($0)) })
    }
}

extension UInt32 {
    /// Lower-case hexadecimal digits, padded with zeros.
    func hexadecimal(digits: Int) -> String {
        let text = String(self, radix: 16)
        return String(repeating: "0", count: Swift.max(0, digits - text.count)) + text
    }
}
