import Engine
import Hummingbird
import Server
import Synchronization

/// A model whose loading goes as a test wants, and which notes what was loaded.
final class ScriptedModel: Sendable {
    private struct State {
        var answer: String
        var byteCount: Int
        var failure: EngineError?
        var generators: [ScriptedGenerator] = []
        var loadCount = 0
        var version = 0
        /// Loadings that wait, while the model is held back.
        var isHeld = false
    }

    let name: String
    private let pause: Duration
    private let state: Mutex<State>
    private let folder: String?

    /// - Parameters:
    ///   - answer: The text of all answers.
    ///   - pause: How long an answer takes.
    init(_ name: String, answer: String, byteCount: Int = 4, pause: Duration = .zero, path: String? = nil) {
        self.name = name
        self.pause = pause
        folder = path
        state = Mutex(State(answer: answer, byteCount: byteCount))
    }

    var recipe: ModelRecipe {
        ModelRecipe(
            fingerprint: { [folder] in folder.flatMap { FileFingerprint(path: $0) } },
            inspect: { () async throws(EngineError) in
                let information = ModelInformation(
                    architecture: "llama", parameterCount: 1, byteCount: 1, contextLength: 64, vocabularySize: 9,
                    created: 0)
                return ModelProspect(
                    modelName: self.name, information: information,
                    byteCount: self.state.withLock { $0.byteCount })
            },
            load: { () async throws(EngineError) in try await self.load() })
    }

    private func load() async throws(EngineError) -> any TextGenerator {
        state.withLock { $0.loadCount += 1 }
        while state.withLock({ $0.isHeld }) { try? await Task.sleep(for: .milliseconds(1)) }
        let result: Result<ScriptedGenerator, EngineError> = state.withLock { state in
            if let failure = state.failure { return .failure(failure) }
            let text = GenerationEvent.text(TextChunk(text: state.answer, tokens: []))
            let generator = ScriptedGenerator(
                modelName: name,
                script: [
                    .event(.started(promptTokenCount: 1)), .event(text), .pause(pause),
                    .event(.finished(ScriptedGenerator.summary)),
                ])
            state.generators.append(generator)
            return .success(generator)
        }
        return try result.get()
    }

    /// What the file has from now on.
    func replace(answer: String, byteCount: Int = 4) {
        state.withLock {
            $0.answer = answer
            $0.byteCount = byteCount
            $0.failure = nil
        }
    }

    func breakFile(_ message: String) {
        state.withLock { $0.failure = EngineError(code: .invalidModel, message: message) }
    }

    /// Keeps loadings from ending, until `letGo()`.
    func hold() { state.withLock { $0.isHeld = true } }
    func letGo() { state.withLock { $0.isHeld = false } }

    var loadCount: Int { state.withLock { $0.loadCount } }
    var generators: [ScriptedGenerator] { state.withLock { $0.generators } }
    var loadedCount: Int { generators.count { !$0.isShutDown } }
}

extension RouterClient {
    /// A server's routes over scripted models; what is to be loaded at the start is.
    init(
        _ models: [ScriptedModel], configuration: ServerConfiguration = ServerConfiguration(),
        _ change: (inout ModelLoadingOptions) -> Void = { _ in }
    ) async throws {
        var loading = ModelLoadingOptions()
        change(&loading)
        let server = RealizarServer(
            models: models.map(\.recipe), loading: loading, configuration: configuration, logger: .quiet)
        try await server.load()
        self.init(environment: RouteEnvironment(state: server.state, configuration: configuration))
    }

    func ask(_ model: String, headers: HTTPFields = [:]) async throws -> Answer {
        try await send(
            .post, "/v1/completions", headers: headers, body: Array("{\"model\":\"\(model)\",\"prompt\":\"hi\"}".utf8))
    }

    /// The lines of `/metrics` that begin with `name`.
    func metrics(_ name: String) async throws -> [String] {
        try await get("/metrics").text.split(separator: "\n").map(String.init).filter { $0.hasPrefix(name) }
    }
}
