internal import Dispatch

/// Work that blocks for long, such as reading a file, on a thread of its own: Swift's shared threads, one per CPU, stay free for
/// whoever is being served.
enum BlockingWork {
    static func run<Value: Sendable>(
        _ work: @escaping @Sendable () throws(EngineError) -> Value
    ) async throws(EngineError) -> Value {
        let result: Result<Value, EngineError> = await withCheckedContinuation { continuation in
            DispatchQueue.global().async {
                do throws(EngineError) {
                    continuation.resume(returning: .success(try work()))
                } catch { continuation.resume(returning: .failure(error)) }
            }
        }
        return try result.get()
    }
}
