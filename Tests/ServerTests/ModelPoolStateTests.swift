import Engine
import Server
import TestSupport
import Testing

/// What the pool decides, without a model, a thread or a clock.
@Suite("Which models are loaded")
struct ModelPoolStateTests {
    private typealias Waiter = ModelPoolState.WaiterID

    private static let start = ContinuousClock.now
    private static let broken = EngineError(code: .invalidModel, message: "broken.gguf: no model")

    private static func time(_ seconds: Int) -> ContinuousClock.Instant { start + .seconds(seconds) }

    /// A pool of models of 4, 4 and 2 bytes.
    private static func pool(limit: Int? = nil, idleTime: Duration? = nil) -> ModelPoolState {
        var limits = ModelPoolState.Limits()
        limits.byteCount = limit
        limits.idleTime = idleTime
        limits.waiterCount = 3
        return ModelPoolState(byteCounts: [4, 4, 2], limits: limits)
    }

    /// Asks for a model that is not loaded, and loads it; waiter `id` has it then.
    private static func load(
        _ model: Int, for id: Int, in pool: inout ModelPoolState, at seconds: Int = 0
    ) throws -> ModelPoolState.InstanceID {
        let actions = pool.acquire(Waiter(number: id), model: model, at: time(seconds))
        guard case .inspect(let instance, model) = try #require(actions.first) else {
            throw EngineError(code: .invalidRequest, message: "\(actions)")
        }
        #expect(
            pool.inspected(instance, byteCount: model == 2 ? 2 : 4, at: time(seconds))
                == [.load(instance, model: model)])
        #expect(pool.loaded(instance, at: time(seconds)) == [.grant(Waiter(number: id), instance)])
        return instance
    }

    @Test func `many requests for a model load it once`() throws {
        var pool = Self.pool()
        let first = pool.acquire(Waiter(number: 1), model: 0, at: Self.start)
        guard case .inspect(let instance, 0) = try #require(first.first), first.count == 1 else {
            Issue.record("\(first)")
            return
        }
        #expect(pool.acquire(Waiter(number: 2), model: 0, at: Self.start) == [])
        #expect(pool.inspected(instance, byteCount: 4, at: Self.start) == [.load(instance, model: 0)])
        #expect(pool.acquire(Waiter(number: 3), model: 0, at: Self.start) == [])
        #expect(pool.abandon(Waiter(number: 2), at: Self.start) == [])
        #expect(
            pool.loaded(instance, at: Self.start)
                == [.grant(Waiter(number: 1), instance), .grant(Waiter(number: 3), instance)])
        #expect(pool.acquire(Waiter(number: 4), model: 0, at: Self.start) == [.grant(Waiter(number: 4), instance)])
    }

    @Test func `no more may wait than the limit says`() {
        var pool = Self.pool()
        for id in 1...3 { _ = pool.acquire(Waiter(number: id), model: 0, at: Self.start) }
        #expect(
            pool.acquire(Waiter(number: 4), model: 0, at: Self.start)
                == [.refuse(Waiter(number: 4), .tooManyWaiting(3))])
        #expect(pool.acquire(Waiter(number: 5), model: 1, at: Self.start).count == 1)
    }

    @Test func `a model that does not load is refused to all who wait, and tried again later and later`() throws {
        var pool = Self.pool()
        var now = 0
        for (attempt, delay) in [1, 2, 4, 8, 16, 32, 60, 60].enumerated() {
            let actions = pool.acquire(Waiter(number: 3 * attempt), model: 0, at: Self.time(now))
            guard case .inspect(let instance, 0) = try #require(actions.first) else {
                Issue.record("\(actions)")
                return
            }
            let other = Waiter(number: 3 * attempt + 1)
            #expect(pool.acquire(other, model: 0, at: Self.time(now)) == [])
            let refusal = ModelPoolState.Refusal.loadingFailed(Self.broken, retryIn: .seconds(delay))
            #expect(
                pool.failed(instance, Self.broken, at: Self.time(now))
                    == [.refuse(Waiter(number: 3 * attempt), refusal), .refuse(other, refusal)])
            #expect(pool.usedByteCount == 0)
            let early = Waiter(number: 3 * attempt + 2)
            #expect(
                pool.acquire(early, model: 0, at: Self.time(now + delay - 1))
                    == [.refuse(early, .loadingFailed(Self.broken, retryIn: .seconds(1)))])
            now += delay
        }
    }

    @Test func `the idle model that was not used for longest makes room`() throws {
        var pool = Self.pool(limit: 8)
        let first = try Self.load(0, for: 1, in: &pool)
        #expect(pool.release(first, at: Self.time(5)) == [])
        let small = try Self.load(2, for: 2, in: &pool, at: 6)
        #expect(pool.release(small, at: Self.time(7)) == [])
        #expect(pool.acquire(Waiter(number: 3), model: 1, at: Self.time(8)) == [.close(first, model: 0)])
        #expect(pool.usedByteCount == 6)
        let actions = pool.closed(first, at: Self.time(9))
        guard case .inspect(_, 1) = try #require(actions.first), actions.count == 1 else {
            Issue.record("\(actions)")
            return
        }
        #expect(pool.usedByteCount == 6 && pool.isLoaded(2))
    }

    @Test func `a small model stays where a larger one has to go anyway`() throws {
        var pool = Self.pool(limit: 6)
        let small = try Self.load(2, for: 1, in: &pool)
        #expect(pool.release(small, at: Self.time(1)) == [])
        let large = try Self.load(0, for: 2, in: &pool, at: 2)
        #expect(pool.release(large, at: Self.time(3)) == [])
        #expect(pool.acquire(Waiter(number: 3), model: 1, at: Self.time(4)) == [.close(large, model: 0)])
    }

    @Test func `a busy model yields to one that waits, and has its turn again`() throws {
        var pool = Self.pool(limit: 4)
        let first = try Self.load(0, for: 1, in: &pool)
        #expect(pool.acquire(Waiter(number: 2), model: 1, at: Self.time(1)) == [])
        // What comes for the busy model now waits behind the other.
        #expect(pool.acquire(Waiter(number: 3), model: 0, at: Self.time(2)) == [])
        #expect(pool.release(first, at: Self.time(3)) == [.close(first, model: 0)])
        let turn = pool.closed(first, at: Self.time(4))
        guard case .inspect(let second, 1) = try #require(turn.first) else {
            Issue.record("\(turn)")
            return
        }
        #expect(pool.inspected(second, byteCount: 4, at: Self.time(4)) == [.load(second, model: 1)])
        #expect(pool.loaded(second, at: Self.time(5)) == [.grant(Waiter(number: 2), second)])
        #expect(pool.acquire(Waiter(number: 4), model: 1, at: Self.time(6)) == [])
        #expect(pool.release(second, at: Self.time(7)) == [.close(second, model: 1)])
    }

    @Test func `the one that yields stays the one, though its requests end last`() throws {
        var pool = Self.pool(limit: 8)
        let first = try Self.load(0, for: 1, in: &pool)
        #expect(pool.acquire(Waiter(number: 2), model: 0, at: Self.start) == [.grant(Waiter(number: 2), first)])
        let second = try Self.load(1, for: 3, in: &pool, at: 1)
        #expect(pool.acquire(Waiter(number: 4), model: 2, at: Self.time(2)) == [])
        #expect(pool.release(first, at: Self.time(3)) == [])
        #expect(pool.acquire(Waiter(number: 5), model: 0, at: Self.time(4)) == [])
        #expect(pool.acquire(Waiter(number: 6), model: 1, at: Self.time(4)) == [.grant(Waiter(number: 6), second)])
        #expect(pool.release(first, at: Self.time(5)) == [.close(first, model: 0)])
    }

    @Test func `a model that need not yield any more goes on`() throws {
        var pool = Self.pool(limit: 4)
        let first = try Self.load(0, for: 1, in: &pool)
        #expect(pool.acquire(Waiter(number: 2), model: 1, at: Self.time(1)) == [])
        #expect(pool.acquire(Waiter(number: 3), model: 0, at: Self.time(2)) == [])
        #expect(pool.abandon(Waiter(number: 2), at: Self.time(3)) == [.grant(Waiter(number: 3), first)])
    }

    @Test func `a model that never fits is refused with what it needs`() throws {
        var pool = Self.pool(limit: 3)
        let waiter = Waiter(number: 1)
        #expect(
            pool.acquire(waiter, model: 0, at: Self.start) == [.refuse(waiter, .tooLarge(needed: 4, limit: 3))])
        // One that turns out to be larger when it is looked at.
        let actions = pool.acquire(Waiter(number: 2), model: 2, at: Self.start)
        guard case .inspect(let instance, 2) = try #require(actions.first) else {
            Issue.record("\(actions)")
            return
        }
        #expect(
            pool.inspected(instance, byteCount: 5, at: Self.start)
                == [.refuse(Waiter(number: 2), .tooLarge(needed: 5, limit: 3))])
        #expect(pool.isEmpty)
    }

    @Test func `a reload loads beside, and the old one ends with its last request`() throws {
        var pool = Self.pool(limit: 8)
        let old = try Self.load(0, for: 1, in: &pool)
        let actions = pool.reload(0, byteCount: 3, at: Self.time(1))
        guard case .inspect(let new, 0) = try #require(actions.first) else {
            Issue.record("\(actions)")
            return
        }
        #expect(pool.inspected(new, byteCount: 3, at: Self.time(1)) == [.load(new, model: 0)])
        #expect(pool.acquire(Waiter(number: 2), model: 0, at: Self.time(2)) == [.grant(Waiter(number: 2), old)])
        #expect(pool.loaded(new, at: Self.time(3)) == [.finishReload(model: 0, .done)])
        #expect(pool.acquire(Waiter(number: 3), model: 0, at: Self.time(4)) == [.grant(Waiter(number: 3), new)])
        #expect(pool.usedByteCount == 7)
        #expect(pool.release(old, at: Self.time(5)) == [])
        #expect(pool.release(old, at: Self.time(6)) == [.close(old, model: 0)])
        #expect(pool.closed(old, at: Self.time(7)) == [])
        #expect(pool.usedByteCount == 3 && pool.isLoaded(0))
    }

    @Test func `a reload that fails leaves what was there`() throws {
        var pool = Self.pool()
        let old = try Self.load(0, for: 1, in: &pool)
        guard case .inspect(let new, 0) = try #require(pool.reload(0, byteCount: 4, at: Self.time(1)).first) else {
            Issue.record("no reload")
            return
        }
        #expect(pool.failed(new, Self.broken, at: Self.time(2)) == [.finishReload(model: 0, .failed(Self.broken))])
        #expect(pool.acquire(Waiter(number: 2), model: 0, at: Self.time(3)) == [.grant(Waiter(number: 2), old)])
    }

    @Test func `a reload without room for both is refused, and one of what is not loaded only noted`() throws {
        var pool = Self.pool(limit: 6)
        _ = try Self.load(0, for: 1, in: &pool)
        #expect(
            pool.reload(0, byteCount: 3, at: Self.time(1))
                == [.finishReload(model: 0, .tooLarge(needed: 7, limit: 6))])
        #expect(pool.isLoaded(0))
        #expect(pool.reload(1, byteCount: 3, at: Self.time(1)) == [.finishReload(model: 1, .notLoaded)])
    }

    @Test func `two reloads at a time are told of together, when the second is done`() throws {
        var pool = Self.pool()
        _ = try Self.load(0, for: 1, in: &pool)
        guard case .inspect(let second, 0) = try #require(pool.reload(0, byteCount: 4, at: Self.time(1)).first) else {
            Issue.record("no reload")
            return
        }
        _ = pool.inspected(second, byteCount: 4, at: Self.time(1))
        #expect(pool.reload(0, byteCount: 4, at: Self.time(2)) == [])
        guard case .inspect(let third, 0) = try #require(pool.loaded(second, at: Self.time(3)).first) else {
            Issue.record("no second reload")
            return
        }
        _ = pool.inspected(third, byteCount: 4, at: Self.time(4))
        #expect(
            pool.loaded(third, at: Self.time(5)) == [.close(second, model: 0), .finishReload(model: 0, .done)])
    }

    @Test func `what nobody uses is closed after a while`() throws {
        var pool = Self.pool(idleTime: .seconds(60))
        let first = try Self.load(0, for: 1, in: &pool)
        #expect(pool.closeIdle(at: Self.time(100)) == [])
        #expect(pool.release(first, at: Self.time(100)) == [])
        #expect(pool.closeIdle(at: Self.time(159)) == [])
        #expect(pool.closeIdle(at: Self.time(160)) == [.close(first, model: 0)])
        #expect(!pool.isLoaded(0))
    }

    @Test func `the end refuses who waits and closes what nobody holds`() throws {
        var pool = Self.pool(limit: 8)
        let first = try Self.load(0, for: 1, in: &pool)
        _ = pool.acquire(Waiter(number: 2), model: 2, at: Self.start)
        #expect(pool.shutDown() == [.refuse(Waiter(number: 2), .shuttingDown)])
        #expect(
            pool.acquire(Waiter(number: 3), model: 0, at: Self.start) == [.refuse(Waiter(number: 3), .shuttingDown)])
        #expect(pool.release(first, at: Self.start) == [.close(first, model: 0)])
    }

    @Test func `at the start what fits is loaded, in the order given`() {
        var limits = ModelPoolState.Limits()
        limits.byteCount = 7
        #expect(ModelPoolState(byteCounts: [4, 5, 3, 1], limits: limits).fittingModels == [0, 2])
        #expect(ModelPoolState(byteCounts: [4, 5]).fittingModels == [0, 1])
    }

    @Test(arguments: 0..<40)
    func `in any sequence the limit holds, no held model is closed, and everyone has a turn`(seed: Int) throws {
        var simulation = PoolSimulation(seed: UInt64(seed))
        for _ in 0..<60 { simulation.playRound() }
        simulation.finish()
        #expect(simulation.problems == [])
        #expect(simulation.grantCount > 100)
    }
}

