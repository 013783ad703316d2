@_spi(_Unicode) import Swift

/// Unicode's normalization forms. Text that is not UTF-8 stays as it is.
///
/// The standard library has the tables of the canonical forms, as it compares strings by them, and lends them under
/// `_Unicode`. Source: Unicode Standard Annex 15.
package enum UnicodeForm: String, Normalizer {
    case composed = "NFC"
    case decomposed = "NFD"
    case compatiblyComposed = "NFKC"
    case compatiblyDecomposed = "NFKD"

    package func normalize(_ text: [UInt8]) -> [UInt8] {
        // Text in ASCII is in every form.
        guard text.contains(where: { $0 >= 0x80 }), let string = String(validating: text, as: UTF8.self) else {
            return text
        }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.count)
        switch self {
        case .composed: for scalar in string._nfc { append(scalar, to: &bytes) }
        case .decomposed: for scalar in string._nfd { append(scalar, to: &bytes) }
        case .compatiblyComposed: for scalar in Self.compatible(string)._nfc { append(scalar, to: &bytes) }
        case .compatiblyDecomposed: for scalar in Self.compatible(string)._nfd { append(scalar, to: &bytes) }
        }
        return bytes
    }

    private func append(_ scalar: Unicode.Scalar, to bytes: inout [UInt8]) {
        if scalar.isASCII {
            bytes.append(UInt8(truncatingIfNeeded: scalar.value))
        } else {
            UTF8.encode(scalar).map { bytes += $0 }
        }
    }

    /// With the compatibility decomposition of each scalar that has one; marks are not in their order yet.
    private static func compatible(_ string: String) -> String {
        var scalars = String.UnicodeScalarView()
        for scalar in string.unicodeScalars {
            guard let place = place(of: scalar.value) else {
                scalars.append(scalar)
                continue
            }
            let start = place == 0 ? 0 : Int(CompatibilityTable.ends[place - 1])
            for value in CompatibilityTable.values[start..<Int(CompatibilityTable.ends[place])] {
                if let scalar = Unicode.Scalar(value) { scalars.append(scalar) }
            }
        }
        return String(scalars)
    }

    private static func place(of value: UInt32) -> Int? {
        guard value >= 0x80 else { return nil }
        var low = 0, high = CompatibilityTable.scalars.count
        while low < high {
            let middle = (low + high) / 2
            if CompatibilityTable.scalars[middle] < value { low = middle + 1 } else { high = middle }
        }
        return low < CompatibilityTable.scalars.count && CompatibilityTable.scalars[low] == value ? low : nil
    }
}
