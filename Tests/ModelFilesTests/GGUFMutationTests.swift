import ModelFiles
import Tensors
import TestSupport
import Testing

/// A sound file with something broken opens or throws; it never traps, and never makes the reader ask for much memory.
@Suite("Broken GGUF files")
struct GGUFMutationTests {
    static let names = ["small.gguf", "value-types.gguf", "tensor-types.gguf"]

    @Test
    func `a file cut at any byte throws`() throws {
        let whole = try Fixtures.bytes("gguf/small.gguf")
        // The last tensor has 8 bytes; what follows is padding that nobody needs.
        let end = try #require(openModelFile(path: Fixtures.path("gguf/small.gguf")).tensors.last).byteRange.upperBound
        #expect(end < whole.count)
        for length in 0..<end {
            #expect(throws: ModelFileError.self, "\(length) bytes") {
                try openModelFile(contents: Array(whole.prefix(length)), path: "cut.gguf")
            }
        }
        #expect(throws: Never.self) { try openModelFile(contents: Array(whole.prefix(end)), path: "cut.gguf") }
    }

    /// In a process of its own with little address space to spare: a reservation by a made-up number would end it.
    @Test(arguments: 0..<20, names)
    func `a thousand mutations open or throw`(seed: Int, name: String) async {
        await #expect(processExitsWith: .success) { [seed, name] in
            limitAddressSpace(growth: 256 << 20)
            var mutator = Mutator(original: try Fixtures.bytes("gguf/\(name)"), seed: UInt64(seed))
            var openedCount = 0
            for _ in 0..<1000 {
                guard let model = try? openModelFile(contents: mutator.next(), path: "mutated.gguf") else { continue }
                openedCount += 1
                readAll(of: model)
            }
            // Were none or all of them refused, the mutations would test nothing.
            #expect((50...950).contains(openedCount), "\(openedCount) of 1000 opened")
        }
    }
}

/// Decodes every array and touches the ends of every tensor; values may have become anything, so errors are fine.
private func readAll(of model: any ModelFile) {
    for key in model.metadata.keys {
        if case .array(let array) = model.metadata[key] { readAll(of: array) }
        _ = try? model.metadata.integer(key)
        _ = try? model.metadata.string(key)
        _ = try? model.metadata.integers(key)
        _ = try? model.metadata.numbers(key)
        _ = try? model.metadata.byteStrings(key)
    }
    for tensor in model.tensors {
        let bytes = model.view(of: tensor).bytes
        precondition((bytes.first ?? 0) &+ (bytes.last ?? 0) <= 255)
    }
}

private func readAll(of array: MetadataArray) {
    for case .array(let inner) in (try? array.values()) ?? [] { readAll(of: inner) }
}

/// Breaks a file in one to three places per step: bits, integers at their extremes, bytes put in or taken out.
private struct Mutator {
    let original: [UInt8]
    var generator: SeededGenerator

    init(original: [UInt8], seed: UInt64) {
        self.original = original
        generator = SeededGenerator(seed: seed)
    }

    mutating func next() -> [UInt8] {
        var bytes = original
        for _ in 0..<Int.random(in: 1...3, using: &generator) { mutate(&bytes) }
        return bytes
    }

    private mutating func mutate(_ bytes: inout [UInt8]) {
        let index = Int.random(in: 0..<bytes.count, using: &generator)
        switch Int.random(in: 0..<6, using: &generator) {
        case 0: bytes[index] ^= 1 << UInt8.random(in: 0...7, using: &generator)
        case 1: bytes[index] = UInt8.random(in: 0...255, using: &generator)
        case 2: overwrite(&bytes, at: index, with: GGUFBuilder.little(extreme(of: UInt32.self)))
        case 3: overwrite(&bytes, at: index, with: GGUFBuilder.little(extreme(of: UInt64.self)))
        case 4: bytes.insert(UInt8.random(in: 0...255, using: &generator), at: index)
        default: if bytes.count > 32 { bytes.remove(at: index) }
        }
    }

    private mutating func extreme<Integer: FixedWidthInteger & UnsignedInteger>(of type: Integer.Type) -> Integer {
        let edges: [Integer] = [
            0, 1, 2, 9, 12, 13, 255, .max, .max - 1, .max / 2, .max / 2 + 1, .max / 4, 1 << 20, 1 << 24, 1 << 28,
        ]
        return edges.randomElement(using: &generator) ?? 0
    }

    private func overwrite(_ bytes: inout [UInt8], at index: Int, with field: [UInt8]) {
        for (offset, byte) in field.enumerated() where index + offset < bytes.count { bytes[index + offset] = byte }
    }
}
