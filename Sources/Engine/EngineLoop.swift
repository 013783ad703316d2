internal import Compute
internal import Dispatch
internal import Scheduling
internal import Synchronization
internal import TransformerModels

/// The thread that computes: takes what has been asked, makes one step for all sequences that run, hands tokens out, again.
///
/// Requests come in through a locked inbox and a semaphore; events go out through each request's stream. The compute never runs
/// on Swift's shared threads.
final class EngineLoop: Sendable {
    typealias Events = AsyncThrowingStream<GenerationEvent, any Error>.Continuation

    private let loaded: LoadedModel
    private let inbox = Mutex(Inbox())
    private let wake = DispatchSemaphore(value: 0)
    private let stopped = DispatchSemaphore(value: 0)
    private let maximumActiveCount: Int
    private let statisticsBox = Mutex(EngineStatistics())

    private struct Inbox {
        var submissions: [(id: RequestID, generation: Generation, events: Events)] = []
        var cancellations: [RequestID] = []
        /// Requests admitted and not finished.
        var activeCount = 0
        var nextID: UInt64 = 0
        var isClosed = false
    }

    /// A request in the loop's own hands.
    private struct Active {
        var generation: Generation
        let events: Events
        let admitted: ContinuousClock.Instant
        var firstToken: ContinuousClock.Instant?
        var reusedTokenCount = 0
    }

    /// - Throws: `.generationFailed` where the system gives no thread.
    init(
        loaded: LoadedModel, scheduler: Scheduler, cache: any DeviceCache, maximumActiveCount: Int
    ) throws(EngineError) {
        self.loaded = loaded
        self.maximumActiveCount = maximumActiveCount
        let worker = Worker(loop: self, scheduler: scheduler, cache: cache)
        guard ComputeThread.start({ worker.run() }) != nil else {
            throw EngineError(code: .generationFailed, message: "the system refuses to start another thread")
        }
    }

    var statistics: EngineStatistics { statisticsBox.withLock { $0 } }

    /// Admits a request, or refuses it at once.
    ///
    /// - Throws: `.queueFull`, `.shuttingDown`.
    func submit(_ generation: Generation) throws(EngineError) -> AsyncThrowingStream<GenerationEvent, any Error> {
        let (stream, events) = AsyncThrowingStream<GenerationEvent, any Error>.makeStream()
        let result: Result<RequestID, EngineError> = inbox.withLock { inbox in
            guard !inbox.isClosed else {
                return .failure(EngineError(code: .shuttingDown, message: "the engine is shutting down"))
            }
            guard inbox.activeCount < maximumActiveCount else {
                return .failure(
                    EngineError(
                        code: .queueFull,
                        message: "\(inbox.activeCount) requests are running or waiting; try again later"))
            }
            let id = RequestID(inbox.nextID)
            inbox.nextID += 1
            inbox.activeCount += 1
            inbox.submissions.append((id, generation, events))
            return .success(id)
        }
        switch result {
        case .failure(let error):
            statisticsBox.withLock { $0.refusedCount += 1 }
            throw error
        case .success(let id):
            events.onTermination = { [weak self] reason in
                guard case .cancelled = reason else { return }
                self?.cancel(id)
            }
            wake.signal()
            return stream
        }
    }

    private func cancel(_ id: RequestID) {
        inbox.withLock { $0.cancellations.append(id) }
        wake.signal()
    }

    /// Refuses new requests; those that run are cancelled; returns when the thread computes no more.
    func shutDown() async {
        inbox.withLock { $0.isClosed = true }
        wake.signal()
        await withCheckedContinuation { continuation in
            DispatchQueue.global().async {
                self.stopped.wait()
                self.stopped.signal()  // for whoever asks again
                continuation.resume()
            }
        }
    }

    /// Lets the thread end where nobody holds the engine any more.
    func close() {
        inbox.withLock { $0.isClosed = true }
        wake.signal()
    }

    // MARK: The engine thread

    /// What only the engine thread touches.
    private final class Worker: @unchecked Sendable {  // made on the caller's thread, used on one other
        let loop: EngineLoop
        let cache: any DeviceCache
        var scheduler: Scheduler
        var active: [RequestID: Active] = [:]

        init(loop: EngineLoop, scheduler: Scheduler, cache: any DeviceCache) {
            self.loop = loop
            self.scheduler = scheduler
            self.cache = cache
        }

        func run() {
            if loop.loaded.threadsArePinned { AllowedCPUs.keepCallingThread(toCPUOf: 0) }
            while takeInbox() {
                let plan = scheduler.nextPlan()
                if !plan.entries.isEmpty { compute(plan) }
                publish()
                if scheduler.isIdle { loop.wake.wait() }
            }
            for id in active.keys.sorted() {
                finish(id, throwing: EngineError(code: .shuttingDown, message: "the engine was shut down"))
            }
            publish()
            loop.stopped.signal()
        }

