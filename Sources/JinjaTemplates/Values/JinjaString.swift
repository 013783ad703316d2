/// Text as UTF-8 that remembers which of its bytes came from outside the template.
///
/// A chat template mixes its own control text (`<|im_start|>`) with what a user wrote. Both may hold the same characters,
/// but only the first may become control tokens; so every operation that moves text keeps the marks of its bytes.
/// Equality and hashing look at the bytes alone, as Python compares strings by code point and not by canonical equivalence.
package struct JinjaString: Sendable, Hashable {
    /// Always valid UTF-8.
    private(set) var utf8: [UInt8]
    /// The bytes that came from outside: ascending, neither empty nor touching one another.
    private(set) var inputRanges: [Range<Int>]

    package init(_ text: String = "", isInput: Bool = false) {
        utf8 = Array(text.utf8)
        inputRanges = isInput && !utf8.isEmpty ? [0..<utf8.count] : []
    }

    package var text: String { String(decoding: utf8, as: UTF8.self) }
    var isEmpty: Bool { utf8.isEmpty }
    var hasInput: Bool { !inputRanges.isEmpty }

    package static func == (left: JinjaString, right: JinjaString) -> Bool { left.utf8 == right.utf8 }
    package func hash(into hasher: inout Hasher) { hasher.combine(utf8) }

    mutating func append(_ other: JinjaString) {
        let shift = utf8.count
        utf8.append(contentsOf: other.utf8)
        for range in other.inputRanges { mark(range.lowerBound + shift..<range.upperBound + shift) }
    }

    /// Appends the part of another text that lies in a range of its bytes.
    mutating func append(_ other: JinjaString, _ range: Range<Int>) {
        let shift = utf8.count - range.lowerBound
        utf8.append(contentsOf: other.utf8[range])
        for place in other.firstInputRange(endingAfter: range.lowerBound)..<other.inputRanges.count {
            let marked = other.inputRanges[place]
            if marked.lowerBound >= range.upperBound { break }
            let part = marked.clamped(to: range)
            mark(part.lowerBound + shift..<part.upperBound + shift)
        }
    }

    mutating func append(_ text: String, isInput: Bool = false) { append(text.utf8, isInput: isInput) }

    /// - Precondition: the bytes are whole characters.
    @inline(__always)
    mutating func append(_ bytes: some Collection<UInt8>, isInput: Bool) {
        let start = utf8.count
        utf8.append(contentsOf: bytes)
        if isInput { mark(start..<utf8.count) }
    }

    mutating func reserve(_ byteCount: Int) { utf8.reserveCapacity(byteCount) }

    /// - Precondition: the text and what comes of it is ASCII.
    mutating func replaceBytes(_ transform: (UInt8) -> UInt8) {
        for offset in utf8.indices { utf8[offset] = transform(utf8[offset]) }
    }

    private mutating func mark(_ range: Range<Int>) {
        guard !range.isEmpty else { return }
        if let last = inputRanges.last, last.upperBound == range.lowerBound {
            inputRanges[inputRanges.count - 1] = last.lowerBound..<range.upperBound
        } else {
            inputRanges.append(range)
        }
    }

    /// The text `count` times, by doubling.
    func repeated(_ count: Int) -> JinjaString {
        var result = JinjaString()
        var power = self
        var left = count
        while left > 0 {
            if left & 1 == 1 { result.append(power) }
            left >>= 1
            if left > 0 { power.append(power) }
        }
        return result
    }

    /// - Precondition: the range lies inside the text and cuts no character.
    func slice(_ range: Range<Int>) -> JinjaString {
        if range == 0..<utf8.count { return self }
        var result = JinjaString()
        result.append(self, range)
        return result
    }

    func isInput(at offset: Int) -> Bool {
        let place = firstInputRange(endingAfter: offset)
        return place < inputRanges.count && inputRanges[place].contains(offset)
    }

    private func firstInputRange(endingAfter offset: Int) -> Int {
        var low = 0
        var high = inputRanges.count
        while low < high {
            let middle = (low + high) / 2
            if inputRanges[middle].upperBound <= offset { low = middle + 1 } else { high = middle }
        }
        return low
    }

    /// The text cut where its origin changes; no segment is empty.
    package var segments: [OutputSegment] {
        var result: [OutputSegment] = []
        var offset = 0
        func add(upTo end: Int, isInput: Bool) {
            guard end > offset else { return }
            result.append(OutputSegment(text: String(decoding: utf8[offset..<end], as: UTF8.self), isInput: isInput))
            offset = end
        }
        for range in inputRanges {
            add(upTo: range.lowerBound, isInput: false)
            add(upTo: range.upperBound, isInput: true)
        }
        add(upTo: utf8.count, isInput: false)
        return result
    }
}

/// A stretch of output that came wholly from the template or wholly from outside it.
package struct OutputSegment: Sendable, Equatable {
    package var text: String
    package var isInput: Bool

    package init(text: String, isInput: Bool) {
        self.text = text
        self.isInput = isInput
    }
}
