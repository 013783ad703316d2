import ModelFiles
import TestSupport
import Testing

@Suite("Writing JSON")
struct JSONWriterTests {
    @Test func `what is written is read back as it was`() throws {
        var writer = JSONWriter()
        let texts = ["", "a\"b\\c", "\n\r\t\u{0}\u{1F}\u{7F}", "é🚀▁", "</s>"]
        writer.add("text \"1\"", texts[1])
        writer.add("integer", Int.min)
        writer.add("bool", false)
        writer.add("number", Double(Float(1e-5)))
        writer.add("strings", strings: ByteStrings(texts.map(\.utf8)))
        writer.add("integers", integers: [0, -1, Int.max])
        writer.add("numbers", numbers: [0.1, -1e300, 3])
        writer.add("none", integers: [])
        let bytes = writer.finish()
        #expect(
            bytes.starts(
                with: #"{"text \"1\"":"a\"b\\c","integer":-9223372036854775808,"bool":false,"number":1e-05,"#.utf8))
        var reader = JSONReader(bytes, file: "w")
        let object = try #require(try reader.value().object)
        try reader.end()
        #expect(object["text \"1\""]?.string == texts[1] && object["integer"]?.integer == Int.min)
        #expect(object["bool"]?.bool == false)
        #expect(object["number"]?.number.map { Float($0) } == Float(1e-5))
        #expect(object["strings"]?.array?.compactMap(\.string) == texts)
        #expect(object["integers"]?.array?.compactMap(\.integer) == [0, -1, Int.max])
        #expect(object["numbers"]?.array?.compactMap(\.number) == [0.1, -1e300, 3])
        #expect(object["none"]?.array?.isEmpty == true)
    }

    @Test func `objects lie in objects and lists, and values as they were read`() throws {
        var reader = JSONReader(Array(#"{"a":[1,-2.5,null,true,"\u00e9"],"b":{"c":{}}}"#.utf8), file: "r")
        let value = try reader.value()
        var writer = JSONWriter()
        writer.addObject("o") { writer in
            writer.addObjects("list", [1, 2]) { writer, number in writer.add("n", number) }
            writer.addObjects("empty", [Int]()) { _, _ in }
        }
        writer.addNull("none")
        writer.add("value", value: value)
        writer.add("pairs", pairs: ByteStrings(["x".utf8]), [-1.5])
        writer.add(bytes: Array("key".utf8), 3)
        #expect(
            String(decoding: writer.finish(), as: UTF8.self)
                == #"{"o":{"list":[{"n":1},{"n":2}],"empty":[]},"none":null,"#
                + #""value":{"a":[1,-2.5,null,true,"é"],"b":{"c":{}}},"pairs":[["x",-1.5]],"key":3}"#)
    }

    @Test func `indented, each member has a line`() {
        var writer = JSONWriter(.indented)
        writer.add("a", 1)
        writer.addObject("b") { $0.add("c", integers: [1, 2]) }
        writer.addObject("d") { _ in }
        #expect(
            String(decoding: writer.finish(), as: UTF8.self)
                == "{\n  \"a\": 1,\n  \"b\": {\n    \"c\": [1,2]\n  },\n  \"d\": {}\n}\n")
    }

    @Test func `bytes that are no UTF-8 become the replacement character`() throws {
        var writer = JSONWriter()
        writer.add("a", string: [0x61, 0xFF])
        #expect(String(decoding: writer.finish(), as: UTF8.self) == "{\"a\":\"a\u{FFFD}\"}")
    }
}
