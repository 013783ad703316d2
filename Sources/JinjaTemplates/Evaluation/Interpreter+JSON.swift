/// `tojson` as transformers defines it: Python's `json.dumps` with `ensure_ascii` off unless asked for.
extension Interpreter {
    struct JSONStyle {
        var ensuresASCII = false
        /// One level of indentation; nil for a single line.
        var indentation: String?
        var itemSeparator: JinjaString
        var keySeparator: JinjaString
        var sortsKeys = false
    }

    @inline(never)
    mutating func json(_ value: JinjaValue, _ style: JSONStyle) throws(JinjaError) -> JinjaString {
        var result = JinjaString()
        try writeJSON(value, style, level: 0, into: &result)
        return result
    }

    @inline(never)
    private mutating func writeJSON(
        _ value: JinjaValue, _ style: JSONStyle, level: Int, into result: inout JinjaString
    ) throws(JinjaError) {
        switch value {
        case .none: try append("null", to: &result)
        case .boolean(let value): try append(value ? "true" : "false", to: &result)
        case .integer(let value): try append(String(value), to: &result)
        case .double(let value): try append(Self.jsonNumber(value), to: &result)
        case .string(let text): try writeJSON(text, style, into: &result)
        case .list(let list), .tuple(let list):
            try append("[", to: &result)
            for (index, item) in list.items.enumerated() {
                try startItem(index, style, level: level + 1, into: &result)
                try writeJSON(item, style, level: level + 1, into: &result)
            }
            try finish("]", isEmpty: list.items.isEmpty, style, level: level, into: &result)
        case .dictionary(let dictionary): try writeJSON(dictionary, style, level: level, into: &result)
        default: throw failure(.wrongType(operation: "tojson", found: value.kind))
        }
    }

    private static func jsonNumber(_ value: Double) -> String {
        value.isNaN ? "NaN" : value.isInfinite ? (value < 0 ? "-Infinity" : "Infinity") : value.pythonDescription
    }

    @inline(never)
    private mutating func writeJSON(
        _ dictionary: JinjaDictionary, _ style: JSONStyle, level: Int, into result: inout JinjaString
    ) throws(JinjaError) {
        var entries = dictionary.entries
        if style.sortsKeys {
            try spend(items: 2 * entries.count)
            entries = try sortedPlaces(entries.map(\.key)).map { dictionary.entries[$0] }
        }
        try append("{", to: &result)
        for (index, entry) in entries.enumerated() {
            try startItem(index, style, level: level + 1, into: &result)
            switch entry.key {
            case .string(let key): try writeJSON(key, style, into: &result)
            case .none, .boolean, .integer, .double:
                try append("\"", to: &result)
                try writeJSON(entry.key, style, level: level, into: &result)
                try append("\"", to: &result)
            default: throw failure(.wrongType(operation: "tojson", found: "\(entry.key.kind) as a key"))
            }
            try append(style.keySeparator, to: &result)
            try writeJSON(entry.value, style, level: level + 1, into: &result)
        }
        try finish("}", isEmpty: entries.isEmpty, style, level: level, into: &result)
    }

    @inline(never)
    private mutating func startItem(
        _ index: Int, _ style: JSONStyle, level: Int, into result: inout JinjaString
    ) throws(JinjaError) {
        if index > 0 { try append(style.itemSeparator, to: &result) }
        try breakLine(style, level: level, into: &result)
    }

    @inline(never)
    private mutating func finish(
        _ bracket: String, isEmpty: Bool, _ style: JSONStyle, level: Int, into result: inout JinjaString
    ) throws(JinjaError) {
        if !isEmpty { try breakLine(style, level: level, into: &result) }
        try append(bracket, to: &result)
    }

    @inline(never)
    private mutating func breakLine(
        _ style: JSONStyle, level: Int, into result: inout JinjaString
    ) throws(JinjaError) {
        guard let indentation = style.indentation else { return }
        try spend(bytes: indentation.utf8.count * level)
        try append("\n" + String(repeating: indentation, count: level), to: &result)
    }

    @inline(never)
    private mutating func writeJSON(
        _ text: JinjaString, _ style: JSONStyle, into result: inout JinjaString
    ) throws(JinjaError) {
        let escaped = try map(text) { scalar -> String? in
            switch scalar {
            case "\"": "\\\""
            case "\\": "\\\\"
            case "\n": "\\n"
            case "\r": "\\r"
            case "\t": "\\t"
            case "\u{08}": "\\b"
            case "\u{0C}": "\\f"
            default:
                if scalar.value < 0x20 || (style.ensuresASCII && scalar.value >= 0x7F) {
                    String(scalar).utf16.map { "\\u" + UInt32($0).hexadecimal(digits: 4) }.joined()
                } else {
                    nil
                }
            }
        }
        try append("\"", to: &result)
        try append(escaped, to: &result)
        try append("\"", to: &result)
    }
}
