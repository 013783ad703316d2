import ModelFiles
import TestSupport
import Testing

/// Against files written by the `gguf` Python package 0.19.0 (Tools/fixtures/make_gguf_fixtures.py), which lists the values.
@Suite("GGUF metadata")
struct GGUFMetadataTests {
    let metadata: Metadata

    init() throws { metadata = try openModelFile(path: Fixtures.path("gguf/value-types.gguf")).metadata }

    @Test
    func `keys keep the order of the file`() {
        #expect(
            metadata.keys.prefix(5) == [
                "general.architecture", "scalar.uint8", "scalar.int8", "scalar.uint16", "scalar.int16",
            ])
        #expect(metadata.keys.count == 28)
    }

    @Test(arguments: MetadataValueType.allCases)
    func `every type occurs and is recognised`(type: MetadataValueType) throws {
        if type != .array { #expect(metadata["scalar.\(type)"]?.type == type) }
        let array = try #require(metadata[type == .array ? "array.nested" : "array.\(type)"])
        #expect(array.typeDescription == "array of \(type)")
    }

    @Test
    func `integers of every type come back at their extremes`() throws {
        #expect(try metadata.integer("scalar.uint8") == 255)
        #expect(try metadata.integer("scalar.int8") == -128)
        #expect(try metadata.integer("scalar.uint16") == 65535)
        #expect(try metadata.integer("scalar.int16") == -32768)
        #expect(try metadata.integer("scalar.uint32") == 4_294_967_295)
        #expect(try metadata.integer("scalar.int32") == -2_147_483_648)
        #expect(try metadata.integer("scalar.int64") == Int.min)
        guard case .uint64(UInt64.max) = metadata["scalar.uint64"] else { return #expect(Bool(false)) }
    }

    @Test
    func `numbers, bools and strings come back as they were`() throws {
        #expect(try metadata.number("scalar.float32") == 0.15625)
        #expect(try metadata.number("scalar.float64") == 0.1)
        #expect(try metadata.number("scalar.uint64") == 0x1p64)
        #expect(try metadata.bool("scalar.bool") == true)
        #expect(try metadata.string("scalar.string") == "grüße 🦙")
        #expect(try metadata.bytes("scalar.string.invalid") == [0x61, 0, 0xFF, 0x62])
    }

    @Test(arguments: [
        ("uint8", [0, 1, 255]), ("int8", [-128, 0, 127]), ("uint16", [0, 65535]), ("int16", [-32768, 32767]),
        ("uint32", [0, 4_294_967_295]), ("int32", [-2_147_483_648, 2_147_483_647]), ("uint64", [0, Int.max]),
        ("int64", [Int.min, Int.max]),
    ])
    func `arrays of every integer type are read as integers`(type: String, expected: [Int]) throws {
        #expect(try metadata.integers("array.\(type)") == expected)
        #expect(try metadata.numbers("array.\(type)") == expected.map(Double.init))
    }

    @Test
    func `arrays of the other types come back as they were`() throws {
        #expect(try metadata.numbers("array.float32") == [0.5, -1.5, Double(Float.greatestFiniteMagnitude)])
        #expect(try metadata.numbers("array.float64") == [0.1, -1e300])
        #expect(try metadata.bools("array.bool") == [true, false, true])
        let strings = try #require(try metadata.byteStrings("array.string"))
        #expect(strings.map(Array.init) == [[], [0x61], [UInt8]("▁the".utf8), [0xFF, 0xFE]])
        #expect(strings.text(at: 2) == "▁the")
        #expect(strings.text(at: 3) == nil)
    }

    @Test
    func `nested arrays are decoded level by level`() throws {
        let nested = try arrays(in: metadata["array.nested"])
        #expect(try nested.map { try $0.values().map(\.integer) } == [[1, 2], [3]])
        let deeper = try arrays(in: metadata["array.nested.deeper"])
        try #require(deeper.count == 1)
        let innermost = try arrays(in: .array(deeper[0]))
        #expect(innermost.map(\.elementType) == [.string, .string])
        #expect(innermost.map(\.count) == [1, 2])
    }

    @Test
    func `a limit decodes the first elements only`() throws {
        guard case .array(let array) = metadata["array.uint8"] else { return #expect(Bool(false)) }
        #expect(try array.values(limit: 2).map(\.integer) == [0, 1])
        #expect(try array.values(limit: 0).isEmpty)
        #expect(try array.values(limit: -1).isEmpty)
    }

    private func arrays(in value: MetadataValue?) throws -> [MetadataArray] {
        guard case .array(let outer) = value else { return [] }
        return try outer.values().compactMap { if case .array(let inner) = $0 { inner } else { nil } }
    }
}
