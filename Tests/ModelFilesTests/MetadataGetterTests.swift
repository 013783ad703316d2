import ModelFiles
import Testing

@Suite("Metadata getters")
struct MetadataGetterTests {
    let metadata: Metadata = {
        var metadata = Metadata(file: "m.gguf")
        metadata.append("count", .uint16(32), offset: 40)
        metadata.append("negative", .int32(-1), offset: 50)
        metadata.append("huge", .uint64(.max), offset: 60)
        metadata.append("scale", .float32(0.5), offset: 70)
        metadata.append("nan", .float64(.nan), offset: 80)
        metadata.append("name", .string([UInt8]("llama".utf8)), offset: 90)
        metadata.append("broken", .string([0x61, 0xFF]), offset: 100)
        metadata.append("flag", .bool(true), offset: 110)
        return metadata
    }()

    @Test
    func `an absent key gives nil, and where it is required an error`() throws {
        #expect(try metadata.integer("absent") == nil)
        #expect(try metadata.string("absent") == nil)
        #expect(try metadata.byteStrings("absent") == nil)
        expectError("m.gguf: key 'absent': expected integer, found none") { try metadata.requiredInteger("absent") }
        expectError("m.gguf: key 'absent': expected array of strings, found none") {
            try metadata.requiredByteStrings("absent")
        }
    }

    @Test
    func `a value of another type is an error, not an absent one`() {
        expectError("m.gguf, byte 90: key 'name': expected integer, found string") { try metadata.integer("name") }
        expectError("m.gguf, byte 70: key 'scale': expected integer, found float32") { try metadata.integer("scale") }
        expectError("m.gguf, byte 110: key 'flag': expected number, found bool") { try metadata.number("flag") }
        expectError("m.gguf, byte 40: key 'count': expected bool, found uint16") { try metadata.bool("count") }
        expectError("m.gguf, byte 40: key 'count': expected string, found uint16") { try metadata.string("count") }
        expectError("m.gguf, byte 40: key 'count': expected array of integers, found uint16") {
            try metadata.integers("count")
        }
    }

    @Test
    func `numbers outside their range are errors`() throws {
        #expect(try metadata.integer("count", in: 1...32) == 32)
        expectError("m.gguf, byte 40: key 'count': expected integer in 1...31, found 32") {
            try metadata.integer("count", in: 1...31)
        }
        expectError("m.gguf, byte 50: key 'negative': expected integer in 0...100, found -1") {
            try metadata.requiredInteger("negative", in: 0...100)
        }
        expectError(
            "m.gguf, byte 60: key 'huge': expected integer in \(Int.min)...\(Int.max), found 18446744073709551615"
        ) { try metadata.integer("huge") }
        expectError("m.gguf, byte 70: key 'scale': expected number in 1.0...2.0, found 0.5") {
            try metadata.number("scale", in: 1...2)
        }
        expectError("m.gguf, byte 80: key 'nan': expected number in 0.0...1.0, found nan") {
            try metadata.number("nan", in: 0...1)
        }
        #expect(try metadata.number("nan")?.isNaN == true)
    }

    @Test
    func `an integer is a number too`() throws {
        #expect(try metadata.number("count") == 32)
        #expect(try metadata.number("scale") == 0.5)
    }

    @Test
    func `bytes that are not UTF-8 are no text`() throws {
        #expect(try metadata.string("name") == "llama")
        #expect(try metadata.bytes("broken") == [0x61, 0xFF])
        expectError(#"m.gguf, byte 100: key 'broken': expected UTF-8 text, found 'a\xFF'"#) {
            try metadata.string("broken")
        }
    }

    @Test
    func `a second value for a key is refused and changes nothing`() throws {
        var metadata = metadata
        let duplicate = metadata.append("count", .uint16(1), offset: 200)
        #expect(duplicate?.firstOffset == 40)
        #expect(try metadata.integer("count") == 32)
        #expect(metadata.keys.count == 8)
    }
}

/// That `body` throws a `ModelFileError` of this description.
func expectError(_ description: String, _ body: () throws -> some Any, at location: SourceLocation = #_sourceLocation) {
    do {
        let value = try body()
        Issue.record("no error; \(value)", sourceLocation: location)
    } catch let error as ModelFileError {
        #expect(error.description == description, sourceLocation: location)
    } catch {
        Issue.record(error, sourceLocation: location)
    }
}
