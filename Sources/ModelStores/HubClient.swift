internal import AsyncHTTPClient
internal import NIOCore
internal import NIOHTTP1
internal import NIOPosix

#if canImport(Glibc)
internal import Glibc
#else
internal import Darwin
#endif

/// Requests to a hub: redirections followed, the token sent to the hub's own host only, failures that may pass tried again.
struct HubClient: Sendable {
    let address: String
    let token: String?
    private let client: HTTPClient

    /// Attempts of a request before it is given up, each after twice the pause of the one before.
    static let attemptCount = 5
    private static let firstPause = Duration.milliseconds(500)
    private static let redirectionCount = 5
    private static let answerByteLimit = 16 << 20

    /// Lends a client to `body` and shuts it down.
    static func withClient<Value>(
        address: String, token: String?, _ body: (HubClient) async throws -> Value
    ) async throws -> Value {
        var configuration = HTTPClient.Configuration()
        configuration.redirectConfiguration = .disallow
        configuration.timeout = .init(connect: .seconds(15), read: .seconds(60))
        configuration.decompression = .disabled
        configuration.connectionPool.retryConnectionEstablishment = false  // `retrying` does it, and tells
        let client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
        do {
            let value = try await body(HubClient(address: address, token: token, client: client))
            try? await client.shutdown()
            return value
        } catch {
            try? await client.shutdown()
            throw error
        }
    }

    /// The whole answer to `path`, at most 16 MB.
    func data(_ path: String) async throws -> [UInt8] {
        try await retrying(path) {
            let response = try await get(path, from: 0)
            let buffer = try await response.body.collect(upTo: Self.answerByteLimit)
            return Array(buffer.readableBytesView)
        }
    }

    /// Calls `body` again after failures that may pass, with growing pauses; a pause and the count begin anew whenever `body` got
    /// further, as `progress` tells.
    func retrying<Value>(
        _ subject: String, progress: () -> Int = { 0 }, _ body: () async throws -> Value
    ) async throws -> Value {
        var attempt = 1
        var pause = Self.firstPause
        var reached = progress()
        while true {
            do { return try await body() } catch let error where Self.mayPass(error) {
                if progress() > reached { (attempt, pause, reached) = (0, Self.firstPause, progress()) }
                guard attempt < Self.attemptCount else {
                    throw ModelStoreError(
                        subject: address + subject,
                        .unreachable(reason: Self.reason(error), attempts: Self.attemptCount))
                }
                attempt += 1
                // Many clients that lost one hub do not come back in step.
                try await Task.sleep(for: pause * Double.random(in: 0.75...1.25))
                pause = min(pause * 2, .seconds(8))
            }
        }
    }

    /// The answer to `path`, with its first `offset` bytes left out where the hub can do that (then its status is 206).
    ///
    /// - Throws: `.refused` for every status that is no success.
    func get(_ path: String, from offset: Int) async throws -> HTTPClientResponse {
        var url = address + path
        for _ in 0...Self.redirectionCount {
            var request = HTTPClientRequest(url: url)
            request.headers.add(name: "user-agent", value: "realizar")
            if offset > 0 { request.headers.add(name: "range", value: "bytes=\(offset)-") }
            if let token, Self.origin(of: url) == Self.origin(of: address) {
                request.headers.add(name: "authorization", value: "Bearer \(token)")
            }
            // A whole file may take hours; that it stands still is noticed by the time for each read.
            let response = try await client.execute(request, deadline: .distantFuture)
            switch response.status.code {
            case 200..<300: return response
            case 301, 302, 303, 307, 308:
                guard let location = response.headers.first(name: "location") else { break }
                url = try Self.resolve(location, at: url)
                continue
            default: break
            }
            throw ModelStoreError(
                subject: url,
                .refused(
                    status: Int(response.status.code), advice: Self.advice(response.status, hasToken: token != nil)))
        }
        throw ModelStoreError(
            subject: address + path,
            .malformed(expected: "at most \(Self.redirectionCount) redirections", found: "more"))
    }

    /// The address that `location` means on a page at `url`.
    ///
    /// - Throws: `.malformed` for another kind of address, or one that leaves encryption.
    static func resolve(_ location: String, at url: String) throws(ModelStoreError) -> String {
        if location.hasPrefix("/"), !location.hasPrefix("//") { return origin(of: url) + location }
        guard location.hasPrefix("https://") || location.hasPrefix("http://") && url.hasPrefix("http://") else {
            throw ModelStoreError(
                subject: url, .malformed(expected: "a redirection to an encrypted address", found: location))
        }
        return location
    }

    /// Scheme, host and port.
    static func origin(of url: String) -> String {
        guard let scheme = url.firstRange(of: "://") else { return url }
        return String(url[..<(url[scheme.upperBound...].firstIndex(of: "/") ?? url.endIndex)])
    }

    private static func advice(_ status: HTTPResponseStatus, hasToken: Bool) -> String {
        switch status {
        case .unauthorized, .forbidden:
            hasToken
                ? "the token may not read this repository; accept its terms on its page, or use another token"
                : "the repository is private, gated or not there; set HF_TOKEN to a token that may read it"
        case .notFound: "there is no such repository or file; check the name"
        case .tooManyRequests: "too many requests; try again later"
        default: status.reasonPhrase
        }
    }

    /// A lost connection and a hub in trouble may be better in a moment; what was understood and refused stays so.
    private static func mayPass(_ error: any Error) -> Bool {
        if error is CancellationError { return false }
        guard let error = error as? ModelStoreError else { return true }
        guard case .refused(let status, _) = error.problem else { return false }
        return status == 429 || status >= 500
    }

    private static func reason(_ error: any Error) -> String {
        if let error = error as? ModelStoreError { return "\(error.problem)" }
        if let error = error as? HTTPClientError { return error.shortDescription }
        if let error = error as? IOError { return String(cString: strerror(error.errnoCode)) }
        if let error = error as? NIOConnectionError {
            return error.connectionErrors.first.map { reason($0.error) } ?? "no address of \(error.host)"
        }
        return "\(error)"
    }
}
