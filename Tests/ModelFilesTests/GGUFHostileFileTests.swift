import Foundation
import ModelFiles
import TestSupport
import Testing

/// Files that no writer writes, each with the whole line that refuses it. The first tensor's record begins at byte 24.
@Suite("Hostile GGUF files")
struct GGUFHostileFileTests {
    typealias Case = (change: @Sendable (inout GGUFBuilder) -> Void, error: String)

    private static func expectEach(_ cases: [Case], at location: SourceLocation = #_sourceLocation) {
        for (change, error) in cases {
            var builder = GGUFBuilder()
            change(&builder)
            let contents = builder.build()
            expectError(error, { try openModelFile(contents: contents, path: "h.gguf") }, at: location)
        }
    }

    @Test
    func `versions that are not read are named`() throws {
        Self.expectEach([
            (
                { $0.version = 1 },
                "h.gguf, byte 4: GGUF version 1 is not supported: versions 2 and 3 are read; convert the model again"
            ),
            ({ $0.version = 4 }, "h.gguf, byte 4: expected version 2 or 3, found 4"),
            ({ $0.version = 0x1234_5678 }, "h.gguf, byte 4: expected version 2 or 3, found 305419896"),
            (
                { $0.version = 0x0200_0000 },
                "h.gguf, byte 4: big-endian GGUF version 2 is not supported: convert the file to little-endian"
            ),
        ])
        expectErrorEnding(
            "big-endian.gguf, byte 4: big-endian GGUF version 3 is not supported: convert the file to little-endian"
        ) { try openModelFile(path: Fixtures.path("gguf/big-endian.gguf")) }
    }

    @Test
    func `counts that the file cannot hold are refused before anything is reserved`() {
        let uint32s = GGUFBuilder.little(UInt32(4))
        Self.expectEach([
            (
                { $0.claimedTensorCount = .max },
                "h.gguf, byte 8: expected at most 1048576 tensors, found 18446744073709551615"
            ),
            (
                { $0.claimedTensorCount = 1_000_000 },
                "h.gguf, byte 8: expected at most 0 tensors in the 8 bytes that follow, found 1000000"
            ),
            ({ $0.claimedKeyCount = 65_537 }, "h.gguf, byte 16: expected at most 65536 keys, found 65537"),
            (
                { $0.claimedKeyCount = 1 },
                "h.gguf, byte 16: expected at most 0 keys in the 0 bytes that follow, found 1"
            ),
            (
                { $0.add("k", .raw(type: 9, bytes: uint32s + GGUFBuilder.little(UInt64(1) << 62))) },
                "h.gguf, byte 41: key 'k': expected at most 16777216 array elements, found 4611686018427387904"
            ),
            (
                { $0.add("k", .raw(type: 9, bytes: uint32s + GGUFBuilder.little(UInt64(9)))) },
                "h.gguf, byte 41: key 'k': expected at most 0 array elements in the 0 bytes that follow, found 9"
            ),
            (
                { $0.add("k", .raw(type: 8, bytes: GGUFBuilder.little(UInt64.max))) },
                "h.gguf, byte 45: key 'k': expected 18446744073709551615 bytes of a string, "
                    + "found 0 before the end of the file"
            ),
        ])
    }

