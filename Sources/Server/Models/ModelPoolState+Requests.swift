/// Who gets an instance, and who has to wait.
extension ModelPoolState {
    /// Somebody wants to use a model: granted, refused, or to wait.
    package mutating func acquire(_ id: WaiterID, model: Int, at now: Instant) -> [Action] {
        guard !isShutDown else { return [.refuse(id, .shuttingDown)] }
        if let serving = models[model].serving, !yielding.contains(model) { return [grant(id, serving, at: now)] }
        if models[model].serving == nil, models[model].loading == nil {
            if let failure = models[model].failure, failure.retryTime > now {
                return [.refuse(id, .loadingFailed(failure.error, retryIn: failure.retryTime - now))]
            }
            if let limit = limits.byteCount, models[model].byteCount > limit {
                return [.refuse(id, .tooLarge(needed: models[model].byteCount, limit: limit))]
            }
        }
        let count = waiters.count { $0.model == model }
        guard count < limits.waiterCount else { return [.refuse(id, .tooManyWaiting(count))] }
        waiters.append(Waiter(id: id, model: model, place: takeNumber()))
        return advance(at: now)
    }

    /// Somebody waits no longer. One who is not waiting changes nothing.
    package mutating func abandon(_ id: WaiterID, at now: Instant) -> [Action] {
        guard let place = waiters.firstIndex(where: { $0.id == id }) else { return [] }
        waiters.remove(at: place)
        return advance(at: now)
    }

    /// Somebody has done with an instance that was granted.
    package mutating func release(_ id: InstanceID, at now: Instant) -> [Action] {
        guard let count = instances[id]?.leaseCount, count > 0 else {
            preconditionFailure("release: nobody holds instance \(id.number)")
        }
        instances[id]?.leaseCount = count - 1
        instances[id]?.lastUse = now
        return closeIfUnused(id) + advance(at: now)
    }

    mutating func grant(_ waiter: WaiterID, _ id: InstanceID, at now: Instant) -> Action {
        instances[id]?.leaseCount += 1
        instances[id]?.lastGrant = now
        instances[id]?.lastUse = now
        return .grant(waiter, id)
    }

    mutating func grantAll(waitingFor model: Int, at now: Instant) -> [Action] {
        guard let serving = models[model].serving else { return [] }
        let granted = takeWaiters(of: model)
        return granted.map { grant($0, serving, at: now) }
    }

    mutating func refuseAll(waitingFor model: Int, _ refusal: Refusal) -> [Action] {
        takeWaiters(of: model).map { .refuse($0, refusal) }
    }

    mutating func takeWaiters(of model: Int) -> [WaiterID] {
        defer { waiters.removeAll { $0.model == model } }
        return waiters.filter { $0.model == model }.map(\.id)
    }
}
