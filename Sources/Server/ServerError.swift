/// Why the server ended before it was asked to, or before it was done.
package struct ServerError: Error, Sendable, Equatable, CustomStringConvertible {
    package enum Problem: Sendable, Equatable {
        case cannotListen(address: String, reason: String)
        case stoppedBySecondSignal
    }

    package let problem: Problem

    package var description: String {
        switch problem {
        case .cannotListen(let address, let reason):
            "cannot listen on \(address): \(reason); choose another --host or --port"
        case .stoppedBySecondSignal: "stopped by a second signal before all answers were done"
        }
    }
}