    @Test
    func `keys and names are unique, bounded and text`() {
        let longKey = [UInt8](repeating: 0x61, count: 65_536)
        let longName = [UInt8](repeating: 0x62, count: 257)
        Self.expectEach([
            (
                { for _ in 0..<2 { $0.add("k", .bool(true)) } },
                "h.gguf, byte 38: key 'k': expected each name once, found it a second time (first at byte 37)"
            ),
            (
                { for _ in 0..<2 { $0.addTensor("t", shape: [8], values: [Float](repeating: 0, count: 8)) } },
                "h.gguf, byte 57: tensor 't': expected each name once, found it a second time (first at byte 24)"
            ),
            ({ $0.add("", .uint64(1)) }, "h.gguf, byte 24: expected a key of 1 to 65535 bytes, found 0"),
            ({ $0.add(longKey, .bool(true)) }, "h.gguf, byte 24: expected a key of 1 to 65535 bytes, found 65536"),
            (
                { $0.addTensor(longName, dimensions: [1], type: 0, data: [0, 0, 0, 0]) },
                "h.gguf, byte 24: expected a tensor name of 1 to 256 bytes, found 257"
            ),
            (
                { $0.add([0x61, 0x27, 0x0A, 0xC3, 0x28], .bool(true)) },
                #"h.gguf, byte 32: expected a key in UTF-8, found 'a\'\u{A}\xC3('"#
            ),
            (
                { $0.add("a\u{1B}[2J\u{202E}'", .raw(type: 7, bytes: [2])) },
                #"h.gguf, byte 45: key 'a\u{1B}[2J\u{202E}\'': expected a bool of 0 or 1, found 2"#
            ),
            (
                { $0.add(String(repeating: "x", count: 200), .raw(type: 7, bytes: [9])) },
                "h.gguf, byte 236: key '\(String(repeating: "x", count: 80))…': expected a bool of 0 or 1, found 9"
            ),
        ])
    }

    @Test
    func `value types are known and nesting is bounded`() {
        let deep = (0..<9).flatMap { _ in GGUFBuilder.little(UInt32(9)) + GGUFBuilder.little(UInt64(1)) }
        let endless = (0..<50_000).flatMap { _ in GGUFBuilder.little(UInt32(9)) + GGUFBuilder.little(UInt64(1)) }
        Self.expectEach([
            (
                { $0.add("k", .raw(type: 13, bytes: [0])) },
                "h.gguf, byte 33: key 'k': expected a value type from 0 to 12, found 13"
            ),
            (
                { $0.add("k", .raw(type: 9, bytes: GGUFBuilder.little(UInt32.max) + [0])) },
                "h.gguf, byte 37: key 'k': expected a value type from 0 to 12, found 4294967295"
            ),
            (
                { $0.add("k", .raw(type: 9, bytes: deep)) },
                "h.gguf, byte 133: key 'k': expected arrays nested at most 8 deep, found one more"
            ),
            (
                { $0.add("k", .raw(type: 9, bytes: endless)) },
                "h.gguf, byte 133: key 'k': expected arrays nested at most 8 deep, found one more"
            ),
        ])
    }

    @Test
    func `the alignment is a sane uint32`() {
        let key = "general.alignment"
        let prefix = "h.gguf, byte 53: key 'general.alignment': expected"
        Self.expectEach([
            ({ $0.add(key, .uint32(0)) }, "\(prefix) a power of two from 8 to 1048576, found 0"),
            ({ $0.add(key, .uint32(24)) }, "\(prefix) a power of two from 8 to 1048576, found 24"),
            ({ $0.add(key, .uint32(4)) }, "\(prefix) a power of two from 8 to 1048576, found 4"),
            ({ $0.add(key, .uint32(1 << 31)) }, "\(prefix) a power of two from 8 to 1048576, found 2147483648"),
            ({ $0.add(key, .uint64(32)) }, "\(prefix) uint32, found uint64"),
            ({ $0.add(key, .string("32")) }, "\(prefix) uint32, found string"),
        ])
    }

    @Test
    func `shapes are sane`() {
        func tensor(_ dimensions: [UInt64], type: UInt32 = 0) -> @Sendable (inout GGUFBuilder) -> Void {
            { $0.addTensor("t", dimensions: dimensions, type: type, data: [UInt8](repeating: 0, count: 64)) }
        }
        Self.expectEach([
            (tensor([]), "h.gguf, byte 33: tensor 't': expected 1 to 4 dimensions, found 0"),
            (tensor([1, 1, 1, 1, 1]), "h.gguf, byte 33: tensor 't': expected 1 to 4 dimensions, found 5"),
            (tensor([4, 0]), "h.gguf, byte 45: tensor 't': expected a dimension from 1 to \(Int.max), found 0"),
            (
                tensor([1 << 63]),
                "h.gguf, byte 37: tensor 't': expected a dimension from 1 to \(Int.max), found 9223372036854775808"
            ),
            (
                tensor([1 << 32, 1 << 32]),
                "h.gguf, byte 33: tensor 't': expected at most \(Int.max) elements, found shape [4294967296, 4294967296]"
            ),
            (
                tensor([1 << 61, 2]),
                "h.gguf, byte 33: tensor 't': expected at most \(Int.max) bytes, found shape [2, 2305843009213693952] of F32"
            ),
            (
                tensor([48], type: 8),
                "h.gguf, byte 45: tensor 't': expected rows of a multiple of 32 elements for Q8_0, found 48"
            ),
            (
                tensor([128, 2], type: 12),
                "h.gguf, byte 53: tensor 't': expected rows of a multiple of 256 elements for Q4_K, found 128"
            ),
        ])
    }

