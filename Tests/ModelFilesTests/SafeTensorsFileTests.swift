import ModelFiles
import Tensors
import TestSupport
import Testing

@Suite("Safetensors files")
struct SafeTensorsFileTests {
    static func open(_ contents: [UInt8]) throws -> SafeTensorsFile {
        try SafeTensorsFile(MappedFile(contents: contents, path: "s.safetensors"))
    }

    static func open(header: String, data: Int) throws -> SafeTensorsFile {
        let header = [UInt8](header.utf8)
        return try open(GGUFBuilder.little(UInt64(header.count)) + header + [UInt8](repeating: 7, count: data))
    }

    static func tensor(_ shape: String, _ offsets: String, type: String = "F32") -> String {
        "{\"dtype\":\"\(type)\",\"shape\":\(shape),\"data_offsets\":\(offsets)}"
    }

    @Test func `tensors, comments and padding are read`() throws {
        var builder = SafeTensorsBuilder()
        builder.addComments(#"{"format":"pt","note":"\u00e9"}"#)
        builder.addTensor("a", shape: [2, 1], values: [1, 2])
        builder.addTensor("none", type: "I64", shape: [0, 4], data: [])
        builder.addTensor("scalar", type: "BF16", shape: [], data: [0x80, 0x3F])
        builder.padding = 5
        let file = try Self.open(builder.build())
        #expect(file.comments.map(\.key) == ["format", "note"] && file.comments.map(\.value) == ["pt", "é"])
        #expect(file.tensors.map(\.name) == ["a", "none", "scalar"])
        #expect(file.tensors.map(\.shape) == [Shape([2, 1]), Shape([0, 4]), Shape([])])
        #expect(file.tensors.map(\.elementType) == [.float32, .int64, .bfloat16])
        let start = file.tensors[0].byteRange.lowerBound
        #expect(file.tensors.map(\.byteRange) == [start..<start + 8, start + 8..<start + 8, start + 8..<start + 10])
        #expect(file.file.byteCount == start + 10)
    }

    @Test(arguments: [
        ("F64", 8), ("F32", 4), ("F16", 2), ("BF16", 2), ("F8_E4M3", 1), ("F8_E5M2", 1), ("I64", 8), ("I32", 4),
        ("I16", 2),
        ("I8", 1), ("U64", 8), ("U32", 4), ("U16", 2), ("U8", 1), ("BOOL", 1),
    ])
    func `every dtype has its size`(_ type: String, _ size: Int) throws {
        let file = try Self.open(header: "{\"t\":\(Self.tensor("[3]", "[0,\(3 * size)]", type: type))}", data: 3 * size)
        #expect(file.tensors[0].elementType.rawValue == type)
        #expect(throws: ModelFileError.self) {
            try Self.open(
                header: "{\"t\":\(Self.tensor("[3]", "[0,\(3 * size + 1)]", type: type))}", data: 3 * size + 1)
        }
    }

    @Test func `tensors are listed in the order of their bytes, whatever the order of the header`() throws {
        let file = try Self.open(
            header: "{\"b\":\(Self.tensor("[1]", "[4,8]")),\"a\":\(Self.tensor("[1]", "[0,4]")),"
                + "\"e\":\(Self.tensor("[0]", "[4,4]"))}", data: 8)
        #expect(file.tensors.map(\.name) == ["a", "e", "b"])
    }

