import Engine
import Foundation
import HTTPTypes
import Hummingbird
import Server
import TestSupport
import Testing

/// Models that come and go, through the routes.
@Suite("Models loaded on demand", .serialized, .timeLimit(.minutes(1)))
struct ModelPoolTests {
    @Test func `the start loads what fits, and the list tells it`() async throws {
        let models = [
            ScriptedModel("a", answer: "A"), ScriptedModel("b", answer: "B", byteCount: 5),
            ScriptedModel("c", answer: "C", byteCount: 2),
        ]
        let client = try await RouterClient(models) { $0.memoryByteCount = 6 }
        #expect(models.map(\.loadCount) == [1, 0, 1])
        let list = try await client.get("/v1/models").text
        #expect(
            list.matches(of: /"id":"(.)","loaded":(true|false)/).map { "\($0.1) \($0.2)" } == [
                "a true", "b false", "c true",
            ])
        #expect(try await client.metrics("realizar_models_loaded") == ["realizar_models_loaded 2"])
        #expect(try await client.metrics("realizar_models_bytes") == ["realizar_models_bytes 6"])
        #expect(
            try await client.metrics("realizar_requests_running")
                == [#"realizar_requests_running{model="a"} 0"#, #"realizar_requests_running{model="c"} 0"#])
    }

    @Test func `on demand nothing is loaded before it is asked for, and then once`() async throws {
        let model = ScriptedModel("a", answer: "A")
        let client = try await RouterClient([model]) { $0.isOnDemand = true }
        #expect(model.loadCount == 0)
        #expect(try await client.get("/health").status == 200)
        model.hold()
        let answers = try await withThrowingTaskGroup(of: String.self) { group in
            for _ in 0..<20 { group.addTask { try await client.ask("a").text } }
            #expect(try await eventually(within: .seconds(5)) { model.loadCount == 1 })
            model.letGo()
            return try await group.reduce(into: [String]()) { $0.append($1) }
        }
        #expect(answers.count == 20 && answers.allSatisfy { $0.contains(#""text":"A""#) })
        #expect(model.loadCount == 1)
    }

    @Test func `two models that need each other's memory answer all of two hundred requests`() async throws {
        let models = ["a", "b"].map { ScriptedModel($0, answer: "I am \($0)", pause: .milliseconds(2)) }
        let client = try await RouterClient(models) {
            $0.memoryByteCount = 4
            $0.maximumWaiterCount = 200
        }
        let wrong = try await withThrowingTaskGroup(of: String?.self) { group in
            for index in 0..<200 {
                group.addTask {
                    let name = index % 2 == 0 ? "a" : "b"
                    try await Task.sleep(for: .milliseconds(index % 17))
                    let answer = try await client.ask(name)
                    return answer.text.contains("\"text\":\"I am \(name)\"") ? nil : answer.text
                }
            }
            return try await group.reduce(into: [String]()) { if let text = $1 { $0.append(text) } }
        }
        #expect(wrong == [])
        #expect(models.flatMap(\.generators).filter(\.wasCutOff).isEmpty)
        #expect(models.map(\.loadedCount).reduce(0, +) <= 1)
        #expect(models.allSatisfy { $0.loadCount > 0 })
        let loads = models.map(\.loadCount).reduce(0, +)
        let counted = try await client.metrics("realizar_model_loads_total").compactMap {
            $0.split(separator: " ").last
        }
        #expect(counted.compactMap { Int($0) }.reduce(0, +) == loads)
    }

    @Test func `a model that cannot be loaded is an error that says so, and is not tried again at once`() async throws {
        let model = ScriptedModel("a", answer: "A")
        let client = try await RouterClient([model]) { $0.isOnDemand = true }
        model.breakFile("a.gguf, byte 8: no tensors")
        for _ in 0..<3 {
            let answer = try await client.ask("a")
            #expect(answer.status == 503 && answer.headers[.retryAfter] == "1")
            #expect(
                answer.text
                    == #"{"error":{"code":"model_unavailable","message":"The model 'a' cannot be loaded: a.gguf, byte 8: no tensors","param":"model","type":"server_error"}}"#
            )
        }
        #expect(model.loadCount == 1)
        let health = try await client.get("/health")
        #expect(health.status == 200)
        #expect(health.text == #"{"loading_problems":{"a":"invalid_model"},"status":"ready"}"#)
        #expect(
            try await client.metrics("realizar_model_load_failures_total")
                == [#"realizar_model_load_failures_total{model="a"} 1"#])
        model.replace(answer: "whole")
        try await Task.sleep(for: .milliseconds(1010))
        #expect(try await client.ask("a").text.contains("whole"))
        #expect(try await client.get("/health").text == #"{"status":"ready"}"#)
    }

