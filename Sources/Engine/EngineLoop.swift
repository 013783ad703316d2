internal import Compute
internal import Dispatch
internal import Scheduling
internal import Synchronization

/// The way in and out of the thread that computes.
///
/// Requests come in through a locked inbox and a semaphore; events go out through each request's stream. The compute never runs
/// on Swift's shared threads.
final class EngineLoop: Sendable {
    typealias Events = AsyncThrowingStream<GenerationEvent, any Error>.Continuation

    /// A request on its way to the thread.
    struct Submission: Sendable {
        let id: RequestID
        let generation: Generation
        let admission: AdmissionOptions
        let events: Events
        let time: ContinuousClock.Instant
    }

    /// What came in since the thread last looked.
    struct Mail {
        var submissions: [Submission] = []
        var cancellations: [RequestID] = []
        var isClosed = false
    }

    private struct Inbox {
        var mail = Mail()
        /// Requests admitted and not finished.
        var activeCount = 0
        var nextID: UInt64 = 0
    }

    private let inbox = Mutex(Inbox())
    private let wake = DispatchSemaphore(value: 0)
    private let stopped = DispatchSemaphore(value: 0)
    private let maximumActiveCount: Int
    private let statisticsBox = Mutex(EngineStatistics())

    /// - Throws: `.generationFailed` where the system gives no thread.
    init(
        loaded: LoadedModel, scheduler: Scheduler, cache: any DeviceCache, maximumActiveCount: Int,
        faults: EngineFaults
    ) throws(EngineError) {
        self.maximumActiveCount = maximumActiveCount
        let worker = EngineWorker(loop: self, loaded: loaded, scheduler: scheduler, cache: cache, faults: faults)
        guard ComputeThread.start({ worker.run() }) != nil else {
            throw EngineError(code: .generationFailed, message: "the system refuses to start another thread")
        }
    }

    var statistics: EngineStatistics { statisticsBox.withLock { $0 } }

    /// Admits a request, or refuses it at once.
    ///
    /// - Throws: `.queueFull`, `.shuttingDown`.
    func submit(
        _ generation: Generation, admission: AdmissionOptions
    ) throws(EngineError) -> AsyncThrowingStream<GenerationEvent, any Error> {
        let (stream, events) = AsyncThrowingStream<GenerationEvent, any Error>.makeStream()
        let result: Result<RequestID, EngineError> = inbox.withLock { inbox in
            guard !inbox.mail.isClosed else {
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
            inbox.mail.submissions.append(
                Submission(id: id, generation: generation, admission: admission, events: events, time: .now))
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
        inbox.withLock { $0.mail.cancellations.append(id) }
        wake.signal()
    }

    /// Refuses new requests; those that run are cancelled; returns when the thread computes no more.
    func shutDown() async {
        close()
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
        inbox.withLock { $0.mail.isClosed = true }
        wake.signal()
    }

    // MARK: The thread's side

    func takeMail() -> Mail {
        inbox.withLock { inbox in
            defer { inbox.mail = Mail(isClosed: inbox.mail.isClosed) }
            return inbox.mail
        }
    }

    /// Sleeps until something has come, or for `timeout`.
    func waitForMail(_ timeout: Duration) {
        _ = wake.wait(timeout: .now() + timeout / .seconds(1))
    }

    func noteEnd() { inbox.withLock { $0.activeCount -= 1 } }

    func noteStopped() { stopped.signal() }

    func record(_ change: (inout EngineStatistics) -> Void) { statisticsBox.withLock { change(&$0) } }
}
