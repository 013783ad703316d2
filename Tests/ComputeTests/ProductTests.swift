import Compute
import Tensors
import TestSupport
import Testing

@Suite("Products over weights of every type")
struct ProductTests {
    struct Case: CustomTestStringConvertible, Sendable {
        let instructionSet: InstructionSet
        let type: ElementType
        var testDescription: String { "\(instructionSet.rawValue) \(type)" }
    }

    /// The kernel table times the table of weight formats, so that a new row of either is tested by existing.
    static let cases = InstructionSet.available.flatMap { instructionSet in
        WeightFormat.supported.map { Case(instructionSet: instructionSet, type: $0) }
    }

    /// Widths that are one block, odd numbers of blocks, and more than one tile; plain numbers also with a ragged tail.
    static func widths(_ type: ElementType) -> [Int] {
        switch type.blockFormat.elementsPerBlock {
        case 256: [256, 768]
        case 32: [32, 96, 320]
        default: [5, 16, 172, 300]
        }
    }

    static func multiply(
        _ backend: CPUBackend, _ weights: TensorView, _ input: [Float], bias: [Float]? = nil
    ) throws -> [Float] {
        let matrix = try backend.makeMatrix(weights), tokens = input.count / matrix.columns
        let output = try backend.makeBuffer(count: tokens * matrix.rows)
        let bias = try bias.map { try BackendSupport.buffer($0, backend) }
        backend.multiply(
            [MatrixProduct(weights: matrix, bias: bias, output: output)],
            input: try BackendSupport.buffer(input, backend), tokenCount: tokens)
        return backend.read(output, count: tokens * matrix.rows)
    }

    /// What int8 activations make of a value: one scale per group, rounded to the nearest of −127...127 steps. With bfloat16 weights
    /// they are rounded to that.
    static func quantized(_ input: [Float], type: ElementType) -> [Double] {
        let group = type.blockFormat.elementsPerBlock
        if type == .bfloat16 {
            return input.map { value in
                let step = value.ulp * 0x1p16  // 8 bits of mantissa instead of 24
                return Double((value / step).rounded(.toNearestOrEven) * step)
            }
        }
        guard group > 1 else { return input.map(Double.init) }
        return stride(from: 0, to: input.count, by: group).flatMap { start in
            let values = input[start..<start + group]
            let largest = values.map(\.magnitude).max() ?? 0
            return values.map { Double(($0 * (127 / largest)).rounded(.toNearestOrEven)) * Double(largest / 127) }
        }
    }

