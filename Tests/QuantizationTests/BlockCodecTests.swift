import Quantization
import Tensors
import TestSupport
import Testing

@Suite("Block codecs")
struct BlockCodecTests {
    /// The largest root mean square error, relative to that of the values, for Gaussian values: a step of the format is about
    /// `6 σ / levels`, its error `step / √12`; for K-quants about twice that for their rounded scales. With three levels, the
    /// error of the best is 0.44; the ternary formats put theirs at the largest magnitude, for models trained that way.
    static let errorBounds: [(ElementType, Double)] = [
        (.float64, 0), (.float32, 0), (.float16, 3e-4), (.bfloat16, 2.5e-3), (.float8E4M3, 0.03), (.float8E5M2, 0.06),
        (.q8_0, 8e-3), (.q6K, 0.025), (.q5K, 0.05), (.q5_1, 0.05), (.q5_0, 0.06), (.q4K, 0.1), (.q4_1, 0.1),
        (.q4_0, 0.11), (.iq4NL, 0.085), (.iq4XS, 0.085), (.mxfp4, 0.12), (.q3K, 0.16), (.q2K, 0.33), (.iq3S, 0.15),
        (.iq3XXS, 0.2), (.iq2S, 0.27), (.iq2XS, 0.32), (.iq2XXS, 0.37), (.iq1M, 0.45), (.iq1S, 0.47), (.tq1_0, 0.82),
        (.tq2_0, 0.82),
    ]

    @Test(arguments: errorBounds)
    func `encoding keeps the values as well as the format can`(type: ElementType, bound: Double) {
        var generator = SeededGenerator(seed: 7)
        // The sum of 12 uniform numbers is close to Gaussian.
        let values = (0..<4096).map { _ in (0..<12).reduce(Float(0)) { sum, _ in sum + generator.unitFloat() } / 2 }
        let decoded = decode(encode(values, as: type, .plain), as: type)
        let error = zip(values, decoded).reduce(0) { $0 + Double($1.0 - $1.1) * Double($1.0 - $1.1) }
        let power = values.reduce(0) { $0 + Double($1) * Double($1) }
        #expect((error / power).squareRoot() <= bound, "\(type)")
    }

    /// As `errorBounds` for the search: a hundredth above what it leaves, which for K-quants is below what ggml's encoders leave
    /// of such values (0.0714, 0.0361, 0.0178; measured through `ggml_quantize_chunk`, see docs/quantization.md).
    static let searchBounds: [(ElementType, Double)] = [
        (.q6K, 0.0169), (.q5K, 0.0349), (.q4K, 0.0710), (.q5_1, 0.0336), (.q5_0, 0.0404), (.q4_1, 0.0704),
        (.q4_0, 0.0818),
    ]

    @Test(arguments: searchBounds)
    func `a search keeps the values better`(type: ElementType, bound: Double) {
        var generator = SeededGenerator(seed: 7)
        let values = (0..<1 << 16).map { _ in (0..<12).reduce(Float(0)) { sum, _ in sum + generator.unitFloat() } / 2 }
        #expect(relativeError(values, type, .search) <= bound)
        #expect(relativeError(values, type, .plain) > bound)
    }

    @Test(arguments: searchBounds.map(\.0))
    func `hardly any block is left with a larger error than the plain method's`(type: ElementType) {
        var generator = SeededGenerator(seed: 8)
        let size = type.blockFormat.elementsPerBlock
        var losses = 0
        for _ in 0..<256 {
            // Skewed, with far outliers: cubes.
            let values = (0..<size).map { _ in
                let unit = generator.unitFloat()
                return unit * unit * unit + 0.1 * generator.unitFloat()
            }
            let errors = EncodingMethod.allCases.map { method in
                squaredError(values, decode(encode(values, as: type, method), as: type))
            }
            if errors[1] > errors[0] { losses += 1 }
        }
        // A grid has gaps, through which the plain rounding now and then finds the better scale.
        #expect(losses <= 2)
    }

    @Test(arguments: searchBounds.map(\.0), 1...9)
    func `a block's bytes do not depend on those searched beside it`(type: ElementType, count: Int) {
        let size = type.blockFormat.elementsPerBlock
        var generator = SeededGenerator(seed: 9)
        let values = (0..<count * size).map { _ in generator.unitFloat() }
        let together = encode(values, as: type, .search)
        let alone = (0..<count).flatMap { encode(Array(values[$0 * size..<($0 + 1) * size]), as: type, .search) }
        #expect(together == alone)
    }