/// Plays at random everything around a pool, and notes what must never be.
private struct PoolSimulation {
    private var random: SeededGenerator
    private var pool: ModelPoolState
    private var sizes: [Int]
    private let limit: Int
    private var now = ContinuousClock.now
    private var pending: [ModelPoolState.Action] = []
    /// Bytes of each instance from its first mention to its end.
    private var instances: [ModelPoolState.InstanceID: Int] = [:]
    private var loaded: Set<ModelPoolState.InstanceID> = []
    private var leases: [(instance: ModelPoolState.InstanceID, round: Int)] = []
    private var waiting: [ModelPoolState.WaiterID: Int] = [:]
    private var nextWaiter = 0
    private var round = 0
    private(set) var grantCount = 0
    private(set) var problems: [String] = []

    init(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        sizes = (0..<5).map { _ in Int.random(in: 1...6, using: &random) }
        limit = max(sizes.max() ?? 0, Int.random(in: 6...14, using: &random))
        var limits = ModelPoolState.Limits()
        limits.byteCount = limit
        limits.idleTime = .seconds(7)
        limits.waiterCount = 1000
        pool = ModelPoolState(byteCounts: sizes, limits: limits)
        self.random = random
    }

    /// Requests come, every load and close of this time ends, and so do the leases of earlier rounds: nothing is held for longer
    /// than two rounds, so that only the pool can keep anyone waiting.
    mutating func playRound(requests: ClosedRange<Int> = 0...8) {
        round += 1
        now += .seconds(1)
        for _ in 0..<Int.random(in: requests, using: &random) { request() }
        if Bool.random(using: &random), let waiter = waiting.keys.sorted(by: { $0.number < $1.number }).first {
            waiting[waiter] = nil
            take(pool.abandon(waiter, at: now))
        }
        if requests.upperBound > 0, Int.random(in: 0..<4, using: &random) == 0 { reload() }
        endLeases(before: round)
        while !pending.isEmpty { carryNextOut() }
        take(pool.closeIdle(at: now))
        for (waiter, since) in waiting where round - since > 2 * sizes.count + 2 {
            problems.append("waiter \(waiter.number) waits since round \(since), now \(round)")
        }
    }

