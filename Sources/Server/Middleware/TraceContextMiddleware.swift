import HTTPTypes
import Hummingbird
import Logging

/// Makes each request a part of its client's trace, or of a new one, which log and answer name.
struct TraceContextMiddleware: RouterMiddleware {
    typealias Context = ServerRequestContext

    func handle(
        _ request: Request, context: Context, next: @concurrent (Request, Context) async throws -> Response
    ) async throws -> Response {
        let trace = TraceContext(headers: request.headers[values: .traceParent])
        var context = context
        context.logger[metadataKey: "trace_id"] = "\(trace.traceID)"
        context.logger[metadataKey: "span_id"] = "\(trace.spanID)"
        if let parent = trace.parentID { context.logger[metadataKey: "parent_span_id"] = "\(parent)" }
        var response = try await next(request, context)
        response.headers[.traceResponse] = trace.header
        // It means nothing beside a trace that was not understood.
        if trace.parentID != nil {
            response.headers[.traceState] = TraceState.joined(request.headers[values: .traceState])
        }
        return response
    }
}
