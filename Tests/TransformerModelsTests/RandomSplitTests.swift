import Compute
import ModelFiles
import Tensors
import TestSupport
import Testing
import TransformerModels

/// The bits of a token's logits depend on the tokens before it and on nothing else. The plain reference is each sequence alone,
/// in one pass, on one thread.
///
/// Attention has a function for each type of cache; F32 weights reach that of float32, all others that of float16, and the other
/// types are asked for. Each takes up to eight rows at a time, a row being a token's head. A piece of one token has rows that see the same keys. The
/// rows of a longer piece see different numbers of keys, and where they lie on both sides of a cache block's end, some of them
/// see nothing of the block behind it. The two tests at the end make sure that all of these are reached.
@Suite("Random splits", .timeLimit(.minutes(5)))
struct RandomSplitTests {
    struct Case: CustomTestStringConvertible, Sendable {
        let instructionSet: InstructionSet
        let type: ElementType
        var testDescription: String { "\(instructionSet.rawValue) \(type)" }

        /// Of these and of those that share a product with them, the splits are many; of the rest few.
        static let foremost: [ElementType] = [
            .float32, .float16, .bfloat16, .q8_0, .q4_0, .q4_1, .q5_0, .q5_1, .q4K, .q5K, .q6K, .iq4NL, .q2K, .iq4XS,
        ]
        // The scalar kernels are some twenty times slower.
        var isBrief: Bool { instructionSet == .scalar || !Self.foremost.contains(type) }
        var seeds: ClosedRange<UInt64> { isBrief ? 1...1 : 1...4 }
        var model: RandomModel {
            var model = RandomModel(type)
            if isBrief { model.layerCount = 1 }
            return model
        }
    }

    /// Those that GGUF files can have.
    static let types = WeightFormat.supported.filter { RandomModel.numbers[$0] != nil }

    static let cases = InstructionSet.available.flatMap { instructionSet in
        types.map { Case(instructionSet: instructionSet, type: $0) }
    }

    /// Bits of the logits `[T, V]` of a sequence alone, in one pass, on one thread.
    static func reference(
        _ file: any ModelFile, _ instructionSet: InstructionSet, _ tokenIDs: [Int32], cacheType: ElementType? = nil
    ) throws -> [UInt32] {
        try ModelRun(file, instructionSet, maximumBatchCount: SplitPlan.longest, cacheType: cacheType)
            .forward(tokenIDs, at: 0).map(\.bitPattern)
    }

    /// The first token whose logits differ in a bit.
    static func firstDifference(_ found: [UInt32], _ expected: [UInt32], vocabularySize: Int) -> Int? {
        guard found.count == expected.count else { return 0 }
        return found.indices.first { found[$0] != expected[$0] }.map { $0 / vocabularySize }
    }

    /// Compares the random splits of each seed, on one thread, two and three, with the reference.
    static func expectEqualBits(
        _ model: RandomModel, _ instructionSet: InstructionSet, seeds: ClosedRange<UInt64>,
        cacheType: ElementType? = nil
    ) throws {
        let file = try model.open(), vocabularySize = model.vocabularySize
        let runs = try (1...3).map {
            try SplitRun(file, instructionSet, threads: $0, seed: UInt64($0), cacheType: cacheType)
        }
        for seed in seeds {
            let plans = SplitPlan.random(seed: seed, count: runs.count, vocabularySize: vocabularySize)
            let whole = try plans[0].sequences.map { try reference(file, instructionSet, $0, cacheType: cacheType) }
            try #require(whole.joined().allSatisfy { Float(bitPattern: $0).isFinite })  // NaNs would all be alike
            for (index, run) in runs.enumerated() {
                let found = run.logitBits(of: plans[index])
                for (sequence, expected) in whole.enumerated() {
                    let differing = firstDifference(found[sequence], expected, vocabularySize: vocabularySize)
                    #expect(differing == nil, "seed \(seed), threads \(index + 1), sequence \(sequence)")
                }
            }
        }
    }

