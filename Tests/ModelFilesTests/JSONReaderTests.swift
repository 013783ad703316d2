import Foundation
import ModelFiles
import TestSupport
import Testing

@Suite("JSON")
struct JSONReaderTests {
    static func read(_ text: String) throws(ModelFileError) -> JSONValue { try read([UInt8](text.utf8)) }

    static func read(_ bytes: [UInt8]) throws(ModelFileError) -> JSONValue {
        var reader = JSONReader(bytes, file: "t.json")
        let value = try reader.value()
        try reader.end()
        return value
    }

    @Test func `all kinds of values are read`() throws {
        let value = try Self.read(#" {"a" : [1, -2.5, 1e3, true,false , null], "b":{"c":"d"},"":{} , "e":[ ]} "#)
        let object = try #require(value.object)
        #expect(Array(object.keys) == ["a", "b", "", "e"])
        let a = try #require(object["a"]?.array)
        #expect(a.map(\.number) == [1, -2.5, 1000, nil, nil, nil])
        #expect(a[0].integer == 1 && a[2].integer == nil && a[3].bool == true && a[4].bool == false && a[5].isNull)
        #expect(object["b"]?.object?["c"]?.string == "d")
        #expect(a[1].offset == 12)
    }

    @Test func `integers stay exact as far as Int reaches, and are doubles beyond`() throws {
        let array = try #require(
            try Self.read(
                "[9223372036854775807, -9223372036854775808, 9223372036854775808, 1000000000000000019884624838656, 1.0]"
            ).array)
        #expect(array.map(\.integer) == [Int.max, Int.min, nil, nil, nil])
        #expect(array[2].number == 0x1p63 && array[3].number == 1e30 && array[4].number == 1)
    }