    static let removed: [(UInt32, String)] = [
        (4, "Q4_2"), (5, "Q4_3"), (31, "Q4_0_4_4"), (32, "Q4_0_4_8"), (33, "Q4_0_8_8"), (36, "IQ4_NL_4_4"),
        (37, "IQ4_NL_4_8"), (38, "IQ4_NL_8_8"),
    ]

    @Test(arguments: removed)
    func `removed element types are refused by name`(id: UInt32, name: String) {
        Self.expectEach([
            (
                { $0.addTensor("t", dimensions: [256], type: id, data: []) },
                "h.gguf, byte 45: tensor 't': removed type \(id) (\(name)) is not supported: "
                    + "the format no longer has it; quantize the model again"
            )
        ])
    }

    @Test(arguments: [40, 41, UInt32.max])
    func `unknown element types are refused by number`(id: UInt32) {
        Self.expectEach([
            (
                { $0.addTensor("t", dimensions: [256], type: id, data: []) },
                "h.gguf, byte 45: tensor 't': expected an element type from 0 to 39, found \(id)"
            )
        ])
    }

    @Test
    func `tensors lie inside the file, aligned and apart`() {
        func tensors(_ offsets: [UInt64]) -> @Sendable (inout GGUFBuilder) -> Void {
            { builder in
                for (index, offset) in offsets.enumerated() {
                    builder.addTensor(
                        "t\(index)", dimensions: [16], type: 0, offset: offset, data: [UInt8](repeating: 0, count: 64))
                }
            }
        }
        Self.expectEach([
            (
                tensors([8]),
                "h.gguf, byte 50: tensor 't0': expected an offset that is a multiple of the alignment 32, found 8"
            ),
            (
                tensors([32]),
                "h.gguf, byte 50: tensor 't0': expected 64 bytes of tensor data, found 32 before the end of the file"
            ),
            (
                tensors([.max - 31]),
                "h.gguf, byte 50: tensor 't0': expected 64 bytes of tensor data, found 0 before the end of the file"
            ),
            (
                tensors([1 << 62]),
                "h.gguf, byte 50: tensor 't0': expected 64 bytes of tensor data, found 0 before the end of the file"
            ),
            (
                tensors([0, 32]),
                "h.gguf, byte 84: tensor 't1': expected bytes of its own, "
                    + "found bytes 128..<192 on tensor 't0' at 96..<160"
            ),
            (
                tensors([0, 0]),
                "h.gguf, byte 84: tensor 't1': expected bytes of its own, "
                    + "found bytes 96..<160 on tensor 't0' at 96..<160"
            ),
        ])
    }

    @Test
    func `a header beyond its bound is refused without being read into memory`() async {
        // A sparse file: one key whose string takes a terabyte that is not there on disk.
        await #expect(processExitsWith: .success) {
            try withFolder { folder in
                var builder = GGUFBuilder()
                builder.add("k", .raw(type: 8, bytes: GGUFBuilder.little(UInt64(1) << 40)))
                let path = folder + "/sparse.gguf"
                try writeSparse(builder.build(), size: 1 << 41, to: path)
                expectError(
                    "\(path), byte 45: key 'k': expected a header of at most 536870912 bytes, "
                        + "found 1099511627776 more bytes of a string"
                ) { try openModelFile(path: path) }
            }
        }
    }
}

/// `contents` at the start of a file of `size` bytes, the rest of which takes no room on disk.
private func writeSparse(_ contents: [UInt8], size: UInt64, to path: String) throws {
    try Data(contents).write(to: URL(fileURLWithPath: path))
    let file = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
    try file.truncate(atOffset: size)
    try file.close()
}