    /// With no further request everyone is served and everything ends.
    mutating func finish() {
        for _ in 0..<30 { playRound(requests: 0...0) }
        if !waiting.isEmpty { problems.append("\(waiting.count) wait for ever") }
        take(pool.shutDown())
        endLeases(before: .max)
        while !pending.isEmpty { carryOut(pending.removeFirst()) }
        if !pool.isEmpty || !instances.isEmpty { problems.append("\(instances.count) instances are left") }
    }

    private mutating func request() {
        nextWaiter += 1
        let waiter = ModelPoolState.WaiterID(number: nextWaiter)
        waiting[waiter] = round
        take(pool.acquire(waiter, model: Int.random(in: sizes.indices, using: &random), at: now))
    }

    private mutating func reload() {
        let model = Int.random(in: sizes.indices, using: &random)
        sizes[model] = min(limit, max(1, sizes[model] + Int.random(in: -2...2, using: &random)))
        take(pool.reload(model, byteCount: sizes[model], at: now))
    }

    private mutating func endLeases(before end: Int) {
        while let place = leases.firstIndex(where: { $0.round < end }) {
            take(pool.release(leases.remove(at: place).instance, at: now))
        }
    }

    private mutating func carryNextOut() {
        let place = Int.random(in: pending.indices, using: &random)
        carryOut(pending.remove(at: place))
    }

