/// A set of Unicode scalars, as `[...]`, `\p{L}` and `\s` name them.
indirect enum ScalarSet: Sendable, Hashable {
    /// Scalars from the first to the last of each range.
    case ranges([ClosedRange<UInt32>])
    /// All scalars of some classes: one bit per raw value of `ScalarClass`.
    case classes(UInt16)
    case union([ScalarSet])
    case intersection([ScalarSet])
    case complement(ScalarSet)

    static let all = ScalarSet.classes(.max)

    static func scalar(_ value: UInt32) -> ScalarSet { .ranges([value...value]) }

    static func classes(where isIncluded: (ScalarClass) -> Bool) -> ScalarSet {
        .classes(ScalarClass.allCases.reduce(0) { isIncluded($1) ? $0 | 1 << UInt16($1.rawValue) : $0 })
    }

    /// `\s`
    static let space = classes { $0.isSpace }
    /// `\d`
    static let decimal = classes { $0 == .decimal }
    /// `[\w]`: alphabetic, marks, decimal digits and connectors. The ranges are the symbols that Unicode calls alphabetic.
    ///
    /// Source: Unicode Technical Standard 18, annex C, and PropList.txt (Other_Alphabetic) of Unicode 17.0.
    static let word = union([
        classes {
            $0.isLetter || $0.isMark || $0 == .decimal || $0 == .letterNumber || $0 == .connector
        },
        .ranges([0x24B6...0x24E9, 0x1F130...0x1F149, 0x1F150...0x1F169, 0x1F170...0x1F189]),
    ])
    /// `\w` outside of brackets, and what `\b` asks for: Oniguruma also counts six numbers of Latin-1 there, ², ³, ¹, ¼, ½
    /// and ¾, which its `[\w]` does not.
    static let wordOfPatterns = union([word, .ranges([0xB2...0xB3, 0xB9...0xB9, 0xBC...0xBE])])
    /// `\p{Han}`. Source: Scripts.txt of Unicode 17.0.
    static let han = ranges([
        0x2E80...0x2E99, 0x2E9B...0x2EF3, 0x2F00...0x2FD5, 0x3005...0x3005, 0x3007...0x3007, 0x3021...0x3029,
        0x3038...0x303B, 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xF900...0xFA6D, 0xFA70...0xFAD9, 0x16FE2...0x16FE3,
        0x16FF0...0x16FF6, 0x20000...0x2A6DF, 0x2A700...0x2B81D, 0x2B820...0x2CEAD, 0x2CEB0...0x2EBE0,
        0x2EBF0...0x2EE5D, 0x2F800...0x2FA1D, 0x30000...0x3134A, 0x31350...0x33479,
    ])

    /// The set that a property's name stands for; nil for one that is not known here.
    static func property(_ name: String) -> ScalarSet? {
        switch name {
        case "L", "Letter": classes { $0.isLetter }
        case "Lu": classes { $0 == .uppercase }
        case "Lt": classes { $0 == .titlecase }
        case "Ll": classes { $0 == .lowercase }
        case "Lm": classes { $0 == .modifierLetter }
        case "Lo": classes { $0 == .otherLetter }
        case "M", "Mark": classes { $0.isMark }
        case "Mn": classes { $0 == .nonspacingMark }
        case "N", "Number": classes { $0.isNumber }
        case "Nd": classes { $0 == .decimal }
        case "Nl": classes { $0 == .letterNumber }
        case "No": classes { $0 == .otherNumber }
        case "P", "Punct", "Punctuation": classes { $0.isPunctuation }
        case "Pc": classes { $0 == .connector }
        case "S", "Symbol": classes { $0 == .symbol }
        case "Z", "Separator": classes { $0 == .separator }
        case "C", "Other": .union([classes { $0 == .other || $0 == .controlSpace }])
        case "Han", "Script=Han": han
        default: nil
        }
    }

    func contains(_ value: UInt32, _ scalarClass: ScalarClass) -> Bool {
        switch self {
        case .ranges(let ranges): ranges.contains { $0.contains(value) }
        case .classes(let bits): bits >> UInt16(scalarClass.rawValue) & 1 == 1
        case .union(let sets): sets.contains { $0.contains(value, scalarClass) }
        case .intersection(let sets): sets.allSatisfy { $0.contains(value, scalarClass) }
        case .complement(let set): !set.contains(value, scalarClass)
        }
    }

    /// All ranges that the set is made of: beyond them its members depend on their class alone.
    var explicitRanges: [ClosedRange<UInt32>] {
        switch self {
        case .ranges(let ranges): ranges
        case .classes: []
        case .union(let sets), .intersection(let sets): sets.flatMap(\.explicitRanges)
        case .complement(let set): set.explicitRanges
        }
    }

    /// The scalar and those that differ from it only in case.
    static func ignoringCase(_ value: UInt32) -> ScalarSet {
        var ranges = [value...value]
        func add(_ text: String) {
            let scalars = Array(text.unicodeScalars)
            if scalars.count == 1 { ranges.append(scalars[0].value...scalars[0].value) }
        }
        if let scalar = Unicode.Scalar(value) {
            add(scalar.properties.lowercaseMapping)
            add(scalar.properties.uppercaseMapping)
        }
        // The two letters that fold to ASCII from outside it.
        if value | 0x20 == 0x73 { ranges.append(0x17F...0x17F) }
        if value | 0x20 == 0x6B { ranges.append(0x212A...0x212A) }
        return .ranges(ranges)
    }
}
