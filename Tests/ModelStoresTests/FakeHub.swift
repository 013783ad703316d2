import Crypto
import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import Synchronization

/// A hub on this machine: one repository, whose answers can be made to fail in the ways that real ones do.
final class FakeHub: Sendable {
    struct Behaviour: Sendable {
        /// The connection breaks behind so many bytes of a file; for each of the next so many answers.
        var cuts: [Int] = []
        /// The beginning of a file cannot be left out.
        var ignoresRanges = false
        /// Statuses that come instead of the next answers.
        var failures: [HTTPResponse.Status] = []
        /// What they ask to wait.
        var retryAfter: String?
        /// Files come from another address, which must not be told the token.
        var redirects = false
        /// Changes what comes, not what is listed.
        var corrupts = false
        /// Needed to read anything.
        var token: String?
        /// Names listed besides those that are there.
        var strangeNames: [String] = []
        /// Listed as the size of every file.
        var claimedByteCount: Int?
    }

    static let commit = "0123456789abcdef0123456789abcdef01234567"
    let files: [String: [UInt8]]
    let behaviour: Mutex<Behaviour>
    /// Each request for a file: its path and the first byte asked for.
    let requests = Mutex<[(path: String, from: Int)]>([])
    private let leakedToken = Atomic<Bool>(false)

    var tokenWasLeaked: Bool { leakedToken.load(ordering: .relaxed) }

    init(_ files: [String: [UInt8]], _ behaviour: Behaviour = Behaviour()) {
        self.files = files
        self.behaviour = Mutex(behaviour)
    }

    /// Runs it on a free port while `body` does its work with its address.
    func run<Value: Sendable>(_ body: @Sendable (String) async throws -> Value) async throws -> Value {
        let (ports, continuation) = AsyncStream<Int>.makeStream()
        var logger = Logger(label: "hub")
        logger.logLevel = .critical
        let application = Application(
            router: makeRouter(), configuration: .init(address: .hostname("127.0.0.1", port: 0)),
            onServerRunning: { continuation.yield($0.localAddress?.port ?? 0) }, logger: logger)
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await application.run() }
            var iterator = ports.makeAsyncIterator()
            let port = await iterator.next() ?? 0
            defer { group.cancelAll() }
            return try await body("http://127.0.0.1:\(port)")
        }
    }

    private func makeRouter() -> Router<BasicRequestContext> {
        let router = Router()
        router.get("/api/models/:owner/:name/revision/:revision") { request, context in try self.list(request) }
        router.get("/:owner/:name/resolve/:commit/**") { request, context in
            try self.file(request, context.parameters.getCatchAll().joined(separator: "/"))
        }
        router.get("/elsewhere/**") { request, context in
            if request.headers[.authorization] != nil { self.leakedToken.store(true, ordering: .relaxed) }
            return try self.contents(request, context.parameters.getCatchAll().joined(separator: "/"))
        }
        return router
    }

    private func check(_ request: Request) throws {
        try behaviour.withLock { behaviour in
            if !behaviour.failures.isEmpty {
                let headers: HTTPFields = behaviour.retryAfter.map { [.retryAfter: $0] } ?? [:]
                throw HTTPError(behaviour.failures.removeFirst(), headers: headers)
            }
            if let token = behaviour.token, request.headers[.authorization] != "Bearer \(token)" {
                throw HTTPError(.unauthorized)
            }
        }
    }

    private func list(_ request: Request) throws -> Response {
        try check(request)
        let claimed = behaviour.withLock(\.claimedByteCount)
        var siblings = files.sorted { $0.key < $1.key }.map { name, bytes in
            let checksum =
                bytes.count > 1000
                ? #""lfs":{"sha256":"\#(Self.hexadecimal(SHA256.hash(data: bytes)))","size":\#(claimed ?? bytes.count),"pointerSize":130}"#
                : #""lfs":null"#
            let blob = Self.hexadecimal(Insecure.SHA1.hash(data: Array("blob \(bytes.count)\0".utf8) + bytes))
            return #"{"rfilename":"\#(name)","size":\#(claimed ?? bytes.count),"blobId":"\#(blob)",\#(checksum)}"#
        }
        siblings += behaviour.withLock(\.strangeNames).map { #"{"rfilename":"\#($0)","size":1}"# }
        let text = #"{"id":"a/b","sha":"\#(Self.commit)","siblings":[\#(siblings.joined(separator: ","))]}"#
        return Response(status: .ok, body: .init(byteBuffer: ByteBuffer(string: text)))
    }

    private func file(_ request: Request, _ path: String) throws -> Response {
        try check(request)
        guard files[path] != nil else { throw HTTPError(.notFound) }
        if behaviour.withLock(\.redirects) {
            // Another host than 127.0.0.1, though the same machine.
            let port = request.head.authority?.split(separator: ":").last ?? ""
            return Response(status: .found, headers: [.location: "http://localhost:\(port)/elsewhere/\(path)"])
        }
        return try contents(request, path)
    }

    private func contents(_ request: Request, _ path: String) throws -> Response {
        guard var bytes = files[path] else { throw HTTPError(.notFound) }
        let (cut, ignoresRanges) = behaviour.withLock { behaviour in
            if behaviour.corrupts, let last = bytes.indices.last { bytes[last] ^= 1 }
            return (behaviour.cuts.isEmpty ? nil : behaviour.cuts.removeFirst(), behaviour.ignoresRanges)
        }
        let range = request.headers[.range].flatMap { $0.hasPrefix("bytes=") ? Int($0.dropFirst(6).dropLast()) : nil }
        let start = ignoresRanges ? 0 : range ?? 0
        requests.withLock { $0.append((path, range ?? 0)) }
        let rest = Array(bytes[start...])
        let body = ResponseBody(contentLength: rest.count) { [rest] writer in
            for offset in stride(from: 0, to: rest.count, by: 4096) {
                if let cut, offset >= cut { throw Cut() }
                try await writer.write(ByteBuffer(bytes: rest[offset..<min(offset + 4096, rest.count)]))
            }
            try await writer.finish(nil)
        }
        return Response(status: start > 0 ? .partialContent : .ok, body: body)
    }

    private struct Cut: Error {}

    static func sha256(_ bytes: [UInt8]) -> String { hexadecimal(SHA256.hash(data: bytes)) }

    static func hexadecimal(_ bytes: some Sequence<UInt8>) -> String {
        bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
}
