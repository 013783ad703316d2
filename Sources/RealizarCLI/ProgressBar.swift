import Synchronization

/// How far a long piece of work has come, on standard error: on a terminal one line that is drawn over again, elsewhere a line
/// now and then, so that logs stay short. It never goes backwards.
final class ProgressBar: Sendable {
    private let isQuiet: Bool
    private let isTerminal = StandardError.isTerminal
    private let state: Mutex<State>

    private struct State {
        var progress: Progress
        var lastShown: ContinuousClock.Instant?
        /// Of the line on the terminal, to be wiped.
        var shownLength = 0
    }

    /// - Parameters:
    ///   - label: What is being done: `quantizing`.
    ///   - isQuiet: Whether nothing is to be shown.
    init(_ label: String, unit: Progress.Unit, isQuiet: Bool) {
        self.isQuiet = isQuiet
        state = Mutex(State(progress: Progress(label: label, unit: unit, start: .now)))
    }

    func update(_ done: Int, of total: Int) {
        guard !isQuiet else { return }
        state.withLock { state in
            let now = ContinuousClock.now
            state.progress.advance(to: done, of: total, at: now)
            let pause: Duration = isTerminal ? .milliseconds(100) : .seconds(10)
            // The first line of a log comes after a pause: short work needs none.
            guard let last = state.lastShown else {
                state.lastShown = isTerminal ? now - pause : now
                return
            }
            guard now - last >= pause else { return }
            state.lastShown = now
            show(state.progress.line(at: now), &state)
        }
    }

    /// Shows how long everything took.
    func finish() {
        guard !isQuiet else { return }
        state.withLock { state in
            let summary = state.progress.summary(at: .now)
            show(summary, &state)
            if isTerminal { StandardError.write("") }
        }
    }

    /// Says something beside the progress, on a line of its own.
    func interject(_ line: String) {
        abandon()
        StandardError.write(line)
    }

    /// Leaves the terminal's line to whatever comes next.
    func abandon() {
        state.withLock { state in
            guard isTerminal, state.shownLength > 0 else { return }
            show("", &state)
        }
    }

    private func show(_ line: String, _ state: inout State) {
        guard isTerminal else { return StandardError.write(line) }
        let padding = String(repeating: " ", count: max(0, state.shownLength - line.count))
        StandardError.write(unterminated: "\r" + line + padding + (line.isEmpty ? "\r" : ""))
        state.shownLength = line.count
    }
}

/// Work that has been done, with its speed.
package struct Progress {
    package enum Unit: Sendable {
        case bytes
        /// Plural: `tokens`
        case items(String)
    }

    let label: String
    let unit: Unit
    let start: ContinuousClock.Instant
    private var done = 0
    private var total = 0
    /// Oldest first, half a second apart: the speed is that of the last seconds, not of a start that may have been slow.
    private var samples: [(instant: ContinuousClock.Instant, done: Int)]

    package init(label: String, unit: Unit, start: ContinuousClock.Instant) {
        self.label = label
        self.unit = unit
        self.start = start
        samples = [(start, 0)]
    }

    private static let sampleCount = 20

    package mutating func advance(to done: Int, of total: Int, at now: ContinuousClock.Instant) {
        self.done = max(self.done, done)
        self.total = max(self.total, total, self.done)
        guard let last = samples.last, now - last.instant >= .milliseconds(500) else { return }
        samples.append((now, self.done))
        if samples.count > Self.sampleCount { samples.removeFirst() }
    }

    /// In units per second, over the last seconds; 0 before anything is known.
    private func rate(at now: ContinuousClock.Instant) -> Double {
        guard let first = samples.first else { return 0 }
        let seconds = (now - first.instant).inSeconds
        return seconds > 0 ? Double(done - first.done) / seconds : 0
    }

    /// `quantizing  42 %  1.72 of 4.10 GiB  312.40 MiB/s  7 s left`
    package func line(at now: ContinuousClock.Instant) -> String {
        let rate = rate(at: now)
        let percent = total > 0 ? Int(Double(done) / Double(total) * 100) : 0
        var parts = [label, "\(percent) %", "\(amount(done)) of \(amount(total))", "\(amount(Int(rate)))/s"]
        if rate > 0 { parts.append(Self.time(Double(total - done) / rate) + " left") }
        return parts.joined(separator: "  ")
    }

    /// `quantizing: 4.10 GiB in 13 s (320.11 MiB/s)`
    package func summary(at now: ContinuousClock.Instant) -> String {
        let seconds = (now - start).inSeconds
        let rate = seconds > 0 ? Double(done) / seconds : 0
        return "\(label): \(amount(done)) in \(Self.time(seconds)) (\(amount(Int(rate)))/s)"
    }

    private func amount(_ count: Int) -> String {
        switch unit {
        case .bytes: NumberFormat.bytes(count)
        case .items(let name): "\(count) \(name)"
        }
    }

    /// `0.4 s`, `7 s`, `2 min 05 s`, `1 h 03 min`
    package static func time(_ seconds: Double) -> String {
        guard seconds.isFinite, seconds < 1e9 else { return "unknown" }
        if seconds < 1 { return NumberFormat.fixed(seconds, decimals: 1) + " s" }
        let whole = Int(seconds.rounded())
        func twoDigits(_ number: Int) -> String { (number < 10 ? "0" : "") + "\(number)" }
        if whole < 60 { return "\(whole) s" }
        if whole < 3600 { return "\(whole / 60) min \(twoDigits(whole % 60)) s" }
        return "\(whole / 3600) h \(twoDigits(whole / 60 % 60)) min"
    }
}
