import APIProtocols
import Engine
import Foundation
import Hummingbird

extension RouteEnvironment {
    /// `GET /v1/models`
    func modelListResponse() throws -> Response {
        try .json(ModelList(models: state.registry.models.map(ModelEntry.init)))
    }

    /// `GET /v1/models/{id}`; an id may have slashes, as they are or as `%2F`.
    func modelResponse(_ request: Request) throws -> Response {
        let id = String(request.uri.path.dropFirst("/v1/models/".count))
        let generator = try state.registryForGeneration().generator(named: id.removingPercentEncoding ?? id)
        return try .json(ModelEntry(generator))
    }
}

extension ModelEntry {
    init(_ model: ServedModel) {
        let information = model.information
        self.init(
            id: model.modelName, created: information.created, architecture: information.architecture,
            parameterCount: information.parameterCount, contextLength: information.contextLength,
            isLoaded: model.isLoaded)
    }
}
