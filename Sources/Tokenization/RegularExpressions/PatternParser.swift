/// What a regular expression is made of.
indirect enum PatternNode: Sendable {
    case set(ScalarSet)
    case sequence([PatternNode])
    /// The first that leads to a match counts.
    case alternatives([PatternNode])
    /// As often as possible, or with `isLazy` as seldom; `most` nil: without limit. `isPossessive`: nothing is given back.
    case repeated(PatternNode, least: Int, most: Int?, isLazy: Bool, isPossessive: Bool)
    case assertion(PatternAssertion)
}

/// What is asked of a place between two scalars.
enum PatternAssertion: Sendable, Hashable {
    /// `(?=[...])`, or `(?![...])` with `isNegative`; the text's end is in no set.
    case next(ScalarSet, isNegative: Bool)
    /// `^`
    case lineStart
    /// `$`
    case lineEnd
    /// `\A`
    case textStart
    /// `\z`
    case textEnd
    /// `\b`, or `\B` with `isNegative`.
    case wordBoundary(isNegative: Bool)
}

/// Reads a regular expression in the syntax of `tokenizer.json`, which is Oniguruma's for Ruby, so that `^` and `$` stand at
/// every line; what is not known here is refused by name.
struct PatternParser {
    private let scalars: [Unicode.Scalar]
    private var index = 0
    private var ignoresCase = false
    private var depth = 0

    /// Groups within groups; published patterns have two or three.
    private static let deepestNesting = 32
    /// Of `{n,m}`; published patterns have up to 512.
    private static let mostRepetitions = 1024

    static func parse(_ pattern: String) throws(TokenizationError) -> PatternNode {
        var parser = PatternParser(scalars: Array(pattern.unicodeScalars))
        let node = try parser.alternatives()
        guard parser.index == parser.scalars.count else { throw parser.unsupported("a closing parenthesis") }
        return node
    }

    private init(scalars: [Unicode.Scalar]) { self.scalars = scalars }

    private func unsupported(_ found: String) -> TokenizationError {
        TokenizationError(
            "pattern",
            .unsupportedPattern(found: found, pattern: String(String.UnicodeScalarView(scalars)), offset: index))
    }

    private var next: Unicode.Scalar? { index < scalars.count ? scalars[index] : nil }

    private mutating func take(_ text: String) -> Bool {
        let wanted = Array(text.unicodeScalars)
        guard scalars[index...].starts(with: wanted) else { return false }
        index += wanted.count
        return true
    }

    private mutating func takeScalar() throws(TokenizationError) -> Unicode.Scalar {
        guard let scalar = next else { throw unsupported("a pattern that ends too early") }
        index += 1
        return scalar
    }

    // MARK: Structure

    private mutating func alternatives() throws(TokenizationError) -> PatternNode {
        var all = [try sequence()]
        while take("|") { all.append(try sequence()) }
        return all.count == 1 ? all[0] : .alternatives(all)
    }

    private mutating func sequence() throws(TokenizationError) -> PatternNode {
        var nodes: [PatternNode] = []
        while let scalar = next, scalar != "|", scalar != ")" { nodes.append(try quantified()) }
        return nodes.count == 1 ? nodes[0] : .sequence(nodes)
    }

    private mutating func quantified() throws(TokenizationError) -> PatternNode {
        var node = try atom()
        while let (least, most) = try bounds() {
            let isBraced = scalars[index - 1] == "}"
            let isLazy = take("?")
            // Behind braces a plus is one more repetition, not the wish to give nothing back.
            let isPossessive = !isLazy && !isBraced && take("+")
            node = .repeated(node, least: least, most: most, isLazy: isLazy, isPossessive: isPossessive)
        }
        return node
    }

    private mutating func bounds() throws(TokenizationError) -> (least: Int, most: Int?)? {
        if take("*") { return (0, nil) }
        if take("+") { return (1, nil) }
        if take("?") { return (0, 1) }
        guard next == "{" else { return nil }
        index += 1
        let least = number(), hasComma = take(","), most = hasComma ? number() : least
        guard take("}"), least != nil || most != nil else { throw unsupported("braces that are no repetition") }
        guard max(least ?? 0, most ?? 0) <= Self.mostRepetitions, least ?? 0 <= most ?? .max else {
            throw unsupported("a repetition beyond \(Self.mostRepetitions)")
        }
        return (least ?? 0, most)
    }

    private mutating func number() -> Int? {
        var number: Int?
        while let digit = next.flatMap({ Int(String($0)) }), number ?? 0 < 100_000 {
            number = (number ?? 0) * 10 + digit
            index += 1
        }
        return number
    }

    private mutating func atom() throws(TokenizationError) -> PatternNode {
        let scalar = try takeScalar()
        switch scalar {
        case "(": return try group()
        case "[": return .set(try bracketed())
        case ".": return .set(.complement(.scalar(10)))
        case "^": return .assertion(.lineStart)
        case "$": return .assertion(.lineEnd)
        case "\\": return try escaped()
        case "*", "+", "?", ")": throw unsupported("'\(scalar)' at this place")
        default: return .set(literal(scalar.value))
        }
    }

    private func literal(_ value: UInt32) -> ScalarSet { ignoresCase ? .ignoringCase(value) : .scalar(value) }

