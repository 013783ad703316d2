import APIProtocols
import Engine

/// `realizar_trace` of an answer: what `X-Trace-Level` asked for, in microseconds, and the names of what was measured.
struct TraceReport: Encodable {
    private let level: String
    private let unit = "microseconds"
    private let measured: [String]
    private let truncated: Bool
    private let queue: Double?
    private let tokens: [Token]
    private let steps: [Step]?

    private struct Token: Encodable {
        let time: Double
        let duration: Double
    }

    private struct Step: Encodable {
        let time: Double
        let duration: Double
        let tokens: Int
        let batchTokens: Int
        let batchRequests: Int
        let embedding: Double?
        let layers: [Double]?
        let logits: Double?

        enum CodingKeys: String, CodingKey {
            case time, duration, tokens, embedding, layers, logits
            case batchTokens = "batch_tokens"
            case batchRequests = "batch_requests"
        }
    }

    init(_ trace: GenerationTrace) {
        level = trace.level.rawValue
        truncated = trace.isTruncated
        queue = trace.queueWait.map(Self.microseconds)
        tokens = trace.tokens.map {
            Token(time: Self.microseconds($0.time), duration: Self.microseconds($0.duration))
        }
        steps =
            trace.level == .brick
            ? nil
            : trace.steps.map { step in
                Step(
                    time: Self.microseconds(step.time), duration: Self.microseconds(step.duration),
                    tokens: step.tokenCount, batchTokens: step.batchTokenCount,
                    batchRequests: step.batchRequestCount,
                    embedding: step.parts.map { Self.microseconds($0.embedding) },
                    layers: step.parts?.layers.map(Self.microseconds),
                    logits: step.parts.map { Self.microseconds($0.logits) })
            }
        // What is not there was not measured: an answer without a token has no passes.
        measured =
            [
                ("queue", trace.queueWait != nil), ("tokens", !trace.tokens.isEmpty), ("steps", !trace.steps.isEmpty),
                ("layers", trace.steps.contains { $0.parts != nil }),
            ].filter(\.1).map(\.0)
    }

    /// With a resolution of a tenth.
    private static func microseconds(_ duration: Duration) -> Double {
        (duration / .nanoseconds(100)).rounded() / 10
    }
}

/// A body with a trace beside its own fields; without a trace it is the body itself.
struct Traced<Body: Encodable>: Encodable {
    let body: Body
    let trace: GenerationTrace?

    init(_ body: Body, _ trace: GenerationTrace?) {
        self.body = body
        self.trace = trace
    }

    private enum CodingKeys: String, CodingKey {
        case trace = "realizar_trace"
    }

    func encode(to encoder: any Encoder) throws {
        try body.encode(to: encoder)
        guard let trace else { return }
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(TraceReport(trace), forKey: .trace)
    }
}
