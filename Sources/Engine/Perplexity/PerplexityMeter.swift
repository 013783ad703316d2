internal import Compute
internal import Synchronization

/// Measures how well a model predicts a text.
///
/// As llama-perplexity defines it: the text's tokens are cut into chunks of the context's length, a rest is left out; each chunk is
/// a sequence of its own, whose first token gives way to the one that begins a text, where the model has such; the tokens of the
/// second half are counted, so that each has at least half a context before it.
package final class PerplexityMeter {
    private let session: ModelSession
    private let reference: ModelSession?
    private let tokenIDs: [Int32]
    private let contextLength: Int
    private let chunkCount: Int
    private let pool: ComputeThreadPool

    /// - Parameters:
    ///   - contextLength: Tokens in a chunk, 2 to the engine's limits; the models' own lengths are not asked.
    ///   - chunkLimit: How many chunks to measure at most; nil for all.
    /// - Throws: As `ModelSession`; `.invalidRequest` for a text that fills no chunk, or a reference with another vocabulary.
    package init(
        _ model: ModelSource, reference: ModelSource?, text: [UInt8], contextLength: Int, chunkLimit: Int?,
        options: EngineOptions
    ) throws(EngineError) {
        guard contextLength >= 2 else {
            throw EngineError(code: .invalidRequest, message: "a context of \(contextLength) tokens predicts nothing")
        }
        var options = options
        options.contextLength = contextLength
        session = try ModelSession(model, options: options)
        tokenIDs = session.encodeText(text)
        self.contextLength = contextLength
        let chunks = tokenIDs.count / contextLength
        guard chunks > 0 else {
            throw EngineError(
                code: .invalidRequest,
                message: "the text has \(tokenIDs.count) tokens, fewer than a context of \(contextLength); "
                    + "give a longer text or a shorter --context-length")
        }
        chunkCount = min(chunks, chunkLimit ?? chunks)
        if let reference {
            (options.quantization, options.cacheType) = (nil, nil)  // it is compared as it is
            let other = try ModelSession(reference, options: options)
            guard other.vocabularySize == session.vocabularySize, other.encodeText(text) == tokenIDs else {
                throw EngineError(
                    code: .invalidRequest,
                    message: "\(reference) has another vocabulary than \(model), so that they cannot be compared")
            }
            self.reference = other
        } else {
            self.reference = nil
        }
        pool = ComputeThreadPool(threadCount: session.threadCount, pinned: false)
    }

    /// Tokens that pass through models, for progress.
    package var workCount: Int { chunkCount * contextLength * (reference == nil ? 1 : 2) }

    /// - Parameter progress: Gets the tokens done so far; false ends the work.
    /// - Returns: Nil where `progress` ended it.
    /// - Throws: As `ModelSession.forward`; `.generationFailed` for logits that are no numbers.
    package func measure(_ progress: (Int) -> Bool) throws(EngineError) -> PerplexityResult? {
        var result = PerplexityResult(
            contextLength: contextLength, chunkCount: chunkCount, isComparing: reference != nil)
        var done = 0
        let share = reference == nil ? 1 : 2
        for chunk in 0..<chunkCount {
            var tokens = Array(tokenIDs[chunk * contextLength..<(chunk + 1) * contextLength])
            if let begin = session.beginTokenOfTexts { tokens[0] = begin }
            let first = contextLength / 2
            for session in [session, reference].compactMap(\.self) {
                session.reset()
                if first > 0 { _ = try session.forward(Array(tokens[..<first]), allLogits: false) }
            }
            done += first * share
            guard progress(done) else { return nil }
            for start in stride(from: first, to: contextLength - 1, by: rowsPerPass) {
                let rows = start..<min(start + rowsPerPass, contextLength - 1)
                let observations = try observe(
                    Array(tokens[rows]), targets: Array(tokens[rows.lowerBound + 1...rows.upperBound]))
                for observation in observations { result.add(observation) }
                done += rows.count * share
                guard progress(done) else { return nil }
            }
            done = (chunk + 1) * contextLength * share
        }
        return result
    }

    /// Logits of one pass stay within 64 MiB.
    private var rowsPerPass: Int { max(1, min(256, (16 << 20) / max(1, session.vocabularySize))) }

    private func observe(_ tokens: [Int32], targets: [Int32]) throws(EngineError) -> [PerplexityObservation] {
        let logits = try session.forward(tokens, allLogits: true)
        let referenceLogits = try reference?.forward(tokens, allLogits: true)
        let size = session.vocabularySize
        let observations = Mutex([PerplexityObservation](repeating: PerplexityObservation(), count: tokens.count))
        logits.withUnsafeBufferPointer { all in
            pool.forEach(tokens.count) { index in
                let row = UnsafeBufferPointer(rebasing: all[index * size..<(index + 1) * size])
                var observation = PerplexityObservation()
                let softmax = LogSoftmax.row(row)
                observation.loss = softmax.logTotal - Double(row[Int(targets[index])])
                referenceLogits?.withUnsafeBufferPointer { all in
                    let other = UnsafeBufferPointer(rebasing: all[index * size..<(index + 1) * size])
                    let otherSoftmax = LogSoftmax.row(other)
                    observation.comparison = PerplexityObservation.Comparison(
                        loss: otherSoftmax.logTotal - Double(other[Int(targets[index])]),
                        divergence: LogSoftmax.divergence(of: row, softmax, from: other, otherSoftmax),
                        isSameBest: softmax.best == otherSoftmax.best)
                }
                observations.withLock { $0[index] = observation }
            }
        }
        let all = observations.withLock { $0 }
        guard all.allSatisfy({ $0.loss.isFinite && $0.comparison?.divergence.isFinite ?? true }) else {
            throw EngineError(
                code: .generationFailed,
                message: "the logits are no numbers: 'realizar verify' looks for broken tensors")
        }
        return all
    }
}
