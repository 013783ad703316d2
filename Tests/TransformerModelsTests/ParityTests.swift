import Compute
import TestSupport
import Testing
import TransformerModels

@Suite("Parity with other implementations")
struct ParityTests {
    struct Case: CustomTestStringConvertible, Sendable {
        let name: String
        let instructionSet: InstructionSet
        var testDescription: String { "\(name) \(instructionSet.rawValue)" }
    }

    static func cases(_ names: [String]) -> [Case] {
        names.flatMap { name in InstructionSet.available.map { Case(name: name, instructionSet: $0) } }
    }

    static let shared = ["llama", "llama3-rope", "mistral", "qwen2", "qwen3"]

    @Test(arguments: cases(["tiny-llama", "tiny-qwen2", "tiny-qwen3", "tiny-qwen3-yarn"]))
    func `logits agree with the float64 forward pass of the fixtures`(_ one: Case) throws {
        let reference = try ReferenceLogits(fixture: one.name)
        let run = try ModelRun(path: Fixtures.path("models/\(one.name).gguf"), one.instructionSet)
        let (largest, agreeing) = reference.compare(run.forward(reference.tokenIDs, at: 0))
        // Weights are float16, so keys and values are cached as float16 too: 2⁻¹¹ of values around 3.
        #expect(largest < 2e-2, "largest difference \(largest)")
        #expect(agreeing == reference.tokenIDs.count)
    }

    @Test(.enabled(if: SharedData.folder("parity") != nil, "\(SharedData.absent)"), arguments: cases(shared))
    func `logits agree with transformers to 1e-3, with every argmax and the greedy continuation`(_ one: Case) throws {
        let folder = try #require(SharedData.folder("parity/\(one.name)"))
        let reference = try ReferenceLogits(folder: folder)
        let run = try ModelRun(path: "\(folder)/\(one.name).gguf", one.instructionSet, threads: 2)
        let (largest, agreeing) = reference.compare(run.forward(reference.tokenIDs, at: 0))
        #expect(largest < 1e-3, "largest difference \(largest)")
        #expect(agreeing == reference.tokenIDs.count)
        #expect(run.greedy(after: reference.tokenIDs, count: 16) == reference.greedy)
    }

    @Test(.enabled(if: SharedData.folder("parity") != nil, "\(SharedData.absent)"), arguments: cases(shared))
    func `a folder as published agrees with transformers just as the GGUF file of the same model`(
        _ one: Case
    ) throws {
        let folder = try #require(SharedData.folder("parity/\(one.name)"))
        let reference = try ReferenceLogits(folder: folder)
        let run = try ModelRun(path: "\(folder)/hf", one.instructionSet, threads: 2)
        let (largest, agreeing) = reference.compare(run.forward(reference.tokenIDs, at: 0))
        #expect(largest < 1e-3, "largest difference \(largest)")
        #expect(agreeing == reference.tokenIDs.count)
        #expect(run.greedy(after: reference.tokenIDs, count: 16) == reference.greedy)
    }

    @Test(arguments: cases(["tiny-llama", "tiny-qwen2", "tiny-qwen3"]))
    func `bits do not depend on pieces, threads or instruction set`(_ one: Case) throws {
        let path = Fixtures.path("models/\(one.name).gguf")
        let tokenIDs = try ReferenceLogits(fixture: one.name).tokenIDs
        let whole = try ModelRun(path: path, .scalar).forward(tokenIDs, at: 0).map(\.bitPattern)
        for pieces in [[40], [1, 39], [31, 2, 7], Array(repeating: 1, count: 40)] {
            let found = try ModelRun(path: path, one.instructionSet, threads: 2).forward(tokenIDs, pieces: pieces)
            #expect(found.map(\.bitPattern) == whole, "\(pieces)")
        }
    }
}
