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
        [2, 8, 24, 64, 80, 128, 256].flatMap { dimension in
            CacheFormat.supported.map {
                Case(instructionSet: instructionSet, dimension: dimension, elementType: $0)
            }
        }
    }

    /// One sequence of random queries, keys and values.
    struct Sequence {
        let heads: Int
        let keyValueHeads = 2
        let dimension: Int
        let tokenCount: Int
        let queries: [Float]
        var keys, values: [Float]

        init(dimension: Int, tokenCount: Int, seed: UInt64, heads: Int = 6) {
            self.heads = heads
            self.dimension = dimension
            self.tokenCount = tokenCount
            queries = RandomValues.uniform(count: tokenCount * heads * dimension, scale: 3, seed: seed)
            keys = RandomValues.uniform(count: tokenCount * 2 * dimension, scale: 3, seed: seed + 1)
            values = RandomValues.uniform(count: tokenCount * 2 * dimension, seed: seed + 2)
        }

        /// Stores and attends in runs of tokens, over blocks in a scrambled order.
        ///
        /// - Parameter onlyHead: Of the heads that share a key/value head, this one alone.
        func attend(_ one: Case, runs: [Int], threads: Int = 1, onlyHead: Int? = nil) throws -> [Float] {
            let heads = onlyHead == nil ? heads : keyValueHeads
            let queries = onlyHead.map { self.queries(ofHead: $0) } ?? queries
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

        private func queries(ofHead head: Int) -> [Float] {
            let group = heads / keyValueHeads
            var result: [Float] = []
            for row in 0..<tokenCount * keyValueHeads {
                let start = (row * group + head) * dimension
                result += queries[start..<start + dimension]
            }
            return result
        }

        /// Softmax over a score matrix, in float64.
        func expected(keys: [Float], values: [Float]) -> [Double] {
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

        func expected() -> [Double] { expected(keys: keys, values: values) }

        /// The same over what a cache of the type keeps of keys and values.
        func expected(cachedAs type: ElementType) -> [Double] {
            func rounded(_ all: [Float]) -> [Float] {
                var result: [Float] = []
                for start in stride(from: 0, to: all.count, by: dimension) {
                    result += CacheRounding.head(Array(all[start..<start + dimension]), type)
                }
                return result
            }
            return expected(keys: rounded(keys), values: rounded(values))
        }
    }

    @Test(arguments: cases)
    func `equals softmax over all scores`(_ one: Case) throws {
        let sequence = Sequence(dimension: one.dimension, tokenCount: 71, seed: 21)
        let found = try sequence.attend(one, runs: [71])
        // Keys are off by the type's rounding of 3, scores by up to that times √D·3·0.25 and more at times, values by a third
        // of it: 2⁻¹² of the largest for float16, 2⁻⁹ for bfloat16, 2⁻⁸ of the largest of 32 for Q8_0; float32 rounds at 2⁻²⁴.
        let tolerances: [ElementType: Double] = [.float32: 2e-5, .float16: 0.02, .bfloat16: 0.12, .q8_0: 0.12]
        let tolerance = try #require(tolerances[one.elementType])
        for (index, value) in sequence.expected().enumerated() {
            #expect((Double(found[index]) - value).magnitude < tolerance, "value \(index)")
        }
    }

    /// Apart from the rounding of what is kept, attention is as exact over all types. Over Q8_0, queries are rounded to 2⁻¹⁶ of
    /// 0.75; times keys of up to 3 over 256 channels that moves scores, and with them weights, by about 2 · 10⁻⁴.
    @Test(arguments: cases)
    func `equals softmax over the rounded keys and values`(_ one: Case) throws {
        let sequence = Sequence(dimension: one.dimension, tokenCount: 71, seed: 22)
        let found = try sequence.attend(one, runs: [71])
        let tolerance = one.elementType == .q8_0 ? 1e-3 : 2e-5
        for (index, value) in sequence.expected(cachedAs: one.elementType).enumerated() {
            #expect((Double(found[index]) - value).magnitude < tolerance, "value \(index)")
        }
    }

    /// One to eight queries share a key/value head, and with it the loads of a pass.
    @Test(arguments: CacheFormat.supported, [1, 2, 3, 4, 7, 8])
    func `groups of any size attend as each head alone`(_ type: ElementType, group: Int) throws {
        let one = Case(instructionSet: InstructionSet.available[0], dimension: 64, elementType: type)
        let sequence = Sequence(dimension: 64, tokenCount: 67, seed: 8, heads: 2 * group)
        let whole = try sequence.attend(one, runs: [67])
        for head in 0..<group {
            let alone = try sequence.attend(one, runs: [67], onlyHead: head)
            for token in 0..<67 {
                for shared in 0..<2 {
                    let a = (token * 2 * group + shared * group + head) * 64, b = (token * 2 + shared) * 64
                    #expect(
                        Array(whole[a..<a + 64]).bitPatterns == Array(alone[b..<b + 64]).bitPatterns,
                        "token \(token), head \(head)")
                }
            }
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

    /// In a float16 cache a value above 65504 is infinite, in one of Q8_0 a group with an infinite value is NaN; 0 times that is
    /// NaN, so a weight of 0 is no mask.
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

    /// What a fault makes of a token's own output must be seen, not hidden.
    @Test(arguments: cases)
    func `a NaN key or value makes its own token's output NaN`(_ one: Case) throws {
        for isKey in [true, false] {
            var broken = Sequence(dimension: one.dimension, tokenCount: 3, seed: 3)
            let index = (2 * broken.keyValueHeads + 1) * one.dimension + 1
            if isKey { broken.keys[index] = .nan } else { broken.values[index] = .nan }
            let found = try broken.attend(one, runs: [3])
            #expect(found[(2 * broken.heads + 3) * one.dimension + 1].isNaN, "key \(isKey)")
        }
    }

    /// Magnitudes from below the smallest scale to beyond the largest; Q8_0 keeps 2⁻⁸ of a group's largest as long as its scale
    /// is a normal float16.
    @Test(arguments: InstructionSet.available, [Float](arrayLiteral: 1e-8, 1e-6, 1e-3, 1, 1e3, 1e6))
    func `Q8_0 keeps values of any size`(_ instructionSet: InstructionSet, scale: Float) throws {
        let one = Case(instructionSet: instructionSet, dimension: 64, elementType: .q8_0)
        var sequence = Sequence(dimension: 64, tokenCount: 40, seed: 12)
        sequence.values = sequence.values.map { $0 * scale }
        let found = try sequence.attend(one, runs: [40])
        let tolerance = max(Double(scale) / 100, 0x1p-24)
        for (index, value) in sequence.expected().enumerated() {
            #expect((Double(found[index]) - value).magnitude < 3 * tolerance, "value \(index)")
        }
    }

    @Test(arguments: CacheFormat.supported)
    func `sequences of one step do not see each other`(_ type: ElementType) throws {
        let one = Case(instructionSet: InstructionSet.available[0], dimension: 16, elementType: type)
        let a = Sequence(dimension: 16, tokenCount: 40, seed: 1), b = Sequence(dimension: 16, tokenCount: 9, seed: 2)
        let backend = BackendSupport.backend(one.instructionSet, threads: 2)
        let cache = try backend.makeCache(
            CacheGeometry(
                layerCount: 1, keyValueHeadCount: 2, headDimension: 16, blockCount: 3, elementType: type))
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

    @Test(arguments: [
        (ElementType.float32, 128, 128 * 8), (.float16, 128, 128 * 4), (.bfloat16, 80, 80 * 4), (.float16, 24, 32 * 4),
        (.q8_0, 128, 2 * 136), (.q8_0, 80, 2 * 102), (.q8_0, 8, 2 * 34),
    ])
    func `a token takes the bytes of whole vectors and blocks`(_ type: ElementType, dimension: Int, bytes: Int) {
        let geometry = CacheGeometry(
            layerCount: 3, keyValueHeadCount: 2, headDimension: dimension, blockCount: 1, elementType: type)
        #expect(geometry.byteCountPerToken == 6 * bytes)
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
