import Foundation
import ModelFiles
import TestSupport
import Testing

@Suite("APR files of version 1")
struct ClassicalAPRFileTests {
    static func build(
        metadata: [UInt8], payload: [UInt8] = [1, 2, 3], type: UInt16 = 1, version: UInt8 = 1, flags: UInt8 = 0,
        compression: UInt8 = 0, footer: UInt32? = nil
    ) -> [UInt8] {
        var file = [UInt8]("APRN".utf8) + [version, 0] + GGUFBuilder.little(type)
        for size in [metadata.count, payload.count, payload.count] { file += GGUFBuilder.little(UInt32(size)) }
        file += [compression, flags, 88] + [UInt8](repeating: 0, count: 9) + metadata + payload
        return file + GGUFBuilder.little(footer ?? APRBuilder.crc32(file))
    }

    static func open(_ bytes: [UInt8]) throws -> any ModelFile { try openModelFile(contents: bytes, path: "c.apr") }

    @Test(.enabled(if: SharedData.folder("apr") != nil, "\(SharedData.absent)"))
    func `a published model can be looked at`() throws {
        let model = try openModelFile(path: try #require(SharedData.folder("apr")) + "/mnist_784x2.apr")
        #expect(model.formatName == "APR v1" && model.tensors.isEmpty)
        #expect(try model.metadata.string("general.architecture") == "LogisticRegression")
        #expect(try model.metadata.string("apr.metadata.aprender_version") == "0.11.0")
        #expect(try model.metadata.string("apr.metadata.created_at") == "1764278947")
        #expect(try model.metadata.integer("apr.payload_bytes") == 3165)
        #expect(
            model.tokenizerProblem?.description.hasSuffix(
                "a LogisticRegression of APR version 1 is not supported: it can be looked at with inspect, and is no "
                    + "language model") == true)
    }

    @Test func `MessagePack becomes keys`() throws {
        let metadata: [UInt8] =
            [0x84, 0xA1, 0x61, 0x93, 0x01, 0xFF, 0xCD, 0x01, 0x00]  // a: [1, −1, 256]
            + [0xA1, 0x62, 0x81, 0xA1, 0x63, 0xCB, 0x3F, 0xE0, 0, 0, 0, 0, 0, 0]  // b: {c: 0.5}
            + [0xA1, 0x64, 0xC3, 0xA1, 0x65, 0x92, 0xA1, 0x78, 0xC0]  // d: true, e: ["x", nil]
        let found = try Self.open(Self.build(metadata: metadata)).metadata
        #expect(try found.integers("apr.metadata.a") == [1, -1, 256])
        #expect(try found.number("apr.metadata.b.c") == 0.5)
        #expect(try found.bool("apr.metadata.d") == true)
        #expect(try found.string("apr.metadata.e") == "2 elements")
    }

    static let refused: [(bytes: [UInt8], error: String)] = [
        (build(metadata: [0x80], version: 2), "byte 4: expected version 1.0, found 2.0"),
        (build(metadata: [0x80], flags: 0x80), "byte 21: expected known flags, found 0x80"),
        (build(metadata: [0x80], flags: 2), "byte 8: expected a file of 136 bytes, as its sizes say, found 40"),
        (build(metadata: [0x80], compression: 4), "byte 20: expected a compression from 0 to 3, found 4"),
        (build(metadata: [0x80], footer: 7), "found 7"),
        (build(metadata: [0x80, 0]), "byte 33: expected the end of the metadata, found 1 more bytes"),
        (build(metadata: [0xDF, 0xFF, 0xFF, 0xFF, 0xFF]), "byte 37: expected at most 0 members, found 4294967295"),
        (build(metadata: [0xDD, 0xFF, 0xFF, 0xFF, 0xFF]), "byte 37: expected at most 0 elements, found 4294967295"),
        (build(metadata: [0xDB, 0xFF, 0xFF, 0xFF, 0xFF]), "byte 37: expected 4294967295 bytes of metadata, found 0"),
        (build(metadata: [0x81, 0x01, 0x01]), "byte 33: expected a string as key, found another value"),
        (build(metadata: [0xC1]), "byte 32: expected a value of MessagePack, found the tag 0xC1"),
        (
            build(metadata: [UInt8](repeating: 0x91, count: 1000)),
            "byte 64: expected values nested at most 32 deep, found one more"
        ),
    ]

    @Test(arguments: refused.indices)
    func `what is unsound is refused with its place`(_ index: Int) {
        let (bytes, error) = Self.refused[index]
        expectErrorEnding(error) { try Self.open(bytes) }
    }

    @Test func `a file cut at any byte throws`() {
        let sound = Self.build(metadata: [0x81, 0xA1, 0x61, 0x01])
        for length in 0..<sound.count {
            #expect(throws: ModelFileError.self, "\(length)") { try Self.open(Array(sound.prefix(length))) }
        }
    }
}
