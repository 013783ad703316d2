import Engine
import TestSupport
import Testing

@Suite("What a model would give and cost")
struct ModelProspectTests {
    @Test(arguments: ["tiny-llama", "tiny-qwen2", "tiny-qwen3", "tiny-qwen3-yarn"])
    func `is told by its file as loading tells it`(name: String) async throws {
        let source = ModelSource.file(Fixtures.path("models/\(name).gguf"))
        let prospect = try await ModelProspect.of(source, options: EngineOptions())
        let engine = try await EngineSupport.engine(name)
        #expect(prospect.modelName == engine.modelName && prospect.information == engine.information)
        await engine.shutDown()
    }

    @Test func `costs the cache that the options plan`() async throws {
        let source = ModelSource.file(Fixtures.path("models/tiny-qwen2.gguf"))
        var options = EngineOptions()
        options.contextLength = 64
        options.parallelCount = 1
        let one = try await ModelProspect.of(source, options: options)
        options.parallelCount = 3
        let three = try await ModelProspect.of(source, options: options)
        options.parallelCount = 5
        let five = try await ModelProspect.of(source, options: options)
        #expect(three.byteCount > one.byteCount)
        #expect(five.byteCount - three.byteCount == three.byteCount - one.byteCount)
        #expect(one.byteCount > one.information.byteCount)
        let half = try await ModelProspect.of(.demo, options: options)
        options.cacheType = .f32
        #expect(try await ModelProspect.of(.demo, options: options).byteCount > half.byteCount)
    }

    @Test func `is refused as loading is`() async throws {
        let source = ModelSource.file(Fixtures.path("models/README.md"))
        let looking = await #expect(throws: EngineError.self) {
            _ = try await ModelProspect.of(source, options: EngineOptions())
        }
        let loading = await #expect(throws: EngineError.self) { _ = try await InferenceEngine.load(source) }
        #expect(looking == loading && looking?.code == .invalidModel)
    }

    @Test func `a request that has waited has the rest of its time`() {
        var admission = AdmissionOptions()
        #expect(admission.maximumWait == nil && admission.after(.seconds(5)) == admission)
        admission.maximumQueueWait = .seconds(9)
        admission.maximumDuration = .seconds(4)
        #expect(admission.maximumWait == .seconds(4))
        let rest = admission.after(.seconds(5))
        #expect(rest.maximumQueueWait == .seconds(4) && rest.maximumDuration == .zero)
        #expect(admission.timeout(after: .seconds(4), in: .queued)?.code == .deadlineExceeded)
    }
}
