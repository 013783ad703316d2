/// What stands in the way of finding a model by its name, or of bringing it here. The description is one line.
package struct ModelStoreError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The name, the file or the address that is meant.
    package let subject: String
    package let problem: Problem

    init(subject: String, _ problem: Problem) {
        self.subject = subject
        self.problem = problem
    }

    package enum Problem: Equatable, Sendable {
        case malformedName(expected: String)
        /// Not in the store; the advice says what to do.
        case notFound(advice: String)
        /// Several files could be meant, or none of those that are there.
        case noChoice(wanted: String, available: [String])
        /// What a store or a hub says of itself makes no sense.
        case malformed(expected: String, found: String)
        /// The operating system refused `call`.
        case system(call: String, message: String)
        case noSpace(needed: Int, free: Int)
        /// Another process brings the same file at this moment.
        case busy
        /// The hub answered with this status.
        case refused(status: Int, advice: String)
        /// It failed in a way that may pass, again and again, or the hub asks for more patience than anybody has.
        case unreachable(reason: String, attempts: Int)
        case wrongChecksum(expected: String, found: String)
    }

    package var description: String { "\(subject): \(problem)" }
}

extension ModelStoreError.Problem: CustomStringConvertible {
    package var description: String {
        switch self {
        case .malformedName(let expected): "expected \(expected)"
        case .notFound(let advice): "not found: \(advice)"
        case .noChoice(let wanted, let available):
            "\(wanted); there are " + available.prefix(20).joined(separator: ", ")
                + (available.count > 20 ? " and \(available.count - 20) more" : "")
                + "; name one of them behind a colon"
        case .malformed(let expected, let found): "expected \(expected), found \(found)"
        case .system(let call, let message): "\(call) failed: \(message)"
        case .noSpace(let needed, let free):
            "\(needed) bytes are needed and \(free) are free on that disk: make room, or set HF_HUB_CACHE to another"
        case .busy: "another process is bringing this file; wait for it"
        case .refused(let status, let advice): "the hub answered \(status): \(advice)"
        case .unreachable(let reason, let attempts):
            "given up after \(attempts) attempt\(attempts == 1 ? "" : "s"): \(reason)"
        case .wrongChecksum(let expected, let found):
            "expected the checksum \(expected), found \(found); what was brought is deleted, try again"
        }
    }
}
