import Foundation
import NIOCore
import NIOHTTP1

/// One client: runs an errand and says what came of it.
struct Client: Sendable {
    let http: HTTPClient
    let model: String?
    let workload: Workload

    /// What came of one errand.
    struct Outcome: Sendable {
        enum Kind: Sendable {
            case answered(question: Int, text: String)
            /// 429 or 503.
            case refused(status: Int)
            case hungUp
            /// A malformed request got 4xx, or its connection was closed.
            case turnedAway
            case wrong(String)
        }

        var kind: Kind
        var duration: Duration = .zero
        var firstToken: Duration?
        var intervals: [Duration] = []
        var tokenCount = 0
    }

    private struct Chunk: Decodable {
        struct Choice: Decodable { let text: String }
        struct Usage: Decodable {
            let completion_tokens: Int
        }
        let choices: [Choice]
        let usage: Usage?
    }

    func run(_ errand: Workload.Errand) async -> Outcome {
        do {
            switch errand {
            case .whole(let question): return try await ask(question, hangUpAfter: nil)
            case .hangUp(let question, let events): return try await ask(question, hangUpAfter: events)
            case .malformed(let malformation):
                let status = try await http.send(raw: malformation.bytes)
                guard let status, !(400..<500).contains(status) else { return Outcome(kind: .turnedAway) }
                return Outcome(kind: .wrong("\(malformation.name): status \(status)"))
            }
        } catch is HTTPClient.Left {
            return Outcome(kind: .hungUp)
        } catch {
            if case .malformed = errand { return Outcome(kind: .turnedAway) }
            return Outcome(kind: .wrong("\(error)"))
        }
    }

    private func ask(_ index: Int, hangUpAfter limit: Int?) async throws -> Outcome {
        let question = workload.questions[index], start = ContinuousClock.now
        return try await http.withAnswer(
            .POST, "/v1/completions", body: question.body(model: model), leavesAtOnce: limit == 0
        ) { status, chunks in
            guard status == 200 else {
                let text = try await chunks.text()
                guard status == 429 || status == 503 else {
                    return Outcome(kind: .wrong("status \(status): \(text.prefix(200))"))
                }
                return Outcome(kind: .refused(status: status))
            }
            var outcome = Outcome(kind: .hungUp)
            var text = ""
            if question.streams {
                var events = ServerSentEvents(), last: ContinuousClock.Instant?
                var isDone = false
                while let buffer = try await chunks.next() {
                    for data in events.append(buffer) {
                        if data == "[DONE]" {
                            isDone = true
                            continue
                        }
                        let chunk = try JSONDecoder().decode(Chunk.self, from: Data(data.utf8))
                        outcome.tokenCount = chunk.usage?.completion_tokens ?? outcome.tokenCount
                        guard let piece = chunk.choices.first?.text, !piece.isEmpty else { continue }
                        text += piece
                        let now = ContinuousClock.now
                        if let last { outcome.intervals.append(now - last) } else { outcome.firstToken = now - start }
                        last = now
                        if let limit, outcome.intervals.count >= limit { throw HTTPClient.Left() }
                    }
                }
                guard isDone else { return Outcome(kind: .wrong("the stream ended early: \(text.suffix(80))")) }
            } else {
                if limit != nil { throw HTTPClient.Left() }
                let chunk = try JSONDecoder().decode(Chunk.self, from: Data(try await chunks.text().utf8))
                text = chunk.choices.first?.text ?? ""
                outcome.tokenCount = chunk.usage?.completion_tokens ?? 0
            }
            guard outcome.tokenCount == question.tokenCount else {
                return Outcome(kind: .wrong("\(outcome.tokenCount) tokens instead of \(question.tokenCount)"))
            }
            outcome.duration = .now - start
            outcome.kind = .answered(question: index, text: text)
            return outcome
        }
    }
}

/// Lines of `data:` in a stream of bytes, however it is cut.
struct ServerSentEvents {
    private var rest: [UInt8] = []

    /// - Returns: What stands behind `data: ` in each line that is complete now.
    mutating func append(_ buffer: ByteBuffer) -> [String] {
        rest += buffer.readableBytesView
        var lines: [String] = []
        while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
            let line = String(decoding: rest[..<end], as: UTF8.self)
            rest.removeFirst(end + 1)
            if line.hasPrefix("data: ") { lines.append(String(line.dropFirst(6))) }
        }
        return lines
    }
}
