/// The methods of Python's `str` that templates may call.
enum StringMethod: String, CaseIterable {
    case strip, lstrip, rstrip, split, rsplit, splitlines, partition, rpartition
    case startswith, endswith, removeprefix, removesuffix, find, rfind, index, rindex, count, replace
    case upper, lower, title, capitalize, swapcase, casefold
    case isalpha, isdigit, isdecimal, isnumeric, isalnum, isspace, isupper, islower, istitle, isascii, isidentifier
    case isprintable
    case join, format, zfill, ljust, rjust, center, expandtabs
    case formatMap = "format_map"

    private static let named = Dictionary(uniqueKeysWithValues: allCases.map { ($0.rawValue, $0) })

    init?(named name: String) {
        guard let method = Self.named[name] else { return nil }
        self = method
    }

    /// Names of the parameters, in order.
    var parameters: [String] {
        switch self {
        case .strip, .lstrip, .rstrip: ["chars"]
        case .split, .rsplit: ["sep", "maxsplit"]
        case .splitlines: ["keepends"]
        case .partition, .rpartition: ["sep"]
        case .removeprefix: ["prefix"]
        case .removesuffix: ["suffix"]
        case .startswith, .endswith, .find, .rfind, .index, .rindex, .count: ["sub", "start", "end"]
        case .replace: ["old", "new", "count"]
        case .join: ["iterable"]
        case .zfill: ["width"]
        case .ljust, .rjust, .center: ["width", "fillchar"]
        case .expandtabs: ["tabsize"]
        case .formatMap: ["mapping"]
        default: []
        }
    }

    /// How many of them must be given.
    var requiredCount: Int {
        switch self {
        case .replace: 2
        case .partition, .rpartition, .removeprefix, .removesuffix, .startswith, .endswith, .find, .rfind, .index,
            .rindex,
            .count, .join, .zfill, .ljust, .rjust, .center, .formatMap:
            1
        default: 0
        }
    }

    /// Whether Python takes the parameters by name.
    var takesNames: Bool {
        switch self {
        case .split, .rsplit, .splitlines, .expandtabs: true
        default: false
        }
    }
}

