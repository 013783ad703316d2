import Engine

/// What is measured: a prompt in one pass, or tokens one after another, behind some context.
struct BenchmarkTest {
    enum Kind: String, Codable {
        case prompt, generation
    }

    let kind: Kind
    /// Of each sequence.
    let tokenCount: Int
    /// Tokens of context of each sequence before the first measured one.
    let depth: Int
    /// Sequences that decode together.
    let sequenceCount: Int

    /// `pp512`, `tg128`, `tg128@d4096`, `tg128x8@d512`
    var name: String {
        (kind == .prompt ? "pp" : "tg") + "\(tokenCount)" + (sequenceCount > 1 ? "x\(sequenceCount)" : "")
            + (depth > 0 ? "@d\(depth)" : "")
    }
}

/// Times forward passes over random tokens.
struct Benchmark {
    let session: ModelSession
    let repetitionCount: Int
    let roofline: Roofline

    /// - Throws: `EngineError` when the model cannot be computed.
    func measure(_ test: BenchmarkTest) throws(EngineError) -> BenchmarkResult {
        try fill(test)
        let tokenIDs = randomTokenIDs(test.tokenCount)
        let speeds = try speeds(of: test) { () throws(EngineError) in
            switch test.kind {
            case .prompt: _ = try session.forward(tokenIDs, allLogits: false)
            case .generation:
                for tokenID in tokenIDs {
                    _ = try session.decode([Int32](repeating: tokenID, count: test.sequenceCount))
                }
            }
        }
        let (limit, bound) =
            switch test.kind {
            case .prompt: roofline.prompt(tokenCount: test.tokenCount, depth: test.depth)
            case .generation:
                roofline.generation(
                    depth: Double(test.depth) + Double(test.tokenCount) / 2, sequenceCount: test.sequenceCount)
            }
        return BenchmarkResult(test, speeds: speeds, limit: limit, bound: bound)
    }

    /// Puts the context before the test's first token into each sequence.
    private func fill(_ test: BenchmarkTest) throws(EngineError) {
        session.reset()
        guard test.depth > 0 else { return }
        StandardError.write("\(test.name): filling \(test.depth * test.sequenceCount) tokens of context")
        let context = randomTokenIDs(test.depth)
        for sequence in 0..<test.sequenceCount {
            _ = try session.forward(context, allLogits: false, sequence: sequence)
        }
    }

    /// Tokens per second of each repetition. One more runs before them, to warm caches and clocks up.
    private func speeds(
        of test: BenchmarkTest, _ body: () throws(EngineError) -> Void
    ) throws(EngineError) -> [Double] {
        var speeds: [Double] = []
        for repetition in 0...repetitionCount {
            session.rewind(to: test.depth)
            let start = ContinuousClock.now
            try body()
            let speed = Double(test.tokenCount * test.sequenceCount) / (ContinuousClock.now - start).inSeconds
            let name = repetition == 0 ? "warm-up" : "\(repetition) of \(repetitionCount)"
            StandardError.write("\(test.name) \(name): \(NumberFormat.fixed(speed, decimals: 2)) tokens/s")
            if repetition > 0 { speeds.append(speed) }
        }
        return speeds
    }

    /// The same for every run: speed must not depend on which tokens are drawn.
    private func randomTokenIDs(_ count: Int) -> [Int32] {
        var state: UInt64 = 1
        return (0..<count).map { _ in
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407  // Knuth's MMIX generator
            return Int32(truncatingIfNeeded: Int(state >> 33) % max(session.vocabularySize, 1))
        }
    }
}
