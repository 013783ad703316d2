/// The methods of Python's `str` that templates may call.
enum StringMethod: String {
    case strip, lstrip, rstrip, split, rsplit, splitlines, partition, rpartition
    case startswith, endswith, removeprefix, removesuffix, find, rfind, index, rindex, count, replace
    case upper, lower, title, capitalize, swapcase, casefold
    case isalpha, isdigit, isdecimal, isnumeric, isalnum, isspace, isupper, islower, isascii
    case join, format, zfill, ljust, rjust, center

    /// Names of the parameters, in order.
    var parameters: [String] {
        switch self {
        case .strip, .lstrip, .rstrip: ["chars"]
        case .split, .rsplit: ["sep", "maxsplit"]
        case .splitlines: ["keepends"]
        case .partition, .rpartition: ["sep"]
        case .startswith, .removeprefix: ["prefix"]
        case .endswith, .removesuffix: ["suffix"]
        case .find, .rfind, .index, .rindex: ["sub"]
        case .count: ["sub"]
        case .replace: ["old", "new", "count"]
        case .join: ["iterable"]
        case .zfill: ["width"]
        case .ljust, .rjust, .center: ["width", "fillchar"]
        default: []
        }
    }
}

extension Interpreter {
    @inline(never)
    mutating func callMethod(
        _ name: String, of text: JinjaString, _ arguments: CallArguments
    ) throws(JinjaError) -> JinjaValue {
        guard let method = StringMethod(rawValue: name) else { throw failure(.unknown(kind: "method", name: name)) }
        try spend(reading: text)
        if method == .format { return .string(try formatted(text, with: arguments)) }
        let bound = try bind(arguments, to: method.parameters, of: name)
        for case .string(let argument)? in bound { try spend(reading: argument) }
        switch method {
        case .strip, .lstrip, .rstrip:
            return .string(
                try stripped(text, of: bound[0], leading: method != .rstrip, trailing: method != .lstrip))
        case .split, .rsplit: return try split(text, bound, fromEnd: method == .rsplit)
        case .splitlines:
            try spend(steps: text.utf8.count / 2)
            return try strings(text.lineRanges(keepingEnds: bound[0]?.isTruthy == true), of: text)
        case .partition, .rpartition: return try partition(text, bound[0], fromEnd: method == .rpartition)
        case .startswith, .endswith: return .boolean(try affix(text, bound[0], isPrefix: method == .startswith))
        case .removeprefix, .removesuffix: return .string(try removing(bound[0], from: text, method))
        case .find, .rfind, .index, .rindex: return .integer(try find(bound[0], in: text, method))
        case .count: return .integer(try count(try string(bound[0] ?? .none, for: name), in: text))
        case .replace: return .string(try replacing(text, bound, of: name))
        case .join: return .string(try join(try items(of: bound[0] ?? .none, for: "join"), by: text))
        case .zfill, .ljust, .rjust, .center: return .string(try padded(text, bound, method))
        case .upper, .lower, .title, .capitalize, .swapcase, .casefold: return .string(try cased(text, method))
        default: return .boolean(Self.isClass(text, method))
        }
    }

    /// Drops white space, or the scalars of `characters`, from the ends.
    mutating func stripped(
        _ text: JinjaString, of characters: JinjaValue?, leading: Bool, trailing: Bool
    ) throws(JinjaError) -> JinjaString {
        let result: JinjaString
        switch characters {
        case nil, .some(.none): result = text.stripped(leading: leading, trailing: trailing, \.isPythonSpace)
        case .some(let value):
            let set = Set(try string(value, for: "strip").text.unicodeScalars)
            result = text.stripped(leading: leading, trailing: trailing) { set.contains($0) }
        }
        try spend(bytes: result.utf8.count)
        return result
    }

