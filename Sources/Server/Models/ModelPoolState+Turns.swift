/// Whose turn it is to be loaded, and who makes room.
extension ModelPoolState {
    /// Begins the loadings whose turn it is, makes room for the first that has none, and lets models go on that need not yield.
    mutating func advance(at now: Instant) -> [Action] {
        guard !isShutDown else { return [] }
        yielding = []
        var actions = forgetReloadsOfUnloaded()
        for model in modelsToLoad() {
            let missing = missingByteCount(for: model)
            guard missing <= 0 else {
                actions += makeRoom(missing, for: model)
                break
            }
            actions.append(beginLoading(model, at: now))
        }
        for model in Set(waiters.map(\.model)).subtracting(yielding).sorted() {
            actions += grantAll(waitingFor: model, at: now)
        }
        return actions
    }

    mutating func forgetReloadsOfUnloaded() -> [Action] {
        var actions: [Action] = []
        for model in models.indices where models[model].reload != nil {
            guard models[model].serving == nil, models[model].loading == nil else { continue }
            models[model].reload = nil
            actions.append(.finishReload(model: model, .notLoaded))
        }
        return actions
    }

    /// Those that are wanted, by when it was first said.
    func modelsToLoad() -> [Int] {
        var places: [(place: Int, model: Int)] = []
        for (model, state) in models.enumerated() where state.loading == nil {
            let waiter = state.serving == nil ? waiters.first { $0.model == model }?.place : nil
            guard let place = [waiter, state.reload].compactMap(\.self).min() else { continue }
            places.append((place, model))
        }
        return places.sorted { $0.place < $1.place }.map(\.model)
    }

    /// What `model` needs beyond the room that there is.
    func missingByteCount(for model: Int) -> Int {
        guard let limit = limits.byteCount else { return 0 }
        return models[model].byteCount - (limit - usedByteCount)
    }

    mutating func beginLoading(_ model: Int, at now: Instant) -> Action {
        let id = InstanceID(number: takeNumber())
        instances[id] = Instance(model: model, byteCount: models[model].byteCount, lastGrant: now, lastUse: now)
        models[model].loading = id
        models[model].loadingReload = models[model].reload
        models[model].reload = nil
        return .inspect(id, model: model)
    }

    /// Closes what is idle and lets yield what is busy, as far as what closes already does not do.
    mutating func makeRoom(_ missing: Int, for model: Int) -> [Action] {
        var missing = missing - instances.values.reduce(0) { $0 + ($1.phase == .closing ? $1.byteCount : 0) }
        var chosen: [Candidate] = []
        for candidate in candidates(besides: model) where missing > 0 {
            chosen.append(candidate)
            missing -= candidate.byteCount
        }
        // Small ones may have been taken before a large one that is enough.
        for place in chosen.indices.reversed() where missing + chosen[place].byteCount <= 0 {
            missing += chosen[place].byteCount
            chosen.remove(at: place)
        }
        yielding = Set(chosen.filter { $0.cost == .busy }.map(\.model))
        return chosen.filter { $0.cost == .idle }.flatMap { retire($0.id) }
    }

    struct Candidate {
        /// What closing it costs, in the order in which it is preferred.
        enum Cost: Int {
            case idle, retired, busy
        }

        let id: InstanceID
        let model: Int
        let byteCount: Int
        let cost: Cost
        /// For busy ones the last time that a request began: as those that yield get none, they stay the first.
        let lastUse: Instant
    }

    /// Instances that could make room, the best first.
    func candidates(besides model: Int) -> [Candidate] {
        let candidates = instances.compactMap { id, instance -> Candidate? in
            let cost: Candidate.Cost
            switch instance.phase {
            case .loading, .closing: return nil
            case .retired: cost = .retired
            case .serving where instance.model == model: return nil
            case .serving: cost = instance.leaseCount > 0 ? .busy : .idle
            }
            return Candidate(
                id: id, model: instance.model, byteCount: instance.byteCount, cost: cost,
                lastUse: cost == .busy ? instance.lastGrant : instance.lastUse)
        }
        return candidates.sorted {
            ($0.cost.rawValue, $0.lastUse, $0.id.number) < ($1.cost.rawValue, $1.lastUse, $1.id.number)
        }
    }
}
