/// Chooses the next token of one request. It owns the request's generator, so that no other request can change what comes out.
///
/// The same seed, options, logits and history give the same token on every machine: weights are computed with `PortableMath`, sums
/// run in a fixed order, and equal logits are ranked by id.
package struct Sampler: Sendable {
    /// The seed in use, drawn where the options gave none.
    package let seed: UInt64
    private let chain: SamplingChain
    private var generator: Xoshiro256
    private var candidates: Candidates

    /// - Parameters:
    ///   - constraints: Masks from outside (a grammar); they work after the penalties and before the filters.
    /// - Throws: `SamplingError` with `.outOfRange` or `.unknownToken` for an option that cannot be used.
    /// - Precondition: `vocabularySize` is positive.
    package init(
        options: SamplingOptions, vocabularySize: Int, constraints: [any LogitProcessor] = []
    ) throws(SamplingError) {
        try options.validate()
        if let stranger = options.logitBias.keys.filter({ Int($0) >= vocabularySize }).min() {
            throw SamplingError(
                field: "logit_bias", problem: .unknownToken(tokenID: stranger, vocabularySize: vocabularySize))
        }
        seed = options.seed ?? UInt64.random(in: .min ... .max)
        generator = Xoshiro256(seed: seed)
        chain = SamplingChain(options: options, constraints: constraints)
        candidates = Candidates(vocabularySize: vocabularySize)
    }

    /// Chooses a token. Takes one number from the generator, or none where the choice is greedy.
    ///
    /// - Parameters:
    ///   - logits: `[V]`.
    ///   - history: The tokens before it; the caller appends the chosen one.
    /// - Throws: `SamplingError` with `.invalidLogits` (NaN or +∞ anywhere, −∞ everywhere) or `.noCandidates` (a constraint).
    /// - Precondition: `logits` has one element per token of the vocabulary.
    /// - Complexity: O(V) with top-k or greedy choice; no sort of the vocabulary unless a top-p set is that large.
    package mutating func sample(_ logits: Span<Float>, history: TokenHistory) throws(SamplingError) -> Int32 {
        try candidates.fill(from: logits)
        if !chain.edits.isEmpty {
            for processor in chain.edits { processor.process(&candidates, history: history) }
            try candidates.updateMaximum()
        }
        if chain.isGreedy { return candidates.best }
        for processor in chain.filters { processor.process(&candidates, history: history) }
        return candidates.choose(at: generator.nextUnit())
    }
}
