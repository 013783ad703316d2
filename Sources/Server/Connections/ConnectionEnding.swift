import APIProtocols
import HTTPTypes
import NIOCore
import NIOHTTPTypes

/// Ends a connection after an answer with `Connection: close`, so that the client can still read it.
///
/// A client that is sending a body when its connection is closed loses the answer to a reset. So only the sending side is
/// closed at once; what the client still sends is read and dropped for `lingeringTime`.
///
/// Also gives the bare answer to a request that is no HTTP the body that every error has.
final class ConnectionEnding: ChannelOutboundHandler, RemovableChannelHandler {
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    private static let lingeringTime = TimeAmount.seconds(2)
    private var isLast = false

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        switch unwrapOutboundIn(data) {
        case .head(let head) where head.headerFields[.connection] == "close":
            isLast = true
            guard head.status == .badRequest, head.headerFields[.contentType] == nil else { break }
            return writeParseError(head, context: context, promise: promise)
        case .end where isLast:
            let channel = context.channel
            context.writeAndFlush(data).assumeIsolated().whenComplete { _ in
                channel.close(mode: .output, promise: nil)
                channel.eventLoop.scheduleTask(in: Self.lingeringTime) { channel.close(promise: nil) }
            }
            promise?.succeed()
            return
        default: break
        }
        context.write(data, promise: promise)
    }

    private func writeParseError(_ head: HTTPResponse, context: ChannelHandlerContext, promise: EventLoopPromise<Void>?)
    {
        let bytes = (try? JSONBody.encode(APIError.invalidHTTP.body)) ?? []
        var head = head
        head.headerFields[.contentType] = "application/json"
        head.headerFields[.contentLength] = "\(bytes.count)"
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        context.write(wrapOutboundOut(.body(ByteBuffer(bytes: bytes))), promise: promise)
    }
}
