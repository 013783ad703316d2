import Engine
import Logging
import Synchronization

/// Files that are replaced while their models are used.
extension ModelPool {
    /// Loads the model's file as it is now, beside what is loaded; new requests go there when it is ready, and the old one ends
    /// with its last request. Where that fails, the old one stays.
    func reload(_ model: Int) async -> ModelReload {
        let (name, old) = fields.withLock { ($0.models[model].name, $0.models[model].prospect) }
        let fingerprint = recipes[model].fingerprint()
        let outcome: ModelPoolState.Reload
        do throws(EngineError) {
            // Whatever the fingerprint says: somebody has asked.
            let prospect = try await recipes[model].inspect()
            fields.withLock {
                $0.models[model].prospect = prospect
                $0.models[model].fingerprint = fingerprint
            }
            outcome = await withCheckedContinuation { continuation in
                update { fields in
                    fields.reloads[model, default: []].append(continuation)
                    return fields.state.reload(model, byteCount: prospect.byteCount, at: .now)
                }
            }
        } catch { outcome = .failed(error) }
        let reload = ModelReload(model: name, outcome)
        note(reload, of: model, old)
        return reload
    }

    /// Reloads all models, one after the other.
    func reloadAll() async {
        for model in recipes.indices { _ = await reload(model) }
    }

    /// Reloads models whose files have changed since they were last looked at, and have stayed as they are from one call to the
    /// next: a set of files is not replaced at once. Only one call at a time does anything.
    func lookAtFiles() async {
        let isFirst = fields.withLock { fields in
            defer { fields.isLookingAtFiles = true }
            return !fields.isLookingAtFiles
        }
        guard isFirst else { return }
        defer { fields.withLock { $0.isLookingAtFiles = false } }
        for (model, recipe) in recipes.enumerated() {
            guard let fingerprint = recipe.fingerprint() else { continue }
            let isDue = fields.withLock { fields in
                let seen = fields.models[model].seen
                fields.models[model].seen = fingerprint
                if seen != fingerprint {
                    fields.models[model].isSeenLoaded = false
                    return false
                }
                defer { fields.models[model].isSeenLoaded = true }
                return !fields.models[model].isSeenLoaded
            }
            if isDue { _ = await reload(model) }
        }
    }

    private func note(_ reload: ModelReload, of model: Int, _ old: ModelProspect) {
        guard let problem = reload.problem else {
            fields.withLock { $0.models[model].loadingProblem = nil }
            logger.notice("reloaded \(reload.model)", metadata: ["outcome": "\(reload.status.rawValue)"])
            return
        }
        fields.withLock { fields in
            fields.models[model].loadingProblem = problem
            // What is served is still the old one.
            if fields.state.isLoaded(model) { fields.models[model].prospect.information = old.information }
        }
        logger.error("\(reload.model) is not reloaded, what was loaded stays: \(problem)")
    }
}

/// What came of a reload.
struct ModelReload: Sendable, Equatable {
    enum Status: String, Sendable {
        case reloaded
        /// The next request will load it.
        case notLoaded = "not_loaded"
        /// What was loaded stays.
        case failed
    }

    let model: String
    let status: Status
    /// Where it failed.
    let problem: EngineError?

    init(model: String, _ outcome: ModelPoolState.Reload) {
        self.model = model
        switch outcome {
        case .done: (status, problem) = (.reloaded, nil)
        case .notLoaded: (status, problem) = (.notLoaded, nil)
        case .failed(let error): (status, problem) = (.failed, error)
        case .tooLarge(let needed, let limit):
            let error = EngineError(
                code: .invalidRequest,
                message:
                    "old and new file together need \(needed) bytes of memory, but --model-memory allows \(limit); "
                    + "it takes \(needed), or a start anew")
            (status, problem) = (.failed, error)
        case .shuttingDown: (status, problem) = (.failed, ServerState.shuttingDownError)
        }
    }
}
