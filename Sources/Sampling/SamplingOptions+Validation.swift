extension SamplingOptions {
    /// Checks every option against the range that its description states.
    ///
    /// - Throws: `SamplingError` with `.outOfRange`, naming the first field at fault; NaN and infinities are out of range.
    ///   Whether biased tokens exist is known only to a `Sampler`.
    public func validate() throws(SamplingError) {
        try require(temperature, "temperature", "within 0...5") { (0...5).contains($0) }
        try require(topK, "top_k", "0 or more") { $0 >= 0 }
        try require(topP, "top_p", "above 0 and at most 1") { $0 > 0 && $0 <= 1 }
        try require(minP, "min_p", "within 0...1") { (0...1).contains($0) }
        try require(repetitionPenalty, "repetition_penalty", "above 0 and at most 10") { $0 > 0 && $0 <= 10 }
        try require(presencePenalty, "presence_penalty", "within -2...2") { (-2...2).contains($0) }
        try require(frequencyPenalty, "frequency_penalty", "within -2...2") { (-2...2).contains($0) }
        try require(penaltyWindow, "penalty_window", "-1 (all) or more") { $0 >= -1 }
        for (tokenID, bias) in logitBias.sorted(by: { $0.key < $1.key }) {
            try require(tokenID, "logit_bias", "a token id, 0 or more") { $0 >= 0 }
            try require(bias, "logit_bias", "within -100...100") { (-100...100).contains($0) }
        }
    }

    /// NaN fails every comparison, so `accepts` refuses it without a case of its own.
    private func require<Value>(
        _ value: Value, _ field: String, _ range: String, accepts: (Value) -> Bool
    ) throws(SamplingError) {
        guard accepts(value) else {
            throw SamplingError(field: field, problem: .outOfRange(value: "\(value)", range: range))
        }
    }
}
