import ArgumentParser

/// Whether and how a model's reasoning is shown: on standard error, so that standard output has the answer alone.
struct ReasoningDisplay: ParsableArguments {
    enum Choice: String, ExpressibleByArgument, CaseIterable {
        case auto, show, hide
    }

    @Option(help: "Whether the model's reasoning goes to standard error; auto shows it on a terminal.")
    var reasoning = Choice.auto

    private var isShown: Bool { reasoning == .show || reasoning == .auto && StandardError.isTerminal }

    /// What writes one answer's reasoning.
    func writer() -> ReasoningWriter { ReasoningWriter(isShown: isShown, isDimmed: StandardError.isTerminal) }
}

/// Writes the reasoning of one answer, dimmed on a terminal.
final class ReasoningWriter {
    private let isShown: Bool
    private let isDimmed: Bool
    private var isOpen = false

    init(isShown: Bool, isDimmed: Bool) {
        self.isShown = isShown
        self.isDimmed = isDimmed
    }

    func write(_ text: String) {
        guard isShown else { return }
        if !isOpen, isDimmed { StandardError.write(unterminated: "\u{1B}[2m") }
        isOpen = true
        StandardError.write(unterminated: text)
    }

    /// The answer goes on with something else.
    func end() {
        guard isOpen else { return }
        isOpen = false
        StandardError.write(isDimmed ? "\u{1B}[0m" : "")
    }
}
