import Tensors

/// Writes one safetensors file: the length of the header, the header, the bytes of the tensors.
struct SafeTensorsWriter {
    /// Of the whole file.
    let byteCount: Int
    /// Behind the header's length, padded with spaces so that the first tensor begins at a multiple of eight.
    private let header: [UInt8]
    /// Those of large numbers first, so that each lies at a multiple of its number's size.
    private let tensors: [TensorDraft]

    /// - Parameter file: What the tensors come from, for errors.
    /// - Throws: `.unsupported` for a type that the format has no name for, `.invalid` for a header that is too long.
    init(_ tensors: [TensorDraft], file: String) throws(ModelFileError) {
        let sizes = Dictionary(grouping: tensors, by: \.elementType.blockFormat.bytesPerBlock)
        self.tensors = sizes.sorted { $0.key > $1.key }.flatMap(\.value)
        var writer = JSONWriter()
        // Older readers ask for it before they take the tensors as PyTorch's.
        writer.addObject("__metadata__") { $0.add("format", "pt") }
        var offset = 0
        for tensor in self.tensors {
            let name = try tensor.elementType.safeTensorsName(of: tensor.name, in: file)
            let end = offset + tensor.byteCount
            writer.addObject(tensor.name) { writer in
                writer.add("dtype", name)
                writer.add("shape", integers: tensor.shape.dimensions)
                writer.add("data_offsets", integers: [offset, end])
            }
            offset = end
        }
        var header = writer.finish()
        header += repeatElement(UInt8(ascii: " "), count: header.count.padding(toMultipleOf: 8))
        guard header.count <= SafeTensorsFile.longestHeader else {
            throw ModelFileError(
                file: file,
                problem: .invalid(
                    expected: "a header of at most \(SafeTensorsFile.longestHeader) bytes", found: "\(header.count)"))
        }
        self.header = header
        byteCount = 8 + header.count + offset
    }

    /// - Parameter observe: Is told of every piece.
    func write(
        to file: AtomicFile, observe: () throws(ModelFileError) -> Void
    ) throws(ModelFileError) {
        var length: [UInt8] = []
        for shift in stride(from: 0, to: 64, by: 8) { length.append(UInt8(truncatingIfNeeded: header.count >> shift)) }
        try file.write(length + header)
        for tensor in tensors {
            try tensor.write { bytes throws(ModelFileError) in
                try file.write(bytes)
                try observe()
            }
        }
    }
}

extension ElementType {
    /// The format's name of the type.
    ///
    /// - Throws: `.unsupported` for blocks, and for others that it does not have.
    func safeTensorsName(of tensor: String, in file: String) throws(ModelFileError) -> String {
        if let name = safeTensorsName { return name }
        throw ModelFileError(
            file: file, subject: .tensor(tensor),
            problem: .unsupported(
                found: "\(self) in safetensors", advice: "--type f32, f16 or bf16 makes plain numbers of it"))
    }
}