    private mutating func carryOut(_ action: ModelPoolState.Action) {
        switch action {
        case .inspect(let id, let model):
            // Now and then the file is not as it was.
            if Int.random(in: 0..<8, using: &random) == 0 { sizes[model] = min(limit, sizes[model] + 1) }
            let size = sizes[model]
            // Either it is loaded with this size, or given back to be loaded again.
            instances[id] = nil
            let actions = pool.inspected(id, byteCount: size, at: now)
            if actions.contains(.load(id, model: model)) { instances[id] = size }
            take(actions)
        case .load(let id, _):
            if Int.random(in: 0..<10, using: &random) == 0 {
                instances[id] = nil
                take(pool.failed(id, EngineError(code: .invalidModel, message: "broken"), at: now))
            } else {
                loaded.insert(id)
                take(pool.loaded(id, at: now))
            }
        case .close(let id, _):
            instances[id] = nil
            loaded.remove(id)
            take(pool.closed(id, at: now))
        case .grant, .refuse, .finishReload: break
        }
    }

    private mutating func take(_ actions: [ModelPoolState.Action]) {
        for action in actions {
            switch action {
            case .inspect(let id, let model):
                instances[id] = sizes[model]
                pending.append(action)
            case .load: pending.append(action)
            case .close(let id, _):
                if leases.contains(where: { $0.instance == id }) {
                    problems.append("\(id.number) is closed while held")
                }
                pending.append(action)
            case .grant(let waiter, let id):
                if waiting.removeValue(forKey: waiter) == nil { problems.append("\(waiter.number) is granted twice") }
                if !loaded.contains(id) { problems.append("\(id.number) is granted, but not loaded") }
                leases.append((id, round))
                grantCount += 1
            case .refuse(let waiter, _):
                if waiting.removeValue(forKey: waiter) == nil { problems.append("\(waiter.number) is refused twice") }
            case .finishReload: break
            }
        }
        if pool.usedByteCount > limit { problems.append("\(pool.usedByteCount) bytes of \(limit)") }
    }
}
