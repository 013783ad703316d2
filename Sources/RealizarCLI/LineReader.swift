/// Standard input line by line, as bytes: nothing is repaired, so that what is not UTF-8 can be refused.
struct LineReader {
    private var buffer: ArraySlice<UInt8> = []
    private var isAtEnd = false
    /// The number of the line given last, from 1.
    private(set) var lineNumber = 0

    /// The next line without its line break (LF or CR LF); nil at the end.
    ///
    /// - Throws: `InputError` when standard input cannot be read.
    mutating func next() throws(InputError) -> [UInt8]? {
        var searched = 0
        while true {
            if let end = buffer.dropFirst(searched).firstIndex(of: UInt8(ascii: "\n")) {
                defer { buffer = buffer[(end + 1)...] }
                return line(buffer[..<end])
            }
            searched = buffer.count
            if isAtEnd {
                defer { buffer = [] }
                return buffer.isEmpty ? nil : line(buffer)
            }
            if let more = try StandardInput.readSome() { buffer += more } else { isAtEnd = true }
        }
    }

    private mutating func line(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
        lineNumber += 1
        return Array(bytes.last == UInt8(ascii: "\r") ? bytes.dropLast() : bytes)
    }
}
