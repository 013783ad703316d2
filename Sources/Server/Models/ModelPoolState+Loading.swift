package import Engine

/// How instances come to be, and how one takes the place of another.
extension ModelPoolState {
    /// The file has been looked at: loading will take `byteCount`.
    package mutating func inspected(_ id: InstanceID, byteCount: Int, at now: Instant) -> [Action] {
        guard let instance = instances[id] else { return [] }
        guard !isShutDown else {
            _ = forgetLoading(id)
            return []
        }
        let model = instance.model
        models[model].byteCount = byteCount
        guard let limit = limits.byteCount, byteCount > instance.byteCount else {
            instances[id]?.byteCount = byteCount
            return [.load(id, model: model)] + advance(at: now)
        }
        let needed = byteCount + (models[model].serving.flatMap { instances[$0]?.byteCount } ?? 0)
        guard needed <= limit else {
            let reload = forgetLoading(id)
            var actions: [Action] = []
            if reload != nil { actions += finishReload(model, .tooLarge(needed: needed, limit: limit)) }
            if models[model].serving == nil {
                actions += refuseAll(waitingFor: model, .tooLarge(needed: needed, limit: limit))
            }
            return actions + advance(at: now)
        }
        guard byteCount - instance.byteCount <= limit - usedByteCount else {
            // Larger than was thought: its place in line stays, and room is made for what it takes.
            let reload = forgetLoading(id)
            models[model].reload = reload ?? models[model].reload
            return advance(at: now)
        }
        instances[id]?.byteCount = byteCount
        return [.load(id, model: model)]
    }

    /// The instance can be used: those who wait get it, and one that it replaces ends with its last request.
    package mutating func loaded(_ id: InstanceID, at now: Instant) -> [Action] {
        guard let model = instances[id]?.model else { return [] }
        let reload = models[model].loadingReload
        models[model].loading = nil
        models[model].loadingReload = nil
        models[model].failure = nil
        var actions: [Action] = []
        if let old = models[model].serving { actions += retire(old) }
        instances[id]?.phase = .serving
        instances[id]?.lastUse = now
        models[model].serving = id
        if reload != nil { actions += finishReload(model, .done) }
        if isShutDown { return actions + retire(id) }
        return actions + grantAll(waitingFor: model, at: now) + advance(at: now)
    }

    /// The file is no model that can be used. What was loaded before stays; those who wait for the first loading are refused, and
    /// so is everyone until it is time to try again: after 1 second, then 2, 4 … 60.
    package mutating func failed(_ id: InstanceID, _ error: EngineError, at now: Instant) -> [Action] {
        guard let model = instances[id]?.model else { return [] }
        var actions: [Action] = []
        if forgetLoading(id) != nil { actions += finishReload(model, .failed(error)) }
        if models[model].serving == nil {
            let count = (models[model].failure?.count ?? 0) + 1
            let delay = Duration.seconds(min(60, 1 << min(count - 1, 6)))
            models[model].failure = Failure(error: error, count: count, retryTime: now + delay)
            actions += refuseAll(waitingFor: model, .loadingFailed(error, retryIn: delay))
        }
        return actions + advance(at: now)
    }

    /// The instance's memory has been given back.
    package mutating func closed(_ id: InstanceID, at now: Instant) -> [Action] {
        instances[id] = nil
        return advance(at: now)
    }

    /// The model's file has changed, and loading it will take `byteCount`.
    package mutating func reload(_ model: Int, byteCount: Int, at now: Instant) -> [Action] {
        guard !isShutDown else { return [.finishReload(model: model, .shuttingDown)] }
        models[model].byteCount = byteCount
        models[model].failure = nil
        if let limit = limits.byteCount {
            let needed = byteCount + (models[model].serving.flatMap { instances[$0]?.byteCount } ?? 0)
            guard needed <= limit else {
                let refusals =
                    byteCount > limit && models[model].serving == nil && models[model].loading == nil
                    ? refuseAll(waitingFor: model, .tooLarge(needed: needed, limit: limit)) : []
                models[model].reload = nil
                return refusals + [.finishReload(model: model, .tooLarge(needed: needed, limit: limit))]
                    + advance(at: now)
            }
        }
        models[model].reload = models[model].reload ?? takeNumber()
        return advance(at: now)
    }

    /// - Returns: The place in line of the reload that it was; nil if it was none.
    mutating func forgetLoading(_ id: InstanceID) -> Int? {
        guard let model = instances.removeValue(forKey: id)?.model else { return nil }
        defer { models[model].loadingReload = nil }
        models[model].loading = nil
        return models[model].loadingReload
    }

    /// Another reload that has been asked for in the meantime will tell instead.
    func finishReload(_ model: Int, _ outcome: Reload) -> [Action] {
        models[model].reload == nil ? [.finishReload(model: model, outcome)] : []
    }
}
