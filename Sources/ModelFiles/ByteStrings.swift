/// A list of byte strings in two flat arrays, so that a vocabulary of 150,000 entries costs two allocations.
///
/// The bytes are as the file has them; they need not be UTF-8.
package struct ByteStrings: Sendable, Equatable {
    /// All strings, one after the other.
    package private(set) var bytes: [UInt8]
    /// `[count]`: where each string ends in `bytes`; it begins where the one before it ends.
    package private(set) var ends: [Int]

    package init() {
        bytes = []
        ends = []
    }

    package init(_ strings: some Sequence<some Sequence<UInt8>>) {
        self.init()
        for string in strings { append(string) }
    }

    package mutating func append(_ string: some Sequence<UInt8>) {
        bytes.append(contentsOf: string)
        ends.append(bytes.count)
    }

    /// Adds what `body` puts at the end of the bytes as one string.
    mutating func appendParts(_ body: (inout [UInt8]) -> Void) {
        body(&bytes)
        ends.append(bytes.count)
    }

    package mutating func reserveCapacity(count: Int, byteCount: Int) {
        ends.reserveCapacity(count)
        bytes.reserveCapacity(byteCount)
    }

    /// The string at `index` as text, or nil where its bytes are not UTF-8.
    ///
    /// - Precondition: `index` is in `0..<count`.
    package func text(at index: Int) -> String? { String(validating: self[index], as: UTF8.self) }
}

extension ByteStrings: RandomAccessCollection {
    package var startIndex: Int { 0 }
    package var endIndex: Int { ends.count }

    package subscript(index: Int) -> ArraySlice<UInt8> {
        bytes[(index == 0 ? 0 : ends[index - 1])..<ends[index]]
    }
}

extension ByteStrings {
    /// Adds the bytes of `range` of `file` as one string.
    ///
    /// - Precondition: `range` lies inside the file.
    mutating func append(_ range: Range<Int>, of file: MappedFile) {
        file.append(range, to: &bytes)
        ends.append(bytes.count)
    }
}