    @Test func `a model that does not load at the start ends the start`() async throws {
        let model = ScriptedModel("a", answer: "A")
        model.breakFile("a.gguf: no model")
        await #expect {
            _ = try await RouterClient([model])
        } throws: { "\($0)" == "The model 'a' cannot be loaded: a.gguf: no model" }
        await #expect {
            _ = try await RouterClient([ScriptedModel("b", answer: "", byteCount: 9)]) { $0.memoryByteCount = 8 }
        } throws: { "\($0)".hasPrefix("the model 'b' needs 9 bytes of memory, but --model-memory allows 8; give it 9") }
        await #expect(throws: ServerError(problem: .duplicateModelName("a", first: 1, second: 2))) {
            _ = try await RouterClient([model, ScriptedModel("a", answer: "")])
        }
    }

    @Test func `the time that a model takes to load counts as the request's`() async throws {
        let model = ScriptedModel("a", answer: "A")
        var configuration = ServerConfiguration()
        configuration.queueTimeout = .milliseconds(50)
        let client = try await RouterClient([model], configuration: configuration) { $0.isOnDemand = true }
        model.hold()
        let late = try await client.ask("a")
        #expect(late.status == 503 && late.text.contains("queue_timeout"))
        configuration.queueTimeout = .seconds(10)
        let patient = RouterClient(
            environment: RouteEnvironment(state: client.environment.state, configuration: configuration))
        async let answer = patient.ask("a")
        try await Task.sleep(for: .milliseconds(100))
        model.letGo()
        #expect(try await answer.status == 200)
        let wait = try #require(model.generators.first?.requests.first?.admission.maximumQueueWait)
        #expect(wait < .milliseconds(9901) && wait > .seconds(5))
    }

    @Test func `a reload moves new requests to the new file, and lets the old one finish`() async throws {
        let model = ScriptedModel("a", answer: "old", pause: .milliseconds(200))
        let client = try await RouterClient([model])
        async let running = client.ask("a")
        let old = try #require(model.generators.first)
        #expect(try await eventually(within: .seconds(5)) { old.requests.count == 1 })
        model.replace(answer: "new")
        let reload = try await client.send(.post, "/realize/reload")
        #expect(reload.status == 200 && reload.text == #"{"models":[{"id":"a","status":"reloaded"}]}"#)
        #expect(!old.isShutDown)
        #expect(try await client.ask("a").text.contains(#""text":"new""#))
        #expect(try await running.text.contains(#""text":"old""#))
        #expect(try await eventually(within: .seconds(5)) { old.isShutDown })
        #expect(!old.wasCutOff && model.loadedCount == 1)
    }

    @Test func `a broken new file leaves the old model, and is told`() async throws {
        let model = ScriptedModel("a", answer: "old")
        let client = try await RouterClient([model, ScriptedModel("b", answer: "B")])
        model.breakFile("a.gguf, byte 0: found zeros")
        let reload = try await client.post("/realize/reload", #"{"model":"a"}"#)
        #expect(reload.status == 500)
        #expect(
            reload.text
                == #"{"error":{"code":"reload_failed","message":"'a': what was loaded stays, since a.gguf, byte 0: found zeros","param":null,"type":"server_error"}}"#
        )
        #expect(try await client.get("/health").text == #"{"loading_problems":{"a":"invalid_model"},"status":"ready"}"#)
        #expect(try await client.ask("a").text.contains("old"))
        #expect(try await client.post("/realize/reload", #"{"model":"c"}"#).status == 404)
        #expect(try await client.post("/realize/reload", #"{"models":["a"]}"#).status == 400)
        let fixed = RouterClient(ScriptedGenerator())
        #expect(try await fixed.send(.post, "/realize/reload").status == 400)
    }

    @Test func `a reload for which both do not fit is refused with the number that would do`() async throws {
        let model = ScriptedModel("a", answer: "old")
        let client = try await RouterClient([model]) { $0.memoryByteCount = 7 }
        model.replace(answer: "new")
        let reload = try await client.send(.post, "/realize/reload")
        #expect(reload.status == 500 && reload.text.contains("need 8 bytes of memory, but --model-memory allows 7"))
        #expect(try await client.ask("a").text.contains("old"))
    }

    /// 20 reloads under load: nothing is dropped, nothing is cut off, nothing stays.
    @Test func `reloads one after the other drop no request`() async throws {
        let model = ScriptedModel("a", answer: "text", pause: .milliseconds(3))
        let client = try await RouterClient([model])
        let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
            for index in 0..<150 {
                group.addTask {
                    try await Task.sleep(for: .milliseconds(index))
                    return try await client.ask("a").status
                }
            }
            for _ in 0..<20 { #expect(try await client.send(.post, "/realize/reload").status == 200) }
            return try await group.reduce(into: Set<Int>()) { $0.insert($1) }
        }
        #expect(statuses == [200])
        #expect(try await eventually(within: .seconds(5)) { model.loadedCount == 1 })
        #expect(model.loadCount == 21 && model.generators.filter(\.wasCutOff).isEmpty)
    }

    @Test func `a client that leaves while its model loads waits no longer`() async throws {
        let model = ScriptedModel("a", answer: "A")
        let client = try await RouterClient([model]) { $0.isOnDemand = true }
        model.hold()
        let request = Task { try await client.ask("a").status }
        #expect(try await eventually(within: .seconds(5)) { model.loadCount == 1 })
        request.cancel()
        _ = try? await request.value
        model.letGo()
        #expect(try await eventually(within: .seconds(5)) { model.loadedCount == 1 })
        #expect(try await client.ask("a").status == 200)
        #expect(model.generators.first?.requests.count == 1)
    }

    @Test func `the end does not wait for a model that is being loaded`() async throws {
        let model = ScriptedModel("a", answer: "A")
        model.hold()
        defer { model.letGo() }
        var configuration = ServerConfiguration()
        configuration.port = 0
        let server = RealizarServer(models: [model.recipe], configuration: configuration, logger: .quiet)
        let run = Task { try await server.run(handlesSignals: false) }
        #expect(try await eventually(within: .seconds(5)) { model.loadCount == 1 })
        let start = ContinuousClock.now
        await server.shutDown()
        try await run.value
        #expect(ContinuousClock.now - start < .seconds(2))
    }

    @Test func `a file is fingerprinted by what it is, not by its name`() throws {
        let folder = try ScratchFolder()
        let path = folder.path("m.gguf")
        let write = { (count: Int, name: String) in
            try Data(repeating: 1, count: count).write(to: URL(fileURLWithPath: folder.path(name)))
        }
        #expect(FileFingerprint(path: path) == nil)
        try write(3, "m.gguf")
        let first = try #require(FileFingerprint(path: path))
        #expect(FileFingerprint(path: path) == first)
        try write(3, "new")
        try FileManager.default.removeItem(atPath: path)
        #expect(FileFingerprint(path: path) == nil)
        try FileManager.default.moveItem(atPath: folder.path("new"), toPath: path)
        #expect(FileFingerprint(path: path) != first)
        // All parts of a set count, and everything in a folder.
        for part in 1...2 { try write(1, "s-0000\(part)-of-00002.gguf") }
        let set = FileFingerprint(path: folder.path("s-00001-of-00002.gguf"))
        let all = FileFingerprint(path: folder.path(""))
        try write(2, "s-00002-of-00002.gguf")
        #expect(FileFingerprint(path: folder.path("s-00001-of-00002.gguf")) != set)
        #expect(FileFingerprint(path: folder.path("")) != all)
    }
}
