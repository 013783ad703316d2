import APIProtocols
import HTTPTypes
import Hummingbird

extension RouteEnvironment {
    /// `POST /realize/reload`: loads one model, or all, from their files as they are now; answers when that is done.
    func reloadResponse(_ request: Request, _ context: ServerRequestContext) async throws -> Response {
        let hasBody = request.headers[.contentLength].map { $0 != "0" } ?? (request.headers[.transferEncoding] != nil)
        let body = hasBody ? try await decode(ReloadRequest.self, from: request, context) : ReloadRequest()
        let registry = try state.registryForGeneration()
        let models = try body.model.map { [try registry.generator(named: $0)] } ?? registry.models
        var reloads: [ModelReload] = []
        for model in models {
            guard let reload = await model.reload() else { throw APIError.noModelFile(model.modelName) }
            if reload.problem == ServerState.shuttingDownError { throw ServerState.shuttingDownError }
            reloads.append(reload)
        }
        guard reloads.allSatisfy({ $0.problem == nil }) else { throw APIError.reloadFailed(reloads) }
        return try .json(
            ReloadResponse(models: reloads.map { ReloadEntry(id: $0.model, status: $0.status.rawValue) }))
    }
}
