import Foundation
import NIOCore

/// Why the server ended before it was asked to, or before it was done.
package struct ServerError: Error, Sendable, Equatable, CustomStringConvertible {
    package enum Problem: Sendable, Equatable {
        case cannotListen(address: String, reason: String)
        /// Places in the order in which the models were given, from 1.
        case duplicateModelName(String, first: Int, second: Int)
        /// Bytes.
        case modelTooLarge(String, needed: Int, limit: Int)
        case stoppedBySecondSignal
    }

    package let problem: Problem

    package init(problem: Problem) { self.problem = problem }

    package var description: String {
        switch problem {
        case .cannotListen(let address, let reason):
            "cannot listen on \(address): \(reason); choose another --host or --port"
        case .duplicateModelName(let name, let first, let second):
            "models \(first) and \(second) are both called '\(name)'; clients choose by name, so give one file another name"
        case .modelTooLarge(let name, let needed, let limit):
            "the model '\(name)' needs \(needed) bytes of memory, but --model-memory allows \(limit); give it \(needed), or "
                + "less cache (--context-length, --kv-cache-memory)"
        case .stoppedBySecondSignal: "stopped by a second signal before all answers were done"
        }
    }
}

extension ServerError {
    /// Why an address cannot be listened on, in a few words; nil for an error of another kind.
    static func listeningFailure(_ error: any Error) -> String? {
        switch error {
        case let error as IOError: String(cString: strerror(error.errnoCode))
        case is SocketAddressError, is SocketAddressError.UnknownHost: "there is no such address"
        default: nil
        }
    }
}
