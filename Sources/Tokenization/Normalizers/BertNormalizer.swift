/// What BERT does to text: controls removed, every white space a space, ideographs apart, accents removed, lower case.
///
/// Source: google-research/bert, tokenization.py; where huggingface/tokenizers departs from it (bert.rs), as there.
package struct BertNormalizer: Normalizer {
    let cleansText: Bool
    let spacesIdeographs: Bool
    let stripsAccents: Bool
    let lowersCase: Bool

    /// - Parameter stripsAccents: nil: where case is lowered.
    package init(
        cleansText: Bool = true, spacesIdeographs: Bool = true, stripsAccents: Bool? = nil, lowersCase: Bool = true
    ) {
        self.cleansText = cleansText
        self.spacesIdeographs = spacesIdeographs
        self.stripsAccents = stripsAccents ?? lowersCase
        self.lowersCase = lowersCase
    }

    package func normalize(_ text: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(text.count)
        forEachScalar(of: text) { scalar, bytes in
            if cleansText {
                if Self.isRemoved(scalar) { return }
                if scalar.scalarClass.isSpace { return result.append(UInt8(ascii: " ")) }
            }
            if spacesIdeographs, Self.isIdeograph(scalar.value) {
                result.append(UInt8(ascii: " "))
                result += bytes
                result.append(UInt8(ascii: " "))
            } else {
                result += bytes
            }
        }
        if stripsAccents {
            result = UnicodeForm.decomposed.normalize(result)
            result = MarkRemoval(onlyNonspacing: true).normalize(result)
        }
        return lowersCase ? Lowercase().normalize(result) : result
    }

    /// Zero, the replacement character, and controls, formats and private use but for tabs and line ends.
    private static func isRemoved(_ scalar: ClassifiedScalar) -> Bool {
        switch scalar.value {
        case 0, 0xFFFD: true
        case 9, 10, 13: false
        case .max: false
        default:
            scalar.scalarClass == .controlSpace
                || scalar.scalarClass == .other
                    && Unicode.Scalar(scalar.value)?.properties.generalCategory != .unassigned
        }
    }

    /// The fourth block of extensions begins late, as it does in the library that models are trained with.
    private static func isIdeograph(_ value: UInt32) -> Bool {
        switch value {
        case 0x4E00...0x9FFF, 0x3400...0x4DBF, 0x20000...0x2A6DF, 0x2A700...0x2B73F, 0x2B740...0x2B81F,
            0x2B920...0x2CEAF, 0xF900...0xFAFF, 0x2F800...0x2FA1F:
            true
        default: false
        }
    }
}
