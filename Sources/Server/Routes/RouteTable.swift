package import Hummingbird
package import Logging

/// What the routes work with.
package struct RouteEnvironment: Sendable {
    package let state: ServerState
    package let configuration: ServerConfiguration
    package let metrics: HTTPMetrics
    /// nil leaves requests the logger that they come with.
    let logger: Logger?
    let bodyBudget: BodyBudget
    let bodyDecoder = BodyDecoder()
    let health: ModelHealth

    package init(
        state: ServerState, configuration: ServerConfiguration, metrics: HTTPMetrics = HTTPMetrics(),
        health: ModelHealth = ModelHealth(), logger: Logger? = nil
    ) {
        self.health = health
        self.logger = logger
        self.state = state
        self.configuration = configuration
        self.metrics = metrics
        bodyBudget = BodyBudget(limit: configuration.maximumBodyBytesInFlight)
    }
}

extension RouteEnvironment {
    /// All routes. A `GET` route answers `HEAD` too.
    var routes: [Route] {
        [
            Route(method: .get, path: "/") { _, _ in bannerResponse() },
            Route(method: .get, path: ProbePath.health) { _, _ in try healthResponse() },
            Route(method: .get, path: ProbePath.live) { _, _ in try liveResponse() },
            Route(method: .get, path: ProbePath.ready) { _, _ in try healthResponse() },
            Route(method: .get, path: "/metrics") { _, _ in metricsResponse() },
            Route(method: .get, path: "/v1/models") { _, _ in try modelListResponse() },
            Route(method: .get, path: "/v1/models/**") { request, _ in try modelResponse(request) },
            Route(method: .post, path: "/v1/chat/completions") { try await chatCompletionResponse($0, $1) },
            Route(method: .post, path: "/v1/completions") { try await completionResponse($0, $1) },
            Route(method: .post, path: "/realize/reload") { try await reloadResponse($0, $1) },
        ]
    }

    /// The routes behind their middleware, the outermost first.
    package func makeRouter() -> Router<ServerRequestContext> {
        let routes = self.routes
        let router = Router(context: ServerRequestContext.self, options: .autoGenerateHeadEndpoints)
        router.add(middleware: RequestIDMiddleware(logger: logger))
        router.add(middleware: TraceContextMiddleware())
        router.add(middleware: RequestLogMiddleware(metrics: metrics))
        router.add(middleware: ErrorMiddleware(routes: routes, metrics: metrics))
        if configuration.isLoopback {
            router.add(middleware: HostMiddleware(allowedHosts: configuration.allowedHosts))
        }
        if !configuration.apiKeys.isEmpty {
            router.add(middleware: APIKeyMiddleware(keys: configuration.apiKeys))
        }
        for route in routes {
            router.on(RouterPath(route.path), method: route.method) { try await route.respond($0, $1) }
        }
        return router
    }
}
