import Engine

/// The loaded models by the names that clients use.
struct ModelRegistry: Sendable {
    let generators: [any TextGenerator]
    private let aliases: [String: String]

    /// No models.
    init() {
        generators = []
        aliases = [:]
    }

    /// - Throws: `ServerError` if two models have one name: a request could reach only one of them.
    init(generators: [any TextGenerator], aliases: [String: String] = [:]) throws(ServerError) {
        var places: [String: Int] = [:]
        for (place, generator) in generators.enumerated() {
            if let first = places.updateValue(place, forKey: generator.modelName) {
                throw ServerError(
                    problem: .duplicateModelName(generator.modelName, first: first + 1, second: place + 1))
            }
        }
        self.generators = generators
        self.aliases = aliases
    }

    /// - Parameter name: nil means the only model, where there is only one.
    /// - Throws: `APIError` 404 `model_not_found` for another name, 400 if a name is needed and absent.
    func generator(named name: String?) throws(APIError) -> any TextGenerator {
        guard let name else {
            guard let only = generators.first, generators.count == 1 else {
                throw .badRequest("model is required: this server has \(generators.count) models", parameter: "model")
            }
            return only
        }
        let resolved = aliases[name] ?? name
        guard let generator = generators.first(where: { $0.modelName == resolved }) else {
            throw .modelNotFound(name, available: generators.map(\.modelName))
        }
        return generator
    }
}
