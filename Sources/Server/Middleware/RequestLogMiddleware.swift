import HTTPTypes
import Hummingbird
import Logging

/// Logs and counts each answer when its head is ready.
struct RequestLogMiddleware: RouterMiddleware {
    typealias Context = ServerRequestContext

    let metrics: HTTPMetrics

    func handle(
        _ request: Request, context: Context, next: @concurrent (Request, Context) async throws -> Response
    ) async throws -> Response {
        let start = ContinuousClock.now
        let response = try await next(request, context)
        metrics.count(method: request.method, route: context.endpointPath, status: response.status.code)
        context.logger.log(
            level: Self.level(path: request.uri.path, status: response.status), "request",
            metadata: [
                "method": "\(request.method.rawValue)",
                "path": "\(request.uri.path)",
                "status": "\(response.status.code)",
                "duration_ms": "\((ContinuousClock.now - start).milliseconds)",
            ])
        return response
    }

    /// What monitors ask every few seconds is not worth a line.
    private static func level(path: String, status: HTTPResponse.Status) -> Logger.Level {
        if status == .internalServerError { return .error }
        return ProbePath.all.contains(path) || path == "/metrics" ? .debug : .info
    }
}
