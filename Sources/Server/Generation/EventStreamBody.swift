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
    /// Server-sent events, one per chunk, then `[DONE]`. The last chunk has the trace, where one was asked for.
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
                    let chunks = formatter.chunks(for: event)
                    for (index, chunk) in chunks.enumerated() {
                        let trace = index == chunks.count - 1 ? event.trace : nil
                        try await writer.write(ServerSentEvent(data: JSONBody.encode(Traced(chunk, trace))))
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

extension GenerationEvent {
    /// Of the last event, where one was asked for.
    fileprivate var trace: GenerationTrace? {
        guard case .finished(let summary) = self else { return nil }
        return summary.trace
    }
}

extension ResponseBodyWriter {
    @concurrent fileprivate mutating func write(_ event: ServerSentEvent) async throws {
        try await write(ByteBuffer(bytes: event.bytes))
    }
}
