package import Engine
import Hummingbird
import HummingbirdCore
package import Logging
import NIOCore
import ServiceLifecycle
import Synchronization
import UnixSignals

/// The HTTP server: listens, answers, and stops in good order.
///
/// Order of the end: new generations are refused and `/health` says 503; the running ones go on for `drainTimeout` at
/// most; then the listener and the connections close.
package final class RealizarServer: Sendable {
    package let state = ServerState()
    private let configuration: ServerConfiguration
    private let logger: Logger
    /// Makes the models known to the state, and loads what is to be loaded before requests are answered.
    private let loadModels: @Sendable (ServerState) async throws -> Void
    private let watchesFiles: Bool
    private let serviceGroup = Mutex<ServiceGroup?>(nil)

    /// A server of models that are loaded.
    package convenience init(
        generators: [any TextGenerator], configuration: ServerConfiguration, logger: Logger
    ) {
        self.init(configuration: configuration, logger: logger) { generators }
        // If names are taken twice, `run` loads them again and throws.
        if let registry = try? ModelRegistry(generators: generators, aliases: configuration.modelAliases) {
            state.finishLoading(registry)
        }
    }

    /// A server that listens at once and says 503 until `loadGenerators` has returned.
    package init(
        configuration: ServerConfiguration, logger: Logger,
        loadGenerators: @escaping @Sendable () async throws -> [any TextGenerator]
    ) {
        self.configuration = configuration
        self.logger = logger
        watchesFiles = false
        loadModels = { [aliases = configuration.modelAliases] state in
            state.finishLoading(try ModelRegistry(generators: try await loadGenerators(), aliases: aliases))
        }
    }

    /// A server of models that come and go: it listens at once, looks at all files, loads those that fit, unless they are to
    /// wait until they are asked for, and says 503 until then.
    package init(
        models: [ModelRecipe], loading: ModelLoadingOptions = ModelLoadingOptions(), configuration: ServerConfiguration,
        logger: Logger
    ) {
        self.configuration = configuration
        self.logger = logger
        watchesFiles = loading.watchesFiles
        loadModels = { [aliases = configuration.modelAliases] state in
            let pool = try await ModelPool(models, limits: loading.limits, logger: logger)
            let registry = ModelRegistry(pool, aliases: aliases)
            state.show(registry)
            if !loading.isOnDemand { try await pool.loadWhatFits() }
            state.finishLoading(registry)
            logger.info("ready")
        }
    }

    /// Serves until `shutDown()`, SIGTERM or SIGINT; a second of these ends it at once. SIGHUP reloads all models.
    ///
    /// - Parameters:
    ///   - handlesSignals: Whether signals are caught at all.
    ///   - onListening: Called with the port when connections are accepted.
    /// - Throws: `ServerError` if the address is not free or does not exist, if two models have one name, or after a
    ///   second signal; what loading the models throws.
    package func run(
        handlesSignals: Bool = true, onListening: @escaping @Sendable (Int) async -> Void = { _ in }
    ) async throws {
        if !configuration.isLoopback, configuration.apiKeys.isEmpty {
            logger.warning(
                "listening beyond this machine without API keys", metadata: ["host": "\(configuration.host)"])
        }
        let group = makeServiceGroup(onListening: onListening)
        serviceGroup.withLock { $0 = group }
        defer { serviceGroup.withLock { $0 = nil } }
        guard handlesSignals else { return try await serve(group) }
        let signals = await UnixSignalsSequence(trapping: .sigterm, .sigint, .sighup)
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await self.serve(group) }
            tasks.addTask { [logger] in
                var count = 0
                for await signal in signals {
                    guard signal != .sighup else {
                        self.reloadModels()
                        continue
                    }
                    count += 1
                    if count > 1 { throw ServerError(problem: .stoppedBySecondSignal) }
                    logger.notice("\(signal): finishing what runs; a second signal ends at once")
                    await group.triggerGracefulShutdown()
                }
            }
            defer { tasks.cancelAll() }
            try await tasks.next()
        }
    }

    private func serve(_ group: ServiceGroup) async throws {
        do {
            try await group.run()
        } catch {
            guard let reason = ServerError.listeningFailure(error) else { throw error }
            throw ServerError(
                problem: .cannotListen(address: "\(configuration.host):\(configuration.port)", reason: reason))
        }
    }

    /// Whether requests are answered now.
    package var isReady: Bool { state.phase == .ready }

    /// Whether the end has begun: running generations finish, new ones are refused.
    package var isDraining: Bool { state.phase == .draining }

    /// Begins the orderly end; `run()` returns when it is reached.
    package func shutDown() async {
        let group = serviceGroup.withLock { $0 }
        await group?.triggerGracefulShutdown()
    }

    /// Services are shut down from the last to the first: the drain is over before the listener closes.
    private func makeServiceGroup(onListening: @escaping @Sendable (Int) async -> Void) -> ServiceGroup {
        let environment = RouteEnvironment(state: state, configuration: configuration, logger: logger)
        // What ends the server is thrown; the libraries' lines about it, and about the cancellations that follow, are not
        // for the reader of this log.
        var quiet = logger
        quiet.logLevel = .critical
        let application = Application(
            router: environment.makeRouter(),
            server: .http1(
                configuration: .init(
                    additionalChannelHandlers: [ConnectionWatcher(), ConnectionEnding()],
                    idleTimeout: .init(configuration.idleTimeout))),
            configuration: ApplicationConfiguration(
                address: .hostname(configuration.host, port: configuration.port), serverName: "realizar",
                availableConnectionsDelegate: .maximum(configuration.maximumConnectionCount, logger: logger)),
            onServerRunning: { channel in
                // None where the server has ended meanwhile, as with a model that cannot be loaded.
                if let port = channel.localAddress?.port { await onListening(port) }
            },
            logger: quiet)
        let upkeep = UpkeepService(interval: .seconds(1)) { [state, watchesFiles] in
            guard let pool = state.registry.pool else { return }
            pool.unloadIdle()
            if watchesFiles { Task { await pool.lookAtFiles() } }
        }
        var group = ServiceGroupConfiguration(
            services: [
                .init(service: application),
                .init(service: DrainService(state: state, timeout: configuration.drainTimeout)),
                .init(service: LoadService(load: load)),
                .init(service: upkeep),
            ],
            logger: quiet)
        // Connections that do not read their answer would hold the end up beyond the drain.
        group.maximumGracefulShutdownDuration = configuration.drainTimeout + .seconds(2)
        return ServiceGroup(configuration: group)
    }

    /// What `run` does first; for whoever answers requests without listening.
    package func load() async throws {
        guard state.phase == .loading else { return }
        try await loadModels(state)
    }

    /// As `POST /realize/reload`; the log tells what came of it.
    private func reloadModels() {
        guard let pool = state.registry.pool else { return }
        Task { await pool.reloadAll() }
    }
}
