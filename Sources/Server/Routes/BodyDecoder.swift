import APIProtocols
import Dispatch

/// Turns bodies into values; large ones on a thread of its own, one after the other, so that Swift's shared threads stay
/// free for everyone else.
struct BodyDecoder: Sendable {
    /// A body up to this is decoded at once, in a few milliseconds at most.
    static let maximumSizeInPlace = 16 << 10

    private let queue = DispatchQueue(label: "realizar.bodies")

    /// - Throws: `JSONBody.Failure`.
    func decode<Value: Decodable & Sendable>(_ type: Value.Type, from bytes: [UInt8]) async throws -> Value {
        guard bytes.count > Self.maximumSizeInPlace else { return try JSONBody.decode(type, from: bytes) }
        return try await withCheckedThrowingContinuation { continuation in
            queue.async {
                continuation.resume(with: Result { try JSONBody.decode(type, from: bytes) })
            }
        }
    }
}
