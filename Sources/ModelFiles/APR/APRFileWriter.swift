/// Writes a draft as an APR v2 file.
package struct APRFileWriter: ModelWriter {
    package let byteCount: Int
    private let writer: APRWriter
    /// Of the metadata, for errors.
    private let source: String

    /// - Throws: `.invalid` for what has no place in an APR file.
    package init(_ draft: ModelDraft) throws(ModelFileError) {
        source = draft.metadata.file
        do {
            writer = try APRWriter(draft)
            byteCount = try writer.byteCount()
        } catch { throw ModelFileError(writing: nil, error, file: draft.metadata.file) }
    }

    package func write(
        to path: String, sources: [String], observer: WriteObserver
    ) throws(ModelFileError) {
        let file = try AtomicFile(path: path, byteCount: byteCount, sources: sources)
        do {
            try writer.write { bytes in
                try file.write(bytes)
                try observer.report(file, total: byteCount)
            }
        } catch { throw ModelFileError(writing: nil, error, file: source) }
        try file.finish()
    }
}

extension ModelFileError {
    /// What stands in the way of writing a file: the error itself where it is one of files, else told as one.
    init(writing tensor: String?, _ error: any Error, file: String = "") {
        if let error = error as? ModelFileError {
            self = error
        } else {
            self.init(
                file: file, subject: tensor.map { .tensor($0) },
                problem: .invalid(expected: "a model that APR can hold", found: "\(error)"))
        }
    }
}
