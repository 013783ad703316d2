import Sampling
import TestSupport
import Testing

@Suite("Sampler")
struct SamplerTests {
    /// Samples once per history entry given, without changing the history.
    func draw(
        _ count: Int, from logits: [Float], _ options: SamplingOptions, prompt: [Int32] = []
    ) throws -> [Int32] {
        var sampler = try Sampler(options: options, vocabularySize: logits.count)
        let history = TokenHistory(promptTokenIDs: prompt)
        return try (0..<count).map { _ in try sampler.sample(logits.span, history: history) }
    }

    func unfiltered(temperature: Double = 1, seed: UInt64 = 1) -> SamplingOptions {
        var options = SamplingOptions.greedy
        options.temperature = temperature
        options.seed = seed
        return options
    }

    func randomLogits(_ count: Int, seed: UInt64, scale: Float = 5) -> [Float] {
        var generator = SeededGenerator(seed: seed)
        return (0..<count).map { _ in generator.unitFloat() * scale }
    }

    @Test(arguments: [1, 2, 15, 16, 17, 31, 33, 1000])
    func `greedy choice is the largest logit, the lowest id of equal ones`(count: Int) throws {
        for seed in 0..<20 as Range<UInt64> {
            let logits = randomLogits(count, seed: seed).map { ($0).rounded() }  // rounding makes ties
            let expected = try #require(logits.firstIndex(of: logits.max() ?? 0))
            #expect(try draw(1, from: logits, .greedy) == [Int32(expected)])
        }
    }

    @Test func `greedy choice ignores the seed and takes negative zero for zero`() throws {
        var options = SamplingOptions.greedy
        options.seed = 99
        #expect(try draw(3, from: [-1, -0.0, 0.0, -2], options) == [1, 1, 1])
    }

    /// χ² over 50 tokens: with 49 degrees of freedom a value above 100 has probability 2 · 10⁻⁵; the seed is fixed.
    @Test(arguments: [0.7, 1, 2.5])
    func `frequencies follow the softmax of the logits over temperature`(temperature: Double) throws {
        let logits = randomLogits(50, seed: 7, scale: 2)
        let weights = logits.map { exponential(Double($0) / temperature) }
        let total = weights.reduce(0, +)
        let sampleCount = 100_000
        var counts = [Int](repeating: 0, count: 50)
        for token in try draw(sampleCount, from: logits, unfiltered(temperature: temperature)) {
            counts[Int(token)] += 1
        }
        let statistic = zip(counts, weights).reduce(0.0) { sum, pair in
            let expected = pair.1 / total * Double(sampleCount)
            return sum + (Double(pair.0) - expected) * (Double(pair.0) - expected) / expected
        }
        #expect(statistic < 100, "χ² \(statistic)")
        #expect(statistic > 20, "too even to be random: χ² \(statistic)")
    }

    @Test func `frequencies after filters follow the renormalized survivors`() throws {
        // Weights 8, 4, 2, 1, 1 of 16: top-k 3 leaves 8/14, 4/14, 2/14.
        let logits: [Float] = [8, 4, 2, 1, 1].map { Float(logarithm($0)) }
        var options = unfiltered()
        options.topK = 3
        let tokens = try draw(100_000, from: logits, options)
        for (token, share) in [8.0 / 14, 4.0 / 14, 2.0 / 14, 0, 0].enumerated() {
            let observed = Double(tokens.count { $0 == Int32(token) }) / 100_000
            // Standard deviation is at most 0.0016; five of them.
            #expect(abs(observed - share) < 0.008)
        }
    }

    @Test func `a temperature near zero is greedy`() throws {
        let logits = randomLogits(100, seed: 3)
        let best = try draw(1, from: logits, .greedy)[0]
        for temperature in [1e-3, 1e-10, 1e-300] {
            let tokens = try draw(50, from: logits, unfiltered(temperature: temperature))
            #expect(tokens.allSatisfy { $0 == best })
        }
    }

    @Test func `the same seed gives the same tokens and another seed others`() throws {
        let logits = randomLogits(1000, seed: 5, scale: 1)
        let first = try draw(50, from: logits, unfiltered(seed: 11))
        #expect(try draw(50, from: logits, unfiltered(seed: 11)) == first)
        #expect(try draw(50, from: logits, unfiltered(seed: 12)) != first)
    }

