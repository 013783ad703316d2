import APIProtocols
import Engine
import Sampling

extension GenerationOptions {
    /// The options that a request asks for; what it leaves out is as `SamplingOptions` has it.
    init(_ fields: SamplingFields, maximumTokenCount: Int?, topLogProbabilityCount: Int?) {
        self.init()
        self.maximumTokenCount = maximumTokenCount
        self.topLogProbabilityCount = topLogProbabilityCount
        stopSequences = fields.stopSequences
        ignoresEndOfGeneration = fields.ignoresEndOfGeneration
        sampling = SamplingOptions(fields)
    }
}

extension SamplingOptions {
    fileprivate init(_ fields: SamplingFields) {
        self.init()
        if let value = fields.temperature { temperature = value }
        // The sampler wants more than 0; the least number above keeps the likeliest token alone, which 0 means too.
        if let value = fields.topP { topP = max(value, .leastNormalMagnitude) }
        if let value = fields.topK { topK = value }
        if let value = fields.minP { minP = value }
        if let value = fields.repetitionPenalty { repetitionPenalty = value }
        if let value = fields.presencePenalty { presencePenalty = value }
        if let value = fields.frequencyPenalty { frequencyPenalty = value }
        logitBias = fields.logitBias
        seed = fields.seed
    }
}