    private mutating func split(
        _ text: JinjaString, _ bound: [JinjaValue?], fromEnd: Bool
    ) throws(JinjaError) -> JinjaValue {
        var limit: Int?
        if let value = bound[1] {
            let number = try integer(value, for: "split")
            limit = number < 0 ? nil : number
        }
        switch bound[0] {
        case nil, .some(.none):
            guard !fromEnd || limit == nil else {
                throw failure(.wrongArguments(callee: "rsplit", detail: "needs a separator with maxsplit"))
            }
            try spend(steps: text.utf8.count / 2)
            return try strings(text.wordRanges(limit: limit), of: text)
        case .some(let value):
            let separator = try string(value, for: "split")
            guard !separator.isEmpty else { throw failure(.outOfRange("split: the separator is empty")) }
            try spend(steps: text.utf8.count / separator.utf8.count)  // as many ranges may lie in the list
            return try strings(text.ranges(splitBy: separator, limit: limit, fromEnd: fromEnd), of: text)
        }
    }

    private mutating func partition(
        _ text: JinjaString, _ separator: JinjaValue?, fromEnd: Bool
    ) throws(JinjaError) -> JinjaValue {
        let separator = try string(separator ?? .none, for: "partition")
        guard !separator.isEmpty else { throw failure(.outOfRange("partition: the separator is empty")) }
        try spend(bytes: text.utf8.count)
        guard let found = fromEnd ? text.lastRange(of: separator) : text.range(of: separator) else {
            let empty = JinjaValue.text("")
            return .tuple(fromEnd ? [empty, empty, .string(text)] : [.string(text), empty, empty])
        }
        return .tuple([
            .string(text.slice(0..<found.lowerBound)), .string(text.slice(found)),
            .string(text.slice(found.upperBound..<text.utf8.count)),
        ])
    }

    private mutating func affix(
        _ text: JinjaString, _ affix: JinjaValue?, isPrefix: Bool
    ) throws(JinjaError) -> Bool {
        let operation = isPrefix ? "startswith" : "endswith"
        var affixes = [affix ?? .none]
        if case .tuple(let list) = affix { affixes = list.items }
        for value in affixes {
            try spend(steps: 1)
            let affix = try string(value, for: operation)
            if isPrefix ? text.hasPrefix(affix) : text.hasSuffix(affix) { return true }
        }
        return false
    }

    private mutating func removing(
        _ affix: JinjaValue?, from text: JinjaString, _ method: StringMethod
    ) throws(JinjaError) -> JinjaString {
        let affix = try string(affix ?? .none, for: method.rawValue)
        try spend(bytes: text.utf8.count)
        if method == .removeprefix, text.hasPrefix(affix) {
            return text.slice(affix.utf8.count..<text.utf8.count)
        }
        if method == .removesuffix, text.hasSuffix(affix) {
            return text.slice(0..<text.utf8.count - affix.utf8.count)
        }
        return text
    }

    private func find(_ part: JinjaValue?, in text: JinjaString, _ method: StringMethod) throws(JinjaError) -> Int {
        let part = try string(part ?? .none, for: method.rawValue)
        let isLast = method == .rfind || method == .rindex
        if let found = isLast ? text.lastRange(of: part) : text.range(of: part) {
            return text.slice(0..<found.lowerBound).scalarCount
        }
        guard method == .find || method == .rfind else {
            throw failure(.outOfRange("\(method.rawValue): the substring is not found"))
        }
        return -1
    }

    private mutating func count(_ part: JinjaString, in text: JinjaString) throws(JinjaError) -> Int {
        try spend(steps: text.utf8.count / max(1, part.utf8.count))
        return part.isEmpty ? text.scalarCount + 1 : text.ranges(splitBy: part, limit: nil, fromEnd: false).count - 1
    }

    /// `old`, `new` and at most `count` times, as the method and the filter `replace` take them.
    mutating func replacing(
        _ text: JinjaString, _ bound: [JinjaValue?], of callee: String
    ) throws(JinjaError) -> JinjaString {
        guard let old = bound[0], let new = bound[1] else {
            throw failure(.wrongArguments(callee: callee, detail: "needs the old and the new text"))
        }
        let (oldText, newText) = (try self.text(of: old), try self.text(of: new))
        var limit: Int?
        if let value = bound[2], case let number = value.asInteger ?? -1, number >= 0 { limit = number }
        var pieces = [0..<text.utf8.count]
        if oldText.isEmpty {
            try spend(steps: text.utf8.count)
            let starts = text.scalarStarts
            var cuts = [0] + starts.dropFirst() + (text.isEmpty ? [] : [text.utf8.count])
            if let limit { cuts = Array(cuts.prefix(limit)) }
            pieces = zip([0] + cuts, cuts + [text.utf8.count]).map { $0..<$1 }
        } else {
            try spend(steps: text.utf8.count / oldText.utf8.count)
            pieces = text.ranges(splitBy: oldText, limit: limit, fromEnd: false)
        }
        try spend(steps: pieces.count)
        var result = JinjaString()
        for (index, piece) in pieces.enumerated() {
            if index > 0 { try append(newText, to: &result) }
            try append(text.slice(piece), to: &result)
        }
        return result
    }