extension Interpreter {
    @inline(never)
    mutating func callMethod(
        _ name: String, of text: JinjaString, _ arguments: CallArguments
    ) throws(JinjaError) -> JinjaValue {
        guard let method = StringMethod(named: name) else { throw failure(.unknown(kind: "method", name: name)) }
        try spend(reading: text)
        if method == .format { return .string(try formatted(text, with: arguments)) }
        guard arguments.named.isEmpty || method.takesNames else {
            throw failure(.wrongArguments(callee: name, detail: "takes no named arguments"))
        }
        let bound = try bind(arguments, to: method.parameters, of: name)
        guard bound.prefix(method.requiredCount).allSatisfy({ $0 != nil }) else {
            throw failure(.wrongArguments(callee: name, detail: "needs at least \(method.requiredCount) arguments"))
        }
        for case .string(let argument)? in bound { try spend(reading: argument) }
        switch method {
        case .strip, .lstrip, .rstrip:
            return .string(
                try stripped(text, of: bound[0], leading: method != .rstrip, trailing: method != .lstrip))
        case .split, .rsplit: return try split(text, bound, fromEnd: method == .rsplit)
        case .splitlines:
            try spend(items: text.utf8.count / 4)
            return try strings(text.lineRanges(keepingEnds: bound[0]?.isTruthy == true), of: text)
        case .partition, .rpartition: return try partition(text, bound[0], fromEnd: method == .rpartition)
        case .startswith, .endswith: return .boolean(try affix(text, bound, isPrefix: method == .startswith))
        case .removeprefix, .removesuffix: return .string(try removing(bound[0], from: text, method))
        case .find, .rfind, .index, .rindex: return .integer(try find(in: text, bound, method))
        case .count: return .integer(try count(in: text, bound))
        case .replace:
            let (old, new) = (try string(bound[0] ?? .none, for: name), try string(bound[1] ?? .none, for: name))
            let limit = try bound[2].map { value throws(JinjaError) in try integer(value, for: name) } ?? -1
            return .string(try replacing(old, by: new, in: text, limit: limit < 0 ? nil : limit))
        case .join: return .string(try join(try items(of: bound[0] ?? .none, for: "join"), by: text))
        case .zfill, .ljust, .rjust, .center: return .string(try padded(text, bound, method))
        case .expandtabs: return .string(try expandingTabs(text, size: try integer(bound[0] ?? .integer(8), for: name)))
        case .formatMap:
            guard case .dictionary(let mapping)? = bound[0] else {
                throw failure(.wrongType(operation: name, found: bound[0]?.kind ?? "nothing"))
            }
            let named = mapping.entries.compactMap { entry -> (name: String, value: JinjaValue)? in
                if case .string(let key) = entry.key { (key.text, entry.value) } else { nil }
            }
            return .string(try formatted(text, with: CallArguments(named: named)))
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
            try spend(items: text.utf8.count / 4)
            let ranges = fromEnd ? text.wordRangesFromEnd(limit: limit) : text.wordRanges(limit: limit)
            return try strings(ranges, of: text)
        case .some(let value):
            let separator = try string(value, for: "split")
            guard !separator.isEmpty else { throw failure(.outOfRange("split: the separator is empty")) }
            try spend(items: text.utf8.count / (2 * separator.utf8.count))  // as many ranges may lie in the list
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

    /// The part of a text that a search looks at, or nil where `start` lies behind its end.
    private mutating func window(
        of text: JinjaString, _ start: JinjaValue?, _ end: JinjaValue?, for callee: String
    ) throws(JinjaError) -> (first: Int, part: JinjaString)? {
        if start == nil, end == nil { return (0, text) }
        let count = text.scalarCount
        var first = 0
        if let start, case .none = start {
        } else if let start {
            let place = try integer(start, for: callee)
            guard place <= count else { return nil }
            first = place < 0 ? max(place, -count) + count : place
        }
        let last = try clamped(end, to: count, else: count, for: callee)
        guard first <= last else { return nil }
        return (first, text.slice(text.byteOffset(ofScalar: first)..<text.byteOffset(ofScalar: last)))
    }

    private mutating func affix(
        _ text: JinjaString, _ bound: [JinjaValue?], isPrefix: Bool
    ) throws(JinjaError) -> Bool {
        let operation = isPrefix ? "startswith" : "endswith"
        let window = try window(of: text, bound[1], bound[2], for: operation)
        var affixes = [bound[0] ?? .none]
        if case .tuple(let list) = bound[0] { affixes = list.items }
        for value in affixes {
            try spend(steps: 1)
            let affix = try string(value, for: operation)
            try spend(reading: affix)
            guard let part = window?.part else { continue }
            if isPrefix ? part.hasPrefix(affix) : part.hasSuffix(affix) { return true }
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

    private mutating func find(
        in text: JinjaString, _ bound: [JinjaValue?], _ method: StringMethod
    ) throws(JinjaError) -> Int {
        let part = try string(bound[0] ?? .none, for: method.rawValue)
        let isLast = method == .rfind || method == .rindex
        if let (first, window) = try window(of: text, bound[1], bound[2], for: method.rawValue),
            let found = isLast ? window.lastRange(of: part) : window.range(of: part)
        {
            return first + window.slice(0..<found.lowerBound).scalarCount
        }
        guard method == .find || method == .rfind else {
            throw failure(.outOfRange("\(method.rawValue): the substring is not found"))
        }
        return -1
    }

    private mutating func count(in text: JinjaString, _ bound: [JinjaValue?]) throws(JinjaError) -> Int {
        let part = try string(bound[0] ?? .none, for: "count")
        guard let window = try window(of: text, bound[1], bound[2], for: "count")?.part else { return 0 }
        try spend(items: window.utf8.count / max(1, 2 * part.utf8.count))
        if part.isEmpty { return window.scalarCount + 1 }
        return window.ranges(splitBy: part, limit: nil, fromEnd: false).count - 1
    }

    /// - Parameter limit: how many to replace at most; nil for all.
    mutating func replacing(
        _ old: JinjaString, by new: JinjaString, in text: JinjaString, limit: Int?
    ) throws(JinjaError) -> JinjaString {
        try spend(reading: old)
        try spend(reading: new)
        var pieces = [0..<text.utf8.count]
        if old.isEmpty {
            try spend(items: 2 * text.utf8.count)
            let starts = text.scalarStarts
            var cuts = [0] + starts.dropFirst() + (text.isEmpty ? [] : [text.utf8.count])
            if let limit { cuts = Array(cuts.prefix(limit)) }
            pieces = zip([0] + cuts, cuts + [text.utf8.count]).map { $0..<$1 }
        } else {
            try spend(items: text.utf8.count / (2 * old.utf8.count))
            pieces = text.ranges(splitBy: old, limit: limit, fromEnd: false)
        }
        try spend(steps: pieces.count)
        var result = JinjaString()
        for (index, piece) in pieces.enumerated() {
            if index > 0 { try append(new, to: &result) }
            try append(text.slice(piece), to: &result)
        }
        return result
    }

    /// Each tab becomes spaces up to the next multiple of `size` columns.
    private mutating func expandingTabs(_ text: JinjaString, size: Int) throws(JinjaError) -> JinjaString {
        let tabs = text.utf8.count { $0 == 0x09 }
        let (room, overflows) = tabs.multipliedReportingOverflow(by: max(size, 0))
        try spend(bytes: overflows ? Int.max : room)
        var column = 0
        return try map(text) { scalar in
            if scalar == "\t" {
                let width = size > 0 ? size - column % size : 0
                column += width
                return String(repeating: " ", count: width)
            }
            column = scalar == "\n" || scalar == "\r" ? 0 : column + 1
            return nil
        }
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
}
