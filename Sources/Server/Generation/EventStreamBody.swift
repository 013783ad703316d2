import APIProtocols
import Engine
import Hummingbird
import NIOCore

/// Turns generation events into the chunks of one dialect.
protocol ChunkFormatter: Sendable {
    associatedtype Chunk: Encodable

    /// The chunks that `event` gives, in order.
    mutating func chunks(for event: GenerationEvent) -> [Chunk]
}

extension ResponseBody {
    /// Server-sent events, one per chunk, then `[DONE]`.
    ///
    /// The status line is gone when an error happens here, so an error is the last event of the stream, in the shape of
    /// every error body, and `[DONE]` does not follow. If the client is gone nothing is written.
    static func eventStream(
        _ events: AsyncThrowingStream<GenerationEvent, any Error>, formatter: some ChunkFormatter
    ) -> ResponseBody {
        ResponseBody { writer in
            var formatter = formatter
            do {
                for try await event in events {
                    for chunk in formatter.chunks(for: event) {
                        try await writer.write(ServerSentEvent(data: JSONBody.encode(chunk)))
                    }
                }
                try Task.checkCancellation()
                try await writer.write(.done)
            } catch let error where error is EngineError || error is EncodingError {
                try await writer.write(ServerSentEvent(data: JSONBody.encode(APIError(error).body)))
            }
            try await writer.finish(nil)
        }
    }
}

extension ResponseBodyWriter {
    @concurrent fileprivate mutating func write(_ event: ServerSentEvent) async throws {
        try await write(ByteBuffer(bytes: event.bytes))
    }
}
