/// The letters that byte-level vocabularies write bytes with, so that every token is printable text.
///
/// Printable Latin-1 bytes stand for themselves; the other 68 are U+0100, U+0101, ... in order of the byte.
/// Source: `bytes_to_unicode` of the GPT-2 release (openai/gpt-2, src/encoder.py).
package enum ByteLevelAlphabet {
    /// By scalar value, below 0x144: the byte, or −1.
    private static let byteOfScalar: [Int16] = {
        var table = [Int16](repeating: -1, count: 0x144)
        var next = 0x100
        for byte in 0..<256 {
            let isPrintable = (0x21...0x7E).contains(byte) || (0xA1...0xAC).contains(byte) || byte >= 0xAE
            if isPrintable {
                table[byte] = Int16(byte)
            } else {
                table[next] = Int16(byte)
                next += 1
            }
        }
        return table
    }()

    /// `[256]`, the scalar that each byte is written as.
    private static let scalarOfByte: [UInt32] = {
        var table = [UInt32](repeating: 0, count: 256)
        for (scalar, byte) in byteOfScalar.enumerated() where byte >= 0 { table[Int(byte)] = UInt32(scalar) }
        return table
    }()

    /// The letter that a byte is written as.
    package static func letter(of byte: UInt8) -> [UInt8] {
        var letter: [UInt8] = []
        append(byte, to: &letter)
        return letter
    }

    /// Appends the letter that a byte is written as.
    static func append(_ byte: UInt8, to text: inout [UInt8]) {
        let scalar = scalarOfByte[Int(byte)]
        if scalar < 0x80 {
            text.append(UInt8(truncatingIfNeeded: scalar))
        } else {
            text.append(UInt8(truncatingIfNeeded: 0xC0 | scalar >> 6))
            text.append(UInt8(truncatingIfNeeded: 0x80 | scalar & 0x3F))
        }
    }

    /// Appends the bytes that `text` stands for.
    /// - Returns: false, with nothing appended, where `text` has a letter outside the alphabet.
    static func decode(_ text: ArraySlice<UInt8>, into bytes: inout [UInt8]) -> Bool {
        let start = bytes.count
        let table = byteOfScalar
        var i = text.startIndex
        while i < text.endIndex {
            var scalar = Int(text[i])
            // The alphabet ends at U+0143, so letters have one or two bytes, led by C2 to C5.
            if scalar >= 0x80, i + 1 < text.endIndex, text[i + 1] & 0xC0 == 0x80, (0xC2...0xC5).contains(scalar) {
                scalar = (scalar & 0x1F) << 6 | Int(text[i + 1] & 0x3F)
                i += 1
            } else if scalar >= 0x80 {
                scalar = table.count
            }
            guard scalar < table.count, table[scalar] >= 0 else {
                bytes.removeSubrange(start...)
                return false
            }
            bytes.append(UInt8(truncatingIfNeeded: table[scalar]))
            i += 1
        }
        return true
    }
}
