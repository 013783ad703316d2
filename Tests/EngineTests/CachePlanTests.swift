import Compute
import Engine
import Testing

@Suite("Memory that is known before the start")
struct CachePlanTests {
    /// A block of 32 tokens takes 32 000 bytes.
    static func plan(
        memory: Int, resident: Int = 1_000_000, trained: Int = 8192, _ change: (inout EngineOptions) -> Void = { _ in }
    ) throws(EngineError) -> CachePlan {
        var options = EngineOptions()
        options.parallelCount = 4
        change(&options)
        return try CachePlan(
            options: options, trainedContextLength: trained, byteCountPerToken: 1000, residentByteCount: resident,
            usableMemoryByteCount: memory)
    }

    @Test func `activations and cache together must fit, and the refusal names a number that does`() throws {
        // 4 · 8192 tokens take 32 768 000 bytes.
        let whole = try Self.plan(memory: 33_768_000) { $0.contextLength = 8192 }
        #expect(whole.blockCount == 1024 && whole.contextLength == 8192)
        let error = #expect(throws: EngineError.self) {
            try Self.plan(memory: 33_767_999) { $0.contextLength = 8192 }
        }
        #expect(error?.field == "context_length" && error?.code == .invalidRequest)
        let number = try #require(error?.message.firstMatch(of: /a context length of (\d+) would/)?.1)
        let fitting = try #require(Int(number))
        #expect(fitting == 8160)  // 1023 blocks among 4
        #expect(try Self.plan(memory: 33_767_999) { $0.contextLength = fitting }.contextLength == fitting)
    }

    @Test func `a budget must fit beside the activations, and the refusal names one that does`() throws {
        #expect(try Self.plan(memory: 11_000_000) { $0.cacheByteCount = 10_000_000 }.blockCount == 312)
        let error = #expect(throws: EngineError.self) {
            try Self.plan(memory: 10_999_999) { $0.cacheByteCount = 10_000_000 }
        }
        let number = try #require(error?.message.firstMatch(of: /; (\d+) bytes would/)?.1)
        let fitting = try #require(Int(number))
        #expect(fitting == 9_984_000)
        #expect(try Self.plan(memory: 10_999_999) { $0.cacheByteCount = fitting }.blockCount == 312)
    }

    @Test func `without a wish, all requests together take half of what the activations leave`() throws {
        // 16 384 000 of 33 768 000 bytes hold 4096 tokens for each of four.
        #expect(try Self.plan(memory: 33_768_000).contextLength == 4096)
        #expect(try Self.plan(memory: 33_767_999).contextLength == 2048)
        #expect(try Self.plan(memory: 100_000_000).contextLength == 8192)
    }

    @Test(arguments: [0, 1_000_000, 1_031_999, Int.max])
    func `a machine that holds no block beside the activations is refused with both numbers`(_ number: Int) throws {
        let resident = number == .max ? Int.max : 1_000_000, memory = number == .max ? 1 << 30 : number
        let error = #expect(throws: EngineError.self) { try Self.plan(memory: memory, resident: resident) }
        #expect(
            error?.message.contains("needs \(resident) bytes") == true && error?.message.hasSuffix("\(memory)") == true)
    }
}
