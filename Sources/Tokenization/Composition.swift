@_spi(_Unicode) import Swift

/// UTF-8 in Unicode's form NFC: letters and their marks as one scalar where there is one. Bytes that are not UTF-8 stay.
///
/// The standard library has the tables, as it compares strings by them, and lends them under `_Unicode`.
/// Source: Unicode Standard Annex 15.
func composed(_ text: [UInt8]) -> [UInt8] {
    // Text in ASCII is composed.
    guard text.contains(where: { $0 >= 0x80 }), let string = String(validating: text, as: UTF8.self) else {
        return text
    }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(text.count)
    for scalar in string._nfc { bytes.append(contentsOf: Character(scalar).utf8) }
    return bytes
}
