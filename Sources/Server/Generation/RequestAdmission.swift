import APIProtocols
import Engine
import HTTPTypes
import Hummingbird
import NIOCore

extension RouteEnvironment {
    /// Starts a generation for an HTTP request: as whose, how urgent, and within what time.
    ///
    /// - Throws: As `GenerationRunner.start`; `APIError` 400 for headers that make no sense.
    func generate(
        _ generation: GenerationRequest, on model: ServedModel, for request: Request,
        _ context: ServerRequestContext
    ) async throws -> RunningGeneration.Events {
        var generation = generation
        generation.admission = try admission(of: request, context)
        generation.options.traceLevel = try Self.traceLevel(of: request)
        return try await GenerationRunner(state: state, health: health).start(
            generation, on: model, connection: await context.connection(), logger: context.logger)
    }

    /// Clients are told apart by their key, or else by their address. They may give way to others and shorten their time, not
    /// the opposite.
    func admission(of request: Request, _ context: ServerRequestContext) throws(APIError) -> AdmissionOptions {
        var admission = AdmissionOptions()
        admission.client =
            configuration.apiKeys.isEmpty
            ? context.remoteAddress ?? "" : APIKeyMiddleware.key(in: request.headers) ?? ""
        admission.priority = try Self.number(in: request, .requestPriority, within: 0...9) ?? 0
        admission.maximumQueueWait = configuration.queueTimeout
        admission.maximumFirstTokenWait = configuration.firstTokenTimeout
        let asked = try Self.number(in: request, .requestTimeout, within: 1...86400).map { Duration.seconds($0) }
        admission.maximumDuration = [asked, configuration.requestTimeout].compactMap(\.self).min()
        return admission
    }

    private static func traceLevel(of request: Request) throws(APIError) -> TraceLevel? {
        guard let text = request.headers[.traceLevel] else { return nil }
        guard let level = TraceLevel(rawValue: text) else {
            let names = TraceLevel.allCases.map(\.rawValue).joined(separator: ", ")
            throw .badRequest(
                "The header X-Trace-Level must be one of \(names)", parameter: "X-Trace-Level", code: "invalid_value")
        }
        return level
    }

    private static func number(
        in request: Request, _ name: HTTPField.Name, within range: ClosedRange<Int>
    ) throws(APIError) -> Int? {
        guard let text = request.headers[name] else { return nil }
        guard let number = Int(text), range.contains(number) else {
            throw .badRequest(
                "The header \(name.rawName) must be a whole number within \(range)", parameter: name.rawName,
                code: "invalid_value")
        }
        return number
    }
}
