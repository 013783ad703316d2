import Tensors

extension ElementType {
    /// Indexed by the number that stands for the type in a GGUF file; nil where the format has taken a type out again.
    ///
    /// Source: `enum ggml_type` in github.com/ggml-org/ggml, include/ggml.h.
    private static let ggufTypes: [ElementType?] = [
        .float32, .float16, .q4_0, .q4_1, nil, nil, .q5_0, .q5_1, .q8_0, .q8_1,  // 0...9
        .q2K, .q3K, .q4K, .q5K, .q6K, .q8K, .iq2XXS, .iq2XS, .iq3XXS, .iq1S,  // 10...19
        .iq4NL, .iq3S, .iq2S, .iq4XS, .int8, .int16, .int32, .int64, .float64, .iq1M,  // 20...29
        .bfloat16, nil, nil, nil, .tq1_0, .tq2_0, nil, nil, nil, .mxfp4,  // 30...39
    ]

    /// What the holes in the table once were.
    private static let removedGGUFTypes: [UInt32: String] = [
        4: "Q4_2", 5: "Q4_3", 31: "Q4_0_4_4", 32: "Q4_0_4_8", 33: "Q4_0_8_8", 36: "IQ4_NL_4_4", 37: "IQ4_NL_4_8",
        38: "IQ4_NL_8_8",
    ]

    /// - Throws: The problem of a number that stands for no type, or for a removed one.
    static func gguf(id: UInt32) throws(ModelFileError.Problem) -> ElementType {
        guard id < UInt32(ggufTypes.count) else {
            throw .invalid(expected: "an element type from 0 to \(ggufTypes.count - 1)", found: "\(id)")
        }
        if let type = ggufTypes[Int(id)] { return type }
        let name = removedGGUFTypes[id] ?? "unnamed"
        throw .unsupported(
            found: "removed type \(id) (\(name))", advice: "the format no longer has it; quantize the model again")
    }
}

extension ElementType {
    /// The number that stands for the type in a GGUF file; nil where the format has none.
    var ggufID: UInt32? { Self.ggufIDs[self] }

    private static let ggufIDs: [ElementType: UInt32] = Dictionary(
        uniqueKeysWithValues: ggufTypes.enumerated().compactMap { id, type in type.map { ($0, UInt32(id)) } })
}

extension ModelFileError.Problem: Error {}
