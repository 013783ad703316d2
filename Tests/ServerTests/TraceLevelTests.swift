import Engine
import Foundation
import HTTPTypes
import Server
import Testing

@Suite("X-Trace-Level")
struct TraceLevelTests {
    static let header = HTTPField.Name("X-Trace-Level")!

    /// A generator whose answer has a trace of `level`.
    static func generator(_ level: TraceLevel) -> ScriptedGenerator {
        var trace = GenerationTrace(level: level)
        trace.queueWait = .microseconds(10)
        trace.tokens = [
            .init(time: .microseconds(1500), duration: .microseconds(1500)),
            .init(time: .nanoseconds(1_750_260), duration: .nanoseconds(250_260)),
        ]
        if level != .brick {
            var step = GenerationTrace.Step(
                time: .microseconds(10), duration: .microseconds(1400), tokenCount: 7, batchTokenCount: 9,
                batchRequestCount: 3)
            if level == .layer {
                step.parts = .init(
                    embedding: .microseconds(5), layers: [.microseconds(700), .microseconds(600)],
                    logits: .microseconds(90))
            }
            trace.steps = [step]
        }
        var summary = ScriptedGenerator.summary
        summary.trace = trace
        return ScriptedGenerator(script: Array(ScriptedGenerator.hello.dropLast()) + [.event(.finished(summary))])
    }

    static let tokens =
        #""tokens":[{"duration":1500,"time":1500},{"duration":250.3,"time":1750.3}],"truncated":false,"unit":"microseconds""#

    static let reports: [(TraceLevel, String)] = [
        (.brick, #"{"level":"brick","measured":["queue","tokens"],"queue":10,\#(tokens)}"#),
        (
            .step,
            #"{"level":"step","measured":["queue","tokens","steps"],"queue":10,"steps":[{"batch_requests":3,"batch_tokens":9,"duration":1400,"time":10,"tokens":7}],\#(tokens)}"#
        ),
        (
            .layer,
            #"{"level":"layer","measured":["queue","tokens","steps","layers"],"queue":10,"steps":[{"batch_requests":3,"batch_tokens":9,"duration":1400,"embedding":5,"layers":[700,600],"logits":90,"time":10,"tokens":7}],\#(tokens)}"#
        ),
    ]

    @Test(arguments: reports)
    func `the answer has what was measured, in its own field`(level: TraceLevel, report: String) async throws {
        for (path, body) in [
            ("/v1/completions", #"{"prompt":"hi"}"#),
            ("/v1/chat/completions", #"{"messages":[{"role":"user","content":"hi"}]}"#),
        ] {
            let generator = Self.generator(level)
            let answer = try await RouterClient(generator).send(
                .post, path, headers: [Self.header: level.rawValue], body: Array(body.utf8))
            #expect(answer.status == 200)
            #expect(answer.text.contains(#""realizar_trace":\#(report)"#), "\(answer.text)")
            #expect(answer.text.contains("\"choices\""))
            #expect(generator.requests.first?.options.traceLevel == level)
        }
    }

    @Test func `a stream has it in its last chunk only`() async throws {
        let answer = try await RouterClient(Self.generator(.step)).send(
            .post, "/v1/completions", headers: [Self.header: "step"],
            body: Array(#"{"prompt":"hi","stream":true,"stream_options":{"include_usage":true}}"#.utf8))
        let events = answer.events
        #expect(events.last == "[DONE]" && events.count > 3)
        #expect(events.dropLast().last?.contains("\"realizar_trace\":{") == true)
        #expect(events.filter { $0.contains("realizar_trace") }.count == 1)
    }

    @Test func `nothing is measured or sent unless asked for`() async throws {
        let generator = ScriptedGenerator()
        let answer = try await RouterClient(generator).post("/v1/completions", #"{"prompt":"hi"}"#)
        #expect(!answer.text.contains("realizar_trace") && generator.requests.first?.options.traceLevel == nil)
    }

    @Test(arguments: ["", "Brick", "layers", "all"])
    func `another level is refused by the header's name`(level: String) async throws {
        let generator = ScriptedGenerator()
        let answer = try await RouterClient(generator).send(
            .post, "/v1/completions", headers: [Self.header: level], body: Array(#"{"prompt":"hi"}"#.utf8))
        #expect(answer.status == 400 && answer.text.contains("\"param\":\"X-Trace-Level\""))
        #expect(answer.text.contains("brick, step, layer") && generator.requests.isEmpty)
    }
}
