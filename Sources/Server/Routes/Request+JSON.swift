import APIProtocols
import HTTPTypes
import Hummingbird
import NIOCore

extension RouteEnvironment {
    /// The body of `request` as a value of `type`; any content type is accepted.
    ///
    /// - Throws: `APIError` 413 for a body beyond the limit, before reading it where its length is announced, 408 for
    ///   one that does not arrive in time, 503 where all bodies together are too large, 400 for one that is no HTTP;
    ///   `JSONBody.Failure`.
    func decode<Value: Decodable & Sendable>(
        _ type: Value.Type, from request: Request, _ context: ServerRequestContext
    ) async throws -> Value {
        let maximumSize = configuration.maximumBodySize
        if let length = request.headers[.contentLength].flatMap(Int.init), length > maximumSize {
            throw APIError.bodyTooLarge(maximum: maximumSize)
        }
        if request.headers[.expect]?.lowercased() == "100-continue" { await context.sendContinue() }
        let share = BodyBudget.Share(of: bodyBudget)
        let bytes = try await within(configuration.bodyTimeout) { [body = request.body] in
            try await Self.bytes(of: body, upTo: maximumSize, share)
        }
        let value = try await bodyDecoder.decode(type, from: bytes)
        // The bytes count until they are gone.
        withExtendedLifetime(share) {}
        return value
    }

    private static func bytes(
        of body: RequestBody, upTo maximumSize: Int, _ share: BodyBudget.Share
    ) async throws -> [UInt8] {
        var bytes: [UInt8] = []
        do {
            for try await buffer in body {
                guard bytes.count + buffer.readableBytes <= maximumSize else {
                    throw APIError.bodyTooLarge(maximum: maximumSize)
                }
                try share.grow(toHold: bytes.count + buffer.readableBytes)
                bytes += buffer.readableBytesView
            }
        } catch let error as APIError {
            throw error
        } catch {
            throw APIError.badRequest("The request body cannot be read: \(error)", code: "invalid_http")
        }
        return bytes
    }

    /// - Throws: `APIError` 408 if `read` takes longer than `timeout`; what `read` throws.
    private func within<Value: Sendable>(
        _ timeout: Duration, _ read: @escaping @Sendable () async throws -> Value
    ) async throws -> Value {
        try await withThrowingTaskGroup(of: Value.self) { group in
            group.addTask { try await read() }
            group.addTask {
                try await Task.sleep(for: timeout)
                throw APIError.bodyTooSlow(timeout)
            }
            defer { group.cancelAll() }
            guard let value = try await group.next() else { throw CancellationError() }
            return value
        }
    }
}
