import APIProtocols
import HTTPTypes
import Hummingbird
import NIOCore

extension Request {
    /// The body as a value of `type`; any content type is accepted.
    ///
    /// - Throws: `APIError` 413 for a body beyond `maximumSize` bytes, before reading it where its length is announced,
    ///   and 400 for a body that is no HTTP; `JSONBody.Failure`.
    func decode<Value: Decodable>(_ type: Value.Type, maximumSize: Int) async throws -> Value {
        if let length = headers[.contentLength].flatMap(Int.init), length > maximumSize {
            throw APIError.bodyTooLarge(maximum: maximumSize)
        }
        return try JSONBody.decode(type, from: await bytes(upTo: maximumSize))
    }

    private func bytes(upTo maximumSize: Int) async throws(APIError) -> [UInt8] {
        var bytes: [UInt8] = []
        do {
            for try await buffer in body {
                guard bytes.count + buffer.readableBytes <= maximumSize else {
                    throw APIError.bodyTooLarge(maximum: maximumSize)
                }
                bytes += buffer.readableBytesView
            }
        } catch let error as APIError {
            throw error
        } catch {
            throw .badRequest("The request body cannot be read: \(error)", code: "invalid_http")
        }
        return bytes
    }
}
