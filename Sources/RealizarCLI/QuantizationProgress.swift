import Engine

/// Tells on standard error how far quantization at loading has come: in one line, which a terminal sees change.
enum QuantizationProgress {
    /// For the loader of a model; does nothing where nothing is quantized.
    static func reporter(_ options: EngineOptions) -> @Sendable (LoadingProgress) -> Void {
        guard let type = options.quantization else { return { _ in } }
        let line = "quantizing weights to \(type.rawValue)"
        guard StandardError.isTerminal else {
            StandardError.write(line)
            return { _ in }
        }
        return { progress in
            let percent = progress.completedByteCount * 100 / max(progress.totalByteCount, 1)
            let isDone = progress.completedByteCount == progress.totalByteCount
            StandardError.write(unterminated: "\r\(line): \(percent) %\(isDone ? "\n" : "")")
        }
    }
}
