import ModelConversion
import ModelFiles

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// Writes a model for a command, with progress, and so that Ctrl-C leaves nothing half.
struct ModelOutput {
    let path: String
    let format: TargetFormat
    /// What is being done: `quantizing`.
    let label: String
    let isQuiet: Bool
    var options = TargetOptions()

    /// - Returns: The bytes of the file, or of all files of a folder.
    /// - Throws: `ModelFileError`; `ExitStatus.interrupted` where somebody asked to stop.
    func write(_ draft: ModelDraft, sources: [String]) throws -> Int {
        let writer = try format.writer(for: draft, options: options)
        let interruption = Interruption()
        signal(SIGXFSZ, SIG_IGN)  // a limit on file sizes is then an error of the write, as a full disk is
        let bar = ProgressBar(label, unit: .bytes, isQuiet: isQuiet)
        let observer = WriteObserver { done, total in
            bar.update(done, of: total)
            return !interruption.isRaised
        }
        do {
            try writer.write(to: path, sources: sources, observer: observer)
        } catch {
            bar.abandon()
            if error.problem == .interrupted {
                StandardError.write("interrupted: nothing was kept")
                throw ExitStatus.interrupted
            }
            throw error
        }
        bar.finish()
        return writer.byteCount
    }
}
