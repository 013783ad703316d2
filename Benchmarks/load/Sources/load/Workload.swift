/// What the clients ask: requests in an order that the seed decides.
struct Workload: Sendable {
    /// Distinct requests; an answer is compared with the first one to the same question.
    let questions: [Question]
    let hangUpShare: Double
    let malformedShare: Double

    struct Question: Sendable {
        let prompt: [Int]
        let tokenCount: Int
        let seed: Int
        let streams: Bool

        /// The body for `/v1/completions`. `ignore_eos` keeps lengths equal between servers.
        func body(model: String?) -> String {
            let model = model.map { "\"model\":\"\($0)\"," } ?? ""
            let stream = streams ? ",\"stream\":true,\"stream_options\":{\"include_usage\":true}" : ""
            return
                "{\(model)\"prompt\":[\(prompt.map(String.init).joined(separator: ","))],\"max_tokens\":\(tokenCount),"
                + "\"seed\":\(seed),\"temperature\":\(seed % 2 == 0 ? 0 : 1),\"ignore_eos\":true\(stream)}"
        }
    }

    enum Errand: Sendable {
        case whole(question: Int)
        /// The client closes the connection after so many events, or before it has read anything.
        case hangUp(question: Int, afterEvents: Int)
        case malformed(Malformation)
    }

    /// - Parameter seed: The same seed gives the same errands.
    func errands(count: Int, seed: UInt64) -> [Errand] {
        var generator = SplitMix64(state: seed)
        return (0..<count).map { _ in
            let draw = Double.random(in: 0..<1, using: &generator)
            let question = Int.random(in: questions.indices, using: &generator)
            if draw < malformedShare {
                return .malformed(Malformation.all[Int.random(in: Malformation.all.indices, using: &generator)])
            }
            guard draw < malformedShare + hangUpShare else { return .whole(question: question) }
            return .hangUp(
                question: question,
                afterEvents: Int.random(in: 0...max(questions[question].tokenCount - 1, 0), using: &generator))
        }
    }

    /// - Parameter shared: Tokens that all prompts begin with.
    static func questions(
        count: Int, promptLengths: ClosedRange<Int>, answerLengths: ClosedRange<Int>, shared: Int,
        vocabulary: ClosedRange<Int>, streamShare: Double, seed: UInt64
    ) -> [Question] {
        var generator = SplitMix64(state: seed)
        let beginning = (0..<shared).map { _ in Int.random(in: vocabulary, using: &generator) }
        return (0..<count).map { index in
            let length = Int.random(in: promptLengths, using: &generator)
            let own = (0..<max(length - shared, 1)).map { _ in Int.random(in: vocabulary, using: &generator) }
            return Question(
                prompt: beginning.prefix(max(length - 1, 0)) + own,
                tokenCount: Int.random(in: answerLengths, using: &generator), seed: index,
                streams: Double.random(in: 0..<1, using: &generator) < streamShare)
        }
    }
}

/// Bytes that are no good request, and what they stand for. A server answers them with 4xx or closes the connection.
struct Malformation: Sendable {
    let name: String
    let bytes: String

    static let all: [Malformation] = [
        body("truncated JSON", #"{"prompt":"hi","max_tokens":"#), body("no JSON", "hello"),
        body("wrong type", #"{"prompt":{"a":1}}"#), body("negative length", #"{"prompt":"hi","max_tokens":-5}"#),
        body("unknown field", #"{"prompt":"hi","no_such_field":1}"#), body("empty", ""),
        body("deep", "{\"prompt\":" + String(repeating: "[", count: 50_000)),
        body("not UTF-8 escape", #"{"prompt":"\ud800"}"#), body("token outside", #"{"prompt":[2147483647]}"#),
        Malformation(name: "no HTTP", bytes: "GARBAGE\r\n\r\n"),
        Malformation(
            name: "too large",
            bytes: "POST /v1/completions HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99999999999\r\n\r\n{"),
        Malformation(
            name: "header flood",
            bytes: "GET /health HTTP/1.1\r\nHost: localhost\r\n"
                + (0..<4000).map { "X-H\($0): \(String(repeating: "x", count: 40))\r\n" }.joined() + "\r\n"),
        Malformation(name: "no route", bytes: "GET /no/such/route HTTP/1.1\r\nHost: localhost\r\n\r\n"),
    ]

    private static func body(_ name: String, _ body: String) -> Malformation {
        Malformation(
            name: name,
            bytes: "POST /v1/completions HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                + "Content-Length: \(body.utf8.count)\r\n\r\n\(body)")
    }
}

struct SplitMix64: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}
