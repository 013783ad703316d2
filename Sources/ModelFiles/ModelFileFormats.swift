/// Opens a model file of any format that is read here: checks it wholly and gives its metadata and tensors.
///
/// - Parameter path: A file, or the first one of a split set, whose other parts are then opened beside it.
/// - Throws: The errors of `MappedFile`, `.unsupported` for a file of no known format, and those of the format.
package func openModelFile(path: String) throws(ModelFileError) -> any ModelFile {
    try open(MappedFile(path: path))
}

/// As `openModelFile(path:)` for a model that lies in memory; `path` is what errors call it.
package func openModelFile(contents: [UInt8], path: String) throws(ModelFileError) -> any ModelFile {
    try open(MappedFile(contents: contents, path: path))
}

/// As `openModelFile(path:)` for bytes that live as long as the program.
package func openModelFile(
    staticBytes bytes: UnsafeRawBufferPointer, path: String
) throws(ModelFileError) -> any ModelFile {
    try open(unsafe MappedFile(staticBytes: bytes, path: path))
}

/// A format that is read, recognised by the first bytes of the file.
private struct ModelFileFormat: Sendable {
    let name: String
    let magic: [UInt8]
    let open: @Sendable (MappedFile) throws(ModelFileError) -> any ModelFile
}

/// A new format is a folder and a line here.
private let modelFileFormats: [ModelFileFormat] = [
    ModelFileFormat(name: "GGUF", magic: GGUFHeader.magic) { file throws(ModelFileError) in try GGUFFile(file) }
]

private func open(_ file: MappedFile) throws(ModelFileError) -> any ModelFile {
    for format in modelFileFormats where file.starts(with: format.magic) { return try format.open(file) }
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
