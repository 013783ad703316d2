import Tensors

extension ElementType {
    /// The `dtype`s that are read; the format spells them as we do.
    ///
    /// Source: `enum Dtype` in github.com/huggingface/safetensors, safetensors/src/tensor.rs.
    private static let safeTensorsTypes: [ElementType] = [
        .bool, .uint8, .int8, .float8E5M2, .float8E4M3, .int16, .uint16, .float16, .bfloat16, .int32, .uint32, .float32,
        .float64, .int64, .uint64,
    ]

    /// What the format names beside them.
    private static let otherSafeTensorsTypes = ["F4", "F6_E2M3", "F6_E3M2", "F8_E8M0", "C64"]

    /// Nil for a type that the format does not have.
    var safeTensorsName: String? { Self.safeTensorsTypes.contains(self) ? rawValue : nil }

    /// - Throws: The problem of a name that stands for no type, or for one that is not read.
    static func safeTensors(_ name: String) throws(ModelFileError.Problem) -> ElementType {
        if let type = safeTensorsTypes.first(where: { $0.rawValue == name }) { return type }
        let known = safeTensorsTypes.map(\.rawValue).joined(separator: ", ")
        if otherSafeTensorsTypes.contains(name) {
            throw .unsupported(found: "dtype \(name)", advice: "convert the tensor to one of \(known)")
        }
        throw .invalid(expected: "one of the dtypes \(known)", found: PrintableName.quoted(name))
    }
}
