import Synchronization

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// What the signals set. Of the process, as signals are.
private let wasInterrupted = Atomic(false)

/// Notes that somebody asks to stop (Ctrl-C, a service manager, a closed terminal), for work that looks between its pieces and
/// then cleans up after itself.
///
/// A handler of the signal itself, as a dispatch source watches only some time after it was resumed: what comes before is lost.
struct Interruption: Sendable {
    init() {
        wasInterrupted.store(false, ordering: .relaxed)  // and so it is there before a handler asks for it
        for number in [SIGINT, SIGTERM, SIGHUP] {
            signal(number) { _ in wasInterrupted.store(true, ordering: .relaxed) }
        }
    }

    var isRaised: Bool { wasInterrupted.load(ordering: .relaxed) }

    /// - Throws: `ExitStatus.interrupted`, after a line about it, where somebody asked to stop.
    func check() throws {
        guard isRaised else { return }
        StandardError.write("interrupted")
        throw ExitStatus.interrupted
    }
}
