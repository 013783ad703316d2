import HTTPTypes
import Hummingbird
import Logging

/// Answers every error in OpenAI's shape, and counts refusals.
struct ErrorMiddleware: RouterMiddleware {
    typealias Context = ServerRequestContext

    let routes: [Route]
    let metrics: HTTPMetrics

    func handle(
        _ request: Request, context: Context, next: @concurrent (Request, Context) async throws -> Response
    ) async throws -> Response {
        do {
            return try await next(request, context)
        } catch let error as HTTPError where error.status == .notFound {
            return try .error(notFound(request))
        } catch {
            let answer = APIError(error)
            if let reason = RefusalReason(answer) { metrics.count(reason) }
            if answer == .internalError { context.logger.error("unexpected error: \(error)") }
            var response = try Response.error(answer)
            // A client that waits with its body may send it after this answer or not; the next request would be unclear.
            if request.headers[.expect] != nil { response.headers[.connection] = "close" }
            return response
        }
    }

    /// The router knows no difference between a path that does not exist and one that has other methods.
    private func notFound(_ request: Request) -> APIError {
        let path = request.uri.path
        let allowed = routes.filter { $0.matches(path) }.flatMap { $0.method == .get ? [.get, .head] : [$0.method] }
        let method = request.method.rawValue
        return allowed.isEmpty
            ? .routeNotFound(method: method, path: path)
            : .methodNotAllowed(method: method, path: path, allowed: allowed)
    }
}
