import ArgumentParser
import Engine
import Logging
import Server
import Synchronization

/// `realizar serve`: models behind a port.
struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Serves models over HTTP.",
        discussion: "Answers GET /health and /metrics too. SIGTERM refuses new requests and lets running ones finish.")

    @Option(
        name: .customLong("model"), parsing: .singleValue,
        help: ArgumentHelp("A file or a name, as for other commands; may be given several times.", valueName: "model"))
    var models: [String] = []
    @Flag(help: "Serves the built-in demo model, alone or beside others.") var demo = false
    @Option(help: "The address to listen on.") var host = "127.0.0.1"
    @Option(parsing: .unconditional, help: "The port; 0 takes a free one.") var port = 8080
    @Option(parsing: .unconditional, help: ArgumentHelp("Requests computed at a time, per model.", valueName: "n"))
    var parallel = 4
    @Option(parsing: .unconditional, help: ArgumentHelp("Requests that may wait, per model.", valueName: "n"))
    var maxQueue = 64
    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "Memory for keys and values that all requests of a model share, such as 2GiB (default: --parallel whole "
                + "contexts).", valueName: "size"))
    var kvCacheMemory: ByteCount?
    @Option(
        parsing: .unconditionalSingleValue,
        help: ArgumentHelp("A key that clients must send; may be given several times.", valueName: "key"))
    var apiKey: [String] = []
    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("How long running requests may take to finish after SIGTERM.", valueName: "seconds"))
    var drainTimeout = 30
    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("How long a request may wait for its turn (default: without end).", valueName: "seconds"))
    var queueTimeout: Int?
    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("How long an answer may take to begin (default: without end).", valueName: "seconds"))
    var firstTokenTimeout: Int?
    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("How long an answer may take altogether (default: without end).", valueName: "seconds"))
    var requestTimeout: Int?
    @OptionGroup var engineArguments: EngineArguments
    @OptionGroup var logArguments: LogArguments

    func validate() throws {
        if models.contains("") { throw ValidationError("--model must not be empty") }
        if apiKey.contains("") { throw ValidationError("--api-key must not be empty") }
        try require("--port", port, within: 0...65535)
        try require("--parallel", parallel, within: 1...1024)
        try require("--max-queue", maxQueue, within: 0...1_000_000)
        try require("--drain-timeout", drainTimeout, within: 0...86400)
        for (name, value) in [
            ("--queue-timeout", queueTimeout), ("--first-token-timeout", firstTokenTimeout),
            ("--request-timeout", requestTimeout),
        ] {
            if let value { try require(name, value, within: 1...86400) }
        }
    }

    private func require(_ name: String, _ value: Int, within range: ClosedRange<Int>) throws {
        guard range.contains(value) else {
            throw ValidationError("\(name) is \(value), but must be within \(range)")
        }
    }

    func run() async throws {
        if !demo, models.isEmpty { ModelChoice.announce(.demo, command: "serve --model") }
        let logger = logArguments.makeLogger()
        let engines = Mutex<[InferenceEngine]>([])
        let sources = try await sources()
        let server = RealizarServer(configuration: configuration, logger: logger) {
            [options = engineOptions] in
            for source in sources {
                logger.info("loading \(source.name)")
                let engine = try await InferenceEngine.load(
                    source, options: options, onProgress: QuantizationProgress.reporter(options))
                engines.withLock { $0.append(engine) }
            }
            logger.info("ready")
            return engines.withLock { $0 }
        }
        do {
            try await server.run { [host] port in logger.info("listening on http://\(host):\(port)") }
        } catch is CancellationError {
            StandardError.write("error: stopped before the running answers had ended")
            throw ExitStatus.failure
        }
        for engine in engines.withLock({ $0 }) { await engine.shutDown() }
    }

    /// Without any model named, the demo model.
    private func sources() async throws -> [ModelSource] {
        var sources: [ModelSource] = demo || models.isEmpty ? [.demo] : []
        for model in models { sources.append(try await ModelChoice.source(model)) }
        return sources
    }

    private var engineOptions: EngineOptions {
        var options = engineArguments.engineOptions
        options.parallelCount = parallel
        options.maximumQueueLength = maxQueue
        options.cacheByteCount = kvCacheMemory?.value
        return options
    }

    private var configuration: ServerConfiguration {
        var configuration = ServerConfiguration()
        configuration.host = host
        configuration.port = port
        configuration.apiKeys = apiKey
        configuration.drainTimeout = .seconds(drainTimeout)
        configuration.queueTimeout = queueTimeout.map { .seconds($0) }
        configuration.firstTokenTimeout = firstTokenTimeout.map { .seconds($0) }
        configuration.requestTimeout = requestTimeout.map { .seconds($0) }
        return configuration
    }
}
