import Compute
import Engine
import Foundation
import Realizar
import TestSupport
import Testing

@Suite("A really trained model", .enabled(if: SharedData.folder("stories260K") != nil, "\(SharedData.absent)"))
struct StoriesTests {
    @Test(arguments: [1, 2], InstructionSet.available.map(\.rawValue))
    func `greedy text from the empty prompt is the published one`(threads: Int, instructionSet: String) async throws {
        let folder = try #require(SharedData.folder("stories260K"))
        let published = try String(
            contentsOf: URL(fileURLWithPath: folder + "/greedy-200-tokens-empty-prompt.txt"), encoding: .utf8)
        var options = EngineOptions()
        options.threadCount = threads
        options.instructionSet = instructionSet
        let engine = try await InferenceEngine.load(path: folder + "/stories260K-f32.gguf", options: options)
        var request = EngineSupport.request(.text(""), count: 199)
        request.options.ignoresEndOfGeneration = false
        let answer = try await EngineSupport.answer(engine, request)
        // The file holds 200 tokens with BOS counted, so 199 of the answer; its end is cut at a line break.
        #expect(answer.tokens.count == 199)
        #expect(answer.text == published.trimmingCharacters(in: .newlines))
    }
}
