/// Opens a model of any format that is read here: checks it wholly and gives its metadata and tensors.
///
/// - Parameter path: A file, the first one of a split set (the others are then opened beside it), or a folder as models are
///   published for transformers.
/// - Throws: The errors of `MappedFile`, `.unsupported` for a file of no known format, and those of the format.
package func openModelFile(path: String) throws(ModelFileError) -> any ModelFile {
    let file: MappedFile
    do {
        file = try MappedFile(path: path)
    } catch {
        if error.isDirectory { return try HuggingFaceModel(ModelFolder(path: path)) }
        throw error
    }
    return try open(file, in: ModelFolder(path: folder(of: path)))
}

/// As `openModelFile(path:)` for a model that lies in memory; `path` is what errors call it.
package func openModelFile(contents: [UInt8], path: String) throws(ModelFileError) -> any ModelFile {
    try open(MappedFile(contents: contents, path: path), in: ModelFolder(contents: [:], path: folder(of: path)))
}

/// As `openModelFile(path:)` for bytes that live as long as the program.
package func openModelFile(
    staticBytes bytes: UnsafeRawBufferPointer, path: String
) throws(ModelFileError) -> any ModelFile {
    try open(
        unsafe MappedFile(staticBytes: bytes, path: path), in: ModelFolder(contents: [:], path: folder(of: path)))
}

/// A format that is read, recognised by the beginning of the file.
private struct ModelFileFormat: Sendable {
    let name: String
    let recognizes: @Sendable (MappedFile) -> Bool
    /// Given what lies beside the file, too.
    let open: @Sendable (MappedFile, ModelFolder) throws(ModelFileError) -> any ModelFile
}

/// A new format is a folder and a line here.
private let modelFileFormats: [ModelFileFormat] = [
    ModelFileFormat(name: "GGUF", recognizes: { $0.starts(with: GGUFHeader.magic) }) {
        file, _ throws(ModelFileError) in try GGUFFile(file)
    },
    ModelFileFormat(name: "APR", recognizes: { $0.starts(with: APRHeader.magic) }) {
        file, _ throws(ModelFileError) in try APRFile(file)
    },
    ModelFileFormat(name: "APR v1", recognizes: { $0.starts(with: ClassicalAPRFile.magic) }) {
        file, _ throws(ModelFileError) in try ClassicalAPRFile(file)
    },
    // Last, as it has no magic.
    ModelFileFormat(name: "safetensors", recognizes: SafeTensorsFile.isLikely) {
        file, folder throws(ModelFileError) in try HuggingFaceModel(folder, file: file)
    },
]

private func open(_ file: MappedFile, in folder: ModelFolder) throws(ModelFileError) -> any ModelFile {
    for format in modelFileFormats where format.recognizes(file) { return try format.open(file, folder) }
    let advice = "the formats read are " + modelFileFormats.map(\.name).joined(separator: ", ")
    throw ModelFileError(
        file: file.path, offset: 0,
        problem: .unsupported(found: "a file that begins with \(file.beginning)", advice: advice))
}

extension MappedFile {
    fileprivate func starts(with magic: [UInt8]) -> Bool {
        guard byteCount >= magic.count else { return false }
        return (0..<magic.count).allSatisfy { littleEndian(UInt8.self, at: $0) == magic[$0] }
    }

    /// `'PK\u{3}\u{4}' (50 4B 03 04)`
    fileprivate var beginning: String {
        var bytes: [UInt8] = []
        append(0..<min(4, byteCount), to: &bytes)
        return PrintableName.quoted(bytes: bytes) + " ("
            + bytes.map(PrintableName.hexadecimal).joined(separator: " ") + ")"
    }
}