    @Test(arguments: cases)
    func `bits do not depend on pieces, company, order of blocks or threads`(_ one: Case) throws {
        try Self.expectEqualBits(one.model, one.instructionSet, seeds: one.seeds)
    }

    /// Heads of 20 channels, seven for one of keys; of 32, three for one; of 64, two for one.
    @Test(arguments: CacheFormat.supported, [ElementType.bfloat16, .q8_0, .q4K])
    func `nor do they over any type of cache`(_ cacheType: ElementType, weights: ElementType) throws {
        for instructionSet in InstructionSet.available {
            var model = RandomModel(weights)
            if instructionSet == .scalar { model.layerCount = 1 }
            try Self.expectEqualBits(
                model, instructionSet, seeds: instructionSet == .scalar ? 1...1 : 1...3, cacheType: cacheType)
        }
    }

    @Test(arguments: [ElementType.float16, .q4_0, .q4K])
    func `nor do they where a step has more tokens than one pass of a wide product`(_ type: ElementType) throws {
        var model = RandomModel(type)
        model.layerCount = 1
        model.feedForwardSize = 4096  // 512 KiB of activations per pass are 128 tokens of this width
        try Self.expectEqualBits(model, InstructionSet.available[0], seeds: 1...1)
    }

    /// As files of few bits do: a type for most matrices, others for those that matter more.
    @Test func `nor do they where a file mixes types`() throws {
        var model = RandomModel(.q4K)
        model.mixture = [.q2K, .iq3S, .q6K, .iq2XS, .iq4NL, .q3K, .q5K, .iq1M, .float16, .iq4XS, .q8_0, .tq2_0, .mxfp4]
        try Self.expectEqualBits(model, InstructionSet.available[0], seeds: 1...2)
    }

    @Test(arguments: cases)
    func `token by token gives the bits of one pass`(_ one: Case) throws {
        let model = one.model, file = try model.open()
        var generator = SeededGenerator(seed: 7)
        let tokenIDs = (0..<70).map { _ in Int32.random(in: 0..<Int32(model.vocabularySize), using: &generator) }
        let found = try ModelRun(file, one.instructionSet, threads: 2)
            .forward(tokenIDs, pieces: tokenIDs.map { _ in 1 }).map(\.bitPattern)
        let whole = try Self.reference(file, one.instructionSet, tokenIDs)
        #expect(Self.firstDifference(found, whole, vocabularySize: model.vocabularySize) == nil)
    }

    @Test(arguments: types)
    func `only float32 weights have a float32 cache`(_ type: ElementType) throws {
        #expect(try ModelRun(RandomModel(type).open()).model.usualCacheType == (type == .float32 ? .float32 : .float16))
    }

    @Test func `the plans have every kind of step`() {
        let plans = SplitPlan.random(seed: 1, count: 3, vocabularySize: RandomModel(.float32).vocabularySize)
        let steps = plans.flatMap(\.steps).map { $0.map(\.range) }, block = CacheGeometry.tokensPerBlock
        #expect(steps.contains { $0.count > 1 && $0.allSatisfy { $0.count == 1 } }, "single tokens")
        #expect(steps.contains { $0.count == 1 && $0[0].count > 1 }, "a piece alone")
        #expect(steps.contains { Set($0.map { $0.count == 1 }).count == 2 }, "single tokens beside others")
        #expect(steps.joined().contains { $0.count > 2 * block }, "three blocks")
        // Tokens share rows two by two at least, from the piece's first.
        let straddling = steps.joined().filter { range in
            let end = (range.lowerBound / block + 1) * block
            return end < range.upperBound && !(end - range.lowerBound).isMultiple(of: 2)
        }
        #expect(!straddling.isEmpty, "rows on both sides of a block's end")
        #expect(steps.contains { $0.reduce(0) { $0 + $1.count } > 128 }, "two passes of a wide product")
    }
}
