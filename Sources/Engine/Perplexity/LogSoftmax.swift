internal import Sampling

/// Logarithms of probabilities out of rows of logits, in Double.
enum LogSoftmax {
    /// What one row of logits says.
    struct Row {
        /// max + ln Σ exp(xᵢ − max): the logarithm of a token's probability is its logit less this.
        let logTotal: Double
        /// The likeliest token; of equal ones the first.
        let best: Int
    }

    /// - Parameter logits: `[V]`, not empty.
    static func row(_ logits: UnsafeBufferPointer<Float>) -> Row {
        var best = 0
        for index in logits.indices where logits[index] > logits[best] { best = index }
        let maximum = Double(logits[best])
        var total = 0.0
        forEachEight(logits.count) { range in
            total += (exponential(logits, range, less: maximum)).sum()
        }
        return Row(logTotal: maximum + PortableMath.logarithm(total), best: best)
    }

    /// Σ p ln (p / q): how much the distribution q of `logits` misses of the distribution p of `reference`, in nats.
    ///
    /// - Precondition: Both have the same length.
    static func divergence(
        of logits: UnsafeBufferPointer<Float>, _ row: Row, from reference: UnsafeBufferPointer<Float>,
        _ referenceRow: Row
    ) -> Double {
        precondition(logits.count == reference.count, "divergence: \(logits.count) and \(reference.count) logits")
        var sum = 0.0
        let shift = row.logTotal - referenceRow.logTotal
        forEachEight(logits.count) { range in
            let probability = exponential(reference, range, less: referenceRow.logTotal)
            var difference = SIMD8<Double>()
            for (lane, index) in range.enumerated() {
                difference[lane] = Double(reference[index]) - Double(logits[index]) + shift
            }
            // Where a token has no probability at all, its logit may be anything, −∞ too.
            sum += (probability * difference).replacing(with: 0, where: probability .== 0).sum()
        }
        return max(sum, 0)
    }

    @inline(__always)
    private static func exponential(
        _ logits: UnsafeBufferPointer<Float>, _ range: Range<Int>, less offset: Double
    ) -> SIMD8<Double> {
        var values = SIMD8<Double>(repeating: -.infinity)
        for (lane, index) in range.enumerated() { values[lane] = Double(logits[index]) - offset }
        return PortableMath.exponential(values)
    }

    @inline(__always)
    private static func forEachEight(_ count: Int, _ body: (Range<Int>) -> Void) {
        for start in stride(from: 0, to: count, by: 8) { body(start..<min(start + 8, count)) }
    }
}
