import Foundation
import HTTPTypes
import Hummingbird
import Logging
import Server
import Synchronization
import Testing

@Suite("Log lines")
struct LogTests {
    /// Lines of a logger that writes JSON.
    final class Lines: Sendable {
        private let storage = Mutex<[String]>([])

        var logger: Logger {
            Logger(label: "test") { label in
                JSONLogHandler(label: label) { line in
                    self.storage.withLock { $0.append(String(decoding: line, as: UTF8.self)) }
                }
            }
        }

        var texts: [String] { storage.withLock { $0 } }

        var objects: [[String: Any]] {
            texts.compactMap { try? JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any] }
        }
    }

    @Test func `an entry is one object on one line, whatever is in it`() throws {
        let lines = Lines()
        var logger = lines.logger
        logger[metadataKey: "kept"] = "yes"
        logger.warning(
            "two\nlines \"and\" \u{1b}[31m",
            metadata: ["text": "a\r\nb", "list": ["x", ["y": "z"]], "kept": "changed"])
        logger.debug("below the level")
        #expect(lines.texts.count == 1 && lines.texts[0].filter(\.isNewline) == "\n")
        let entry = try #require(lines.objects.first)
        #expect(entry["level"] as? String == "warning" && entry["logger"] as? String == "test")
        #expect(entry["message"] as? String == "two\nlines \"and\" \u{1b}[31m")
        let time = try #require(entry["time"] as? String)
        #expect(time.wholeMatch(of: /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/) != nil, "\(time)")
        let metadata = try #require(entry["metadata"] as? [String: Any])
        #expect(metadata["text"] as? String == "a\r\nb" && metadata["kept"] as? String == "changed")
        #expect((metadata["list"] as? [Any])?.count == 2)
        #expect(((metadata["list"] as? [Any])?.last as? [String: String]) == ["y": "z"])
    }

    @Test func `what is said of one logger is not said of its copy`() throws {
        let lines = Lines()
        var first = lines.logger
        var second = first
        first[metadataKey: "who"] = "first"
        second[metadataKey: "who"] = "second"
        second.logLevel = .error
        first.info("a")
        second.info("not logged")
        second.error("b")
        #expect(lines.objects.map { ($0["metadata"] as? [String: String])?["who"] } == ["first", "second"])
    }

    @Test func `lines of a request carry its id and its place in the trace`() async throws {
        let lines = Lines()
        let configuration = ServerConfiguration()
        let server = RealizarServer(
            generators: [ScriptedGenerator()], configuration: configuration, logger: lines.logger)
        let client = RouterClient(
            environment: RouteEnvironment(state: server.state, configuration: configuration, logger: lines.logger))
        let headers: HTTPFields = [
            .init("X-Request-Id")!: "mine",
            TraceContextTests.parent: "00-\(TraceContextTests.trace)-\(TraceContextTests.span)-01",
        ]
        let answer = try await client.send(
            .post, "/v1/completions", headers: headers, body: Array(#"{"prompt":"hi"}"#.utf8))
        #expect(answer.status == 200)
        let entries = lines.objects.filter {
            ["request", "generation finished"].contains($0["message"] as? String ?? "")
        }
        #expect(entries.count == 2)
        for entry in entries {
            let metadata = try #require(entry["metadata"] as? [String: String])
            #expect(metadata["request_id"] == "mine" && metadata["trace_id"] == TraceContextTests.trace)
            #expect(metadata["parent_span_id"] == TraceContextTests.span)
            #expect(answer.headers[TraceContextTests.response]?.contains("-\(metadata["span_id"] ?? "?")-") == true)
        }
    }
}
