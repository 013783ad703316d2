import Sampling
import Testing

@Suite("Sampling options")
struct SamplingOptionsTests {
    @Test(arguments: [SamplingOptions(), .greedy])
    func `presets are valid`(options: SamplingOptions) throws { try options.validate() }

    struct Bound: Sendable, CustomTestStringConvertible {
        let field: String
        let set: @Sendable (inout SamplingOptions, Double) -> Void
        let accepted: [Double]
        let refused: [Double]
        var testDescription: String { field }
    }

    static let bounds = [
        Bound(
            field: "temperature", set: { $0.temperature = $1 }, accepted: [0, 0.8, 5],
            refused: [-0.1, 5.01, .nan, .infinity]),
        Bound(field: "top_p", set: { $0.topP = $1 }, accepted: [1e-9, 1], refused: [0, -1, 1.01, .nan, .infinity]),
        Bound(field: "min_p", set: { $0.minP = $1 }, accepted: [0, 1], refused: [-0.01, 1.01, .nan, -.infinity]),
        Bound(
            field: "repetition_penalty", set: { $0.repetitionPenalty = $1 }, accepted: [0.01, 1, 10],
            refused: [0, -1, 10.1, .nan, .infinity]),
        Bound(
            field: "presence_penalty", set: { $0.presencePenalty = $1 }, accepted: [-2, 2],
            refused: [-2.01, 2.01, .nan, .infinity]),
        Bound(
            field: "frequency_penalty", set: { $0.frequencyPenalty = $1 }, accepted: [-2, 2],
            refused: [-2.01, 2.01, .nan, .infinity]),
        Bound(
            field: "logit_bias", set: { $0.logitBias = [7: $1] }, accepted: [-100, 100],
            refused: [-100.5, 101, .nan, .infinity]),
        Bound(field: "top_k", set: { $0.topK = Int($1) }, accepted: [0, 1, 1e15], refused: [-1]),
        Bound(field: "penalty_window", set: { $0.penaltyWindow = Int($1) }, accepted: [-1, 0, 64], refused: [-2]),
    ]

    @Test(arguments: bounds)
    func `an option is accepted inside its range and refused by name outside`(bound: Bound) throws {
        for value in bound.accepted {
            var options = SamplingOptions()
            bound.set(&options, value)
            #expect(throws: Never.self) { try options.validate() }
        }
        for value in bound.refused {
            var options = SamplingOptions()
            bound.set(&options, value)
            let error = try #require(throws: SamplingError.self) { try options.validate() }
            #expect(error.field == bound.field)
        }
    }

    @Test func `the message names field, value and range`() throws {
        var options = SamplingOptions()
        options.topP = 1.5
        let error = try #require(throws: SamplingError.self) { try options.validate() }
        #expect(error.description == "top_p is 1.5, but must be above 0 and at most 1")
    }

    @Test func `a negative token id in the bias is refused`() throws {
        var options = SamplingOptions()
        options.logitBias = [-3: 1]
        let error = try #require(throws: SamplingError.self) { try options.validate() }
        #expect(
            error
                == SamplingError(
                    field: "logit_bias", problem: .outOfRange(value: "-3", range: "a token id, 0 or more")))
    }

    @Test func `a bias on a token outside the vocabulary is refused by a sampler`() throws {
        var options = SamplingOptions()
        options.logitBias = [99: 1, 10: 1, 11: 1]
        let error = try #require(throws: SamplingError.self) { try Sampler(options: options, vocabularySize: 10) }
        #expect(error.description == "logit_bias names token 10, but the model's tokens are 0...9")
    }
}
