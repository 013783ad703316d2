import Foundation

/// Outcomes of a run, counted.
struct LoadReport: Sendable {
    private(set) var answeredCount = 0
    private(set) var refused: [Int: Int] = [:]
    private(set) var hungUpCount = 0
    private(set) var turnedAwayCount = 0
    private(set) var wrong: [String: Int] = [:]
    private(set) var tokenCount = 0
    private var firstTokens: [Double] = []
    private var intervals: [Double] = []
    private var durations: [Double] = []
    var wallTime = Duration.zero

    /// - Parameter expected: The text that this question has had before; nil where answers are not compared.
    mutating func add(_ outcome: Client.Outcome, expected: (Int) -> String?) {
        switch outcome.kind {
        case .answered(let question, let text):
            if let before = expected(question), before != text {
                wrong["question \(question) has another answer than before", default: 0] += 1
                return
            }
            answeredCount += 1
            tokenCount += outcome.tokenCount
            durations.append(outcome.duration / .seconds(1))
            if let first = outcome.firstToken { firstTokens.append(first / .seconds(1)) }
            intervals += outcome.intervals.map { $0 / .seconds(1) }
        case .refused(let status): refused[status, default: 0] += 1
        case .hungUp: hungUpCount += 1
        case .turnedAway: turnedAwayCount += 1
        case .wrong(let what): wrong[what, default: 0] += 1
        }
    }

    var count: Int {
        answeredCount + hungUpCount + turnedAwayCount + refused.values.reduce(0, +) + wrong.values.reduce(0, +)
    }
    var tokensPerSecond: Double { Double(tokenCount) / max(wallTime / .seconds(1), 1e-9) }

    /// One line for each thing that was measured.
    var lines: [String] {
        var lines = [
            "requests \(count) in \(Self.text(wallTime / .seconds(1))) s: \(answeredCount) answered, "
                + "\(hungUpCount) hung up, \(turnedAwayCount) malformed and turned away, "
                + refused.sorted { $0.key < $1.key }.map { "\($0.value) refused with \($0.key), " }.joined()
                + "\(wrong.values.reduce(0, +)) wrong",
            "tokens per second, all answers together: \(Self.text(tokensPerSecond))",
        ]
        for (name, values) in [
            ("time to first token", firstTokens), ("between tokens", intervals), ("whole answer", durations),
        ] where !values.isEmpty {
            let sorted = values.sorted()
            let marks = [50, 90, 99].map { "p\($0) \(Self.text(1000 * sorted[(sorted.count - 1) * $0 / 100]))" }
            lines.append("\(name), ms: \(marks.joined(separator: ", ")), most \(Self.text(1000 * (sorted.last ?? 0)))")
        }
        lines += wrong.sorted { $0.value > $1.value }.prefix(10).map { "WRONG \($0.value) times: \($0.key)" }
        return lines
    }

    private static func text(_ value: Double) -> String { String(format: value < 10 ? "%.2f" : "%.1f", value) }
}