    mutating func join(_ items: [JinjaValue], by separator: JinjaString) throws(JinjaError) -> JinjaString {
        var result = JinjaString()
        for (index, item) in items.enumerated() {
            if index > 0 { try append(separator, to: &result) }
            try append(try string(item, for: "join"), to: &result)
        }
        return result
    }

    private mutating func padded(
        _ text: JinjaString, _ bound: [JinjaValue?], _ method: StringMethod
    ) throws(JinjaError) -> JinjaString {
        var filler = JinjaString(method == .zfill ? "0" : " ")
        if bound.count > 1, let value = bound[1] { filler = try string(value, for: method.rawValue) }
        guard filler.scalarCount == 1 else { throw failure(.outOfRange("the fill must be one character")) }
        let missing = max(0, max(0, try integer(bound[0] ?? .none, for: method.rawValue)) - text.scalarCount)
        let width = text.scalarCount + missing
        let left =
            switch method {
            case .ljust: 0
            case .center: missing / 2 + (missing & width & 1)
            default: missing
            }
        let (fill, overflows) = missing.multipliedReportingOverflow(by: filler.utf8.count)
        try spend(bytes: overflows ? Int.max : fill)
        var result = JinjaString()
        let hasSign = method == .zfill && (text.utf8.first == UInt8(ascii: "-") || text.utf8.first == UInt8(ascii: "+"))
        if hasSign { result.append(text.slice(0..<1)) }
        for _ in 0..<left { result.append(filler) }
        try append(text.slice((hasSign ? 1 : 0)..<text.utf8.count), to: &result)
        for _ in 0..<missing - left { result.append(filler) }
        return result
    }

    // MARK: Case and classes

    mutating func cased(_ text: JinjaString, _ method: StringMethod) throws(JinjaError) -> JinjaString {
        var isFollowing = false
        return try map(text) { scalar in
            let properties = scalar.properties
            defer { isFollowing = method == .capitalize || properties.isCased }
            return switch method {
            case .upper: properties.uppercaseMapping
            case .lower, .casefold: properties.lowercaseMapping
            case .swapcase: properties.isUppercase ? properties.lowercaseMapping : properties.uppercaseMapping
            default: isFollowing ? properties.lowercaseMapping : properties.titlecaseMapping
            }
        }
    }

    static func isClass(_ text: JinjaString, _ method: StringMethod) -> Bool {
        switch method {
        case .isalpha: text.isAll(\.isPythonLetter)
        case .isdecimal: text.isAll { $0.properties.numericType == .decimal }
        case .isdigit: text.isAll { $0.properties.numericType == .decimal || $0.properties.numericType == .digit }
        case .isnumeric: text.isAll { $0.properties.numericType != nil }
        case .isalnum: text.isAll { $0.isPythonLetter || $0.properties.numericType != nil }
        case .isspace: text.isAll(\.isPythonSpace)
        case .isascii: text.utf8.allSatisfy { $0 < 0x80 }
        case .isupper: hasOnlyCase(text) { $0.properties.isUppercase }
        case .islower: hasOnlyCase(text) { $0.properties.isLowercase }
        default: false
        }
    }

    /// Whether there are cased scalars and all of them satisfy the condition.
    private static func hasOnlyCase(_ text: JinjaString, _ condition: (Unicode.Scalar) -> Bool) -> Bool {
        var found = false
        for scalar in text.text.unicodeScalars where scalar.properties.isCased {
            guard condition(scalar) else { return false }
            found = true
        }
        return found
    }
}
