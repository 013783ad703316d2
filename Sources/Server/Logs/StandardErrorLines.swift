import Synchronization

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// Whole lines on standard error: what several threads say at once does not mix.
enum StandardErrorLines {
    private static let order = Mutex(())

    /// That a line cannot be written has no place to be told.
    static func write(_ line: [UInt8]) {
        order.withLock { _ in
            var rest = line[...]
            while !rest.isEmpty {
                let count = rest.withUnsafeBytes { systemWrite(STDERR_FILENO, $0.baseAddress, $0.count) }
                if count > 0 { rest = rest.dropFirst(count) } else if errno != EINTR { return }
            }
        }
    }
}

private func systemWrite(_ descriptor: Int32, _ bytes: UnsafeRawPointer?, _ count: Int) -> Int {
    write(descriptor, bytes, count)
}
