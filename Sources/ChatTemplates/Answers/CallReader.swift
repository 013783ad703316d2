/// Reads calls behind the marker that opens them, in one model family's syntax.
///
/// A reader may fail as long as it has begun no call: what it has read is then content. Once a call has begun the reader
/// ends it, complete or not.
protocol CallReader: Sendable {
    mutating func consume(_ byte: UInt8, _ output: inout AnswerOutput) -> CallStep

    /// The answer is at its end: ends an open call. A call that has not begun and never will is content.
    mutating func finish(_ output: inout AnswerOutput)
}

/// What a byte means to a reader.
enum CallStep: Equatable {
    case more
    /// The calls are at their end.
    case done
    /// The calls are at their end before this byte.
    case doneBefore
    /// This is no call; the byte was not taken.
    case failed
}

extension AnswerOutput {
    /// What follows broken arguments goes on with them, byte for byte, up to a closer.
    mutating func readBrokenArguments(_ byte: UInt8, upTo closers: inout MarkerMatcher) -> CallStep {
        var text: [UInt8] = []
        let closer = closers.consume(byte, text: &text)
        arguments(text)
        guard closer != nil else { return .more }
        endCall(isComplete: false)
        return .done
    }
}
