import ModelFiles
import TestSupport
import Testing

/// Files of a few megabytes that are made of the smallest parts which a reader keeps something for: what is kept stays within
/// 64 MB beyond the file's size, or the file is refused. Each in a process of its own with no more address space.
@Suite("Files of tiny parts")
struct AmplificationTests {
    static let growth: UInt64 = 64 << 20

    /// `count` bytes or a little less of `part`, with commas between.
    static func list(of part: String, byteCount: Int) -> String {
        String(String(repeating: part + ",", count: byteCount / (part.utf8.count + 1)).dropLast())
    }

    static let parts = ["[]", "{}", "0", "\"\"", "{\"a\":0}", "[[[]]]"]

    @Test(arguments: parts)
    func `configurations`(_ part: String) async {
        await #expect(processExitsWith: .success) { [part] in
            var model = PublishedModel()
            model.configuration["x"] = "[\(AmplificationTests.list(of: part, byteCount: 1_000_000))]"
            let contents = model.contents
            limitAddressSpace(growth: AmplificationTests.growth)
            _ = try? HuggingFaceModel(ModelFolder(contents: contents, path: "m"))
        }
    }

    @Test(arguments: parts, ["normalizer", "model", "added_tokens", "other"])
    func `tokenizers`(_ part: String, _ place: String) async {
        await #expect(processExitsWith: .success) { [part, place] in
            let list = "[\(AmplificationTests.list(of: part, byteCount: 4_000_000))]"
            var model = PublishedModel()
            model.tokenizer =
                place == "model" ? "{\"model\":{\"x\":\(list),\"dropout\":\(list)}}" : "{\"\(place)\":\(list)}"
            let contents = model.contents
            limitAddressSpace(growth: AmplificationTests.growth)
            _ = try? HuggingFaceModel(ModelFolder(contents: contents, path: "m"))
        }
    }

    @Test
    func `headers of safetensors`() async {
        await #expect(processExitsWith: .success) {
            let tensors = (0..<300_000).map { "\"\($0)\":{\"dtype\":\"U8\",\"shape\":[0],\"data_offsets\":[0,0]}" }
            let header = [UInt8]("{\(tensors.joined(separator: ","))}".utf8)
            let file = try MappedFile(contents: GGUFBuilder.little(UInt64(header.count)) + header, path: "s")
            limitAddressSpace(growth: AmplificationTests.growth + UInt64(2 * header.count))
            #expect(throws: ModelFileError.self) { try SafeTensorsFile(file) }
        }
    }

    @Test(arguments: parts)
    func `metadata of APR`(_ part: String) async {
        await #expect(processExitsWith: .success) { [part] in
            var builder = APRBuilder()
            let list = "[\(AmplificationTests.list(of: part, byteCount: 16_000))]"
            builder.metadata = "{\((0..<300).map { "\"\($0)\":\(list)" }.joined(separator: ","))}"
            let bytes = builder.build()
            limitAddressSpace(growth: AmplificationTests.growth)
            _ = try? openModelFile(contents: bytes, path: "a.apr")
        }
    }
}
