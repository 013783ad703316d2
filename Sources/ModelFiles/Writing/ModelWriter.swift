/// Writes a draft in one format.
package protocol ModelWriter {
    /// Of all that will be written.
    var byteCount: Int { get }

    /// Writes the model, which appears at `path` when it is whole.
    ///
    /// - Parameter sources: Files that the draft reads from; `path` must not be one of them.
    /// - Throws: As `AtomicFile`; `.interrupted` where the observer ends it; what the draft's tensors throw.
    func write(to path: String, sources: [String], observer: WriteObserver) throws(ModelFileError)
}
