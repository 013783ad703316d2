import Compute
import Tensors
import TestSupport
import Testing

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

@Suite("Attention over the paged cache")
struct AttentionTests {
    struct Case: CustomTestStringConvertible, Sendable {
        let instructionSet: InstructionSet
        let dimension: Int
        let elementType: ElementType
        var testDescription: String { "\(instructionSet.rawValue) \(dimension) \(elementType)" }
    }

    static let cases = InstructionSet.available.flatMap { instructionSet in
        [2, 8, 24, 64, 128, 256].flatMap { dimension in
            [ElementType.float16, .float32].map {
                Case(instructionSet: instructionSet, dimension: dimension, elementType: $0)
            }
        }
    }

    /// One sequence of random queries, keys and values.
    struct Sequence {
        let heads = 6, keyValueHeads = 2
        let dimension: Int
        let tokenCount: Int
        let queries: [Float]
        var keys, values: [Float]

        init(dimension: Int, tokenCount: Int, seed: UInt64) {
            self.dimension = dimension
            self.tokenCount = tokenCount
            queries = RandomValues.uniform(count: tokenCount * 6 * dimension, scale: 3, seed: seed)
            keys = RandomValues.uniform(count: tokenCount * 2 * dimension, scale: 3, seed: seed + 1)
            values = RandomValues.uniform(count: tokenCount * 2 * dimension, seed: seed + 2)
        }

        /// Stores and attends in runs of tokens, over blocks in a scrambled order.
        func attend(_ one: Case, runs: [Int], threads: Int = 1) throws -> [Float] {
            let backend = BackendSupport.backend(one.instructionSet, threads: threads)
            let blockCount = tokenCount / CacheGeometry.tokensPerBlock + 1
            let cache = try backend.makeCache(
                CacheGeometry(
                    layerCount: 2, keyValueHeadCount: keyValueHeads, headDimension: dimension,
                    blockCount: blockCount, elementType: one.elementType))
            let blocks = (0..<Int32(blockCount)).reversed().map { $0 }
            var result: [Float] = [], start = 0
            for count in runs {
                func part(_ all: [Float], _ heads: Int) throws -> any DeviceBuffer {
                    try BackendSupport.buffer(
                        Array(all[start * heads * dimension..<(start + count) * heads * dimension]), backend)
                }
                let slice = [SequenceSlice(tokens: 0..<count, startPosition: start, blocks: blocks)]
                backend.store(
                    keys: try part(keys, keyValueHeads), values: try part(values, keyValueHeads), in: cache,
                    layer: 1, sequences: slice)
                let output = try backend.makeBuffer(count: count * heads * dimension)
                backend.attend(
                    queries: try part(queries, heads), headCount: heads, scale: 0.25, cache: cache, layer: 1,
                    sequences: slice, into: output)
                result += backend.read(output, count: count * heads * dimension)
                start += count
            }
            return result
        }

        /// Softmax over a score matrix, in float64.
        func expected() -> [Double] {
            var result: [Double] = []
            for token in 0..<tokenCount {
                for head in 0..<heads {
                    let shared = head / (heads / keyValueHeads)
                    let scores = (0...token).map { key in
                        (0..<dimension).reduce(0.0) { sum, d in
                            sum + 0.25 * Double(queries[(token * heads + head) * dimension + d])
                                * Double(keys[(key * keyValueHeads + shared) * dimension + d])
                        }
                    }
                    let maximum = scores.max() ?? 0
                    let weights = scores.map { exp($0 - maximum) }, total = weights.reduce(0, +)
                    for d in 0..<dimension {
                        result.append(
                            weights.enumerated().reduce(0.0) { sum, entry in
                                sum + entry.element / total
                                    * Double(values[(entry.offset * keyValueHeads + shared) * dimension + d])
                            })
                    }
                }
            }
            return result
        }
    }

    @Test(arguments: cases)
    func `equals softmax over all scores`(_ one: Case) throws {
        let sequence = Sequence(dimension: one.dimension, tokenCount: 71, seed: 21)
        let found = try sequence.attend(one, runs: [71])
        // float16 keys are off by 2⁻¹¹ of 3, scores by up to that times √D·3·0.25, values by 2⁻¹²; float32 rounds at 2⁻²⁴.
        let tolerance = one.elementType == .float16 ? 0.02 : 2e-5
        for (index, value) in sequence.expected().enumerated() {
            #expect((Double(found[index]) - value).magnitude < tolerance, "value \(index)")
        }
    }

