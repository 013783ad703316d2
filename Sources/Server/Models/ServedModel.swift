import Engine
import Synchronization

/// A model that requests can name, whether it is in memory at the moment or not.
struct ServedModel: Sendable {
    private enum Origin: Sendable {
        case loaded(any TextGenerator)
        case pooled(ModelPool, Int)
    }

    /// What clients call it.
    let modelName: String
    private let origin: Origin

    /// One that stays loaded.
    init(_ generator: any TextGenerator) {
        modelName = generator.modelName
        origin = .loaded(generator)
    }

    init(_ pool: ModelPool, _ model: Int) {
        modelName = pool.fields.withLock { $0.models[model].name }
        origin = .pooled(pool, model)
    }

    var information: ModelInformation {
        switch origin {
        case .loaded(let generator): generator.information
        case .pooled(let pool, let model): pool.fields.withLock { $0.models[model].prospect.information }
        }
    }

    /// Numbers of this moment; nil while it is not loaded.
    var statistics: EngineStatistics? {
        switch origin {
        case .loaded(let generator): generator.statistics
        case .pooled(let pool, let model): pool.generator(of: model)?.statistics
        }
    }

    var isLoaded: Bool {
        switch origin {
        case .loaded: true
        case .pooled(let pool, let model): pool.generator(of: model) != nil
        }
    }

    /// Why it could not be loaded, or loaded anew, the last time that this was tried; nil where it could.
    var loadingProblem: EngineError? {
        switch origin {
        case .loaded: nil
        case .pooled(let pool, let model): pool.fields.withLock { $0.models[model].loadingProblem }
        }
    }

    /// The model to use, once it is loaded; it stays loaded as long as the lease exists.
    ///
    /// - Parameter admission: How long the request may wait, less the time that it has waited on return.
    /// - Throws: As `ModelPool.lease(_:for:)`.
    func lease(for admission: inout AdmissionOptions) async throws -> ModelLease {
        switch origin {
        case .loaded(let generator): return ModelLease(generator)
        case .pooled(let pool, let model):
            let start = ContinuousClock.now
            defer { admission = admission.after(ContinuousClock.now - start) }
            return try await pool.lease(model, for: admission)
        }
    }

    /// - Returns: nil for a model that has no file to be loaded from again.
    func reload() async -> ModelReload? {
        switch origin {
        case .loaded: nil
        case .pooled(let pool, let model): await pool.reload(model)
        }
    }
}

extension ModelPool {
    /// What new requests would get without waiting.
    func generator(of model: Int) -> (any TextGenerator)? {
        fields.withLock { fields in fields.state.models[model].serving.flatMap { fields.generators[$0] } }
    }

    /// Bytes of all instances, as estimated.
    var usedByteCount: Int { fields.withLock { $0.state.usedByteCount } }

    /// What is known of each model now.
    var models: [Model] { fields.withLock { $0.models } }

    var servedModels: [ServedModel] { recipes.indices.map { ServedModel(self, $0) } }
}
