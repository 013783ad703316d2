internal import Compute
internal import Scheduling
internal import TransformerModels

/// The thread that computes: takes what has been asked, makes one step for all sequences that run, hands tokens out, again.
final class EngineWorker: @unchecked Sendable {  // made on the caller's thread, used on one other
    private let loop: EngineLoop
    private let loaded: LoadedModel
    private let cache: any DeviceCache
    private var scheduler: Scheduler
    private var active: [RequestID: ActiveRequest] = [:]
    private let faults: EngineFaults
    private let normalBudget: StepBudget
    private var memory: MemoryWatch

    init(
        loop: EngineLoop, loaded: LoadedModel, scheduler: Scheduler, cache: any DeviceCache, faults: EngineFaults
    ) {
        self.loop = loop
        self.loaded = loaded
        self.scheduler = scheduler
        self.cache = cache
        self.faults = faults
        normalBudget = scheduler.budget
        memory = MemoryWatch(faults)
    }

    func run() {
        if loaded.threadsArePinned { AllowedCPUs.keepCallingThread(toCPUOf: 0) }
        while takeMail() {
            endLateRequests()
            watchMemory()
            let plan = scheduler.nextPlan()
            if !plan.entries.isEmpty { compute(plan) }
            publish()
            if scheduler.isIdle { loop.waitForMail(memory.interval) }
        }
        for id in active.keys.sorted() {
            finish(id, throwing: EngineError(code: .shuttingDown, message: "the engine was shut down"))
        }
        publish()
        loop.noteStopped()
    }

    /// - Returns: False when the loop is to end.
    private func takeMail() -> Bool {
        let mail = loop.takeMail()
        for submission in mail.submissions {
            let id = submission.id, generation = submission.generation
            active[id] = ActiveRequest(submission)
            submission.events.yield(.started(promptTokenCount: generation.promptTokenIDs.count))
            if generation.maximumTokenCount == generation.promptTokenIDs.count {
                finish(id, Generation.Finish(reason: .length, stopSequence: nil))
            } else {
                scheduler.submit(
                    id, promptTokenIDs: generation.promptTokenIDs, maximumTokenCount: generation.maximumTokenCount,
                    turn: Turn(client: submission.admission.client, priority: submission.admission.priority))
            }
        }
        for id in mail.cancellations {
            guard let phase = active[id]?.phase else { continue }
            remove(id)
            loop.record { $0.cancellations[phase, default: 0] += 1 }
        }
        return !mail.isClosed
    }

    private func endLateRequests() {
        let now = ContinuousClock.now
        for (id, request) in active {
            guard let error = request.admission.timeout(after: now - request.submitted, in: request.phase) else {
                continue
            }
            loop.record { $0.timeouts[request.phase, default: 0] += 1 }
            finish(id, throwing: error)
        }
    }

    /// Where memory is scarce, nothing is kept for requests that may come, and steps are half as large.
    private func watchMemory() {
        let (looked, change) = memory.look()
        guard looked else { return }
        if change != nil { scheduler.budget = memory.isUnderPressure ? normalBudget.halved : normalBudget }
        if memory.isUnderPressure {
            for blocks in scheduler.dropIdleBlocks() { cache.discard(blocks) }
        }
        loop.record {
            $0.isUnderMemoryPressure = memory.isUnderPressure
            $0.availableMemoryByteCount = memory.reading?.availableByteCount
            if change == .began { $0.memoryPressureCount += 1 }
        }
    }