    private func relativeError(_ values: [Float], _ type: ElementType, _ method: EncodingMethod) -> Double {
        let decoded = decode(encode(values, as: type, method), as: type)
        let error = zip(values, decoded).reduce(0) { $0 + Double($1.0 - $1.1) * Double($1.0 - $1.1) }
        return (error / values.reduce(0) { $0 + Double($1) * Double($1) }).squareRoot()
    }

    private func squaredError(_ values: [Float], _ decoded: [Float]) -> Double {
        zip(values, decoded).reduce(0) { $0 + Double($1.0 - $1.1) * Double($1.0 - $1.1) }
    }

    @Test
    func `every supported type has an error bound in this file`() {
        #expect(Set(Self.errorBounds.map(\.0)) == Set(BlockCodecs.supported))
    }

    /// A level over the largest magnitude, where it is more than 1/15 of the block's span, and that twice the magnitude.
    static let levels: [ElementType: Float] = [
        .q2K: 2.0 / 3, .q3K: 1.0 / 4, .mxfp4: 1.0 / 3, .iq2XXS: 18.0 / 43, .iq2XS: 18.0 / 43, .iq2S: 18.0 / 43,
        .iq1S: 8.0 / 9, .iq1M: 8.0 / 9, .tq1_0: 1, .tq2_0: 1,
    ]

    @Test(arguments: BlockCodecs.supported, EncodingMethod.allCases)
    func `a second encoding moves values by a level at most`(type: ElementType, method: EncodingMethod) {
        let blocks = RandomBlocks.row(elementType: type.rawValue, blockCount: 4, seed: 3)
        let once = decode(encode(decode(blocks, as: type), as: type, method), as: type)
        let largest = once.reduce(0) { max($0, $1.magnitude) }
        let twice = decode(encode(once, as: type, method), as: type)
        let move = zip(once, twice).reduce(0) { max($0, ($1.0 - $1.1).magnitude) }
        #expect(move <= largest * Self.levels[type, default: 2.0 / 15], "\(type)")
    }

    @Test(arguments: BlockCodecs.supported)
    func `random rows are finite and within sane bounds`(type: ElementType) {
        let row = RandomBlocks.row(elementType: type.rawValue, blockCount: 64, seed: 11)
        #expect(row.count == 64 * type.blockFormat.bytesPerBlock)
        let values = decode(row, as: type)
        #expect(values.allSatisfy { $0.magnitude <= 3 })
        #expect(values.contains { $0.magnitude > 0.2 })
        #expect(RandomBlocks.row(elementType: type.rawValue, blockCount: 64, seed: 12) != row)
    }

    @Test(arguments: BlockCodecs.supported, EncodingMethod.allCases)
    func `no input traps the encoder`(type: ElementType, method: EncodingMethod) {
        let strange: [Float] = [.nan, .infinity, -.infinity, .greatestFiniteMagnitude, -.leastNonzeroMagnitude, -0, 1]
        for value in strange {
            var values = [Float](repeating: 0.5, count: 256)
            values[17] = value
            _ = decode(encode(values, as: type, method), as: type)
            _ = decode(encode([Float](repeating: value, count: 256), as: type, method), as: type)
        }
    }

    @Test(arguments: BlockCodecs.supported, EncodingMethod.allCases)
    func `zeros come back as zeros`(type: ElementType, method: EncodingMethod) {
        #expect(decode(encode([Float](repeating: 0, count: 256), as: type, method), as: type).allSatisfy { $0 == 0 })
    }

    @Test(arguments: BlockCodecs.supported)
    func `pointers give what spans give, aligned or not`(type: ElementType) {
        let row = RandomBlocks.row(elementType: type.rawValue, blockCount: 8, seed: 5)
        var values = [Float](repeating: 0, count: 8 * type.blockFormat.elementsPerBlock)
        let shifted = [0xFF] + row
        shifted.withUnsafeBytes { bytes in
            values.withUnsafeMutableBufferPointer { values in
                dequantize(UnsafeRawBufferPointer(rebasing: bytes.dropFirst()), as: type, into: values)
            }
        }
        #expect(values == decode(row, as: type))
    }

    @Test
    func `an unsupported type stops the program with its name`() async {
        await #expect(processExitsWith: .failure) { _ = decode([UInt8](repeating: 0, count: 292), as: .q8K) }
    }

    @Test
    func `a buffer of the wrong size stops the program`() async {
        await #expect(processExitsWith: .failure) {
            var values = [Float](repeating: 0, count: 64)
            var span = values.mutableSpan
            dequantize([UInt8](repeating: 0, count: 34).span.bytes, as: .q8_0, into: &span)
        }
    }
}
