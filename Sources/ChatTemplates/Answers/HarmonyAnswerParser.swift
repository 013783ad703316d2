/// Parses answers of gpt-oss, which are messages with headers: `<|channel|>analysis<|message|>…<|end|>`.
///
/// The channel `analysis` is reasoning, a message with a recipient (`to=functions.f`) is a call, all else is content.
/// Several messages of one kind have an empty line between them.
///
/// Source: openai/harmony, docs/format.md.
struct HarmonyAnswerParser: AnswerParsing {
    static let markers = [
        "<|start|>", "<|channel|>", "<|constrain|>", "<|message|>", "<|end|>", "<|call|>", "<|return|>",
    ]

    private enum Body { case content, reasoning, call }

    private enum State {
        /// Before `<|message|>`; the text so far with its markers.
        case header([UInt8])
        case body(Body)
        /// Behind the end of a message.
        case between
    }

    /// Bytes of a header; what is longer is no header.
    private static let headerLimit = 1024

    private let takesCalls: Bool
    private let showsReasoning: Bool
    private let controlTokens: Set<String>
    private var output: AnswerOutput
    private var matcher: MarkerMatcher
    private var state: State
    /// Bytes of the header that are the prompt's, not the answer's.
    private var headerFromPrompt = 0
    private var contentIsEmpty = true
    private var reasoningIsEmpty = true
    /// An empty line that comes before the next text of its kind.
    private var needsSeparator = false
    /// Of a call's arguments.
    private var cursor = JSONCursor()
    private var argumentsAreEmpty = true
    private var argumentsAreBroken = false
    private(set) var isFinished = false

    init(
        output: AnswerOutput, takesCalls: Bool, showsReasoning: Bool, prompt: String, controlTokens: Set<String>,
        limits: AnswerLimits
    ) {
        self.output = output
        self.takesCalls = takesCalls
        self.showsReasoning = showsReasoning
        self.controlTokens = controlTokens
        matcher = MarkerMatcher(Self.markers.filter { !controlTokens.contains($0) })
        // The prompt's last header may be begun, and even be whole.
        let parts = prompt.split(separator: "<|start|>", omittingEmptySubsequences: false)
        let start = parts.count > 1 ? String(parts[parts.count - 1]) : ""
        state = .header(Array(start.utf8))
        headerFromPrompt = start.utf8.count
        if let end = start.firstRange(of: "<|message|>") { beginBody(header: String(start[..<end.lowerBound])) }
    }

    mutating func append(_ text: String) -> [AnswerEvent] {
        for byte in text.utf8 where !isFinished {
            var text: [UInt8] = []
            let marker = matcher.consume(byte, text: &text)
            take(text)
            if let marker { take(marker: marker) }
        }
        return output.take()
    }

    mutating func append(control text: String) -> [AnswerEvent] {
        if controlTokens.contains(text), !isFinished {
            take(matcher.finish())
            take(marker: text)
        }
        return output.take()
    }

    mutating func finish() -> [AnswerEvent] {
        guard !isFinished else { return [] }
        isFinished = true
        take(matcher.finish())
        if case .header(let text) = state { giveUp(header: text) }
        endBody(isWhole: false)
        return output.take()
    }

    private mutating func take(_ text: [UInt8]) {
        guard !text.isEmpty else { return }
        switch state {
        case .header(var header):
            state = .between  // gives up its hold on the text, which then grows in place
            header += text
            state = .header(header)
            if header.count > Self.headerLimit { giveUp(header: header) }
        case .body(let body): take(text, body)
        case .between:
            guard text.contains(where: { !JSONText.isSpace($0) }) else { return }
            state = .body(.content)
            take(text, .content)
        }
    }

    private mutating func take(_ text: [UInt8], _ body: Body) {
        switch body {
        case .content:
            if needsSeparator { output.content("\n\n".utf8) }
            contentIsEmpty = false
            output.content(text)
        case .reasoning:
            if needsSeparator { output.reasoning("\n\n".utf8) }
            reasoningIsEmpty = false
            output.reasoning(text)
        case .call:
            for byte in text where !argumentsAreBroken {
                let step = cursor.consume(byte)
                argumentsAreBroken = step == .invalid || step == .before && !JSONText.isSpace(byte)
            }
            argumentsAreEmpty = false
            output.arguments(text)
        }
        needsSeparator = false
    }

    private mutating func take(marker: String) {
        switch (state, marker) {
        case (.header(let text), "<|message|>"): beginBody(header: String(decoding: text, as: UTF8.self))
        case (.header(let text), "<|channel|>"), (.header(let text), "<|constrain|>"):
            state = .header(text + marker.utf8)
        case (.header(let text), _):
            giveUp(header: text)
            take(marker: marker)
        case (.body, "<|end|>"), (.body, "<|call|>"), (.body, "<|return|>"):
            endBody(isWhole: true)
            state = .between
            isFinished = output.isExhausted
        case (.body, "<|start|>"), (.body, "<|channel|>"):
            endBody(isWhole: true)
            isFinished = output.isExhausted
            beginHeader(marker)
        case (.body(let body), _): take(Array(marker.utf8), body)
        case (.between, "<|start|>"), (.between, "<|channel|>"): beginHeader(marker)
        case (.between, _): break
        }
    }

    private mutating func beginHeader(_ marker: String) {
        headerFromPrompt = 0
        state = .header(marker == "<|start|>" ? [] : Array(marker.utf8))
    }

    private mutating func beginBody(header text: String) {
        let header = HarmonyHeader(text)
        needsSeparator = false
        if let recipient = header.recipient, takesCalls, output.beginCall(name: recipient) {
            cursor = JSONCursor()
            argumentsAreEmpty = true
            argumentsAreBroken = false
            state = .body(.call)
        } else if header.channel == "analysis", showsReasoning {
            needsSeparator = !reasoningIsEmpty
            state = .body(.reasoning)
        } else {
            needsSeparator = !contentIsEmpty
            state = .body(.content)
        }
    }

    private mutating func endBody(isWhole: Bool) {
        guard output.hasOpenCall else { return }
        if argumentsAreEmpty { output.arguments("{}".utf8) }
        output.endCall(isComplete: argumentsAreEmpty ? isWhole : cursor.isComplete && !argumentsAreBroken)
    }

    /// What came instead of a header is content, as far as it is the answer's.
    private mutating func giveUp(header: [UInt8]) {
        state = .body(.content)
        let text = Array(header.dropFirst(headerFromPrompt))
        headerFromPrompt = 0
        if !text.isEmpty { take(text, .content) }
    }
}

/// What stands between `<|start|>` and `<|message|>`: role, channel and recipient, the last two in either order.
struct HarmonyHeader: Equatable {
    /// `analysis`, `commentary` or `final`; nil where there is none.
    private(set) var channel: String?
    /// The function's name for `functions.name`, else as it stands (`python`, `browser.search`).
    private(set) var recipient: String?

    init(_ text: String) {
        let words = text.replacing("<|", with: " <|").split(whereSeparator: \.isWhitespace)
        for word in words {
            if word.hasPrefix("<|channel|>") {
                channel = String(word.dropFirst("<|channel|>".count))
            } else if word.hasPrefix("to=") {
                let name = word.dropFirst("to=".count)
                recipient = String(name.hasPrefix("functions.") ? name.dropFirst("functions.".count) : name)
            }
        }
    }
}
