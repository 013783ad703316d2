import HTTPTypes
package import Hummingbird
package import Logging
import NIOCore
import NIOHTTPTypes

/// What travels with a request through middleware and route.
package struct ServerRequestContext: RequestContext {
    package var coreContext: CoreRequestContextStorage
    /// Honoured from the client or made, see `RequestIDMiddleware`.
    package var requestID = ""
    /// nil in tests that go to the router without a socket.
    private let channel: (any Channel)?

    package init(source: ApplicationRequestContextSource) {
        coreContext = CoreRequestContextStorage(source: source)
        channel = source.channel
    }

    /// A context without a connection.
    package init(logger: Logger) {
        coreContext = CoreRequestContextStorage(source: LoggerSource(logger: logger))
        channel = nil
    }

    /// Tells a client that waits with its body (`Expect: 100-continue`) to send it.
    func sendContinue() async {
        // If this fails the client is gone, which reading the body finds out.
        try? await channel?.writeAndFlush(HTTPResponsePart.head(HTTPResponse(status: .continue)))
    }

    /// The client's address without its port; nil without a connection.
    var remoteAddress: String? { channel?.remoteAddress?.ipAddress }

    /// The connection that the request came in on.
    func connection() async -> ClientConnection? {
        guard let channel else { return nil }
        return try? await channel.pipeline.handler(type: ConnectionWatcher.self).get().connection
    }
}

private struct LoggerSource: RequestContextSource {
    let logger: Logger
}