    private mutating func group() throws(TokenizationError) -> PatternNode {
        depth += 1
        defer { depth -= 1 }
        guard depth <= Self.deepestNesting else { throw unsupported("groups this deep") }
        let outer = ignoresCase
        defer { ignoresCase = outer }
        if take("?") {
            if take("=") || next == "!" { return try lookahead() }
            if take("i:") { ignoresCase = true } else if !take(":") { throw unsupported("this kind of group") }
        }
        let node = try alternatives()
        guard take(")") else { throw unsupported("a group without its end") }
        return node
    }

    /// One scalar's lookahead can be answered in a single pass; longer ones cannot.
    private mutating func lookahead() throws(TokenizationError) -> PatternNode {
        let isNegative = take("!")
        let node = try alternatives()
        guard take(")") else { throw unsupported("a lookahead without its end") }
        switch node {
        case .set(let set): return .assertion(.next(set, isNegative: isNegative))
        case .assertion(.lineEnd) where !isNegative: return node
        default: throw unsupported("a lookahead of more than one character")
        }
    }

    private mutating func escaped() throws(TokenizationError) -> PatternNode {
        switch next {
        case "b", "B":
            return .assertion(.wordBoundary(isNegative: try takeScalar() == "B"))
        case "A":
            index += 1
            return .assertion(.textStart)
        case "z":
            index += 1
            return .assertion(.textEnd)
        case "w":
            index += 1
            return .set(.wordOfPatterns)
        case "W":
            index += 1
            return .set(.complement(.wordOfPatterns))
        default: return .set(try escapedSet())
        }
    }

    // MARK: Sets

    /// What stands behind a backslash, inside or outside of brackets.
    private mutating func escapedSet() throws(TokenizationError) -> ScalarSet {
        let scalar = try takeScalar()
        switch scalar {
        case "s": return .space
        case "S": return .complement(.space)
        case "d": return .decimal
        case "D": return .complement(.decimal)
        case "w": return .word
        case "W": return .complement(.word)
        case "p", "P": return try property(isNegative: scalar == "P")
        case "n": return .scalar(10)
        case "r": return .scalar(13)
        case "t": return .scalar(9)
        case "f": return .scalar(12)
        case "v": return .scalar(11)
        case "x", "u": return literal(try hexadecimal(digitCount: scalar == "x" ? 2 : 4))
        case "a"..."z", "A"..."Z", "0"..."9": throw unsupported("'\\\(scalar)'")
        default: return literal(scalar.value)
        }
    }

    private mutating func property(isNegative: Bool) throws(TokenizationError) -> ScalarSet {
        guard take("{") else { throw unsupported("a property without braces") }
        let isInverted = take("^")
        var name = ""
        while let scalar = next, scalar != "}", name.utf8.count < 64 {
            name.unicodeScalars.append(scalar)
            index += 1
        }
        guard take("}"), let set = ScalarSet.property(name) else { throw unsupported("the property '\(name)'") }
        return isNegative != isInverted ? .complement(set) : set
    }

    private mutating func hexadecimal(digitCount: Int) throws(TokenizationError) -> UInt32 {
        if digitCount == 2, take("{") {
            var digits = ""
            while let scalar = next, scalar != "}", digits.utf8.count < 8 {
                digits.unicodeScalars.append(scalar)
                index += 1
            }
            guard take("}"), let value = UInt32(digits, radix: 16), value <= 0x10FFFF else {
                throw unsupported("this hexadecimal number")
            }
            return value
        }
        let digits = String(String.UnicodeScalarView(scalars[index...].prefix(digitCount)))
        guard digits.unicodeScalars.count == digitCount, let value = UInt32(digits, radix: 16) else {
            throw unsupported("this hexadecimal number")
        }
        index += digitCount
        return value
    }

    /// The rest of `[...]`, with `&&` between sets that are intersected.
    private mutating func bracketed() throws(TokenizationError) -> ScalarSet {
        depth += 1
        defer { depth -= 1 }
        guard depth <= Self.deepestNesting else { throw unsupported("brackets this deep") }
        let isNegative = take("^")
        var parts: [[ScalarSet]] = [[]]
        var isFirst = true
        while true {
            if take("&&") {
                parts.append([])
                continue
            }
            let scalar = try takeScalar()
            defer { isFirst = false }
            if scalar == "]", !isFirst { break }
            if scalar == "[" {
                guard next != ":" else { throw unsupported("a POSIX bracket") }
                parts[parts.count - 1].append(try bracketed())
            } else {
                parts[parts.count - 1].append(try member(scalar))
            }
        }
        let sets = parts.map { $0.count == 1 ? $0[0] : ScalarSet.union($0) }
        let set = sets.count == 1 ? sets[0] : .intersection(sets)
        return isNegative ? .complement(set) : set
    }

    private mutating func member(_ first: Unicode.Scalar) throws(TokenizationError) -> ScalarSet {
        let start = first == "\\" ? try escapedSet() : literal(first.value)
        guard next == "-", index + 1 < scalars.count, scalars[index + 1] != "]", let low = start.onlyScalar else {
            return start
        }
        index += 1
        let last = try takeScalar()
        let end = last == "\\" ? try escapedSet() : .scalar(last.value)
        guard let high = end.onlyScalar, low <= high else { throw unsupported("a range that does not ascend") }
        guard !ignoresCase else {
            guard high < 0x80 else { throw unsupported("a range that ignores case") }
            return .union((low...high).map(ScalarSet.ignoringCase))
        }
        return .ranges([low...high])
    }
}

extension ScalarSet {
    /// The first scalar of a set that was written as one.
    fileprivate var onlyScalar: UInt32? {
        if case .ranges(let ranges) = self, let first = ranges.first, first.count == 1 { first.lowerBound } else { nil }
    }
}