        /// - Returns: False when the loop is to end.
        private func takeInbox() -> Bool {
            let (submissions, cancellations, isClosed) = loop.inbox.withLock { inbox in
                defer {
                    inbox.submissions.removeAll()
                    inbox.cancellations.removeAll()
                }
                return (inbox.submissions, inbox.cancellations, inbox.isClosed)
            }
            for (id, generation, events) in submissions {
                active[id] = Active(generation: generation, events: events, admitted: .now)
                events.yield(.started(promptTokenCount: generation.promptTokenIDs.count))
                if generation.maximumTokenCount == generation.promptTokenIDs.count {
                    finish(id, Generation.Finish(reason: .length, stopSequence: nil))
                } else {
                    scheduler.submit(
                        id, promptTokenIDs: generation.promptTokenIDs,
                        maximumTokenCount: generation.maximumTokenCount)
                }
            }
            for id in cancellations where active[id] != nil {
                remove(id)
                loop.statisticsBox.withLock { $0.cancelledCount += 1 }
            }
            return !isClosed
        }

        private func compute(_ plan: BatchPlan) {
            var batch = Batch(tokenIDs: [], sequences: [], logitRows: [])
            var wanting: [RequestID] = []
            var promptTokenCount = 0
            for entry in plan.entries {
                guard let request = active[entry.requestID] else { continue }
                let start = batch.tokenIDs.count
                let prompt = 0..<request.generation.promptTokenIDs.count
                promptTokenCount += entry.positions.clamped(to: prompt).count
                batch.tokenIDs += request.generation.tokenIDs[entry.positions]
                batch.sequences.append(
                    SequenceSlice(
                        tokens: start..<batch.tokenIDs.count, startPosition: entry.positions.lowerBound,
                        blocks: entry.blocks))
                if entry.wantsLogits {
                    batch.logitRows.append(batch.tokenIDs.count - 1)
                    wanting.append(entry.requestID)
                }
            }
            let start = ContinuousClock.now
            let logits = loop.loaded.model.forward(batch, cache: cache)
            let seconds = (ContinuousClock.now - start) / .seconds(1)
            let promptTokens = promptTokenCount
            loop.statisticsBox.withLock {
                $0.stepCount += 1
                $0.promptTokenCount += promptTokens
                $0.generatedTokenCount += wanting.count
                if promptTokens > 0 { $0.prefillSeconds += seconds } else { $0.decodeSeconds += seconds }
            }
            for (row, id) in wanting.enumerated() { accept(logits.row(row), for: id) }
        }

        private func accept(_ logits: ArraySlice<Float>, for id: RequestID) {
            // The request stays in the table while it chooses: a copy beside it would copy its candidates too.
            guard let events = active[id]?.events else { return }
            if active[id]?.firstToken == nil {
                active[id]?.firstToken = .now
                active[id]?.reusedTokenCount = scheduler.reusedTokenCount(of: id)
            }
            do {
                guard let outcome = try active[id]?.generation.accept(logits.span) else { return }
                if let chunk = outcome.chunk { events.yield(.text(chunk)) }
                if let end = outcome.finish {
                    finish(id, end)
                } else if let token = active[id]?.generation.tokenIDs.last {
                    scheduler.append(token, to: id)
                }
            } catch {
                loop.statisticsBox.withLock { $0.failedCount += 1 }
                finish(id, throwing: error)
            }
        }

        private func finish(_ id: RequestID, _ end: Generation.Finish) {
            guard let request = active[id] else { return }
            let first = request.firstToken ?? .now
            remove(id)
            loop.statisticsBox.withLock {
                $0.finishedCount += 1
                $0.cachedPromptTokenCount += request.reusedTokenCount
            }
            request.events.yield(
                .finished(
                    GenerationSummary(
                        finishReason: end.reason, stopSequence: end.stopSequence,
                        promptTokenCount: request.generation.promptTokenIDs.count,
                        cachedPromptTokenCount: request.reusedTokenCount,
                        completionTokenCount: request.generation.completionTokenCount,
                        prefillDuration: first - request.admitted, decodeDuration: .now - first)))
            request.events.finish()
        }

        private func finish(_ id: RequestID, throwing error: EngineError) {
            guard let request = active[id] else { return }
            remove(id, forgetting: true)
            request.events.finish(throwing: error)
        }

        private func remove(_ id: RequestID, forgetting: Bool = false) {
            scheduler.remove(id, forgetting: forgetting)
            active[id] = nil
            loop.inbox.withLock { $0.activeCount -= 1 }
        }

        private func publish() {
            loop.statisticsBox.withLock {
                $0.runningCount = scheduler.runningCount
                $0.waitingCount = scheduler.waitingCount
                $0.cacheBlockCount = scheduler.blockCount
                $0.usedCacheBlockCount = scheduler.usedBlockCount
                $0.idleCacheBlockCount = scheduler.idleBlockCount
                $0.evictedCacheBlockCount = scheduler.evictionCount
                $0.preemptionCount = scheduler.preemptionCount
            }
        }
    }
}
