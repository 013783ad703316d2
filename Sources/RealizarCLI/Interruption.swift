import Dispatch
import Synchronization

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// Notes that somebody asks to stop (Ctrl-C, a service manager, a closed terminal), for work that looks between its pieces and
/// then cleans up after itself.
final class Interruption: Sendable {
    private let flag: Flag
    /// Kept, as they stop working when they are released.
    private nonisolated(unsafe) let sources: [any DispatchSourceSignal]  // never touched after `init`

    private final class Flag: Sendable {
        let isRaised = Atomic(false)
    }

    init() {
        let flag = Flag()
        self.flag = flag
        sources = [SIGINT, SIGTERM, SIGHUP].map { number in
            signal(number, SIG_IGN)  // else the default action comes before the source
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler { flag.isRaised.store(true, ordering: .relaxed) }
            source.resume()
            return source
        }
    }

    var isRaised: Bool { flag.isRaised.load(ordering: .relaxed) }

    /// - Throws: `ExitStatus.interrupted`, after a line about it, where somebody asked to stop.
    func check() throws {
        guard isRaised else { return }
        StandardError.write("interrupted")
        throw ExitStatus.interrupted
    }
}
