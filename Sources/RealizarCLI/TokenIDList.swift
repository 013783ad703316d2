import ArgumentParser

/// Token ids as people write them: `1,2,3`, `1 2 3`, `[1, 2, 3]`.
enum TokenIDList {
    /// - Throws: `ValidationError` for anything that is not an id.
    static func parse(_ text: String) throws -> [Int32] {
        try text.split { $0 == "," || $0 == "[" || $0 == "]" || $0.isWhitespace }.map { word in
            guard let tokenID = Int32(word), tokenID >= 0 else {
                throw ValidationError("'\(String(word).printable.shortened(to: 40))' is not a token id")
            }
            return tokenID
        }
    }
}
