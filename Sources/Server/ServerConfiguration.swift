/// Where the server listens and what it allows.
package struct ServerConfiguration: Sendable {
    package var host = "127.0.0.1"
    /// 0 lets the system choose.
    package var port = 8080
    /// A client must present one of these; empty asks for none.
    package var apiKeys: [String] = []
    /// Names that a `Host` header may have beside those of the loopback interface, when bound to it.
    package var allowedHosts: [String] = []
    /// Further names of models: alias → name.
    package var modelAliases: [String: String] = [:]
    /// Larger request bodies are refused with 413.
    package var maximumBodySize = 16 << 20
    /// What all bodies that are being read may hold beyond the first 64 KiB of each; a body that finds no room is refused
    /// with 503.
    package var maximumBodyBytesInFlight = 256 << 20
    /// A body that has not arrived after this is refused with 408.
    package var bodyTimeout: Duration = .seconds(60)
    /// Further connections wait in the system's queue.
    package var maximumConnectionCount = 1024
    /// Connections on which nothing is being answered are closed after this.
    package var idleTimeout: Duration = .seconds(75)
    /// A request that has not had its turn after this is refused with 503; nil lets it wait.
    package var queueTimeout: Duration?
    /// An answer that has not begun after this ends with 504.
    package var firstTokenTimeout: Duration?
    /// An answer that has not ended after this ends with 504, or with an error in its stream.
    package var requestTimeout: Duration?
    /// How long running answers may go on after the signal to stop.
    package var drainTimeout: Duration = .seconds(30)

    package init() {}

    /// Whether only this machine can connect.
    package var isLoopback: Bool {
        host == "localhost" || host == "::1" || host.hasPrefix("127.")
    }
}
