import Engine

/// The speed that the machine allows with a model, and what keeps it from more.
struct Roofline {
    let session: ModelSession
    let machine: MachineRoofline

    enum Bound: String, Codable {
        case memory, arithmetic
    }

    /// One token for each of the sequences in one pass: every weight is read once, and keys and values of all tokens before.
    ///
    /// - Parameter depth: Mean number of tokens before, of each sequence.
    /// - Returns: Tokens per second, of all sequences together.
    func generation(depth: Double, sequenceCount: Int) -> (tokensPerSecond: Double, bound: Bound) {
        let work = session.work(
            tokenCount: sequenceCount, logitRowCount: sequenceCount,
            cachedTokenCount: Int(depth * Double(sequenceCount)))
        return speed(of: work, tokenCount: sequenceCount)
    }

    /// A prompt whose last token's logits are wanted.
    func prompt(tokenCount: Int, depth: Int) -> (tokensPerSecond: Double, bound: Bound) {
        speed(
            of: session.work(tokenCount: tokenCount, logitRowCount: 1, cachedTokenCount: depth + tokenCount),
            tokenCount: tokenCount)
    }

    private func speed(of work: StepWork, tokenCount: Int) -> (tokensPerSecond: Double, bound: Bound) {
        let seconds = work.seconds(on: machine)
        return seconds.reading > seconds.computing
            ? (Double(tokenCount) / seconds.reading, .memory) : (Double(tokenCount) / seconds.computing, .arithmetic)
    }
}
