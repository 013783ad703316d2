import Engine

/// The models by the names that clients use.
struct ModelRegistry: Sendable {
    let models: [ServedModel]
    /// What loads and unloads them; nil where they stay loaded.
    let pool: ModelPool?
    private let aliases: [String: String]

    /// No models.
    init() {
        models = []
        pool = nil
        aliases = [:]
    }

    /// Models that stay loaded.
    ///
    /// - Throws: `ServerError` if two models have one name: a request could reach only one of them.
    init(generators: [any TextGenerator], aliases: [String: String] = [:]) throws(ServerError) {
        var places: [String: Int] = [:]
        for (place, generator) in generators.enumerated() {
            if let first = places.updateValue(place, forKey: generator.modelName) {
                throw ServerError(
                    problem: .duplicateModelName(generator.modelName, first: first + 1, second: place + 1))
            }
        }
        models = generators.map(ServedModel.init)
        pool = nil
        self.aliases = aliases
    }

    init(_ pool: ModelPool, aliases: [String: String] = [:]) {
        models = pool.servedModels
        self.pool = pool
        self.aliases = aliases
    }

    /// - Parameter name: nil means the only model, where there is only one.
    /// - Throws: `APIError` 404 `model_not_found` for another name, 400 if a name is needed and absent.
    func generator(named name: String?) throws(APIError) -> ServedModel {
        guard let name else {
            guard let only = models.first, models.count == 1 else {
                throw .badRequest("model is required: this server has \(models.count) models", parameter: "model")
            }
            return only
        }
        let resolved = aliases[name] ?? name
        guard let model = models.first(where: { $0.modelName == resolved }) else {
            throw .modelNotFound(name, available: models.map(\.modelName))
        }
        return model
    }
}
