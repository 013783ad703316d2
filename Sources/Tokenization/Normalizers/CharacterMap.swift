/// SentencePiece's table of what characters become (`precompiled_charsmap`): a double array of 32-bit units that maps byte
/// strings to places among texts that end in zero.
///
/// Source: google/sentencepiece, src/normalizer.cc; s-yata/darts-clone for the units.
package struct CharacterMap: Sendable {
    private let units: [UInt32]
    private let texts: [UInt8]

    /// - Parameter bytes: `size of the units in bytes u32 | units | texts`, little-endian.
    /// - Throws: `.malformedCharacterMap`.
    package init(_ bytes: [UInt8]) throws(TokenizationError) {
        let wrong = TokenizationError("character map", .malformedCharacterMap(byteCount: bytes.count))
        guard bytes.count >= 8 else { throw wrong }
        func unit(at place: Int) -> UInt32 {
            UInt32(bytes[place]) | UInt32(bytes[place + 1]) << 8 | UInt32(bytes[place + 2]) << 16
                | UInt32(bytes[place + 3]) << 24
        }
        let size = Int(unit(at: 0))
        guard size >= 4, size % 4 == 0, size <= bytes.count - 4 else { throw wrong }
        units = stride(from: 4, to: 4 + size, by: 4).map(unit)
        texts = Array(bytes[(4 + size)...])
        guard texts.isEmpty || texts.last == 0 else { throw wrong }
    }

    /// The text that the longest, or the shortest, known beginning of `text` at `start` becomes.
    func replacement(
        at start: Int, in text: Span<UInt8>, longest: Bool
    ) -> (byteCount: Int, text: ArraySlice<UInt8>)? {
        var found: (byteCount: Int, place: Int)?
        var node = offset(of: units[0])
        var place = start
        while place < text.count, text[place] != 0 {
            node ^= UInt32(text[place])
            guard node < units.count else { break }
            let unit = units[Int(node)]
            guard unit & (1 << 31 | 0xFF) == UInt32(text[place]) else { break }
            node ^= offset(of: unit)
            place += 1
            if unit >> 8 & 1 == 1, node < units.count {
                found = (place - start, Int(units[Int(node)] & 0x7FFF_FFFF))
                if !longest { break }
            }
        }
        guard let found, found.place < texts.count else { return nil }
        return (found.byteCount, texts[found.place...].prefix { $0 != 0 })
    }

    private func offset(of unit: UInt32) -> UInt32 { (unit >> 10) << ((unit & 1 << 9) >> 6) }
}

/// `Precompiled`: characters of up to five bytes as a whole, else scalar by scalar; a beginning that the map knows decides.
package struct CharacterMapping: Normalizer {
    let map: CharacterMap

    package init(_ map: CharacterMap) { self.map = map }

    package func normalize(_ text: [UInt8]) -> [UInt8] {
        guard let string = String(validating: text, as: UTF8.self) else { return text }
        var result: [UInt8] = []
        result.reserveCapacity(text.count)
        for character in string {
            let bytes = Array(character.utf8)
            if bytes.count < 6, let found = map.replacement(at: 0, in: bytes.span, longest: false) {
                result += found.text
                continue
            }
            forEachScalar(of: bytes) { _, scalar in
                let single = Array(scalar)
                result += map.replacement(at: 0, in: single.span, longest: false)?.text ?? scalar
            }
        }
        return result
    }
}

/// SentencePiece's own normalization, as GGUF's `t5` asks for it: the longest beginning that the map knows decides, and white
/// space becomes `▁`.
struct SentencePieceNormalizer: Normalizer {
    let map: CharacterMap?
    let addsSpacePrefix: Bool
    let removesExtraSpaces: Bool

    func normalize(_ text: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(text.count + text.count / 2)
        var isInsideWord = false, hasSpace = false
        func append(_ bytes: ArraySlice<UInt8>) {
            for byte in bytes {
                if byte == UInt8(ascii: " ") {
                    isInsideWord = false
                    if !removesExtraSpaces { result += "▁".utf8 }
                    continue
                }
                if !isInsideWord {
                    isInsideWord = true
                    if addsSpacePrefix && !hasSpace || removesExtraSpaces && (hasSpace || addsSpacePrefix) {
                        result += "▁".utf8
                    }
                    hasSpace = true
                }
                result.append(byte)
            }
        }
        var place = 0
        while place < text.count {
            if let found = map?.replacement(at: place, in: text.span, longest: true) {
                append(found.text)
                place += found.byteCount
                continue
            }
            let scalar = ClassifiedScalar(at: place, in: text.span)
            if scalar.value == .max {
                append([0xEF, 0xBF, 0xBD])
            } else {
                append(text[place..<place + scalar.byteCount])
            }
            place += scalar.byteCount
        }
        return result
    }
}
