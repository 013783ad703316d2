#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// JSON in and out: one value per line, keys in alphabetical order, numbers that JSON cannot say as null.
enum JSONLines {
    /// Writes `value` and a line break to standard output.
    ///
    /// - Throws: `OutputError` when it cannot be written.
    static func write(_ value: some Encodable) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        try StandardOutput.write(bytes: Array(try encoder.encode(value)) + [UInt8(ascii: "\n")])
    }

    /// Answers each line of standard input with a line, as soon as it has come, so that a script can converse.
    ///
    /// - Parameter expected: What a line must hold, for errors.
    /// - Throws: `JSONLineError` at the first line that is something else; also what `answer` throws.
    static func map<Input: Decodable>(
        _ input: Input.Type, expected: String, answer: (Input) throws -> some Encodable
    ) throws {
        let decoder = JSONDecoder()
        var lines = LineReader()
        while let line = try lines.next() {
            guard let value = try? decoder.decode(Input.self, from: Data(line)) else {
                throw JSONLineError(lineNumber: lines.lineNumber, expected: expected)
            }
            do {
                try write(try answer(value))
            } catch let error as OutputError {
                throw error
            } catch {
                throw JSONLineError(lineNumber: lines.lineNumber, problem: "\(error)")
            }
        }
    }
}

/// A line of input that cannot be used.
struct JSONLineError: Error, CustomStringConvertible {
    let lineNumber: Int
    let problem: String

    init(lineNumber: Int, problem: String) {
        self.lineNumber = lineNumber
        self.problem = problem
    }

    init(lineNumber: Int, expected: String) {
        self.init(lineNumber: lineNumber, problem: "expected \(expected), found something else")
    }

    var description: String { "standard input, line \(lineNumber): \(problem)" }
}

extension Double {
    /// Itself, or nil for NaN and infinities, which JSON cannot say.
    var finite: Double? { isFinite ? self : nil }
}
