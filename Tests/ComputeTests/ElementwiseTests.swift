import Compute
import TestSupport
import Testing

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

@Suite("Operations between products")
struct ElementwiseTests {
    static func norm(_ values: [Float]) -> Double { values.reduce(0) { $0 + Double($1) * Double($1) }.squareRoot() }

    static func dot(_ a: [Float], _ b: [Float]) -> Double { zip(a, b).reduce(0) { $0 + Double($1.0) * Double($1.1) } }

    static func angles(position: Int, dimension: Int) -> RotaryAngles {
        let frequencies = (0..<dimension / 2).map { pow(10_000, -2 * Double($0) / Double(dimension)) }
        return RotaryAngles(
            pairCount: dimension / 2, cosines: frequencies.map { Float(cos(Double(position) * $0)) },
            sines: frequencies.map { Float(sin(Double(position) * $0)) })
    }

    static func rotated(
        _ head: [Float], position: Int, pairing: RotaryPairing, _ instructionSet: InstructionSet
    ) throws -> [Float] {
        let backend = BackendSupport.backend(instructionSet)
        let buffer = try BackendSupport.buffer(head, backend)
        backend.rotate(
            buffer, headCount: 1, headDimension: head.count,
            angles: angles(position: position, dimension: head.count), pairing: pairing)
        return backend.read(buffer, count: head.count)
    }

    @Test(arguments: InstructionSet.available, [RotaryPairing.adjacent, .halves])
    func `rotation keeps lengths, and products depend on the distance only`(
        instructionSet: InstructionSet, pairing: RotaryPairing
    ) throws {
        let q = RandomValues.uniform(count: 64, seed: 1), k = RandomValues.uniform(count: 64, seed: 2)
        func rotate(_ head: [Float], _ position: Int) throws -> [Float] {
            try Self.rotated(head, position: position, pairing: pairing, instructionSet)
        }
        #expect(try rotate(q, 0) == q)
        for (m, n) in [(3, 9), (100, 100), (7, 2000)] {
            #expect((try Self.norm(rotate(q, m)) - Self.norm(q)).magnitude < 1e-5)
            let both = Self.dot(try rotate(q, m), try rotate(k, n))
            let relative = Self.dot(q, try rotate(k, n - m))
            #expect((both - relative).magnitude < 1e-4, "positions \(m), \(n)")  // two float32 angles and products
        }
    }

    @Test(arguments: InstructionSet.available)
    func `rotation pairs the channels that it says`(_ instructionSet: InstructionSet) throws {
        // A quarter turn takes (1, 0) of a pair to (0, 1).
        let backend = BackendSupport.backend(instructionSet)
        let turn = RotaryAngles(pairCount: 2, cosines: [0, 0], sines: [1, 1])
        for (pairing, expected) in [(RotaryPairing.adjacent, [-2, 1, -4, 3]), (.halves, [-3, -4, 1, 2])] {
            let buffer = try BackendSupport.buffer([1, 2, 3, 4], backend)
            backend.rotate(buffer, headCount: 1, headDimension: 4, angles: turn, pairing: pairing)
            #expect(backend.read(buffer, count: 4) == expected.map(Float.init))
        }
    }

    @Test(arguments: InstructionSet.available, [1, 15, 16, 17, 64, 2048])
    func `RMSNorm is its formula`(instructionSet: InstructionSet, width: Int) throws {
        let backend = BackendSupport.backend(instructionSet, threads: 2), rows = 9
        let input = RandomValues.withOutliers(count: rows * width, seed: 3)
        let weight = RandomValues.uniform(count: width, seed: 4)
        let output = try backend.makeBuffer(count: rows * width)
        backend.normalize(
            try BackendSupport.buffer(input, backend), rows: rows, weight: try BackendSupport.buffer(weight, backend),
            epsilon: 1e-5, into: output)
        let found = backend.read(output, count: rows * width)
        for row in 0..<rows {
            let x = input[row * width..<(row + 1) * width].map(Double.init)
            let scale = 1 / (x.reduce(0) { $0 + $1 * $1 } / Double(width) + 1e-5).squareRoot()
            for k in 0..<width {
                let expected = x[k] * scale * Double(weight[k])
                // Four float32 operations, and a sum of squares that rounds up to log₂ of its length times.
                #expect((Double(found[row * width + k]) - expected).magnitude <= expected.magnitude * 20 * 0x1p-24)
            }
        }
    }

    @Test(arguments: InstructionSet.available)
    func `SwiGLU is its formula from very negative to very positive gates`(_ instructionSet: InstructionSet) throws {
        let backend = BackendSupport.backend(instructionSet)
        let gate = (0..<401).map { Float($0 - 200) / 2 }, up = RandomValues.uniform(count: 401, seed: 6)
        let output = try backend.makeBuffer(count: 401)
        backend.multiplySiLU(
            gate: try BackendSupport.buffer(gate, backend), up: try BackendSupport.buffer(up, backend), count: 401,
            into: output)
        for (index, value) in backend.read(output, count: 401).enumerated() {
            let g = Double(gate[index]), expected = g / (1 + exp(-g)) * Double(up[index])
            // The exponential is good to 2 ulp; below e⁻⁸⁷ the result is 0.
            #expect((Double(value) - expected).magnitude <= expected.magnitude * 8 * 0x1p-24 + 1e-35, "gate \(g)")
        }
    }

    @Test(arguments: InstructionSet.available)
    func `all operations have the bits of the scalar kernels`(_ instructionSet: InstructionSet) throws {
        let x = RandomValues.withOutliers(count: 1000, seed: 1), y = RandomValues.uniform(count: 1000, seed: 2)
        func results(_ instructionSet: InstructionSet) throws -> [[UInt32]] {
            let backend = BackendSupport.backend(instructionSet)
            let a = try BackendSupport.buffer(x, backend), b = try BackendSupport.buffer(y, backend)
            let silu = try backend.makeBuffer(count: 1000), norm = try backend.makeBuffer(count: 1000)
            backend.multiplySiLU(gate: a, up: b, count: 1000, into: silu)
            backend.normalize(a, rows: 1, weight: b, epsilon: 1e-6, into: norm)
            backend.add(b, to: a, count: 1000)
            return [silu, norm, a].map { backend.read($0, count: 1000).bitPatterns }
        }
        #expect(try results(instructionSet) == results(.scalar))
    }

    @Test func `rows are gathered in the order asked`() throws {
        let backend = BackendSupport.backend(.scalar)
        let output = try backend.makeBuffer(count: 6)
        backend.gather(
            rows: [2, 0, 2], width: 2, from: try BackendSupport.buffer([0, 1, 2, 3, 4, 5], backend), into: output)
        #expect(backend.read(output, count: 6) == [4, 5, 0, 1, 4, 5])
    }
}
