/// One event of a `text/event-stream` (WHATWG HTML, section 9.2).
public struct ServerSentEvent: Sendable, Equatable {
    /// The name in the `event:` line; nil leaves the line out.
    public var name: String?
    public var data: [UInt8]

    public init(name: String? = nil, data: [UInt8]) {
        self.name = name
        self.data = data
    }

    /// The sign that ends a stream of the OpenAI API.
    public static let done = ServerSentEvent(data: Array("[DONE]".utf8))

    /// The lines of the event with the empty line that ends it; data of several lines gets a `data:` line each.
    public var bytes: [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(data.count + 16)
        if let name { bytes += "event: \(name)\n".utf8 }
        for line in data.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
            bytes += "data: ".utf8
            bytes += line
            bytes.append(UInt8(ascii: "\n"))
        }
        bytes.append(UInt8(ascii: "\n"))
        return bytes
    }
}
