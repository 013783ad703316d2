import Engine

/// One row of a benchmark.
struct BenchmarkResult: Encodable {
    /// `pp512`, `tg128`, `tg128@d4096`
    let test: String
    let tokensPerSecond: Double
    /// Sample standard deviation over the repetitions; 0 for a single one.
    let deviation: Double
    /// 1 is what the machine allows.
    let shareOfRoofline: Double

    enum CodingKeys: String, CodingKey {
        case test
        case tokensPerSecond = "tokens_per_second"
        case deviation = "stddev"
        case shareOfRoofline = "share_of_roofline"
    }
}

/// What the machine could do at best with this model.
struct Roofline {
    /// Decoding reads every weight once per token, and keys and values of all tokens before.
    let session: ModelSession
    let machine: (readBytesPerSecond: Double, int8OperationsPerSecond: Double)

    func shareOfMemory(tokensPerSecond: Double, meanDepth: Double) -> Double {
        let bytes = Double(session.weightByteCount) + meanDepth * Double(session.cacheByteCountPerToken)
        return share(bytes * tokensPerSecond, of: machine.readBytesPerSecond)
    }

    func shareOfArithmetic(tokensPerSecond: Double) -> Double {
        share(Double(session.multiplyAccumulatesPerToken) * tokensPerSecond, of: machine.int8OperationsPerSecond)
    }

    private func share(_ used: Double, of available: Double) -> Double { available > 0 ? used / available : 0 }
}

/// Times forward passes over random tokens.
struct Benchmark {
    let session: ModelSession
    /// Tokens of context before each measurement.
    let depth: Int
    let repetitionCount: Int
    let roofline: Roofline

    /// - Throws: `EngineError` when the model cannot be computed.
    func measurePrompt(tokenCount: Int) throws(EngineError) -> BenchmarkResult {
        let tokenIDs = randomTokenIDs(tokenCount)
        let speeds = try speeds(of: "pp\(tokenCount)", tokenCount: tokenCount) { () throws(EngineError) in
            _ = try session.forward(tokenIDs, allLogits: false)
        }
        return result("pp\(tokenCount)", speeds) { roofline.shareOfArithmetic(tokensPerSecond: $0) }
    }

    /// - Throws: `EngineError` when the model cannot be computed.
    func measureGeneration(tokenCount: Int) throws(EngineError) -> BenchmarkResult {
        let tokenIDs = randomTokenIDs(tokenCount)
        let speeds = try speeds(of: "tg\(tokenCount)", tokenCount: tokenCount) { () throws(EngineError) in
            for tokenID in tokenIDs { _ = try session.forward([tokenID], allLogits: false) }
        }
        let meanDepth = Double(depth) + Double(tokenCount) / 2
        return result("tg\(tokenCount)", speeds) {
            roofline.shareOfMemory(tokensPerSecond: $0, meanDepth: meanDepth)
        }
    }

    /// Tokens per second of each repetition. One more runs before them, to warm caches and clocks up.
    private func speeds(
        of test: String, tokenCount: Int, _ body: () throws(EngineError) -> Void
    ) throws(EngineError) -> [Double] {
        let context = randomTokenIDs(depth)
        var speeds: [Double] = []
        for repetition in 0...repetitionCount {
            session.reset()
            if !context.isEmpty { _ = try session.forward(context, allLogits: false) }
            let start = ContinuousClock.now
            try body()
            let speed = Double(tokenCount) / (ContinuousClock.now - start).inSeconds
            let name = repetition == 0 ? "warm-up" : "\(repetition) of \(repetitionCount)"
            StandardError.write("\(test) \(name): \(NumberFormat.fixed(speed, decimals: 2)) tokens/s")
            if repetition > 0 { speeds.append(speed) }
        }
        return speeds
    }

    private func result(_ test: String, _ speeds: [Double], share: (Double) -> Double) -> BenchmarkResult {
        let count = Double(speeds.count)
        let mean = speeds.reduce(0, +) / count
        let variance = speeds.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / max(count - 1, 1)
        return BenchmarkResult(
            test: depth > 0 ? "\(test)@d\(depth)" : test, tokensPerSecond: mean, deviation: variance.squareRoot(),
            shareOfRoofline: share(mean))
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
