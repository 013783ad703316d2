#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// What stands in the way of reading a model file, and where.
///
/// The description is one line: `tiny.gguf, byte 452: key 'llama.block_count': expected integer, found string`.
package struct ModelFileError: Error, Equatable, Sendable {
    /// The file as the user gave it, or the part of a split set that is meant.
    package let file: String
    /// Absolute in the file, in bytes; nil where the problem has no place in it.
    package let offset: Int?
    package let subject: Subject?
    package let problem: Problem

    package init(file: String, offset: Int? = nil, subject: Subject? = nil, problem: Problem) {
        self.file = file
        self.offset = offset
        self.subject = subject
        self.problem = problem
    }

    /// The metadata key or the tensor that was being read.
    package enum Subject: Equatable, Sendable {
        case key(String)
        case tensor(String)
    }

    package enum Problem: Equatable, Sendable {
        /// The operating system refused `call`, with this `errno`.
        case system(call: String, code: Int32)
        /// A directory, a device, a pipe.
        case notRegularFile(kind: String)
        /// The file ends, or leaves too little, before `field` is complete.
        case truncated(field: String, needed: UInt64, available: Int)
        /// A key or tensor that has to be there is not.
        case missing(expected: String)
        case wrongValueType(expected: String, found: String)
        /// The same name a second time; the first one lies at `first`.
        case duplicate(first: Int)
        /// A value that the format, or the one who asks, does not allow.
        case invalid(expected: String, found: String)
        /// Sound as far as it was read, and not read here.
        case unsupported(found: String, advice: String)
        /// Of a file that is being written: the disk, a quota or a limit on file sizes does not let it become whole.
        case noSpace(needed: Int, written: Int, free: Int)
        /// A file to be written is one that is read.
        case sameFile(as: String)
        /// Somebody asked to stop.
        case interrupted
    }
}

extension ModelFileError {
    /// Whether the file is not there at all.
    var isAbsence: Bool {
        if case .system(_, let code) = problem { code == ENOENT || code == ENOTDIR } else { false }
    }

    var isDirectory: Bool { problem == .notRegularFile(kind: Self.directory) }

    static let directory = "a directory"
}

extension ModelFileError: CustomStringConvertible {
    package var description: String {
        let place = offset.map { ", byte \($0)" } ?? ""
        let name = subject.map { "\($0): " } ?? ""
        return "\(PrintableName.whole(file))\(place): \(name)\(problem)"
    }
}

extension ModelFileError.Subject: CustomStringConvertible {
    package var description: String {
        switch self {
        case .key(let name): "key \(PrintableName.quoted(name))"
        case .tensor(let name): "tensor \(PrintableName.quoted(name))"
        }
    }
}

extension ModelFileError.Problem: CustomStringConvertible {
    package var description: String {
        switch self {
        case .system(let call, let code): "\(call) failed: \(systemMessage(code))"
        case .notRegularFile(let kind): "expected a regular file, found \(kind)"
        case .truncated(let field, let needed, let available):
            "expected \(needed) bytes of \(field), found \(available) before the end of the file"
        case .missing(let expected): "expected \(expected), found none"
        case .wrongValueType(let expected, let found): "expected \(expected), found \(found)"
        case .duplicate(let first): "expected each name once, found it a second time (first at byte \(first))"
        case .invalid(let expected, let found): "expected \(expected), found \(found)"
        case .unsupported(let found, let advice): "\(found) is not supported: \(advice)"
        case .noSpace(let needed, let written, let free):
            "no room: the file needs \(needed) bytes, \(written) were written and \(free) are free; nothing was kept"
        case .sameFile(let source):
            "expected a file to write, found the one that is read (\(PrintableName.whole(source))); name another"
        case .interrupted: "stopped before it was whole; nothing was kept"
        }
    }
}
