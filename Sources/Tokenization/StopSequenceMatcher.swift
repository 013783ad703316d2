/// Finds the first stop string in text that comes in chunks, and holds back only what could be the beginning of one.
///
/// The stop string that is complete first wins, of those complete at the same byte the longest. So the result does not
/// depend on how the text is cut into chunks.
package struct StopSequenceMatcher: Sendable {
    package struct Output: Sendable, Equatable {
        /// Text that is no part of a stop string.
        package let emit: String
        /// The stop string that was found; all text from its beginning on is dropped.
        package let matched: String?
    }

    /// One stop string with the automaton of Knuth, Morris and Pratt 1977.
    private struct Pattern: Sendable {
        let text: String
        let bytes: [UInt8]
        /// `[bytes.count]`: how long a beginning of the pattern ends at each of its bytes (and is not the whole so far).
        let borders: [Int]
        /// How many bytes of the pattern the text ends with.
        var matchedCount = 0

        init(_ text: String) {
            self.text = text
            bytes = [UInt8](text.utf8)
            var borders = [Int](repeating: 0, count: bytes.count)
            var length = 0
            for i in bytes.indices.dropFirst() {
                while length > 0, bytes[i] != bytes[length] { length = borders[length - 1] }
                if bytes[i] == bytes[length] { length += 1 }
                borders[i] = length
            }
            self.borders = borders
        }

        /// - Precondition: not yet complete.
        mutating func advance(_ byte: UInt8) {
            while matchedCount > 0, bytes[matchedCount] != byte { matchedCount = borders[matchedCount - 1] }
            if bytes[matchedCount] == byte { matchedCount += 1 }
        }

        var isComplete: Bool { matchedCount == bytes.count }
    }

    private var patterns: [Pattern]
    private var held: [UInt8] = []
    /// The stop string that was found; after it nothing is emitted.
    package private(set) var matched: String?

    /// Empty stop strings are ignored.
    package init(_ stopStrings: [String]) {
        patterns = stopStrings.filter { !$0.isEmpty }.map(Pattern.init)
    }

    /// Takes a chunk of text and gives what can be shown of all text so far and was not given before.
    /// - Complexity: O(bytes of the chunk × stop strings).
    package mutating func append(_ text: String) -> Output {
        guard matched == nil else { return Output(emit: "", matched: matched) }
        guard !patterns.isEmpty else { return Output(emit: text, matched: nil) }
        for byte in text.utf8 {
            held.append(byte)
            for i in patterns.indices { patterns[i].advance(byte) }
            let complete = patterns.filter(\.isComplete).max { $0.bytes.count < $1.bytes.count }
            if let complete {
                matched = complete.text
                return Output(emit: takeHeld(except: complete.bytes.count, thenDropRest: true), matched: matched)
            }
        }
        let beginning = patterns.map(\.matchedCount).max() ?? 0
        return Output(emit: takeHeld(except: beginning, thenDropRest: false), matched: nil)
    }

    /// The text that was held back and is no stop string after all.
    package mutating func finish() -> String {
        takeHeld(except: 0, thenDropRest: true)
    }

    private mutating func takeHeld(except count: Int, thenDropRest: Bool) -> String {
        let end = held.count - count
        let text = String(decoding: held[..<end], as: UTF8.self)
        if thenDropRest { held.removeAll() } else { held.removeFirst(end) }
        return text
    }
}
