/// Makes the ids of an answer's calls, which models leave to whoever runs them.
package struct ToolCallIDs: Sendable {
    /// What ids look like.
    package enum Style: Sendable {
        /// `call_` and 24 letters and digits, as OpenAI's API makes them.
        case prefixed
        /// 9 letters and digits: Mistral's templates refuse any other.
        case nine
    }

    private static let letters = Array("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")

    private let style: Style
    private var state: UInt64

    /// - Parameter seed: the same seed gives the same ids.
    package init(style: Style = .prefixed, seed: UInt64) {
        self.style = style
        state = seed
    }

    mutating func next() -> String {
        switch style {
        case .prefixed: "call_" + letters(count: 24)
        case .nine: letters(count: 9)
        }
    }

    private mutating func letters(count: Int) -> String {
        var result = ""
        for _ in 0..<count { result.append(Self.letters[Int(random() % UInt64(Self.letters.count))]) }
        return result
    }

    /// SplitMix64 (Steele et al. 2014).
    private mutating func random() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}