    @Test func `escapes become what they stand for`() throws {
        let value = try Self.read(#""\"\\\/\b\f\n\r\tA\u00e9\uD83D\uDE80\u0000""#)
        #expect(value.string == "\"\\/\u{8}\u{C}\n\r\tAé🚀\0")
    }

    static let refused: [(String, String)] = [
        ("", "byte 0: expected a value, found the end of the text"),
        ("[1,]", "byte 3: expected a value, found ']'"),
        ("[,1]", "byte 1: expected a value, found ','"),
        ("[1 2]", "byte 3: expected ',' or ']', found '2'"),
        ("{\"a\":1,}", "byte 7: expected a key in double quotes, found '}'"),
        ("{a:1}", "byte 1: expected a key in double quotes, found 'a'"),
        ("{\"a\" 1}", "byte 5: expected ':', found '1'"),
        ("[1}", "byte 2: expected ',' or ']', found '}'"),
        ("[1", "byte 2: expected ',' or ']', found the end of the text"),
        ("1 2", "byte 2: expected nothing behind the value, found '2'"),
        ("01", "byte 0: expected a number without leading zeros, found '0'"),
        ("-", "byte 1: expected a number, found the end of the text"),
        ("1.", "byte 2: expected digits behind '.', found the end of the text"),
        ("1e+", "byte 3: expected digits of an exponent, found the end of the text"),
        ("1e999", "byte 0: expected a number that fits 64 bits, found '1e999'"),
        (".5", "byte 0: expected a value, found '.'"),
        ("+1", "byte 0: expected a value, found '+'"),
        ("NaN", "byte 0: expected a value, found 'N'"),
        ("nul", "byte 0: expected null, found 'n'"),
        ("tru", "byte 0: expected true or false, found 't'"),
        ("\"a", "byte 2: expected '\"' behind the string, found the end of the text"),
        ("\"\n\"", "byte 1: expected control characters as escapes, found '\\u{A}'"),
        (#""\x""#, "byte 1: expected an escape of JSON behind '\\', found '\\\\'"),
        (#""\u12G4""#, "byte 1: expected four hexadecimal digits behind '\\u', found '\\\\'"),
        (#""\uD83D""#, "byte 1: expected surrogates in pairs, found '\\\\'"),
        (#""\uDE80\uD83D""#, "byte 1: expected surrogates in pairs, found '\\\\'"),
        (
            "{\"a\":1,\"b\":2,\"\\u0061\":3}",
            "byte 13: key 'a': expected each name once, found it a second time (first at byte 1)"
        ),
    ]

    @Test(arguments: refused)
    func `what is not JSON is refused with its place`(_ text: String, _ error: String) {
        expectError("t.json, " + error) { try Self.read(text) }
    }

    @Test(
        arguments: [
            [0x80], [0xC0, 0x80], [0xC3], [0xE0, 0x9F, 0x80], [0xED, 0xA0, 0x80], [0xF0, 0x8F, 0x80, 0x80],
            [0xF4, 0x90, 0x80, 0x80], [0xF5, 0x80, 0x80, 0x80], [0xE2, 0x82], [0xFF],
        ] as [[UInt8]])
    func `bytes that are no UTF-8 are refused`(_ bytes: [UInt8]) throws {
        #expect(String(validating: bytes, as: UTF8.self) == nil)
        let quote = [UInt8(ascii: "\"")]
        #expect(throws: ModelFileError.self) { try Self.read(quote + bytes + quote) }
    }

    @Test func `every scalar passes`() throws {
        var text = ""
        for value in UInt32(0x20)..<0x11_0000 where value % 7 == 0 {
            guard let scalar = Unicode.Scalar(value), scalar != "\"", scalar != "\\" else { continue }
            text.unicodeScalars.append(scalar)
        }
        #expect(try Self.read("\"\(text)\"").string == text)
    }

    @Test func `nesting is bounded`() {
        let deepest = String(repeating: "[", count: 128) + String(repeating: "]", count: 128)
        #expect(throws: Never.self) { try Self.read(deepest) }
        expectError("t.json, byte 128: expected values nested at most 128 deep, found one more") {
            try Self.read(String(repeating: "[", count: 1_000_000))
        }
        expectError("t.json, byte 640: expected values nested at most 128 deep, found one more") {
            try Self.read(String(repeating: "{\"a\":", count: 1_000_000))
        }
    }

    @Test func `a text cut at any byte throws`() throws {
        let text = [UInt8](#"{"a":[1.5e3,true,null,"\u00e9é\n"],"b":{"c":-1}}"#.utf8)
        for length in 0..<text.count {
            #expect(throws: ModelFileError.self, "\(length)") { try Self.read(Array(text.prefix(length))) }
        }
        #expect(throws: Never.self) { try Self.read(text) }
    }

    /// Foundation's parser accepts more (fragments of UTF-16, duplicate keys), so that what passes here must pass there.
    @Test(arguments: 0..<10)
    func `mutated texts agree with Foundation's parser or are refused`(_ seed: Int) throws {
        let sound = [UInt8](#"{"a":[1.5e3,true,null,"\u00e9é\n\\",0,-0.0],"b":{"c":-1,"d":[[],{}]},"e":"🚀"}"#.utf8)
        var generator = SeededGenerator(seed: UInt64(seed))
        var passed = 0
        for _ in 0..<2000 {
            var bytes = sound
            for _ in 0...Int.random(in: 0...1, using: &generator) {
                let index = Int.random(in: 0..<bytes.count, using: &generator)
                switch Int.random(in: 0..<3, using: &generator) {
                case 0: bytes[index] = UInt8.random(in: 0...255, using: &generator)
                case 1: bytes.insert(#"[]{},:"\0e-."#.utf8.randomElement(using: &generator) ?? 0, at: index)
                default: bytes.remove(at: index)
                }
            }
            guard let value = try? Self.read(bytes) else { continue }
            passed += 1
            let other = try? JSONSerialization.jsonObject(with: Data(bytes), options: .fragmentsAllowed)
            #expect(try same(value, #require(other)), "\(String(decoding: bytes, as: UTF8.self))")
        }
        #expect((100...1900).contains(passed), "\(passed)")
    }

    private func same(_ value: JSONValue, _ other: Any) -> Bool {
        switch value.content {
        case .null: return other is NSNull
        case .bool(let bool): return other as? Bool == bool
        case .number: return value.number.map { $0 == (other as? NSNumber)?.doubleValue } ?? false
        case .string(let string): return other as? String == string
        case .array(let array):
            guard let others = other as? [Any], others.count == array.count else { return false }
            return zip(array, others).allSatisfy { same($0, $1) }
        case .object(let object):
            guard let others = other as? [String: Any], others.count == object.members.count else { return false }
            return object.members.allSatisfy { key, value in others[key].map { same(value, $0) } ?? false }
        }
    }
}
