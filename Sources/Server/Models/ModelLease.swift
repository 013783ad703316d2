import Engine

/// A loaded model in somebody's hands: it is not unloaded before this is gone.
final class ModelLease: Sendable {
    let generator: any TextGenerator
    private let onEnd: @Sendable () -> Void

    init(_ generator: any TextGenerator, onEnd: @escaping @Sendable () -> Void = {}) {
        self.generator = generator
        self.onEnd = onEnd
    }

    deinit { onEnd() }
}
