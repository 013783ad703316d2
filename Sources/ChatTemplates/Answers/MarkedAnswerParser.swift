/// Parses answers that are text with marked stretches in it: reasoning between two markers, calls behind one.
struct MarkedAnswerParser: AnswerParsing {
    /// Where in the content the next text stands.
    private enum Place {
        /// Nothing but white space has come.
        case start
        /// Behind a marker, whose white space is not content.
        case behindMarker
        /// Behind a call, whose closing markers are not content either.
        case behindCall
        case inside
    }

    private enum Mode { case content, reasoning, call }

    private let toolCalls: ToolCallConvention?
    private let reasoning: ReasoningConvention?
    private let controlTokens: Set<String>
    private let limits: AnswerLimits
    private var output: AnswerOutput
    private var mode = Mode.content
    private var contentMarkers: MarkerMatcher
    /// Behind a call closing markers are told from content too.
    private var markersBehind: MarkerMatcher
    private var reasoningMarkers: MarkerMatcher
    private var place = Place.start
    private var isAtReasoningStart = false
    /// White space that belongs to a marker if one follows, and to the text otherwise.
    private var space: [UInt8] = []
    private var reader: (any CallReader)?
    /// What the reader has read since the last call, with the marker before it; content if no call comes of it.
    private var unread: [UInt8] = []
    /// White space before `unread`.
    private var spaceBefore: [UInt8] = []
    private(set) var isFinished = false

    init(
        output: AnswerOutput, toolCalls: ToolCallConvention?, reasoning: ReasoningConvention?, prompt: String,
        controlTokens: Set<String>, limits: AnswerLimits
    ) {
        self.output = output
        self.toolCalls = toolCalls
        self.reasoning = reasoning
        self.controlTokens = controlTokens
        self.limits = limits
        func matcher(_ markers: [String]?...) -> MarkerMatcher {
            MarkerMatcher(markers.flatMap { $0 ?? [] }.filter { !controlTokens.contains($0) })
        }
        let opener = reasoning.map { [$0.opener] }
        contentMarkers = matcher(toolCalls?.openers, toolCalls?.framing, opener, reasoning?.framing)
        markersBehind = matcher(
            toolCalls?.openers, toolCalls?.framing, opener, reasoning?.framing, toolCalls?.closers)
        reasoningMarkers = matcher(opener, reasoning.map { [$0.closer] })
        if reasoning?.isOpen(atEndOf: prompt) ?? false { beginReasoning() }
    }

    mutating func append(_ text: String) -> [AnswerEvent] {
        for byte in text.utf8 { consume(byte) }
        return output.take()
    }

    mutating func append(control text: String) -> [AnswerEvent] {
        if controlTokens.contains(text), !isFinished { consume(control: text) }
        return output.take()
    }

    mutating func finish() -> [AnswerEvent] {
        guard !isFinished else { return [] }
        defer { isFinished = true }
        switch mode {
        case .content:
            takeHeldContent()
            if mode == .call { finishCall() } else { output.content(space) }
        case .reasoning:
            takeReasoning(reasoningMarkers.finish())
            output.reasoning(space)
        case .call: finishCall()
        }
        return output.take()
    }

    private mutating func consume(_ byte: UInt8) {
        guard !isFinished else { return }
        switch mode {
        case .content where place == .behindCall:
            var text: [UInt8] = []
            let marker = markersBehind.consume(byte, text: &text)
            takeContent(text)
            if let marker { takeMarker(marker, isControl: false) }
            guard place == .inside, mode == .content else { return }
            for byte in markersBehind.finish() { consume(byte) }
        case .content:
            var text: [UInt8] = []
            let marker = contentMarkers.consume(byte, text: &text)
            takeContent(text)
            if let marker { takeMarker(marker, isControl: false) }
        case .reasoning:
            var text: [UInt8] = []
            let marker = reasoningMarkers.consume(byte, text: &text)
            takeReasoning(text)
            if let marker { takeReasoningMarker(marker) }
        case .call: consumeInCall(byte)
        }
    }

    private mutating func consume(control text: String) {
        switch mode {
        case .call:
            // A reader takes control tokens as it takes text: its syntax has them in their places.
            for (index, byte) in text.utf8.enumerated() where mode == .call {
                let step = readCall(byte)
                guard step == .doneBefore || step == .failed, !isFinished else { continue }
                if index == 0 { return consume(control: text) }
                consume(byte)
            }
        case .content:
            takeHeldContent()
            guard mode == .content else { return consume(control: text) }
            takeMarker(text, isControl: true)
        case .reasoning:
            takeReasoning(reasoningMarkers.finish())
            guard toolCalls?.openers.contains(text) ?? false else { return takeReasoningMarker(text) }
            endReasoning()
            takeMarker(text, isControl: true)
        }
    }

    // MARK: Content

