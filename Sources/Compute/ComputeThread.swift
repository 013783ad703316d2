#if canImport(Glibc)
package import Glibc
#else
package import Darwin
#endif

/// Threads of the operating system, for work that must not run on Swift's shared ones.
package enum ComputeThread {
    /// Starts a thread; nil where none can be had.
    @discardableResult
    package static func start(_ main: @escaping @Sendable () -> Void) -> pthread_t? {
        #if canImport(Glibc)
        var thread = pthread_t()
        #else
        var thread: pthread_t?
        #endif
        let context = Unmanaged.passRetained(Main(main)).toOpaque()
        let result = pthread_create(
            &thread, nil,
            { context in
                #if canImport(Glibc)
                guard let context else { return nil }
                #endif
                Unmanaged<Main>.fromOpaque(context).takeRetainedValue().body()
                return nil
            }, context)
        guard result == 0 else {
            Unmanaged<Main>.fromOpaque(context).release()
            return nil
        }
        return thread
    }

    private final class Main {
        let body: @Sendable () -> Void
        init(_ body: @escaping @Sendable () -> Void) { self.body = body }
    }
}
