/// Measures the parts of one forward pass. A pass without one reads no clock.
///
/// On a device that computes behind the caller's back only the whole means anything; the CPU has finished each part when the
/// next one begins.
package final class ForwardTimer {
    package private(set) var embedding = Duration.zero
    /// One for each layer, in order.
    package private(set) var layers: [Duration] = []
    /// The last norm and the product that gives the logits.
    package private(set) var logits = Duration.zero
    private var last = ContinuousClock.now

    package init() {}

    func endEmbedding() { embedding = lap() }
    func endLayer() { layers.append(lap()) }
    func endLogits() { logits = lap() }

    private func lap() -> Duration {
        let now = ContinuousClock.now
        defer { last = now }
        return now - last
    }
}