    /// - Parameter isControl: text that spells a marker is one only where the marker may stand.
    private mutating func takeMarker(_ marker: String, isControl: Bool) {
        if let toolCalls, toolCalls.openers.contains(marker) {
            beginCall(marker)
        } else if toolCalls?.framing.contains(marker) ?? false || reasoning?.framing.contains(marker) ?? false {
            place = .behindMarker
            space = []
        } else if marker == reasoning?.opener, isControl || place != .inside {
            beginReasoning()
        } else if toolCalls?.closers.contains(marker) ?? false, isControl || place == .behindCall {
            space = []
        } else if !isControl {
            takeContent(Array(marker.utf8))
        }
    }

    private mutating func takeContent(_ text: [UInt8]) {
        for (index, byte) in text.enumerated() {
            if JSONText.isSpace(byte) || place == .behindCall && isSeparator(byte) {
                takeSpace(byte)
                continue
            }
            if place != .inside, let toolCalls, toolCalls.beginsUnmarked,
                byte == UInt8(ascii: "{") || byte == UInt8(ascii: "[")
            {
                beginCall("")
                for byte in text[index...] + takeHeld() { consume(byte) }
                return
            }
            place = .inside
            output.content(space)
            space.removeAll(keepingCapacity: true)
            output.content(CollectionOfOne(byte))
        }
    }

    /// What was held back as the beginning of a marker.
    private mutating func takeHeld() -> [UInt8] { contentMarkers.finish() + markersBehind.finish() }

    private mutating func takeHeldContent() { takeContent(takeHeld()) }

    /// Between unmarked calls some models write a separator.
    private func isSeparator(_ byte: UInt8) -> Bool {
        toolCalls?.beginsUnmarked ?? false && (byte == UInt8(ascii: ";") || byte == UInt8(ascii: ","))
    }

    private mutating func takeSpace(_ byte: UInt8) {
        guard place == .start || place == .inside else { return }
        if contentMarkers.markers.isEmpty, controlTokens.isEmpty { return output.content(CollectionOfOne(byte)) }
        space.append(byte)
        guard space.count > limits.pendingByteCount else { return }
        output.content(space)
        space = []
    }

    // MARK: Reasoning

    private mutating func beginReasoning() {
        mode = .reasoning
        isAtReasoningStart = true
        space = []
    }

    private mutating func endReasoning() {
        mode = .content
        place = .behindMarker
        space = []
    }

    private mutating func takeReasoningMarker(_ marker: String) {
        if marker == reasoning?.closer {
            endReasoning()
        } else if marker == reasoning?.opener, !isAtReasoningStart {
            takeReasoning(Array(marker.utf8))
        }
    }

    private mutating func takeReasoning(_ text: [UInt8]) {
        for byte in text {
            guard !JSONText.isSpace(byte) else {
                if !isAtReasoningStart { space.append(byte) }
                if space.count > limits.pendingByteCount {
                    output.reasoning(space)
                    space = []
                }
                continue
            }
            isAtReasoningStart = false
            output.reasoning(space)
            space.removeAll(keepingCapacity: true)
            output.reasoning(CollectionOfOne(byte))
        }
    }

    // MARK: Calls

    private mutating func beginCall(_ opener: String) {
        guard let toolCalls else { return }
        mode = .call
        reader = toolCalls.makeReader(opener, limits)
        unread = Array(opener.utf8)
        spaceBefore = space
        space = []
    }

    private mutating func consumeInCall(_ byte: UInt8) {
        let step = readCall(byte)
        if step == .doneBefore || step == .failed { consume(byte) }
    }

    /// - Returns: `.doneBefore` and `.failed` where the byte is still to be taken.
    private mutating func readCall(_ byte: UInt8) -> CallStep {
        let wasOpen = output.hasOpenCall
        let count = output.callCount
        guard let step = reader?.consume(byte, &output) else { return .doneBefore }
        if wasOpen || output.hasOpenCall || output.callCount > count {
            unread = []
            spaceBefore = []
        } else if step == .more || step == .done {
            unread.append(byte)
        }
        switch step {
        case .more where unread.count > limits.pendingByteCount: giveUpCall()
        case .more: break
        case .done, .doneBefore: endCalls()
        case .failed: giveUpCall()
        }
        if output.isExhausted { isFinished = true }
        return step
    }

    private mutating func endCalls() {
        reader = nil
        mode = .content
        place = .behindCall
        unread = []
        spaceBefore = []
    }

    /// What the reader has read is content.
    private mutating func giveUpCall() {
        reader = nil
        mode = .content
        place = .inside
        output.content(spaceBefore)
        output.content(unread)
        unread = []
        spaceBefore = []
    }

    private mutating func finishCall() {
        let count = output.callCount
        let wasOpen = output.hasOpenCall
        reader?.finish(&output)
        if !wasOpen, output.callCount == count { giveUpCall() } else { endCalls() }
    }
}
