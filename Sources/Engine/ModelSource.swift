internal import CDemoModel
package import ModelFiles

/// Where a model comes from.
public enum ModelSource: Sendable, Equatable, CustomStringConvertible {
    /// A model file, or the first one of a split set.
    case file(String)
    /// The small model that the program carries inside itself: for trying things out, not for answers that matter.
    case demo

    /// What errors and clients call it.
    public var description: String {
        switch self {
        case .file(let path): path
        case .demo: "realizar-demo"
        }
    }
}

/// Opens the file, or the bytes inside the program, where they lie.
package func openModel(_ source: ModelSource) throws(ModelFileError) -> any ModelFile {
    switch source {
    case .file(let path): try openModelFile(path: path)
    case .demo:
        try openModelFile(
            staticBytes: UnsafeRawBufferPointer(start: demo_model_bytes(), count: demo_model_byte_count()),
            path: source.description)
    }
}
