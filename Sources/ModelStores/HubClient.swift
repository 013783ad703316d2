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
    /// Told before each pause.
    let onRetry: @Sendable (RetryNotice) -> Void
    private let client: HTTPClient

    private static let redirectionCount = 5
    private static let answerByteLimit = 16 << 20

    /// Lends a client to `body` and shuts it down.
    static func withClient<Value>(
        address: String, token: String?, onRetry: @escaping @Sendable (RetryNotice) -> Void,
        _ body: (HubClient) async throws -> Value
    ) async throws -> Value {
        var configuration = HTTPClient.Configuration()
        configuration.redirectConfiguration = .disallow
        configuration.timeout = .init(connect: .seconds(15), read: .seconds(60))
        configuration.decompression = .disabled
        configuration.connectionPool.retryConnectionEstablishment = false  // `retrying` does it, and tells
        let client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
        do {
            let value = try await body(HubClient(address: address, token: token, onRetry: onRetry, client: client))
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

    /// Calls `body` again after failures that may pass, as `Backoff` says; the count begins anew whenever `body` got further, as
    /// `progress` tells.
    func retrying<Value>(
        _ subject: String, progress: () -> Int = { 0 }, _ body: () async throws -> Value
    ) async throws -> Value {
        var backoff = Backoff()
        var reached = progress()
        while true {
            do { return try await body() } catch {
                guard Self.mayPass(error) else { throw (error as? Refusal)?.error ?? error }
                if progress() > reached {
                    reached = progress()
                    backoff.noteProgress()
                }
                let asked = (error as? Refusal)?.retryAfter
                guard let pause = backoff.pause(asked: asked, chance: .random(in: 0...1)) else {
                    throw ModelStoreError(
                        subject: address + subject,
                        .unreachable(reason: Self.reason(error), attempts: backoff.attempt))
                }
                onRetry(
                    RetryNotice(
                        reason: Self.reason(error), attempt: backoff.attempt,
                        attemptCount: backoff.policy.attemptCount, pause: pause))
                try await Task.sleep(for: pause)
            }
        }
    }

    /// An answer that is no success, and when the hub wants to be asked again.
    struct Refusal: Error {
        let error: ModelStoreError
        let status: UInt
        let retryAfter: Duration?
    }

    /// The answer to `path`, with its first `offset` bytes left out where the hub can do that (then its status is 206).
    ///
    /// - Throws: `Refusal` for every status that is no success.
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
            throw Refusal(
                error: ModelStoreError(
                    subject: url,
                    .refused(
                        status: Int(response.status.code), advice: Self.advice(response.status, hasToken: token != nil))
                ),
                status: response.status.code,
                retryAfter: response.headers.first(name: "retry-after").flatMap { RetryAfter.duration($0) })
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
        if let error = error as? Refusal { return [408, 425, 429].contains(error.status) || error.status >= 500 }
        return !(error is CancellationError || error is ModelStoreError)
    }

    private static func reason(_ error: any Error) -> String {
        if let error = error as? Refusal {
            let asked = error.retryAfter.map { "; it asks to wait for \($0.components.seconds) seconds" } ?? ""
            return "\(error.error.problem)" + asked
        }
        if let error = error as? ModelStoreError { return "\(error.problem)" }
        if let error = error as? HTTPClientError { return error.shortDescription }
        if let error = error as? IOError { return String(cString: strerror(error.errnoCode)) }
        if let error = error as? NIOConnectionError {
            return error.connectionErrors.first.map { reason($0.error) } ?? "no address of \(error.host)"
        }
        return "\(error)"
    }
}
