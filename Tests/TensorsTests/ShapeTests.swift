import Tensors
import Testing

@Suite("Shapes")
struct ShapeTests {
    @Test(arguments: [([], 1), ([7], 7), ([3, 0, 2], 0), ([2, 3, 4], 24)] as [([Int], Int)])
    func `the element count is the product of the dimensions`(dimensions: [Int], count: Int) {
        #expect(Shape(dimensions).elementCount == count)
    }

    @Test(arguments: [[-1, 4], [1 << 32, 1 << 31], [Int.max, 2]])
    func `there is no count for negative dimensions or beyond Int's range`(dimensions: [Int]) {
        #expect(Shape(dimensions).elementCount == nil)
    }

    @Test
    func `prints outermost first`() {
        #expect("\(Shape([32000, 2048]))" == "[32000, 2048]")
    }
}
