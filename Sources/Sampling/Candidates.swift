/// A token that may be chosen, with its logit.
package struct Candidate: Sendable, Equatable {
    package let tokenID: Int32
    package let logit: Float

    package init(tokenID: Int32, logit: Float) {
        self.tokenID = tokenID
        self.logit = logit
    }

    /// The likelier one first; of equal ones the lower id.
    static func ranksBefore(_ a: Candidate, _ b: Candidate) -> Bool {
        a.logit > b.logit || (a.logit == b.logit && a.tokenID < b.tokenID)
    }
}

/// What is left to choose from. At first every token of the vocabulary, in the order of ids; once a filter has worked, a ranking,
/// best first.
///
/// Logits are changed before the first filter works (`adjust`, `ban`), and ranked after.
package struct Candidates: Sendable {
    /// `[V]`; −∞ is banned, all others are finite.
    private(set) var logits: [Float]
    /// The survivors of the filters, best first; nil while all tokens that are not banned take part.
    package private(set) var ranking: [Candidate]?
    /// The largest logit of all candidates; −∞ when none is left. No filter removes it.
    package private(set) var maximum: Float = -.infinity
    /// What logits are divided by when they become weights.
    package var temperature = 1.0

    /// - Precondition: `vocabularySize` is positive.
    package init(vocabularySize: Int) {
        precondition(vocabularySize > 0, "Candidates: vocabulary of \(vocabularySize)")
        logits = [Float](repeating: -.infinity, count: vocabularySize)
    }

    package var vocabularySize: Int { logits.count }

    /// Starts over with a model's logits.
    ///
    /// - Parameter source: `[V]`.
    /// - Throws: `SamplingError.invalidLogits` for NaN or +∞ anywhere and for −∞ everywhere.
    /// - Precondition: `source` has `vocabularySize` elements.
    package mutating func fill(from source: Span<Float>) throws(SamplingError) {
        precondition(source.count == logits.count, "Candidates.fill: \(source.count) logits, \(logits.count) tokens")
        maximum = try LogitScan.maximum(of: source)
        source.withUnsafeBufferPointer { values in
            logits.withUnsafeMutableBufferPointer { _ = $0.update(fromContentsOf: values) }
        }
        ranking = nil
        temperature = 1
    }

    /// Changes one logit. Ids outside the vocabulary and banned tokens stay as they are; the result is kept finite.
    package mutating func adjust(_ tokenID: Int32, by change: (Double) -> Double) {
        let index = Int(tokenID)
        guard logits.indices.contains(index), logits[index] > -.infinity else { return }
        let limit = Double(Float.greatestFiniteMagnitude)
        logits[index] = Float(min(max(change(Double(logits[index])), -limit), limit))
    }

    /// Takes one token out of the choice.
    package mutating func ban(_ tokenID: Int32) {
        if logits.indices.contains(Int(tokenID)) { logits[Int(tokenID)] = -.infinity }
    }

    /// Finds the maximum again after logits have been changed.
    ///
    /// - Throws: `SamplingError.noCandidates` when every token is banned.
    mutating func updateMaximum() throws(SamplingError) {
        maximum = LogitScan.uncheckedMaximum(of: logits.span)
        guard maximum > -.infinity else { throw SamplingError(problem: .noCandidates) }
    }

    /// The likeliest token, the lowest id of equal ones.
    package var best: Int32 {
        if let first = ranking?.first { return first.tokenID }
        return Int32(truncatingIfNeeded: LogitScan.firstIndex(of: maximum, in: logits.span) ?? 0)
    }
}

// MARK: - Filters

extension Candidates {
    /// The `count` likeliest candidates, best first; fewer where fewer are left.
    package func best(_ count: Int) -> [Candidate] {
        ranking.map { Array($0.prefix(count)) } ?? LogitScan.best(count, in: logits.span)
    }

    package mutating func keepBest(_ count: Int) {
        if count < ranking?.count ?? logits.count { ranking = best(count) }
    }

    /// - Parameter survivors: Candidates of now, best first, not empty.
    mutating func keep(_ survivors: ArraySlice<Candidate>) { ranking = Array(survivors) }

    /// Keeps candidates whose logit is not below `threshold`.
    mutating func keep(atLeast threshold: Double) {
        if let ranking {
            self.ranking = Array(ranking.prefix { Double($0.logit) >= threshold })
        } else {
            ranking = LogitScan.all(atLeast: threshold, in: logits.span).sorted(by: Candidate.ranksBefore)
        }
    }
}

// MARK: - Choice

extension Candidates {
    /// The unnormalized probability of a logit: 1 for the likeliest candidate.
    @inline(__always)
    func weight(_ logit: Float) -> Double {
        PortableMath.exponential((Double(logit) - Double(maximum)) / temperature)
    }

    /// The sum of all candidates' weights.
    func totalWeight() -> Double {
        guard let ranking else {
            return WeightSums(of: logits.span, maximum: maximum, temperature: temperature).total
        }
        return ranking.reduce(0) { $0 + weight($1.logit) }
    }

    /// The candidate in whose part of [0, 1) `point` falls, parts being as long as probabilities, in the candidates' order.
    func choose(at point: Double) -> Int32 {
        guard let ranking else {
            let sums = WeightSums(of: logits.span, maximum: maximum, temperature: temperature)
            return Int32(truncatingIfNeeded: sums.tokenIndex(at: point, in: logits.span))
        }
        let target = point * totalWeight()
        var sum = 0.0
        for candidate in ranking {
            sum += weight(candidate.logit)
            if sum > target { return candidate.tokenID }
        }
        return best  // never reached: the last sum is the total, and point is below 1
    }
}
