import ArgumentParser
import Foundation
import NIOCore
import NIOHTTP1

/// Many clients of a server at once, some of them rude; exit status 1 if anything was answered wrong or left behind.
@main
struct LoadCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "load",
        abstract: "Loads a server of /v1/completions and checks every answer.",
        discussion: """
            Closed loop: --clients each ask again as soon as they are answered. Open loop: requests arrive at --rate per \
            second, whatever the server does. Prompts are token ids, so that any model will do.
            """)

    @Option(help: "Where the server listens.") var host = "127.0.0.1"
    @Option(help: "Its port.") var port = 8080
    @Option(help: "The model's name, where the server has several.") var model: String?
    @Option(help: "Requests altogether.") var requests = 1000
    @Option(help: "Clients of the closed loop.") var clients = 16
    @Option(help: "Arrivals per second of the open loop.") var rate: Double?
    @Option(help: "Distinct requests; answers to the same one are compared.") var questions = 50
    @Option(help: "Tokens of the prompts: from:to.") var promptTokens = "16:200"
    @Option(help: "Tokens of the answers: from:to.") var answerTokens = "8:64"
    @Option(help: "Token ids to draw prompts from: from:to.") var tokenIds = "300:1999"
    @Option(help: "Tokens that all prompts begin with.") var sharedPrefix = 0
    @Option(help: "Share of clients that hang up.") var hangUps = 0.0
    @Option(help: "Share of requests that are malformed.") var malformed = 0.0
    @Option(help: "Share of requests that stream.") var streams = 1.0
    @Option(help: "Connections that only stay open beside.") var idleConnections = 0
    @Option(help: "The server's process, for its memory, threads and descriptors.") var pid: Int?
    @Option(help: "Seconds of silence after which a connection is given up.") var timeout = 120
    @Option(help: "Decides prompts and order.") var seed: UInt64 = 1
    @Flag(help: "Does not compare answers (for servers whose answers depend on company).") var noCompare = false

    func run() async throws {
        let http = HTTPClient(host: host, port: port, timeout: .seconds(Int64(timeout)))
        let workload = Workload(
            questions: Workload.questions(
                count: questions, promptLengths: try Self.range(promptTokens),
                answerLengths: try Self.range(answerTokens),
                shared: sharedPrefix, vocabulary: try Self.range(tokenIds), streamShare: streams, seed: seed),
            hangUpShare: hangUps, malformedShare: malformed)
        let client = Client(http: http, model: model, workload: workload)
        let expected = noCompare ? [:] : try await references(client)
        let idle = try await IdleConnections(host: host, port: port, count: idleConnections)
        let watch = pid.map { LoadWatch(ProcessProbe(processID: $0)) }
        let report = await load(client, expected: expected, watch: watch)
        try await idle.close()
        for line in report.lines { print(line) }
        var isClean = report.wrong.isEmpty
        if let leftovers = try await leftovers(http) {
            print(leftovers.isEmpty ? "left behind: nothing" : "LEFT BEHIND: \(leftovers.joined(separator: ", "))")
            isClean = isClean && leftovers.isEmpty
        }
        if let watch { print(await watch.summary()) }
        if !isClean { throw ExitCode.failure }
    }

    /// Each question asked once, alone.
    private func references(_ client: Client) async throws -> [Int: String] {
        var expected: [Int: String] = [:]
        for index in client.workload.questions.indices {
            guard case .answered(_, let text) = await client.run(.whole(question: index)).kind else {
                throw ValidationError("question \(index) is not answered even alone")
            }
            expected[index] = text
        }
        return expected
    }

    private func load(_ client: Client, expected: [Int: String], watch: LoadWatch?) async -> LoadReport {
        let errands = client.workload.errands(count: requests, seed: seed &+ 1)
        var report = LoadReport()
        let start = ContinuousClock.now
        await withTaskGroup(of: Client.Outcome.self) { group in
            var next = 0
            if let rate {
                var generator = SplitMix64(state: seed &+ 2)
                var arrival = start
                for errand in errands {
                    // Exponential gaps: a Poisson process.
                    arrival += .seconds(-log(1 - Double.random(in: 0..<1, using: &generator)) / rate)
                    group.addTask { [arrival] in
                        try? await Task.sleep(until: arrival, clock: .continuous)
                        return await client.run(errand)
                    }
                }
            } else {
                while next < min(clients, errands.count) {
                    group.addTask { [errand = errands[next]] in await client.run(errand) }
                    next += 1
                }
            }
            for await outcome in group {
                report.add(outcome) { expected[$0] }
                await watch?.note(report.count, of: errands.count)
                guard rate == nil, next < errands.count else { continue }
                group.addTask { [errand = errands[next]] in await client.run(errand) }
                next += 1
            }
        }
        report.wallTime = .now - start
        return report
    }

    /// What the server's own numbers say is still held a moment after the last answer; nil where it has no such numbers.
    private func leftovers(_ http: HTTPClient) async throws -> [String]? {
        let names = ["requests_running", "requests_waiting", "cache_blocks_used"]
        var left: [String]?
        for _ in 0..<50 {
            let text = try await http.withAnswer(.GET, "/metrics") { status, chunks in
                status == 200 ? try await chunks.text() : ""
            }
            left = nil
            for line in text.split(separator: "\n") {
                guard let name = names.first(where: { line.hasPrefix("realizar_\($0){") }) else { continue }
                left = (left ?? []) + (line.hasSuffix(" 0") ? [] : [name])
            }
            guard let left, !left.isEmpty else { return left }
            try await Task.sleep(for: .milliseconds(20))
        }
        return left
    }

    private static func range(_ text: String) throws -> ClosedRange<Int> {
        let numbers = text.split(separator: ":").compactMap { Int($0) }
        guard numbers.count == 2, numbers[0] >= 1, numbers[0] <= numbers[1] else {
            throw ValidationError("'\(text)' is no range such as 16:200")
        }
        return numbers[0]...numbers[1]
    }
}
