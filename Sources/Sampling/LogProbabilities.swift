/// Natural logarithms of probabilities under the model's unmodified distribution, for a chosen token and the likeliest ones.
package struct LogProbabilities: Sendable, Equatable {
    package struct Entry: Sendable, Equatable {
        package let tokenID: Int32
        package let logProbability: Double
    }

    package let chosen: Entry
    /// Best first; of equal ones the lower ids.
    package let top: [Entry]

    /// log pᵢ = (xᵢ − max) − log Σ exp(xⱼ − max), in Double: nothing overflows, whatever the logits.
    ///
    /// - Parameters:
    ///   - logits: `[V]`, as the model gave them.
    ///   - topCount: How many of the likeliest tokens to report.
    /// - Throws: `SamplingError.invalidLogits` as `Sampler.sample` does.
    /// - Precondition: `chosen` is a token of the vocabulary.
    package init(logits: Span<Float>, chosen: Int32, topCount: Int) throws(SamplingError) {
        precondition(logits.indices.contains(Int(chosen)), "LogProbabilities: token \(chosen) of \(logits.count)")
        let largest = try LogitScan.maximum(of: logits)
        let logSum = PortableMath.logarithm(WeightSums(of: logits, maximum: largest, temperature: 1).total)
        let maximum = Double(largest)
        func entry(_ tokenID: Int32, _ logit: Float) -> Entry {
            Entry(tokenID: tokenID, logProbability: (Double(logit) - maximum) - logSum)
        }
        self.chosen = entry(chosen, logits[Int(chosen)])
        top = LogitScan.best(topCount, in: logits).map { entry($0.tokenID, $0.logit) }
    }
}
