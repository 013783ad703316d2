/// Finds the first of several markers in text that comes byte by byte, and holds back only what may be the beginning of
/// one: so no part of a marker is ever given out as text.
///
/// Markers begin with a whole character, and so does what is held back of them: what is let go ends between characters
/// where the text so far does.
struct MarkerMatcher: Sendable {
    /// A marker with the automaton of Knuth, Morris and Pratt 1977.
    private struct Pattern: Sendable {
        let bytes: [UInt8]
        /// `[bytes.count]`: how long a beginning of the pattern ends at each of its bytes.
        let borders: [Int]
        var matchedCount = 0

        init(_ marker: String) {
            bytes = Array(marker.utf8)
            var borders = [Int](repeating: 0, count: bytes.count)
            var length = 0
            for index in bytes.indices.dropFirst() {
                while length > 0, bytes[index] != bytes[length] { length = borders[length - 1] }
                if bytes[index] == bytes[length] { length += 1 }
                borders[index] = length
            }
            self.borders = borders
        }

        mutating func advance(_ byte: UInt8) {
            while matchedCount > 0, bytes[matchedCount] != byte { matchedCount = borders[matchedCount - 1] }
            if bytes[matchedCount] == byte { matchedCount += 1 }
        }
    }

    let markers: [String]
    private var patterns: [Pattern]
    private var held: [UInt8] = []

    /// - Parameter markers: empty ones are left out.
    init(_ markers: [String]) {
        self.markers = markers.filter { !$0.isEmpty }
        patterns = self.markers.map(Pattern.init)
    }

    /// - Parameter text: appended is what this byte shows to be no part of a marker.
    /// - Returns: the marker that this byte completes, of several the longest.
    mutating func consume(_ byte: UInt8, text: inout [UInt8]) -> String? {
        held.append(byte)
        var beginning = 0
        var complete: Int?
        for index in patterns.indices {
            patterns[index].advance(byte)
            let count = patterns[index].matchedCount
            if count == patterns[index].bytes.count {
                if count > complete.map({ patterns[$0].bytes.count }) ?? 0 { complete = index }
            } else {
                beginning = max(beginning, count)
            }
        }
        if let complete {
            text += held.dropLast(patterns[complete].bytes.count)
            reset()
            return markers[complete]
        }
        text += held.dropLast(beginning)
        held.removeFirst(held.count - beginning)
        return nil
    }

    /// What was held back, and is no marker after all.
    mutating func finish() -> [UInt8] {
        defer { reset() }
        return held
    }

    private mutating func reset() {
        held.removeAll(keepingCapacity: true)
        for index in patterns.indices { patterns[index].matchedCount = 0 }
    }
}
