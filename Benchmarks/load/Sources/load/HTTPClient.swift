import NIOCore
import NIOHTTP1
import NIOPosix

/// Requests over connections of their own, each read as far as the caller likes.
struct HTTPClient: Sendable {
    let host: String
    let port: Int
    /// An answer that takes longer than this between two pieces is given up.
    let timeout: TimeAmount

    struct TimedOut: Error {}
    struct Left: Error {}

    /// Sends a request and hands over its answer while it comes. The connection closes when `read` returns or throws.
    ///
    /// - Parameter leavesAtOnce: Closes the connection as soon as the request is sent, and throws `Left`.
    func withAnswer<Result: Sendable>(
        _ method: HTTPMethod, _ path: String, body text: String = "", leavesAtOnce: Bool = false,
        _ read: @Sendable (_ status: Int, _ chunks: inout Chunks) async throws -> Result
    ) async throws -> Result {
        let channel = try await connect { channel in
            try channel.pipeline.syncOperations.addHTTPClientHandlers()
            return try NIOAsyncChannel<HTTPClientResponsePart, HTTPClientRequestPart>(
                wrappingChannelSynchronously: channel)
        }
        return try await channel.executeThenClose { inbound, outbound in
            var head = HTTPRequestHead(version: .http1_1, method: method, uri: path)
            head.headers = [
                "Host": "localhost", "Content-Type": "application/json", "Content-Length": "\(text.utf8.count)",
            ]
            try await outbound.write(.head(head))
            try await outbound.write(.body(.byteBuffer(ByteBuffer(string: text))))
            try await outbound.write(.end(nil))
            if leavesAtOnce { throw Left() }
            var parts = inbound.makeAsyncIterator()
            while let part = try await parts.next() {
                guard case .head(let head) = part else { continue }
                var chunks = Chunks(parts: parts)
                return try await read(Int(head.status.code), &chunks)
            }
            throw ChannelError.eof
        }
    }

    /// The pieces of an answer's body.
    struct Chunks {
        var parts: NIOAsyncChannelInboundStream<HTTPClientResponsePart>.AsyncIterator

        /// nil at the end of a whole answer.
        mutating func next() async throws -> ByteBuffer? {
            while let part = try await parts.next(isolation: #isolation) {
                switch part {
                case .head: continue
                case .body(let buffer): return buffer
                case .end: return nil
                }
            }
            throw ChannelError.eof
        }

        mutating func text() async throws -> String {
            var text = ""
            while let buffer = try await next() { text += String(buffer: buffer) }
            return text
        }
    }

    /// Sends bytes as they are.
    ///
    /// - Returns: The status of the answer; nil where the server closed the connection without one.
    func send(raw text: String) async throws -> Int? {
        let channel = try await connect { channel in
            try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
        }
        return try await channel.executeThenClose { inbound, outbound in
            // The server may have closed already, before all has been sent.
            try? await outbound.write(ByteBuffer(string: text))
            var answer = ""
            do {
                for try await buffer in inbound {
                    answer += String(buffer: buffer)
                    if answer.utf8.count >= 12 { break }
                }
            } catch is IOError {}
            let words = answer.split(separator: " ", maxSplits: 2)
            return words.count > 1 ? Int(words[1].prefix(3)) : nil
        }
    }

    private func connect<Output: Sendable>(
        _ setUp: @escaping @Sendable (any Channel) throws -> Output
    ) async throws -> Output {
        try await ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .channelOption(.socketOption(.so_reuseaddr), value: 1)
            .connectTimeout(timeout)
            .connect(host: host, port: port) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandlers([
                        IdleStateHandler(readTimeout: timeout), TimeoutHandler(),
                    ])
                    return try setUp(channel)
                }
            }
    }
}

/// Ends a connection on which nothing has come for too long.
private final class TimeoutHandler: ChannelInboundHandler, Sendable {
    typealias InboundIn = ByteBuffer

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if event is IdleStateHandler.IdleStateEvent {
            context.fireErrorCaught(HTTPClient.TimedOut())
            context.close(promise: nil)
        } else {
            context.fireUserInboundEventTriggered(event)
        }
    }
}
