import Tensors

/// Writes a model as GGUF version 3, in the layout that is common: keys and tensors in their order, each tensor's bytes at the
/// next multiple of the alignment, zeros between them and behind the last.
///
/// Metadata keep their types and bytes, so that a copy of such a file is the same file.
package struct GGUFWriter: ModelWriter {
    /// Of the whole file.
    package let byteCount: Int
    private let draft: ModelDraft
    private let alignment: Int
    /// Everything before the tensors' bytes, padding included.
    private let header: [UInt8]

    /// - Throws: `.invalid` for what the format cannot hold (a name too long, more than four dimensions, a type it has no number
    ///   for, an alignment that is none), under the name of the file that the metadata come from.
    package init(_ draft: ModelDraft) throws(ModelFileError) {
        self.draft = draft
        let alignment = try draft.metadata.ggufAlignment()
        self.alignment = alignment
        var encoder = GGUFEncoder()
        try encoder.appendHeader(of: draft, alignment: alignment)
        header = encoder.bytes
        byteCount = draft.tensors.reduce(header.count) { $0 + $1.byteCount.roundedUp(toMultipleOf: alignment) }
    }

    package func write(
        to path: String, sources: [String] = [], observer: WriteObserver = .silent
    ) throws(ModelFileError) {
        let file = try AtomicFile(path: path, byteCount: byteCount, sources: sources)
        try file.write(header)
        for tensor in draft.tensors {
            try tensor.write { bytes throws(ModelFileError) in
                try file.write(bytes)
                try observer.report(file, total: byteCount)
            }
            try file.write([UInt8](repeating: 0, count: file.byteCount.padding(toMultipleOf: alignment)))
        }
        try file.finish()
    }
}

/// GGUF's numbers, strings and values as bytes.
struct GGUFEncoder {
    private(set) var bytes: [UInt8] = []

    mutating func appendHeader(of draft: ModelDraft, alignment: Int) throws(ModelFileError) {
        bytes += GGUFHeader.magic
        append(UInt32(3))
        append(UInt64(draft.tensors.count))
        append(UInt64(draft.metadata.keys.count))
        for key in draft.metadata.keys {
            guard let value = draft.metadata[key] else { continue }
            append(string: key.utf8)
            append(value)
        }
        var offset = 0
        for tensor in draft.tensors {
            try append(tensor, offset: offset, file: draft.metadata.file)
            offset += tensor.byteCount.roundedUp(toMultipleOf: alignment)
        }
        bytes += [UInt8](repeating: 0, count: bytes.count.padding(toMultipleOf: alignment))
    }

    private mutating func append(_ tensor: TensorDraft, offset: Int, file: String) throws(ModelFileError) {
        func refuse(_ expected: String, _ found: String) -> ModelFileError {
            ModelFileError(
                file: file, subject: .tensor(tensor.name), problem: .invalid(expected: expected, found: found))
        }
        guard tensor.name.utf8.count <= GGUFReader.longestTensorName else {
            throw refuse("a name of at most \(GGUFReader.longestTensorName) bytes", "\(tensor.name.utf8.count)")
        }
        // A number without dimensions is a row of one.
        let dimensions = tensor.shape.dimensions.isEmpty ? [1] : tensor.shape.dimensions
        guard dimensions.count <= 4 else { throw refuse("at most 4 dimensions", "shape \(tensor.shape)") }
        guard let typeID = tensor.elementType.ggufID else {
            throw refuse("a type that GGUF has a number for", "\(tensor.elementType)")
        }
        append(string: tensor.name.utf8)
        append(UInt32(dimensions.count))
        for dimension in dimensions.reversed() { append(UInt64(dimension)) }
        append(typeID)
        append(UInt64(offset))
    }

    mutating func append(_ value: MetadataValue) {
        append(value.type.ggufID)
        appendContent(of: value)
    }

    mutating func appendContent(of value: MetadataValue) {
        switch value {
        case .uint8(let value): append(value)
        case .int8(let value): append(value)
        case .uint16(let value): append(value)
        case .int16(let value): append(value)
        case .uint32(let value): append(value)
        case .int32(let value): append(value)
        case .float32(let value): append(value.bitPattern)
        case .bool(let value): append(value ? 1 as UInt8 : 0)
        case .string(let value): append(string: value)
        case .array(let array):
            append(array.elementType.ggufID)
            append(UInt64(array.count))
            array.appendEncodedElements(to: &self)
        case .uint64(let value): append(value)
        case .int64(let value): append(value)
        case .float64(let value): append(value.bitPattern)
        }
    }

    mutating func append(_ value: some FixedWidthInteger) {
        var rest = value
        for _ in 0..<value.bitWidth / 8 {
            bytes.append(UInt8(truncatingIfNeeded: rest))
            rest >>= 8
        }
    }

    mutating func append(_ range: Range<Int>, of file: MappedFile) { file.append(range, to: &bytes) }

    /// A length and the bytes.
    mutating func append(string: some Collection<UInt8>) {
        append(UInt64(string.count))
        bytes += string
    }
}

extension Int {
    /// What is missing to a multiple of `factor`.
    func padding(toMultipleOf factor: Int) -> Int { (factor - self % factor) % factor }
    func roundedUp(toMultipleOf factor: Int) -> Int { self + padding(toMultipleOf: factor) }
}