    @Test(arguments: cases)
    func `has the same bits in one run, in pieces, token by token, on one thread and two`(_ one: Case) throws {
        let sequence = Sequence(dimension: one.dimension, tokenCount: 70, seed: 5)
        let whole = try sequence.attend(one, runs: [70]).bitPatterns
        for runs in [[1, 31, 33, 5], [64, 6], Array(repeating: 1, count: 70)] {
            #expect(try sequence.attend(one, runs: runs, threads: 2).bitPatterns == whole, "\(runs)")
        }
    }

    @Test(arguments: cases.filter { $0.instructionSet != .scalar })
    func `has the bits of the scalar kernels`(_ one: Case) throws {
        let sequence = Sequence(dimension: one.dimension, tokenCount: 40, seed: 77)
        let scalar = Case(instructionSet: .scalar, dimension: one.dimension, elementType: one.elementType)
        #expect(
            try sequence.attend(one, runs: [40]).bitPatterns == sequence.attend(scalar, runs: [40]).bitPatterns)
    }

    /// In a float16 cache a value above 65504 is infinite; 0 times that is NaN, so a weight of 0 is no mask.
    @Test(arguments: cases)
    func `infinite and NaN keys and values do not reach the tokens before them`(_ one: Case) throws {
        let sound = Sequence(dimension: one.dimension, tokenCount: 40, seed: 31)
        let whole = try sound.attend(one, runs: [40]).bitPatterns
        let perToken = sound.keyValueHeads * one.dimension, results = sound.heads * one.dimension
        for first in [1, 30, 31, 32, 33, 37] {
            for bad in [Float.infinity, -.infinity, .nan] {
                var broken = sound
                for index in first * perToken..<40 * perToken {
                    broken.keys[index] = bad
                    broken.values[index] = bad
                }
                let found = try broken.attend(one, runs: [40]).bitPatterns
                #expect(found.prefix(first * results) == whole.prefix(first * results), "\(bad) from token \(first)")
            }
        }
    }

    @Test func `sequences of one step do not see each other`() throws {
        let one = Case(instructionSet: InstructionSet.available[0], dimension: 16, elementType: .float16)
        let a = Sequence(dimension: 16, tokenCount: 40, seed: 1), b = Sequence(dimension: 16, tokenCount: 9, seed: 2)
        let backend = BackendSupport.backend(one.instructionSet, threads: 2)
        let cache = try backend.makeCache(
            CacheGeometry(
                layerCount: 1, keyValueHeadCount: 2, headDimension: 16, blockCount: 3, elementType: .float16))
        let slices = [
            SequenceSlice(tokens: 0..<40, startPosition: 0, blocks: [2, 0]),
            SequenceSlice(tokens: 40..<49, startPosition: 0, blocks: [1]),
        ]
        backend.store(
            keys: try BackendSupport.buffer(a.keys + b.keys, backend),
            values: try BackendSupport.buffer(a.values + b.values, backend), in: cache, layer: 0, sequences: slices)
        let output = try backend.makeBuffer(count: 49 * 6 * 16)
        backend.attend(
            queries: try BackendSupport.buffer(a.queries + b.queries, backend), headCount: 6, scale: 0.25,
            cache: cache, layer: 0, sequences: slices, into: output)
        let expected = try a.attend(one, runs: [40]) + b.attend(one, runs: [9])
        #expect(backend.read(output, count: 49 * 6 * 16).bitPatterns == expected.bitPatterns)
    }

    @Test func `impossible head dimensions are refused`() {
        for dimension in [0, 1, 7, 258] {
            #expect(throws: ComputeError.unsupportedHeadDimension(dimension)) {
                try BackendSupport.backend(.scalar).makeCache(
                    CacheGeometry(
                        layerCount: 1, keyValueHeadCount: 1, headDimension: dimension, blockCount: 1,
                        elementType: .float16))
            }
        }
    }
}
