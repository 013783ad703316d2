import APIProtocols
import HTTPTypes
import Hummingbird
import NIOCore

extension Request {
    /// The body as a value of `type`; any content type is accepted.
    ///
    /// - Throws: `APIError` 413 for a body beyond `maximumSize` bytes, before reading it where its length is announced;
    ///   `JSONBody.Failure`.
    func decode<Value: Decodable>(_ type: Value.Type, maximumSize: Int) async throws -> Value {
        if let length = headers[.contentLength].flatMap(Int.init), length > maximumSize {
            throw APIError.bodyTooLarge(maximum: maximumSize)
        }
        var bytes: [UInt8] = []
        for try await buffer in body {
            guard bytes.count + buffer.readableBytes <= maximumSize else {
                throw APIError.bodyTooLarge(maximum: maximumSize)
            }
            bytes += buffer.readableBytesView
        }
        return try JSONBody.decode(type, from: bytes)
    }
}
