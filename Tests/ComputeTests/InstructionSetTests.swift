import Compute
import Testing

@Suite("Choice of the instruction set")
struct InstructionSetTests {
    @Test func `scalar kernels run everywhere`() { #expect(InstructionSet.available.last == .scalar) }

    @Test func `the best one is taken unless another is forced`() throws {
        #expect(try InstructionSet.choose(nil) == InstructionSet.available[0])
        for one in InstructionSet.available {
            #expect(try InstructionSet.choose(one.rawValue.uppercased()) == one)
        }
    }

    @Test func `unknown and unavailable ones are refused by name`() {
        #expect(throws: ComputeError.unknownInstructionSet("sse9")) { try InstructionSet.choose("sse9") }
        for one in InstructionSet.allCases where !InstructionSet.available.contains(one) {
            #expect(throws: ComputeError.unavailableInstructionSet(one.rawValue)) {
                try InstructionSet.choose(one.rawValue)
            }
        }
    }

    @Test func `a roofline is measured`() {
        let bound = CPURoofline.measure(threadCount: 1)
        #expect(bound.readBytesPerSecond > 1e8 && bound.readBytesPerSecond < 1e13)
        #expect(bound.multiplyAddsPerSecond > 1e7 && bound.multiplyAddsPerSecond < 1e15)
    }
}
