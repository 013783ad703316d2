/// How instances end.
extension ModelPoolState {
    /// Closes what nobody has used for the limit's time.
    package mutating func closeIdle(at now: Instant) -> [Action] {
        guard let idleTime = limits.idleTime else { return [] }
        let idle = models.compactMap(\.serving).filter { id in
            guard let instance = instances[id] else { return false }
            return instance.leaseCount == 0 && instance.lastUse + idleTime <= now
        }
        return idle.flatMap { retire($0) } + advance(at: now)
    }

    /// Refuses whoever waits or comes, and closes each instance when its last request has ended.
    package mutating func shutDown() -> [Action] {
        guard !isShutDown else { return [] }
        isShutDown = true
        let refusals = waiters.map { Action.refuse($0.id, .shuttingDown) }
        waiters = []
        yielding = []
        var reloads: [Action] = []
        for model in models.indices where models[model].reload ?? models[model].loadingReload != nil {
            models[model].reload = nil
            models[model].loadingReload = nil
            reloads.append(.finishReload(model: model, .shuttingDown))
        }
        return refusals + reloads + models.compactMap(\.serving).flatMap { retire($0) }
    }

    mutating func retire(_ id: InstanceID) -> [Action] {
        guard let model = instances[id]?.model else { return [] }
        if models[model].serving == id { models[model].serving = nil }
        instances[id]?.phase = .retired
        return closeIfUnused(id)
    }

    mutating func closeIfUnused(_ id: InstanceID) -> [Action] {
        guard let instance = instances[id], instance.phase == .retired, instance.leaseCount == 0 else { return [] }
        instances[id]?.phase = .closing
        return [.close(id, model: instance.model)]
    }
}
