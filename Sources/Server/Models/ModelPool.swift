import Engine
package import Logging
import Synchronization

/// Models that are loaded when somebody asks for them and unloaded when their memory is wanted: carries out what
/// `ModelPoolState` decides.
package final class ModelPool: Sendable {
    package typealias Limits = ModelPoolState.Limits
    typealias InstanceID = ModelPoolState.InstanceID
    typealias WaiterID = ModelPoolState.WaiterID
    typealias ReloadContinuation = CheckedContinuation<ModelPoolState.Reload, Never>

    struct Waiter {
        let model: Int
        let continuation: CheckedContinuation<ModelLease, any Error>
        /// Ends the waiting when its time is over.
        var timer: Task<Void, Never>?
    }

    /// What is known of a model beside its instances.
    struct Model {
        let name: String
        var prospect: ModelProspect
        /// Of the files that `prospect` tells of.
        var fingerprint: FileFingerprint?
        /// The newest that was seen by `ModelPool.lookAtFiles()`, and whether it has been dealt with.
        var seen: FileFingerprint?
        var isSeenLoaded = true
        var loadingProblem: EngineError?
        var loadCount = 0
        var unloadCount = 0
        var failureCount = 0
    }

    struct Fields {
        var state: ModelPoolState
        var models: [Model]
        var generators: [InstanceID: any TextGenerator] = [:]
        var waiters: [WaiterID: Waiter] = [:]
        var reloads: [Int: [ReloadContinuation]] = [:]
        var ends: [CheckedContinuation<Void, Never>] = []
        var nextWaiter = 0
        var isLookingAtFiles = false
    }

    let recipes: [ModelRecipe]
    let logger: Logger
    let fields: Mutex<Fields>

    /// Looks at all models, without loading them.
    ///
    /// - Throws: `EngineError` of a model that cannot be loaded, as far as its file's beginning tells; `ServerError` for two models
    ///   of one name, and for one that never fits the limit; `CancellationError`.
    package init(_ recipes: [ModelRecipe], limits: Limits = Limits(), logger: Logger) async throws {
        self.recipes = recipes
        self.logger = logger
        var models: [Model] = []
        for recipe in recipes {
            try Task.checkCancellation()
            let fingerprint = recipe.fingerprint()
            let prospect = try await recipe.inspect()
            let name = recipe.name ?? prospect.modelName
            if let first = models.firstIndex(where: { $0.name == name }) {
                throw ServerError(problem: .duplicateModelName(name, first: first + 1, second: models.count + 1))
            }
            if let limit = limits.byteCount, prospect.byteCount > limit {
                throw ServerError(problem: .modelTooLarge(name, needed: prospect.byteCount, limit: limit))
            }
            models.append(Model(name: name, prospect: prospect, fingerprint: fingerprint, seen: fingerprint))
        }
        let state = ModelPoolState(byteCounts: models.map(\.prospect.byteCount), limits: limits)
        fields = Mutex(Fields(state: state, models: models))
    }

    /// Loads models in their order, as many as fit.
    ///
    /// - Throws: `ModelUnavailable` for one that cannot be loaded; `CancellationError`.
    package func loadWhatFits() async throws {
        for model in fields.withLock({ $0.state.fittingModels }) { _ = try await lease(model) }
    }

    // MARK: Requests

    /// A model to use, once it is loaded.
    ///
    /// - Parameter admission: How long the request may wait.
    /// - Throws: `ModelUnavailable`; `EngineError` `.queueFull`, `.shuttingDown`, or what the request's time ends with;
    ///   `CancellationError`.
    func lease(_ model: Int, for admission: AdmissionOptions = AdmissionOptions()) async throws -> ModelLease {
        let id = fields.withLock { fields in
            fields.nextWaiter += 1
            return WaiterID(number: fields.nextWaiter)
        }
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                update { fields in
                    fields.waiters[id] = Waiter(model: model, continuation: continuation)
                    return fields.state.acquire(id, model: model, at: .now)
                }
                limitWait(of: id, admission)
                // The handler below may have come before there was anybody to give up.
                if Task.isCancelled { giveUp(id, CancellationError()) }
            }
        } onCancel: {
            giveUp(id, CancellationError())
        }
    }

    private func limitWait(of id: WaiterID, _ admission: AdmissionOptions) {
        guard let limit = admission.maximumWait else { return }
        fields.withLock { fields in
            guard fields.waiters[id] != nil else { return }
            fields.waiters[id]?.timer = Task { [weak self] in
                guard (try? await Task.sleep(for: limit)) != nil, let self else { return }
                giveUp(id, admission.timeout(after: limit, in: .queued) ?? CancellationError())
            }
        }
    }

    private func giveUp(_ id: WaiterID, _ error: any Error) {
        var waiter: Waiter?
        update { fields in
            waiter = fields.waiters.removeValue(forKey: id)
            return fields.state.abandon(id, at: .now)
        }
        waiter?.timer?.cancel()
        waiter?.continuation.resume(throwing: error)
    }

    // MARK: Upkeep

    /// Unloads what nobody has used for the limit's time.
    func unloadIdle() { update { $0.state.closeIdle(at: .now) } }

    /// Refuses whoever waits or comes, and returns when all that is loaded has been given back. What is being loaded is not waited
    /// for; it is given back when it is there.
    package func shutDown() async {
        update { $0.state.shutDown() }
        await withCheckedContinuation { continuation in
            let isOver = fields.withLock { fields in
                if fields.generators.isEmpty { return true }
                fields.ends.append(continuation)
                return false
            }
            if isOver { continuation.resume() }
        }
    }

    // MARK: Effects

    /// Changes the state, and does what follows from it.
    func update(_ change: (inout Fields) -> [ModelPoolState.Action]) {
        let effects = fields.withLock { fields in
            change(&fields).map { effect(of: $0, &fields) }
        }
        for effect in effects { effect() }
    }

    /// Notes an action in `fields`; what is returned does the rest without the lock.
    private func effect(of action: ModelPoolState.Action, _ fields: inout Fields) -> @Sendable () -> Void {
        switch action {
        case .inspect(let id, let model): return { Task { await self.inspect(id, model) } }
        case .load(let id, let model): return { Task { await self.load(id, model) } }
        case .close(let id, let model):
            let generator = fields.generators[id]
            fields.models[model].unloadCount += 1
            return { Task { await self.close(id, model, generator) } }
        case .grant(let waiter, let id):
            let waiter = fields.waiters.removeValue(forKey: waiter)
            guard let generator = fields.generators[id] else { preconditionFailure("grant: \(id) is not loaded") }
            let lease = ModelLease(generator) { self.update { $0.state.release(id, at: .now) } }
            return {
                waiter?.timer?.cancel()
                waiter?.continuation.resume(returning: lease)
            }
        case .refuse(let waiter, let refusal):
            guard let waiter = fields.waiters.removeValue(forKey: waiter) else { return {} }
            let error = Self.error(refusal, model: fields.models[waiter.model].name)
            return {
                waiter.timer?.cancel()
                waiter.continuation.resume(throwing: error)
            }
        case .finishReload(let model, let outcome):
            let continuations = fields.reloads.removeValue(forKey: model) ?? []
            return { for continuation in continuations { continuation.resume(returning: outcome) } }
        }
    }

    private static func error(_ refusal: ModelPoolState.Refusal, model: String) -> any Error {
        switch refusal {
        case .loadingFailed(let error, let delay):
            ModelUnavailable(model: model, problem: .loadingFailed(error), retryAfter: delay)
        case .tooLarge(let needed, let limit):
            ModelUnavailable(model: model, problem: .tooLarge(needed: needed, limit: limit))
        case .tooManyWaiting(let count):
            EngineError(
                code: .queueFull, message: "\(count) requests wait for the model '\(model)' already; try again later")
        case .shuttingDown: ServerState.shuttingDownError
        }
    }
}
