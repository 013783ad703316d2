/// Passes over a whole vocabulary's logits, sixteen at a time.
///
/// A pass costs tens of microseconds for 128 000 tokens; sorting them would cost ten milliseconds.
enum LogitScan {
    private typealias Lanes = SIMD16<Float>

    /// The largest logit.
    ///
    /// - Throws: `SamplingError.invalidLogits` at the first NaN or +∞, and at 0 when all are −∞.
    static func maximum(of logits: Span<Float>) throws(SamplingError) -> Float {
        let maximum = uncheckedMaximum(of: logits)
        if maximum.isFinite { return maximum }
        for index in logits.indices where logits[index].isNaN || logits[index] == .infinity {
            throw SamplingError(problem: .invalidLogits(position: index))
        }
        throw SamplingError(problem: .invalidLogits(position: 0))
    }

    /// The largest logit; NaN where any is NaN.
    static func uncheckedMaximum(of logits: Span<Float>) -> Float {
        logits.withUnsafeBufferPointer { values in
            var largest = Lanes(repeating: -.infinity)
            var isNaN = SIMDMask<SIMD16<Int32>>(repeating: false)
            let tail = forEachLanes(of: values) { lanes, _ in
                largest.replace(with: lanes, where: lanes .> largest)
                isNaN .|= lanes .!= lanes
            }
            if any(isNaN) { return .nan }
            var result = largest.max()
            for index in tail {
                if values[index].isNaN { return .nan }
                if values[index] > result { result = values[index] }
            }
            return result
        }
    }

    static func firstIndex(of value: Float, in logits: Span<Float>) -> Int? {
        logits.withUnsafeBufferPointer { $0.firstIndex(of: value) }
    }

    /// Candidates not below `threshold`, in the order of ids. −∞ is never one.
    static func all(atLeast threshold: Double, in logits: Span<Float>) -> [Candidate] {
        var found: [Candidate] = []
        for index in logits.indices where Double(logits[index]) >= threshold && logits[index] > -.infinity {
            found.append(Candidate(tokenID: Int32(truncatingIfNeeded: index), logit: logits[index]))
        }
        return found
    }

    /// The `count` likeliest, best first; −∞ is never among them.
    ///
    /// Collects what beats the worst of the best so far, and sorts only when twice as many as needed have come together.
    static func best(_ count: Int, in logits: Span<Float>) -> [Candidate] {
        guard count > 0 else { return [] }
        let capacity = min(count, logits.count) * 2 + 64
        var found: [Candidate] = []
        found.reserveCapacity(capacity)
        var bar = -Float.infinity
        func consider(_ logit: Float, at index: Int) {
            guard logit > bar else { return }
            found.append(Candidate(tokenID: Int32(truncatingIfNeeded: index), logit: logit))
            if found.count == capacity { shorten() }
        }
        func shorten() {
            found.sort(by: Candidate.ranksBefore)
            guard found.count >= count else { return }
            found.removeLast(found.count - count)
            bar = found[count - 1].logit
        }
        logits.withUnsafeBufferPointer { values in
            let tail = forEachLanes(of: values) { lanes, start in
                guard any(lanes .> bar) else { return }
                for lane in 0..<Lanes.scalarCount { consider(lanes[lane], at: start + lane) }
            }
            for index in tail { consider(values[index], at: index) }
        }
        shorten()
        return found
    }

    /// Calls `body` with each full group of lanes and the index of its first; returns the indices of the rest.
    @inline(__always)
    private static func forEachLanes(
        of values: UnsafeBufferPointer<Float>, _ body: (Lanes, _ start: Int) -> Void
    ) -> Range<Int> {
        let full = values.count - values.count % Lanes.scalarCount
        let bytes = UnsafeRawBufferPointer(values)
        for start in stride(from: 0, to: full, by: Lanes.scalarCount) {
            body(bytes.loadUnaligned(fromByteOffset: start * MemoryLayout<Float>.stride, as: Lanes.self), start)
        }
        return full..<values.count
    }
}
