/// The filters of Jinja that chat templates may use, by the names that templates write.
enum JinjaFilter: String {
    case abs, attr, batch, capitalize, center, count, d, `default`, dictsort, e, escape, first, float, forceescape
    case format, groupby, indent, int, items, join, last, length, list, lower, map, max, min, reject, rejectattr,
        replace
    case reverse, round, safe, select, selectattr, sort, string, sum, title, tojson, trim, truncate, unique, upper
    case urlencode, wordcount

    /// Names of the parameters behind the value, in order; nil where the filter takes any.
    var parameters: [String]? {
        switch self {
        case .format, .map, .select, .reject, .selectattr, .rejectattr: nil
        case .attr: ["name"]
        case .batch: ["linecount", "fill_with"]
        case .center: ["width"]
        case .d, .default: ["default_value", "boolean"]
        case .dictsort: ["case_sensitive", "by", "reverse"]
        case .float: ["default"]
        case .groupby: ["attribute", "default", "case_sensitive"]
        case .indent: ["width", "first", "blank"]
        case .int: ["default", "base"]
        case .join: ["d", "attribute"]
        case .max, .min, .unique: ["case_sensitive", "attribute"]
        case .replace: ["old", "new", "count"]
        case .round: ["precision", "method"]
        case .sort: ["reverse", "case_sensitive", "attribute"]
        case .sum: ["attribute", "start"]
        case .tojson: ["ensure_ascii", "indent", "separators", "sort_keys"]
        case .trim: ["chars"]
        case .truncate: ["length", "killwords", "end", "leeway"]
        default: []
        }
    }
}

extension Interpreter {
    @inline(never)
    mutating func filter(
        _ name: String, _ value: JinjaValue, _ arguments: CallArguments
    ) throws(JinjaError) -> JinjaValue {
        guard let filter = JinjaFilter(rawValue: name) else { throw failure(.unknown(kind: "filter", name: name)) }
        try enter()
        defer { leave() }
        if case .string(let text) = value { try spend(reading: text) }
        guard let parameters = filter.parameters else { return try choose(filter, value, arguments) }
        let bound = try bind(arguments, to: parameters, of: "filter '\(name)'")
        switch filter {
        case .capitalize, .center, .e, .escape, .forceescape, .indent, .lower, .replace, .safe, .string, .title,
            .tojson, .trim, .truncate, .upper, .urlencode, .wordcount:
            return try textFilter(filter, value, bound)
        case .abs, .float, .int, .round: return try numberFilter(filter, value, bound)
        case .dictsort, .groupby, .max, .min, .sort, .unique: return try orderFilter(filter, value, bound)
        case .d, .default: return try defaultFilter(value, bound)
        case .attr:
            guard case .string(let name)? = bound[0] else { return .undefined }
            return try attribute(name.text, of: value)
        default: return try sequenceFilter(filter, value, bound)
        }
    }

    private func defaultFilter(_ value: JinjaValue, _ bound: [JinjaValue?]) throws(JinjaError) -> JinjaValue {
        let replacesFalse = bound[1]?.isTruthy == true
        if case .undefined = value { return bound[0] ?? .text("") }
        return replacesFalse && !value.isTruthy ? bound[0] ?? .text("") : value
    }

    // MARK: Numbers

    @inline(never)
    private mutating func numberFilter(
        _ filter: JinjaFilter, _ value: JinjaValue, _ bound: [JinjaValue?]
    ) throws(JinjaError) -> JinjaValue {
        switch filter {
        case .abs:
            if case .double(let number) = value { return .double(number.magnitude) }
            let number = try integer(value, for: "abs")
            return number < 0 ? try negated(.integer(number)) : .integer(number)
        case .float:
            if let number = value.asDouble { return .double(number) }
            if case .string(let text) = value, let number = Self.number(text) { return .double(number) }
            return bound[0] ?? .double(0)
        case .int: return try integerFilter(value, bound)
        default: return try roundFilter(value, bound)
        }
    }

    /// Python's `float(text)`.
    private static func number(_ text: JinjaString) -> Double? {
        let trimmed = plainDigits(text)
        guard !trimmed.hasPrefix("0x"), !trimmed.hasPrefix("-0x"), !trimmed.hasPrefix("+0x") else { return nil }
        return Double(trimmed)
    }

    /// A number's text without the space around it and the `_` inside, in lower case, with ASCII digits for those of
    /// other scripts.
    private static func plainDigits(_ text: JinjaString) -> String {
        let plain = text.trimmed().mapScalars { scalar in
            guard scalar != "_" else { return "" }
            guard !scalar.isASCII, scalar.properties.numericType == .decimal else { return nil }
            return scalar.properties.numericValue.flatMap(Int.init(exactly:)).map { String($0) }
        }
        return plain.text.lowercased()
    }

    private mutating func integerFilter(_ value: JinjaValue, _ bound: [JinjaValue?]) throws(JinjaError) -> JinjaValue {
        let base = try integer(bound[1] ?? .integer(10), for: "int")
        guard (2...36).contains(base) else { throw failure(.outOfRange("int: the base is not 2 to 36")) }
        if let number = value.asInteger { return .integer(number) }
        var number = value.asDouble
        if case .string(let text) = value {
            var digits = Self.plainDigits(text)
            if let prefix = [2: "0b", 8: "0o", 16: "0x"][base], digits.hasPrefix(prefix) {
                digits = String(digits.dropFirst(2))
            }
            if let whole = Int(digits, radix: base) { return .integer(whole) }
            number = Self.number(text)
        }
        if let number, number.isFinite {
            guard let whole = Int(exactly: number.rounded(.towardZero)) else {
                throw failure(.outOfRange("int: the number leaves the 64-bit range"))
            }
            return .integer(whole)
        }
        return bound[0] ?? .integer(0)
    }

    private mutating func roundFilter(_ value: JinjaValue, _ bound: [JinjaValue?]) throws(JinjaError) -> JinjaValue {
        let places = try integer(bound[0] ?? .integer(0), for: "round")
        let method = try text(of: bound[1] ?? .text("common")).text
        guard let number = value.asDouble else { throw failure(.wrongType(operation: "round", found: value.kind)) }
        guard places.magnitude <= 15 else { throw failure(.outOfRange("round: the precision is above 15")) }
        if method == "common" {
            if let whole = value.asInteger, places >= 0 { return .integer(whole) }
            let rounded = number.rounded(places: places)
            guard value.asInteger != nil else { return .double(rounded) }
            guard let whole = Int(exactly: rounded) else {
                throw failure(.outOfRange("an integer leaves the 64-bit range"))
            }
            return .integer(whole)
        }
        guard method == "ceil" || method == "floor" else {
            throw failure(.wrongArguments(callee: "round", detail: "the method is 'common', 'ceil' or 'floor'"))
        }
        var scale = 1.0
        for _ in 0..<places.magnitude { scale *= 10 }
        if places < 0 { scale = 1 / scale }
        return .double((number * scale).rounded(method == "ceil" ? .up : .down) / scale)
    }
}