    @Test(arguments: cases)
    func `equals the definition: decoded weights times rounded activations`(_ one: Case) throws {
        let backend = BackendSupport.backend(one.instructionSet)
        for columns in Self.widths(one.type) {
            let rows = 37, tokens = 3
            let weights = BackendSupport.randomMatrix(one.type, rows: rows, columns: columns, seed: UInt64(columns))
            let input = RandomValues.withOutliers(count: tokens * columns, seed: 11)
            let found = try Self.multiply(backend, weights, input)
            let decoded = BackendSupport.decoded(weights)
            for token in 0..<tokens {
                let x = Self.quantized(Array(input[token * columns..<(token + 1) * columns]), type: one.type)
                for row in 0..<rows {
                    var sum = 0.0, magnitude = 0.0
                    for k in 0..<columns {
                        let term = x[k] * Double(decoded[row * columns + k])
                        sum += term
                        magnitude += term.magnitude
                    }
                    // Each of the float32 steps of a block rounds once: 2⁻²⁴ of a partial sum, far fewer than 32 of them.
                    let difference = (Double(found[token * rows + row]) - sum).magnitude
                    #expect(
                        difference <= magnitude * 32 * 0x1p-24,
                        "\(columns) columns, token \(token), row \(row): \(found[token * rows + row]) for \(sum)")
                }
            }
        }
    }

    @Test(arguments: cases)
    func `gives the same bits as the scalar kernels`(_ one: Case) throws {
        for columns in Self.widths(one.type) {
            let weights = BackendSupport.randomMatrix(one.type, rows: 35, columns: columns, seed: 3)
            for tokens in [1, 2, 7, 13] {
                let input = RandomValues.withOutliers(count: tokens * columns, seed: 5)
                let found = try Self.multiply(BackendSupport.backend(one.instructionSet), weights, input)
                let scalar = try Self.multiply(BackendSupport.backend(.scalar), weights, input)
                #expect(found.bitPatterns == scalar.bitPatterns, "\(columns) columns, \(tokens) tokens")
            }
        }
    }

    @Test(arguments: cases)
    func `gives a token the same bits alone and in any company`(_ one: Case) throws {
        // Plain numbers are wide enough here for several parts of the columns.
        let columns = one.type.blockFormat.elementsPerBlock == 1 ? 2508 : 512, rows = 70, tokens = 31
        let weights = BackendSupport.randomMatrix(one.type, rows: rows, columns: columns, seed: 9)
        let input = RandomValues.withOutliers(count: tokens * columns, seed: 10)
        let together = try Self.multiply(BackendSupport.backend(one.instructionSet, threads: 2), weights, input)
        for token in 0..<tokens {
            let alone = try Self.multiply(
                BackendSupport.backend(one.instructionSet), weights,
                Array(input[token * columns..<(token + 1) * columns]))
            #expect(alone.bitPatterns == Array(together[token * rows..<(token + 1) * rows]).bitPatterns, "\(token)")
        }
    }

    @Test(arguments: InstructionSet.available)
    func `adds the bias`(_ instructionSet: InstructionSet) throws {
        let weights = BackendSupport.randomMatrix(.q8_0, rows: 19, columns: 64, seed: 1)
        let input = RandomValues.uniform(count: 2 * 64, seed: 2), bias = RandomValues.uniform(count: 19, seed: 3)
        let backend = BackendSupport.backend(instructionSet)
        let plain = try Self.multiply(backend, weights, input)
        let biased = try Self.multiply(backend, weights, input, bias: bias)
        for (index, value) in plain.enumerated() { #expect(biased[index] == value + bias[index % 19]) }
    }

    @Test(arguments: InstructionSet.available)
    func `NaN in the input gives NaN and does not trap`(_ instructionSet: InstructionSet) throws {
        for type in WeightFormat.supported {
            let weights = BackendSupport.randomMatrix(type, rows: 16, columns: 256, seed: 1)
            var input = RandomValues.uniform(count: 256, seed: 2)
            input[77] = .nan
            let found = try Self.multiply(BackendSupport.backend(instructionSet), weights, input)
            #expect(found.allSatisfy { $0.isNaN }, "\(type)")
        }
    }

    @Test func `zero input gives zero`() throws {
        for one in Self.cases {
            let weights = BackendSupport.randomMatrix(one.type, rows: 16, columns: 256, seed: 1)
            let found = try Self.multiply(
                BackendSupport.backend(one.instructionSet), weights, [Float](repeating: 0, count: 256))
            #expect(found.allSatisfy { $0 == 0 }, "\(one.testDescription)")
        }
    }

    @Test func `several matrices over one input equal each alone`() throws {
        let backend = BackendSupport.backend(InstructionSet.available[0], threads: 2)
        let input = RandomValues.uniform(count: 5 * 256, seed: 4)
        let types: [ElementType] = [.q4K, .q6K, .q8_0, .float16]
        let views = types.map { BackendSupport.randomMatrix($0, rows: 48, columns: 256, seed: 8) }
        let outputs = try views.map { _ in try backend.makeBuffer(count: 5 * 48) }
        let products = try zip(views, outputs).map {
            MatrixProduct(weights: try backend.makeMatrix($0), output: $1)
        }
        backend.multiply(products, input: try BackendSupport.buffer(input, backend), tokenCount: 5)
        for (view, output) in zip(views, outputs) {
            let alone = try Self.multiply(backend, view, input)
            #expect(backend.read(output, count: 5 * 48).bitPatterns == alone.bitPatterns)
        }
    }

    @Test func `types without kernels are refused by name`() throws {
        let backend = BackendSupport.backend(.scalar)
        let view = BackendSupport.tensor([UInt8](repeating: 0, count: 292), .q8K, shape: [1, 256])
        #expect(throws: ComputeError.unsupportedElementType(tensor: "test", .q8K)) { try backend.makeMatrix(view) }
        let integers = BackendSupport.tensor([UInt8](repeating: 0, count: 64), .int32, shape: [16])
        #expect(throws: ComputeError.unsupportedElementType(tensor: "test", .int32)) {
            try backend.makeBuffer(integers)
        }
    }

    @Test(arguments: WeightFormat.supported)
    func `a vector is its decoded values`(_ type: ElementType) throws {
        let row = BackendSupport.randomMatrix(type, rows: 1, columns: 512, seed: 6)
        let vector = BackendSupport.tensor([UInt8](row.bytes), type, shape: [512])
        let backend = BackendSupport.backend(InstructionSet.available[0])
        let found = backend.read(try backend.makeBuffer(vector), count: 512)
        #expect(found.bitPatterns == BackendSupport.decoded(row).bitPatterns)
    }

    @Test(arguments: WeightFormat.supported)
    func `an embedding is the decoded row`(_ type: ElementType) throws {
        let backend = BackendSupport.backend(InstructionSet.available[0], threads: 2)
        let view = BackendSupport.randomMatrix(type, rows: 10, columns: 512, seed: 6)
        let output = try backend.makeBuffer(count: 3 * 512)
        backend.embed([9, 0, 4], from: try backend.makeMatrix(view), into: output)
        let decoded = BackendSupport.decoded(view)
        let expected = [9, 0, 4].flatMap { decoded[$0 * 512..<($0 + 1) * 512] }
        #expect(backend.read(output, count: 3 * 512).bitPatterns == expected.bitPatterns)
    }
}
