import Sampling
import Testing

@Suite("Bias and penalties")
struct PenaltyTests {
    /// The logits of tokens 0... after one processor.
    func processed(_ logits: [Float], _ processor: any LogitProcessor, history: TokenHistory) throws -> [Float] {
        var candidates = Candidates(vocabularySize: logits.count)
        try candidates.fill(from: logits.span)
        processor.process(&candidates, history: history)
        return candidates.best(logits.count).sorted { $0.tokenID < $1.tokenID }.map(\.logit)
    }

    func history(prompt: [Int32], answer: [Int32] = []) -> TokenHistory {
        var history = TokenHistory(promptTokenIDs: prompt)
        for tokenID in answer { history.append(tokenID) }
        return history
    }

    @Test func `repetition divides positive and multiplies negative logits once per token`() throws {
        let history = history(prompt: [0, 1], answer: [1, 1, 2])
        let logits = try processed([3, -3, 0, 5], RepetitionPenalty(penalty: 1.5, window: -1), history: history)
        #expect(logits == [2, -4.5, 0, 5])
    }

    @Test(arguments: [
        (0, [8, 8, 8, 8]), (1, [8, 8, 8, 4]), (3, [8, 4, 4, 4]), (64, [4, 4, 4, 4]), (-1, [4, 4, 4, 4]),
    ])
    func `repetition looks at the latest tokens of prompt and answer`(window: Int, expected: [Float]) throws {
        let history = history(prompt: [0, 1], answer: [2, 3])
        #expect(
            try processed([8, 8, 8, 8], RepetitionPenalty(penalty: 2, window: window), history: history) == expected)
    }

    @Test func `presence subtracts once for tokens of the answer only`() throws {
        let history = history(prompt: [0, 1], answer: [1, 2, 2, 2])
        #expect(try processed([1, 1, 1, 1], PresencePenalty(penalty: 0.5), history: history) == [1, 0.5, 0.5, 1])
    }

    @Test func `frequency subtracts per occurrence in the answer only`() throws {
        let history = history(prompt: [0, 0, 1], answer: [1, 2, 2, 2])
        #expect(try processed([1, 1, 1, 1], FrequencyPenalty(penalty: 0.25), history: history) == [1, 0.75, 0.25, 1])
        #expect(try processed([1, 1, 1, 1], FrequencyPenalty(penalty: -1), history: history) == [1, 2, 4, 1])
    }

    @Test func `bias is added to its tokens only`() throws {
        #expect(
            try processed([1, 2, 3], LogitBias([0: 2.5, 2: -100]), history: history(prompt: [])) == [3.5, 2, -97])
    }

    @Test func `a bias of -100 bans and one of 100 forces`() throws {
        let logits: [Float] = [20, 1, 0, -5]
        var options = SamplingOptions()
        options.seed = 4
        options.logitBias = [0: -100]
        #expect(try !draw(1000, logits, options).contains(0))
        options.logitBias = [3: 100]
        #expect(try draw(1000, logits, options).allSatisfy { $0 == 3 })
    }

    @Test func `penalties move a greedy choice`() throws {
        var options = SamplingOptions.greedy
        options.presencePenalty = 1
        var sampler = try Sampler(options: options, vocabularySize: 3)
        var history = TokenHistory(promptTokenIDs: [0])
        let logits: [Float] = [2, 1.5, 1.25]
        // 2 wins; then 2−1 < 1.5; then 1.25 beats 1 and 0.5; then 1 is the largest again.
        for _ in 0..<4 { history.append(try sampler.sample(logits.span, history: history)) }
        #expect(history.tokenIDs == [0, 0, 1, 2, 0])
    }

    private func draw(_ count: Int, _ logits: [Float], _ options: SamplingOptions) throws -> [Int32] {
        var sampler = try Sampler(options: options, vocabularySize: logits.count)
        let history = history(prompt: [])
        return try (0..<count).map { _ in try sampler.sample(logits.span, history: history) }
    }
}