    static let refused: [(header: String, data: Int, error: String)] = [
        (" {}", 0, "byte 8: expected a header that begins with '{', found ' '"),
        ("[]", 0, "byte 8: expected a header that begins with '{', found '['"),
        ("{}", 1, "byte 10: expected the end of the file behind the last tensor, found 1 bytes"),
        ("{} x", 0, "byte 11: expected nothing behind the value, found 'x'"),
        ("{\"a\":1}", 0, "byte 13: tensor 'a': expected an object, found '1'"),
        ("{\"__metadata__\":{\"a\":1}}", 0, "byte 29: key '__metadata__': expected a string, found '1'"),
        (
            "{\"__metadata__\":{\"a\":\"\",\"a\":\"\"}}", 0,
            "byte 32: key 'a': expected each name once, found it a second time (first at byte 25)"
        ),
        (
            "{\"a\":\(tensor("[1]", "[0,4]")),\"a\":\(tensor("[1]", "[4,8]"))}", 8,
            "byte 62: key 'a': expected each name once, found it a second time (first at byte 9)"
        ),
        (
            "{\"a\":{\"dtype\":\"F32\",\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}", 4,
            "byte 28: key 'dtype': expected each name once, found it a second time (first at byte 14)"
        ),
        ("{\"a\":{\"dtype\":\"F32\",\"shape\":[1]}}", 0, "byte 13: tensor 'a': expected data_offsets, found none"),
        ("{\"a\":{\"dtype\":\"F32\",\"data_offsets\":[0,0]}}", 0, "byte 13: tensor 'a': expected shape, found none"),
        ("{\"a\":{\"shape\":[1],\"data_offsets\":[0,4]}}", 4, "byte 13: tensor 'a': expected dtype, found none"),
        (
            "{\"a\":{\"stride\":[1]}}", 4,
            "byte 23: tensor 'a': expected dtype, shape and data_offsets, found 'stride'"
        ),
        (
            "{\"a\":\(tensor("[1]", "[0,4]", type: "F4"))}", 4,
            "byte 22: tensor 'a': dtype F4 is not supported: convert the tensor to one of BOOL, U8, I8, F8_E5M2, F8_E4M3, "
                + "I16, U16, F16, BF16, I32, U32, F32, F64, I64, U64"
        ),
        (
            "{\"a\":\(tensor("[1]", "[0,4]", type: "f32"))}", 4,
            "byte 22: tensor 'a': expected one of the dtypes BOOL, U8, I8, F8_E5M2, F8_E4M3, I16, U16, F16, BF16, I32, U32, "
                + "F32, F64, I64, U64, found 'f32'"
        ),
        (
            "{\"a\":\(tensor("[-1]", "[0,4]"))}", 4,
            "byte 37: tensor 'a': expected an integer in 0...\(Int.max), found -1"
        ),
        (
            "{\"a\":\(tensor("[1.0]", "[0,4]"))}", 4,
            "byte 37: tensor 'a': expected an integer in 0...\(Int.max), found 1.0"
        ),
        (
            "{\"a\":\(tensor("[9223372036854775808]", "[0,4]"))}", 4,
            "byte 37: tensor 'a': expected an integer in 0...\(Int.max), found 9.223372036854776e+18"
        ),
        (
            "{\"a\":\(tensor("[1,1,1,1,1,1,1,1,1]", "[0,4]"))}", 4,
            "byte 53: tensor 'a': expected at most 8 numbers, found one more"
        ),
        (
            "{\"a\":\(tensor("[4294967296,4294967296]", "[0,4]"))}", 4,
            "byte 13: tensor 'a': expected at most \(Int.max) bytes, found shape [4294967296, 4294967296] of F32"
        ),
        (
            "{\"a\":\(tensor("[2]", "[0,4]"))}", 4,
            "byte 55: tensor 'a': expected 8 bytes for shape [2] of F32, found 4"
        ),
        ("{\"a\":\(tensor("[1]", "[4,0]"))}", 4, "byte 55: tensor 'a': expected a begin and an end, found [4, 0]"),
        ("{\"a\":\(tensor("[1]", "[0]"))}", 4, "byte 55: tensor 'a': expected a begin and an end, found [0]"),
        (
            "{\"a\":\(tensor("[1]", "[4,8]"))}", 8,
            "byte 55: tensor 'a': expected data that begin at 0, where the tensor before ends, found 4"
        ),
        (
            "{\"a\":\(tensor("[2]", "[0,8]")),\"b\":\(tensor("[1]", "[4,8]"))}", 8,
            "byte 108: tensor 'b': expected data that begin at 8, where the tensor before ends, found 4"
        ),
        (
            "{\"a\":\(tensor("[2]", "[0,8]"))}", 7,
            "byte 55: tensor 'a': expected 8 bytes of tensor data, found 7 before the end of the file"
        ),
        (
            "{\"a\":\(tensor("[2305843009213693951]", "[0,9223372036854775804]"))}", 7,
            "byte 73: tensor 'a': expected 9223372036854775804 bytes of tensor data, found 7 before the end of the file"
        ),
    ]

    @Test(arguments: refused.indices)
    func `what breaks a rule of the format is refused with its place`(_ index: Int) {
        let (header, data, error) = Self.refused[index]
        expectError("s.safetensors, " + error) { try Self.open(header: header, data: data) }
    }

    @Test func `the header's length is bounded by the format and the file`() {
        for (length, error) in [
            (UInt64.max, "byte 0: expected a header of at most 100000000 bytes, found 18446744073709551615"),
            (100_000_001, "byte 0: expected a header of at most 100000000 bytes, found 100000001"),
            (3, "byte 8: expected 3 bytes of header, found 2 before the end of the file"),
            (0, "byte 8: expected a header that begins with '{', found an empty header"),
        ] {
            expectError("s.safetensors, " + error) { try Self.open(GGUFBuilder.little(length) + [UInt8]("{}".utf8)) }
        }
        expectError(
            "s.safetensors, byte 0: expected 8 bytes of the header's length, found 7 before the end of the file"
        ) {
            try Self.open([UInt8](repeating: 0, count: 7))
        }
    }

    static var sound: [UInt8] {
        var builder = SafeTensorsBuilder()
        builder.addComments(#"{"format":"pt"}"#)
        builder.addTensor("model.a", shape: [2, 2], values: [1, 2, 3, 4])
        builder.addTensor("b", type: "F16", shape: [3], data: [0, 1, 2, 3, 4, 5])
        builder.padding = 3
        return builder.build()
    }

    @Test func `a file cut at any byte throws`() {
        for length in 0..<Self.sound.count {
            #expect(throws: ModelFileError.self, "\(length) bytes") { try Self.open(Array(Self.sound.prefix(length))) }
        }
        #expect(throws: Never.self) { try Self.open(Self.sound) }
    }

    @Test(arguments: 0..<10)
    func `mutated files open soundly or throw`(_ seed: Int) {
        var mutator = JSONMutator(Self.sound, seed: UInt64(seed))
        var openedCount = 0
        for _ in 0..<2000 {
            let bytes = mutator.next()
            guard let file = try? Self.open(bytes) else { continue }
            openedCount += 1
            var end = file.tensors.first?.byteRange.lowerBound ?? bytes.count
            for tensor in file.tensors {
                #expect(tensor.byteRange.lowerBound == end)
                end = tensor.byteRange.upperBound
            }
            #expect(end == bytes.count)
        }
        #expect((20...1900).contains(openedCount), "\(openedCount)")
    }
}
