import Engine
import Foundation
import Realizar
import TestSupport
import Testing

@Suite("Requests and models that are refused", .timeLimit(.minutes(1)))
struct RequestErrorTests {
    func refusal(_ request: GenerationRequest, _ name: String = "tiny-qwen2") async throws -> EngineError? {
        let engine = try await EngineSupport.engine(name)
        return await #expect(throws: EngineError.self) { try await engine.generate(request) }
    }

    @Test func `a prompt longer than the context is refused with both counts`() async throws {
        let error = try await refusal(EngineSupport.request(.tokenIDs(Array(repeating: 5, count: 200))))
        #expect(error?.code == .contextLengthExceeded)
        #expect(error?.message.contains("200 tokens") == true && error?.message.contains("128") == true)
    }

    @Test func `fields out of range are named`() async throws {
        let cases: [(String, (inout GenerationOptions) -> Void)] = [
            ("max_tokens", { $0.maximumTokenCount = -1 }), ("top_logprobs", { $0.topLogProbabilityCount = 21 }),
            ("stop", { $0.stopSequences = [""] }), ("temperature", { $0.sampling.temperature = .nan }),
            ("temperature", { $0.sampling.temperature = -1 }), ("top_p", { $0.sampling.topP = 7 }),
            ("logit_bias", { $0.sampling.logitBias = [9999: 1] }),
        ]
        for (field, change) in cases {
            let error = try await refusal(EngineSupport.request(count: 1, change))
            #expect(error?.code == .invalidRequest && error?.field == field, "\(field)")
        }
    }

    @Test func `token ids outside the vocabulary are refused`() async throws {
        for id: Int32 in [-1, 269, .max] {
            let error = try await refusal(EngineSupport.request(.tokenIDs([1, id])))
            #expect(error?.code == .invalidRequest && error?.message.contains("\(id)") == true)
        }
    }

    @Test func `a conversation with a model without a template is refused with what to do`() async throws {
        let error = try await refusal(
            EngineSupport.request(.chat([ChatMessage(role: .user, content: "hi")])), "tiny-llama")
        #expect(error?.code == .invalidRequest && error?.message.contains("--raw") == true)
    }

    @Test func `an empty prompt needs a token that begins a text`() async throws {
        let error = try await refusal(EngineSupport.request(.text("")))
        #expect(error?.message.contains("empty") == true)
        let llama = try await EngineSupport.engine("tiny-llama")
        #expect(try await EngineSupport.answer(llama, EngineSupport.request(.text(""), count: 2)).promptTokenCount == 1)
    }

    @Test func `a cache that cannot fit is refused with the context that would`() async throws {
        // The same model, said to be made for 2²⁴ tokens: the key, its type, then the number 128.
        var bytes = try Fixtures.bytes("models/tiny-qwen2.gguf")
        let key = Array("qwen2.context_length".utf8)
        let at = try #require(bytes.indices.first { bytes[$0...].starts(with: key) }) + key.count + 4
        bytes.replaceSubrange(at..<at + 4, with: [0, 0, 0, 1])
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("realizar-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let path = folder.appendingPathComponent("long.gguf").path
        try Data(bytes).write(to: URL(fileURLWithPath: path))
        var options = EngineOptions()
        options.parallelCount = 512
        options.contextLength = 1 << 24
        let error = await #expect(throws: EngineError.self) {
            try await InferenceEngine.load(path: path, options: options)
        }
        #expect(error?.field == "context_length" && error?.message.contains("a context length of") == true)
        options.contextLength = nil  // what the machine allows is taken
        options.parallelCount = 4
        #expect(try await InferenceEngine.load(path: path, options: options).information.contextLength >= 2048)
    }

    @Test func `files that are no models are refused with their name`() async throws {
        for name in ["models/README.md", "models/missing.gguf", "models"] {
            let path = Fixtures.path(name)
            let error = await #expect(throws: EngineError.self) { try await InferenceEngine.load(path: path) }
            #expect(error?.code == .invalidModel && error?.message.contains(path) == true)
        }
    }

    @Test func `options that the machine or the model cannot fulfil are refused`() async throws {
        let changes: [(inout EngineOptions) -> Void] = [
            { $0.instructionSet = "sse9" }, { $0.threadCount = 0 }, { $0.contextLength = 129 },
            { $0.contextLength = 0 }, { $0.parallelCount = 0 }, { $0.maximumQueueLength = -1 },
        ]
        for change in changes {
            await #expect(throws: EngineError.self) { try await EngineSupport.engine("tiny-qwen2", change) }
        }
    }
}
