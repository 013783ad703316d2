package import Engine

/// How the server comes by a model.
package struct ModelRecipe: Sendable {
    /// What clients call it; nil takes the name that the file gives.
    package let name: String?
    /// Changes when the model's files do; nil where there are none.
    package let fingerprint: @Sendable () -> FileFingerprint?
    /// What loading would give and cost, without loading.
    package let inspect: @Sendable () async throws(EngineError) -> ModelProspect
    package let load: @Sendable () async throws(EngineError) -> any TextGenerator

    package init(
        name: String? = nil, fingerprint: @escaping @Sendable () -> FileFingerprint? = { nil },
        inspect: @escaping @Sendable () async throws(EngineError) -> ModelProspect,
        load: @escaping @Sendable () async throws(EngineError) -> any TextGenerator
    ) {
        self.name = name
        self.fingerprint = fingerprint
        self.inspect = inspect
        self.load = load
    }

    /// A model that an `InferenceEngine` runs.
    package init(
        _ source: ModelSource, name: String? = nil, options: EngineOptions,
        onProgress: @escaping @Sendable (LoadingProgress) -> Void = { _ in }
    ) {
        self.init(
            name: name,
            fingerprint: {
                guard case .file(let path) = source else { return nil }
                return FileFingerprint(path: path)
            },
            inspect: { () async throws(EngineError) in try await ModelProspect.of(source, options: options) },
            load: { () async throws(EngineError) in
                try await InferenceEngine.load(source, options: options, onProgress: onProgress)
            })
    }
}
