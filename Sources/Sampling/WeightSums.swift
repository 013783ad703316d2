/// Sums of weights, exp((x − maximum) / temperature), over a whole vocabulary: one for each block of tokens, so that a choice needs to
/// look into only one of them.
struct WeightSums {
    static let blockSize = 1024

    /// The sum of all weights; at least 1, for `maximum` weighs that.
    let total: Double
    private let blocks: [Double]
    private let maximum: Double
    private let temperature: Double

    /// - Parameters:
    ///   - logits: `[V]`, without NaN.
    ///   - maximum: The largest of them, finite.
    init(of logits: Span<Float>, maximum: Float, temperature: Double) {
        self.maximum = Double(maximum)
        self.temperature = temperature
        var blocks: [Double] = []
        var total = 0.0
        for start in stride(from: 0, to: logits.count, by: Self.blockSize) {
            let block = logits.extracting(start..<min(start + Self.blockSize, logits.count))
            let sum = Self.sum(block, maximum: self.maximum, temperature: temperature)
            blocks.append(sum)
            total += sum
        }
        self.blocks = blocks
        self.total = total
    }

    /// The token in whose part of [0, 1) `point` falls, parts being as long as probabilities, in the order of ids.
    ///
    /// - Precondition: `logits` are those that were summed.
    func tokenIndex(at point: Double, in logits: Span<Float>) -> Int {
        var rest = point * total
        var block = 0
        while block < blocks.count - 1, rest >= blocks[block] {
            rest -= blocks[block]
            block += 1
        }
        // Inside the block weights are added in another order than in its sum; what a rounding error leaves over falls to the
        // last token of the block that has a weight at all.
        let start = block * Self.blockSize
        var last = start
        for index in start..<min(start + Self.blockSize, logits.count) {
            let weight = PortableMath.exponential((Double(logits[index]) - maximum) / temperature)
            if weight > 0 { last = index }
            rest -= weight
            if rest < 0 { return index }
        }
        return last
    }

    private static func sum(_ logits: Span<Float>, maximum: Double, temperature: Double) -> Double {
        logits.withUnsafeBytes { bytes in
            var lanes = SIMD8<Double>()
            let full = logits.count / 8
            for group in 0..<full {
                let values = bytes.loadUnaligned(fromByteOffset: group * 32, as: SIMD8<Float>.self)
                lanes += PortableMath.exponential((SIMD8<Double>(values) - maximum) / temperature)
            }
            var sum = 0.0
            for lane in 0..<8 { sum += lanes[lane] }
            for index in (full * 8)..<logits.count {
                sum += PortableMath.exponential((Double(logits[index]) - maximum) / temperature)
            }
            return sum
        }
    }
}
