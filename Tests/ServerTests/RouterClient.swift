import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import Server
import Synchronization

/// Sends requests to the router without a socket.
struct RouterClient {
    struct Answer {
        var status: Int
        var headers: HTTPFields
        var text: String

        /// The body without `created` and `id`, which differ from run to run.
        var json: String { Self.stable(text) }

        /// What stands behind `data:` in each event, without `created` and `id`.
        var events: [String] {
            text.split(separator: "\n\n").map { Self.stable(String($0.dropFirst("data: ".count))) }
        }

        private static func stable(_ text: String) -> String {
            text.replacing(/"created":[0-9]{10},"id":"(chatcmpl|cmpl)-[0-9a-f]{24}",/, with: "")
        }
    }

    let environment: RouteEnvironment
    private let responder: RouterResponder<ServerRequestContext>

    init(_ generators: ScriptedGenerator..., configuration: ServerConfiguration = ServerConfiguration()) {
        let server = RealizarServer(generators: generators, configuration: configuration, logger: .quiet)
        self.init(environment: RouteEnvironment(state: server.state, configuration: configuration))
    }

    init(environment: RouteEnvironment) {
        self.environment = environment
        responder = environment.makeRouter().buildResponder()
    }

    func send(
        _ method: HTTPRequest.Method, _ path: String, headers: HTTPFields = [:], body: [UInt8] = [],
        host: String? = "localhost:8080"
    ) async throws -> Answer {
        let request = Request(
            head: HTTPRequest(method: method, scheme: "http", authority: host, path: path, headerFields: headers),
            body: RequestBody(buffer: ByteBuffer(bytes: body)))
        let response = try await responder.respond(to: request, context: ServerRequestContext(logger: .quiet))
        let writer = CollectingWriter()
        try await response.body.write(writer)
        return Answer(
            status: response.status.code, headers: response.headers, text: String(decoding: writer.bytes, as: UTF8.self)
        )
    }

    func post(_ path: String, _ json: String) async throws -> Answer {
        try await send(
            .post, path, headers: [.contentLength: "\(json.utf8.count)"], body: Array(json.utf8))
    }

    func get(_ path: String) async throws -> Answer { try await send(.get, path) }
}

private final class CollectingWriter: ResponseBodyWriter, Sendable {
    private let storage = Mutex<[UInt8]>([])

    var bytes: [UInt8] { storage.withLock { $0 } }

    func write(_ buffer: ByteBuffer) async throws {
        storage.withLock { $0 += Array(buffer.readableBytesView) }
    }

    func finish(_ trailingHeaders: HTTPFields?) async throws {}
}

extension Logger {
    /// Discards everything.
    static var quiet: Logger { Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }) }
}
