import ArgumentParser
import Engine
import Logging
import Server

/// `realizar serve`: models behind a port.
struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Serves models over HTTP.",
        discussion: """
            Answers GET /health and /metrics too. SIGTERM refuses new requests and lets running ones finish; a second one ends at \
            once. SIGHUP loads the models again from their files, beside what runs.
            """)

    @Option(
        name: .customLong("model"), parsing: .singleValue,
        help: ArgumentHelp(
            "A file or a name, as for other commands, with NAME= in front to call it so; may be given several times.",
            valueName: "model"))
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
        parsing: .unconditional,
        help: ArgumentHelp(
            "Memory for all loaded models with their caches, such as 8GiB; those used least recently make room (default: "
                + "without limit).", valueName: "size"))
    var modelMemory: ByteCount?
    @Flag(help: "Loads a model when it is first asked for, not at the start.") var loadOnDemand = false
    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Unloads a model that nobody has used for so long (default: never).", valueName: "seconds"))
    var idleUnload: Int?
    @Flag(help: "Loads a model again when its file is replaced.") var watch = false
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
            ("--request-timeout", requestTimeout), ("--idle-unload", idleUnload),
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
        let server = RealizarServer(
            models: try await recipes(), loading: loadingOptions, configuration: configuration, logger: logger)
        do {
            try await server.run { [host] port in logger.info("listening on http://\(host):\(port)") }
        } catch is CancellationError {
            StandardError.write("error: stopped before the running answers had ended")
            throw ExitStatus.failure
        }
    }

    /// Without any model named, the demo model.
    private func recipes() async throws -> [ModelRecipe] {
        var served: [ServedModelArgument] = []
        if demo || models.isEmpty { served.append(ServedModelArgument(source: .demo)) }
        for model in models { served.append(try await ServedModelArgument(model)) }
        let options = engineOptions
        return served.map {
            ModelRecipe(
                $0.source, name: $0.name, options: options, onProgress: QuantizationProgress.reporter(options))
        }
    }

    private var loadingOptions: ModelLoadingOptions {
        var options = ModelLoadingOptions()
        options.memoryByteCount = modelMemory?.value
        options.isOnDemand = loadOnDemand
        options.idleTime = idleUnload.map { .seconds($0) }
        options.watchesFiles = watch
        options.maximumWaiterCount = parallel + maxQueue
        return options
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
