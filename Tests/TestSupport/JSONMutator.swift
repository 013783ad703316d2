/// Breaks a file with JSON in it in one or two places per step: bits, bytes, digits, and the letters that JSON is made of.
package struct JSONMutator: Sendable {
    private let original: [UInt8]
    private var generator: SeededGenerator

    package init(_ original: [UInt8], seed: UInt64) {
        self.original = original
        generator = SeededGenerator(seed: seed)
    }

    package mutating func next() -> [UInt8] {
        var bytes = original
        for _ in 0..<Int.random(in: 1...2, using: &generator) { mutate(&bytes) }
        return bytes
    }

    private mutating func mutate(_ bytes: inout [UInt8]) {
        let index = Int.random(in: 0..<bytes.count, using: &generator)
        switch Int.random(in: 0..<6, using: &generator) {
        case 0: bytes[index] ^= 1 << UInt8.random(in: 0...7, using: &generator)
        case 1: bytes[index] = UInt8.random(in: 0...255, using: &generator)
        case 2:  // another digit where there is one
            if let digit = bytes[index...].firstIndex(where: { (0x30...0x39).contains($0) }) {
                bytes[digit] = UInt8.random(in: 0x30...0x39, using: &generator)
            }
        case 3:
            let huge = ["9223372036854775807", "18446744073709551616", "1e308", "-1", "null", "[", "{", "\"\\ud800\""]
            bytes.insert(contentsOf: (huge.randomElement(using: &generator) ?? "").utf8, at: index)
        case 4: bytes.insert(#"[]{},:"\ "#.utf8.randomElement(using: &generator) ?? 0x20, at: index)
        default: if bytes.count > 16 { bytes.remove(at: index) }
        }
    }
}