    @Test func `without a seed each sampler draws its own and tells it`() throws {
        let logits = randomLogits(1000, seed: 5, scale: 1)
        var options = unfiltered()
        options.seed = nil
        var sampler = try Sampler(options: options, vocabularySize: 1000)
        let history = TokenHistory(promptTokenIDs: [])
        let tokens = try (0..<50).map { _ in try sampler.sample(logits.span, history: history) }
        #expect(try draw(50, from: logits, unfiltered(seed: sampler.seed)) == tokens)
        #expect(try draw(50, from: logits, options) != tokens)
    }

    /// Expected tokens: Tools/sampling_golden.py, an independent implementation of the whole chain.
    @Test func `a seed gives this sequence on every machine`() throws {
        var options = SamplingOptions()
        options.temperature = 1.5
        options.topK = 20
        options.topP = 0.9
        options.minP = 0.05
        options.repetitionPenalty = 1.25
        options.presencePenalty = 0.5
        options.frequencyPenalty = 0.25
        options.penaltyWindow = 8
        options.logitBias = [10: 4, 11: -100]
        options.seed = 2024
        var sampler = try Sampler(options: options, vocabularySize: 64)
        var history = TokenHistory(promptTokenIDs: [3, 5, 7, 60])
        for step in 0..<24 {
            let logits = (0..<64).map { Float(($0 * 37 + step * 11) % 41) / 4 - 3 }
            history.append(try sampler.sample(logits.span, history: history))
        }
        #expect(
            Array(history.tokenIDs.dropFirst(4)) == [
                31, 3, 16, 10, 43, 55, 48, 40, 23, 25, 10, 32, 35, 57, 9, 62, 34, 58, 51, 53, 46, 10, 30, 43,
            ])
    }

    @Test(arguments: [Float.nan, -.nan, .signalingNaN, .infinity], [0, 5, 16, 36])
    func `NaN and infinite logits are refused with the place of the first`(value: Float, position: Int) throws {
        for options in [SamplingOptions(), .greedy, unfiltered()] {
            var logits = randomLogits(37, seed: 1)
            logits[position] = value
            let error = try #require(throws: SamplingError.self) { try draw(1, from: logits, options) }
            #expect(error.problem == .invalidLogits(position: position))
        }
    }

    @Test func `logits that forbid everything are refused, single bans are not`() throws {
        let nothing = [Float](repeating: -.infinity, count: 20)
        let error = try #require(throws: SamplingError.self) { try draw(1, from: nothing, unfiltered()) }
        #expect(error.problem == .invalidLogits(position: 0))
        var one = nothing
        one[13] = -3
        for options in [SamplingOptions(), .greedy, unfiltered()] {
            #expect(try draw(10, from: one, options).allSatisfy { $0 == 13 })
        }
    }

    @Test func `extreme finite logits and penalties give a token`() throws {
        let limit = Float.greatestFiniteMagnitude
        var options = SamplingOptions()
        options.repetitionPenalty = 1e-300
        options.temperature = 1e-300
        options.seed = 1
        let history = TokenHistory(promptTokenIDs: [0, 1, 3, -5, Int32.max])
        var sampler = try Sampler(options: options, vocabularySize: 4)
        let logits: [Float] = [limit, -limit, 1, 0]
        #expect(try sampler.sample(logits.span, history: history) == 0)
    }

    @Test func `a constraint decides, and one that forbids everything is an error`() throws {
        struct OnlyOdd: LogitProcessor {
            let limit: Int32
            func process(_ candidates: inout Candidates, history: TokenHistory) {
                for tokenID in 0..<Int32(candidates.vocabularySize) where tokenID % 2 == 0 || tokenID >= limit {
                    candidates.ban(tokenID)
                }
            }
        }
        let logits: [Float] = [9, 1, 8, 2, 7, 3]
        let history = TokenHistory(promptTokenIDs: [])
        for options in [SamplingOptions.greedy, unfiltered()] {
            var sampler = try Sampler(options: options, vocabularySize: 6, constraints: [OnlyOdd(limit: 6)])
            for _ in 0..<100 { #expect(try sampler.sample(logits.span, history: history) % 2 == 1) }
        }
        var impossible = try Sampler(options: .greedy, vocabularySize: 6, constraints: [OnlyOdd(limit: 0)])
        let error = try #require(throws: SamplingError.self) { try impossible.sample(logits.span, history: history) }
        #expect(error.problem == .noCandidates)
    }
}
