import NIOCore

/// Sees in a connection's pipeline that the client has closed it.
///
/// The pipeline allows half-closure, so a client's FIN arrives as an event while the channel stays writable. A client
/// that shuts down only its sending side looks the same as one that is gone and counts as gone. Unlike Hummingbird's
/// `consumeWithCancellationOnInboundClose`, this does not read the inbound stream, so the connection can be kept alive.
final class ConnectionWatcher: ChannelInboundHandler, RemovableChannelHandler, Sendable {
    typealias InboundIn = Any

    let connection = ClientConnection()

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if event as? ChannelEvent == .inputClosed { connection.close() }
        context.fireUserInboundEventTriggered(event)
    }

    func channelInactive(context: ChannelHandlerContext) {
        connection.close()
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        connection.close()
        context.fireErrorCaught(error)
    }
}
