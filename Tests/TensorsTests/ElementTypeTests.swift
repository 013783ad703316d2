import Tensors
import Testing

@Suite("Element types")
struct ElementTypeTests {
    @Test
    func `names are unique and printed as files name them`() {
        #expect(Set(ElementType.allCases.map(\.rawValue)).count == ElementType.allCases.count)
        #expect("\(ElementType.q4K)" == "Q4_K")
    }

    @Test(arguments: ElementType.allCases)
    func `rows are whole blocks`(type: ElementType) {
        let format = type.blockFormat
        #expect(format.byteCount(elementCount: 0) == 0)
        #expect(format.byteCount(elementCount: 3 * format.elementsPerBlock) == 3 * format.bytesPerBlock)
        if format.elementsPerBlock > 1 { #expect(format.byteCount(elementCount: format.elementsPerBlock + 1) == nil) }
    }

    /// The sizes are worked out from the fields of each block, as docs of the formats list them.
    @Test(arguments: [
        (ElementType.q8_0, 2 + 32), (.q8_1, 2 + 2 + 32), (.q4_0, 2 + 16), (.q4_1, 2 + 2 + 16), (.q5_0, 2 + 4 + 16),
        (.q5_1, 2 + 2 + 4 + 16), (.q2K, 16 + 64 + 2 + 2), (.q3K, 32 + 64 + 12 + 2), (.q4K, 2 + 2 + 12 + 128),
        (.q5K, 2 + 2 + 12 + 32 + 128), (.q6K, 128 + 64 + 16 + 2), (.q8K, 4 + 256 + 16 * 2), (.mxfp4, 1 + 16),
    ])
    func `a block is the sum of its fields`(type: ElementType, byteCount: Int) {
        #expect(type.blockFormat.bytesPerBlock == byteCount)
    }

    @Test
    func `a count that is negative or too large has no size`() {
        #expect(ElementType.float32.blockFormat.byteCount(elementCount: -4) == nil)
        #expect(ElementType.float32.blockFormat.byteCount(elementCount: Int.max) == nil)
    }
}
