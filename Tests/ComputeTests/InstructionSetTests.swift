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

    @Test(arguments: InstructionSet.available)
    func `a roofline is measured`(instructionSet: InstructionSet) {
        let bound = CPURoofline.measure(threadCount: 1, instructionSet: instructionSet)
        #expect(bound.readBytesPerSecond > 1e8 && bound.readBytesPerSecond < 1e13)
        #expect(bound.int8MultiplyAddsPerSecond > 1e7 && bound.int8MultiplyAddsPerSecond < 1e15)
        #expect(bound.floatMultiplyAddsPerSecond > 1e7 && bound.floatMultiplyAddsPerSecond < 1e15)
    }
}