    private func compute(_ plan: BatchPlan) {
        var batch = Batch(tokenIDs: [], sequences: [], logitRows: [])
        var wanting: [RequestID] = []
        var promptTokenCount = 0
        var traceLevels: Set<TraceLevel> = []
        let start = ContinuousClock.now
        for entry in plan.entries {
            guard let generation = active[entry.requestID]?.generation else { continue }
            loop.record { active[entry.requestID]?.noteStep(&$0, at: start) }
            if let level = generation.options.traceLevel { traceLevels.insert(level) }
            let first = batch.tokenIDs.count
            promptTokenCount += entry.positions.clamped(to: 0..<generation.promptTokenIDs.count).count
            batch.tokenIDs += generation.tokenIDs[entry.positions]
            batch.sequences.append(
                SequenceSlice(
                    tokens: first..<batch.tokenIDs.count, startPosition: entry.positions.lowerBound,
                    blocks: entry.blocks))
            if entry.wantsLogits {
                batch.logitRows.append(batch.tokenIDs.count - 1)
                wanting.append(entry.requestID)
            }
        }
        let timer = traceLevels.contains(.layer) ? ForwardTimer() : nil
        let logits = loaded.model.forward(batch, cache: cache, timer: timer)
        let end = ContinuousClock.now
        for entry in plan.entries where !traceLevels.isEmpty {
            active[entry.requestID]?.noteTrace(of: entry.positions.count, in: batch, from: start, to: end, timer)
        }
        loop.record { statistics in
            let seconds = (end - start) / .seconds(1)
            statistics.stepCount += 1
            statistics.promptTokenCount += promptTokenCount
            statistics.generatedTokenCount += wanting.count
            if promptTokenCount > 0 {
                statistics.prefillSeconds += seconds
            } else {
                statistics.decodeSeconds += seconds
            }
            statistics.stepDurations.record(seconds)
            statistics.stepRequestCounts.record(Double(plan.entries.count))
            statistics.stepTokenCounts.record(Double(batch.tokenIDs.count))
            for id in wanting { active[id]?.noteLogits(&statistics, at: end) }
        }
        for (row, id) in wanting.enumerated() {
            accept(faults.change(logits.row(row), of: active[id]?.generation.tokenIDs), for: id)
        }
    }

    private func accept(_ logits: ArraySlice<Float>, for id: RequestID) {
        // The request stays in the table while it chooses: a copy beside it would copy its candidates too.
        guard let events = active[id]?.events else { return }
        active[id]?.reusedTokenCount = scheduler.reusedTokenCount(of: id)
        let count = active[id]?.generation.completionTokenCount ?? 0
        do {
            guard let outcome = try active[id]?.generation.accept(logits.span) else { return }
            if let newCount = active[id]?.generation.completionTokenCount, newCount > count { active[id]?.noteToken() }
            for event in outcome.events { events.yield(event) }
            if let end = outcome.finish {
                finish(id, end)
            } else if let token = active[id]?.generation.tokenIDs.last {
                scheduler.append(token, to: id)
            }
        } catch {
            loop.record { $0.failedCount += 1 }
            finish(id, throwing: error)
        }
    }

    private func finish(_ id: RequestID, _ end: Generation.Finish) {
        guard let request = active[id] else { return }
        let now = ContinuousClock.now
        let summary = request.summary(end, at: now)
        remove(id)
        loop.record { $0.noteFinished(summary, duration: now - request.submitted) }
        request.events.yield(.finished(summary))
        request.events.finish()
    }

    private func finish(_ id: RequestID, throwing error: EngineError) {
        guard let request = active[id] else { return }
        // What a failed computation left in the cache is nobody's prefix.
        remove(id, forgetting: error.code == .generationFailed)
        request.events.finish(throwing: error)
    }

    private func remove(_ id: RequestID, forgetting: Bool = false) {
        scheduler.remove(id, forgetting: forgetting)
        active[id] = nil
        loop.noteEnd()
    }

    private func publish() {
        loop.record {
            $0.runningCount = scheduler.runningCount
            $0.waitingCount = scheduler.waitingCount
            $0.cacheBlockCount = scheduler.blockCount
            $0.cacheBlockByteCount = CacheGeometry.tokensPerBlock * loaded.cacheByteCountPerToken
            $0.usedCacheBlockCount = scheduler.usedBlockCount
            $0.idleCacheBlockCount = scheduler.idleBlockCount
            $0.evictedCacheBlockCount = scheduler.evictionCount
            $0.preemptionCount = scheduler.preemptionCount
        }
    }
}
