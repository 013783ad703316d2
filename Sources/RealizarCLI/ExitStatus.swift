#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// What the process tells the shell. Thrown where everything worth saying has been said.
enum ExitStatus: Int32, Error {
    case success = 0
    case failure = 1
    /// A wrong call: unknown options, values out of range, a missing model.
    case usage = 2
    /// Ended by Ctrl-C, as shells count it (128 + SIGINT).
    case interrupted = 130
}

/// Ends the process at once. Nothing is buffered here, so there is nothing to flush, and no engine thread is waited for.
func exitProcess(_ status: ExitStatus) -> Never { _exit(status.rawValue) }
