package import Engine

/// Which models are in memory, who uses them, and what has to give way: decisions without effects.
///
/// Each method takes what happened, changes the state and returns what is to be done, in order; the time comes from outside.
/// What is always true: all instances together stay within the limit; an instance that a request holds is never closed.
///
/// A model that is asked for and not loaded waits its turn by its first request. The first in line takes the room of models that
/// nobody uses, least recently used first. Where that is not enough, busy ones yield: they get no further requests, and close when
/// those they have end. Nobody behind it loads before it. A model that has loaded serves all who wait for it by then, even if it
/// has to yield at once; so every model has its turn, however busy the others are.
package struct ModelPoolState: Sendable {
    package typealias Instant = ContinuousClock.Instant

    package struct Limits: Sendable, Equatable {
        /// Bytes of all instances together; nil sets no limit.
        package var byteCount: Int?
        /// Requests that may wait for one model; one more is refused.
        package var waiterCount = 68
        /// An instance that nobody has used for this long is closed; nil keeps it.
        package var idleTime: Duration?

        package init() {}
    }

    /// One loading of a model, and what came of it. During a reload a model has two.
    package struct InstanceID: Hashable, Sendable {
        package let number: Int
    }

    package struct WaiterID: Hashable, Sendable {
        package let number: Int

        package init(number: Int) { self.number = number }
    }

    package enum Action: Sendable, Equatable {
        /// Look at the model's file without loading it; ends with `inspected` or `failed`.
        case inspect(InstanceID, model: Int)
        /// Load it; ends with `loaded` or `failed`.
        case load(InstanceID, model: Int)
        /// Nobody uses it, and nobody will; ends with `closed`.
        case close(InstanceID, model: Int)
        case grant(WaiterID, InstanceID)
        case refuse(WaiterID, Refusal)
        case finishReload(model: Int, Reload)
    }

    package enum Refusal: Sendable, Equatable {
        case loadingFailed(EngineError, retryIn: Duration)
        case tooLarge(needed: Int, limit: Int)
        case tooManyWaiting(Int)
        case shuttingDown
    }

    package enum Reload: Sendable, Equatable {
        /// New requests use the new file.
        case done
        /// Nothing was loaded; the next request loads the new file.
        case notLoaded
        /// What was loaded stays.
        case failed(EngineError)
        case tooLarge(needed: Int, limit: Int)
        case shuttingDown
    }

    enum Phase {
        case loading, serving
        /// Replaced, or not wanted any more, but still used.
        case retired
        case closing
    }

    struct Instance {
        let model: Int
        var byteCount: Int
        var phase = Phase.loading
        var leaseCount = 0
        var lastGrant: Instant
        /// When a request last began or ended.
        var lastUse: Instant
    }

    struct Model {
        /// What the next loading is thought to take.
        var byteCount: Int
        var serving: InstanceID?
        var loading: InstanceID?
        /// The place in line of a reload that has not begun.
        var reload: Int?
        /// The same of the one that is loading.
        var loadingReload: Int?
        var failure: Failure?
    }

    struct Failure {
        let error: EngineError
        let count: Int
        let retryTime: Instant
    }

    struct Waiter {
        let id: WaiterID
        let model: Int
        let place: Int
    }

    let limits: Limits
    var models: [Model]
    var instances: [InstanceID: Instance] = [:]
    /// In the order in which they came.
    var waiters: [Waiter] = []
    /// Models that get no further requests until another one has its room.
    var yielding: Set<Int> = []
    var nextNumber = 0
    package var isShutDown = false

    /// - Parameter byteCounts: What each model is thought to take.
    package init(byteCounts: [Int], limits: Limits = Limits()) {
        models = byteCounts.map { Model(byteCount: $0) }
        self.limits = limits
    }
}

extension ModelPoolState {
    /// Bytes of all that is loaded, is being loaded or has not been given back.
    package var usedByteCount: Int { instances.values.reduce(0) { $0 + $1.byteCount } }

    package var isEmpty: Bool { instances.isEmpty }

    package func isLoaded(_ model: Int) -> Bool { models[model].serving != nil }

    package func isLoading(_ model: Int) -> Bool { models[model].loading != nil }

    package func leaseCount(of id: InstanceID) -> Int { instances[id]?.leaseCount ?? 0 }

    package var waiterCount: Int { waiters.count }

    /// What of the models, in their order, can be loaded at the start without one taking the room of another.
    package var fittingModels: [Int] {
        var room = limits.byteCount ?? .max
        return models.indices.filter { model in
            guard models[model].byteCount <= room else { return false }
            room -= models[model].byteCount
            return true
        }
    }
}

extension ModelPoolState {
    mutating func takeNumber() -> Int {
        nextNumber += 1
        return nextNumber
    }
}
