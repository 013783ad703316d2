/// The processors of a request, in order.
///
/// | step | why there |
/// |---|---|
/// | logit bias | the client speaks of the model's own logits |
/// | repetition, presence, frequency penalty | repetition scales logits, so it comes before anything is subtracted |
/// | constraints | what may not follow is decided last among the edits, and no edit brings it back |
/// | top-k | cheapest, and makes the next steps short |
/// | top-p | a share of what top-k has left |
/// | min-p | relative to the likeliest, whom no step removes |
/// | temperature | last: the filters judge the model's own distribution, so a high temperature cannot let its tail in |
///
/// It is the order that users of llama.cpp know. An option at its neutral value adds no processor.
struct SamplingChain: Sendable {
    /// Change logits.
    let edits: [any LogitProcessor]
    /// Remove candidates and shape what is left; not needed for a greedy choice, as none removes the likeliest.
    let filters: [any LogitProcessor]
    let isGreedy: Bool

    /// - Precondition: `options` are valid.
    init(options: SamplingOptions, constraints: [any LogitProcessor]) {
        var edits: [any LogitProcessor] = []
        if !options.logitBias.isEmpty { edits.append(LogitBias(options.logitBias)) }
        if options.repetitionPenalty != 1, options.penaltyWindow != 0 {
            edits.append(RepetitionPenalty(penalty: options.repetitionPenalty, window: options.penaltyWindow))
        }
        if options.presencePenalty != 0 { edits.append(PresencePenalty(penalty: options.presencePenalty)) }
        if options.frequencyPenalty != 0 { edits.append(FrequencyPenalty(penalty: options.frequencyPenalty)) }
        self.edits = edits + constraints

        isGreedy = options.temperature == 0
        var filters: [any LogitProcessor] = []
        if options.topK > 0 { filters.append(TopKFilter(count: options.topK)) }
        if options.topP < 1 { filters.append(TopPFilter(share: options.topP)) }
        if options.minP > 0 { filters.append(MinPFilter(share: options.minP)) }
        if !isGreedy, options.temperature != 1 { filters.append(Temperature(options.temperature)) }
        self.filters = filters
    }
}
