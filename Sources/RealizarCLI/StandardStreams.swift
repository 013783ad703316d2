#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// Where results go. Nothing is buffered: text is out when the call returns.
enum StandardOutput {
    /// - Throws: `OutputError` when the text cannot be written (a full disk).
    static func write(_ text: String) throws(OutputError) { try write(bytes: Array(text.utf8)) }

    /// - Throws: `OutputError` as `write(_:)`.
    static func write(bytes: [UInt8]) throws(OutputError) {
        if let code = writeAll(bytes, to: STDOUT_FILENO) { throw OutputError(target: "standard output", code: code) }
    }
}

/// A file that an option names.
enum OutputFile {
    /// Makes the file, or replaces what is in it.
    ///
    /// - Throws: `OutputError` when it cannot be made or written.
    static func write(bytes: [UInt8], to path: String) throws(OutputError) {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw OutputError(target: path.printable, code: errno) }
        let code = writeAll(bytes, to: descriptor)
        // Some file systems tell of a full disk only here.
        let closeCode = close(descriptor) == 0 ? nil : errno
        if let code = code ?? closeCode { throw OutputError(target: path.printable, code: code) }
    }
}

/// Where progress, logs and errors go.
enum StandardError {
    static var isTerminal: Bool { isatty(STDERR_FILENO) == 1 }

    /// Writes a line. That it cannot be written has no place to be told.
    static func write(_ line: String) { _ = writeAll(Array((line + "\n").utf8), to: STDERR_FILENO) }

    static func write(unterminated text: String) { _ = writeAll(Array(text.utf8), to: STDERR_FILENO) }
}

/// Where a prompt comes from that is not among the arguments.
enum StandardInput {
    static var isTerminal: Bool { isatty(STDIN_FILENO) == 1 }

    /// Everything up to the end.
    ///
    /// - Throws: `InputError` when it cannot be read.
    static func readAll() throws(InputError) -> [UInt8] {
        var bytes: [UInt8] = []
        while let more = try readSome() { bytes += more }
        return bytes
    }

    /// What has come since the last call, waiting for at least one byte; nil at the end.
    ///
    /// - Throws: `InputError` when it cannot be read.
    static func readSome() throws(InputError) -> [UInt8]? {
        try RealizarCLI.readSome(STDIN_FILENO, source: "standard input")
    }
}

/// A file that an option names, to be read.
enum InputFile {
    /// All of it.
    ///
    /// - Throws: `InputError` when it cannot be read.
    static func read(_ path: String) throws(InputError) -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw InputError(source: path.printable, code: errno) }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        while let more = try readSome(descriptor, source: path.printable) { bytes += more }
        return bytes
    }
}

/// A result that could not be written.
struct OutputError: Error, CustomStringConvertible {
    let target: String
    let code: Int32
    var description: String { "cannot write to \(target): \(String(cString: strerror(code)))" }
}

/// Standard input or a file that could not be read.
struct InputError: Error, CustomStringConvertible {
    let source: String
    let code: Int32
    var description: String { "cannot read \(source): \(String(cString: strerror(code)))" }
}

/// Waits for at least one byte; nil at the end.
private func readSome(_ descriptor: Int32, source: String) throws(InputError) -> [UInt8]? {
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
        let count = read(descriptor, &buffer, buffer.count)
        if count > 0 { return Array(buffer.prefix(count)) }
        if count == 0 { return nil }
        if errno != EINTR { throw InputError(source: source, code: errno) }
    }
}

/// - Returns: nil, or the `errno` of what went wrong.
func writeAll(_ bytes: [UInt8], to descriptor: Int32) -> Int32? {
    bytes.withUnsafeBytes { buffer in
        var rest = buffer[...]
        while !rest.isEmpty {
            let count = write(descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
            if count > 0 {
                rest = rest.dropFirst(count)
            } else if errno != EINTR {
                return errno
            }
        }
        return nil
    }
}
