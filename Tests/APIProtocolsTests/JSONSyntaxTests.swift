import APIProtocols
import Foundation
import TestSupport
import Testing

@Suite("JSON syntax")
struct JSONSyntaxTests {
    @Test(arguments: [
        "{}", "[]", "0", "-0.5e+10", "\"\"", "null", " { \"a\" : [ 1 , { } , [ ] , true ] } \n",
        "\"\\ud83d\\ude00\\n\"", "\"é\u{1F600}\"",
        "[[],{\"a\":[],\"b\":{}}]",
    ])
    func `accepts well-formed text`(text: String) throws {
        try JSONSyntax.check(Array(text.utf8))
    }

    @Test(
        arguments: [
            ("", 0, nil, "a value"),
            ("{\"a\":1,}", 7, "}", "a field name in quotes"),
            ("[1,]", 3, "]", "a value"),
            ("{a:1}", 1, "a", "a field name in quotes"),
            ("{\"a\" 1}", 5, "1", "':'"),
            ("{\"a\":1", 6, nil, "',' or '}'"),
            ("[1 2]", 3, "2", "',' or ']'"),
            ("[1}", 2, "}", "',' or ']'"),
            ("01", 1, "1", "the end of the body"),
            ("1.", 2, nil, "a digit"),
            ("-", 1, nil, "a value"),
            ("tru", 3, nil, "'true'"),
            ("{} x", 3, "x", "the end of the body"),
            ("\"a", 2, nil, "'\"'"),
            ("\"\\x\"", 2, "x", "an escape character"),
            ("\"\\u12g4\"", 5, "g", "a hexadecimal digit"),
            ("\"a\tb\"", 2, "\t", "an escaped control character"),
            ("NaN", 0, "N", "a value"),
            ("\u{FEFF}{}", 0, "\u{FEFF}", "a value"),
            ("{\0}", 1, "\0", "a field name in quotes"),
        ] as [(String, Int, Character?, String)])
    func `says where malformed text is wrong`(text: String, offset: Int, found: Character?, expected: String) {
        #expect(throws: JSONSyntaxError(offset: offset, problem: .unexpected(found: found, expected: expected))) {
            try JSONSyntax.check(Array(text.utf8))
        }
    }

    @Test(arguments: ["\"\\ud800\"", "\"\\ud800x\"", "\"\\ud800\\n\"", "\"\\ud800\\ud800\"", "\"\\udc00\""])
    func `refuses half of a surrogate pair`(text: String) {
        #expect(throws: JSONSyntaxError(offset: 1, problem: .loneSurrogate)) {
            try JSONSyntax.check(Array(text.utf8))
        }
    }

    @Test(
        arguments: [
            ([0x22, 0xFF, 0x22], 1), ([0x22, 0xC3, 0x22], 1), ([0x22, 0xED, 0xA0, 0x80, 0x22], 1), ([0xC0, 0x80], 0),
        ] as [([UInt8], Int)])
    func `refuses bytes that are no UTF-8`(bytes: [UInt8], offset: Int) {
        #expect(throws: JSONSyntaxError(offset: offset, problem: .invalidUTF8)) { try JSONSyntax.check(bytes) }
    }

    @Test(arguments: ["[", "{\"a\":", "[{\"a\":"])
    func `refuses deep nesting and survives it`(opening: String) {
        let bytes = Array(String(repeating: opening, count: 100_000).utf8)
        #expect {
            try JSONSyntax.check(bytes)
        } throws: { error in
            (error as? JSONSyntaxError)?.problem == .tooDeep(maximum: 128)
        }
    }

    @Test func `accepts nesting up to the limit and not one more`() throws {
        let text = { (depth: Int) in
            Array((String(repeating: "[", count: depth) + String(repeating: "]", count: depth)).utf8)
        }
        var limits = JSONLimits()
        limits.maximumDepth = 5
        try JSONSyntax.check(text(5), limits: limits)
        #expect(throws: JSONSyntaxError(offset: 5, problem: .tooDeep(maximum: 5))) {
            try JSONSyntax.check(text(6), limits: limits)
        }
    }

    /// Every beginning of a valid object is an error, and none traps.
    @Test func `refuses a text cut anywhere`() {
        let text = Array(#"{"a":[1.5e3,true,null,"\u00e9\ud83d\ude00 é"],"b":{"c":false}}"#.utf8)
        for count in 0..<text.count {
            #expect(throws: JSONSyntaxError.self, "cut at \(count)") { try JSONSyntax.check(Array(text.prefix(count))) }
        }
    }

    @Test(arguments: [
        (#"{"a":1,"b":2, "a":3}"#, 14), (#"{"x":{"a":1,"a":2}}"#, 12), (#"[{"a":[{}],"a":2}]"#, 11),
        (#"{"a":{"a":{"a":1}},"a":2}"#, 19),
    ])
    func `refuses a field that comes twice in one object, at any depth`(text: String, offset: Int) {
        #expect(throws: JSONSyntaxError(offset: offset, problem: .duplicateField("a"))) {
            try JSONSyntax.check(Array(text.utf8))
        }
    }

    @Test func `accepts one name in different objects`() throws {
        try JSONSyntax.check(Array(#"{"a":{"a":[{"a":1},{"a":2}]},"b":{"a":1}}"#.utf8))
    }

    @Test func `accepts as many values as the limit and not one more`() throws {
        var limits = JSONLimits()
        limits.maximumValueCount = 4
        try JSONSyntax.check(Array(#"{"a":[1,{}]}"#.utf8), limits: limits)
        #expect(throws: JSONSyntaxError(offset: 11, problem: .tooManyValues(maximum: 4))) {
            try JSONSyntax.check(Array(#"{"a":[1,{},2]}"#.utf8), limits: limits)
        }
    }

    @Test func `refuses a long number and a long name`() throws {
        var limits = JSONLimits()
        limits.maximumNumberLength = 3
        limits.maximumNameLength = 4
        try JSONSyntax.check(Array(#"{"ab":123}"#.utf8), limits: limits)
        let error = JSONSyntaxError(offset: 6, problem: .tooLong("a number", maximum: 3))
        #expect(throws: error) { try JSONSyntax.check(Array(#"{"ab":1234}"#.utf8), limits: limits) }
        #expect(throws: JSONSyntaxError(offset: 1, problem: .tooLong("a field name", maximum: 4))) {
            try JSONSyntax.check(Array(#"{"abc":1}"#.utf8), limits: limits)
        }
    }

    /// Foundation reads whatever passes the check, and nothing traps on the way. Seed 7.
    @Test func `is stricter than Foundation on mutated bodies`() throws {
        var generator = SeededGenerator(seed: 7)
        let body = Array(
            #"{"messages":[{"role":"user","content":"\u00e9\ud83d\ude00é"}],"n":1,"t":-1.5e3,"s":[true,null,{}]}"#.utf8)
        let alphabet = Array("{}[]\",:0-e.\\u \u{0}tn".utf8) + [0x80, 0xC3, 0xED, 0xFF]
        var acceptedCount = 0
        for _ in 0..<20_000 {
            var mutated = body
            for _ in 0..<Int.random(in: 1...3, using: &generator) {
                let index = mutated.indices.randomElement(using: &generator) ?? 0
                let byte = alphabet.randomElement(using: &generator) ?? 0
                switch Int.random(in: 0..<3, using: &generator) {
                case 0: mutated[index] = byte
                case 1: mutated.insert(byte, at: index)
                default: mutated.remove(at: index)
                }
            }
            _ = try? JSONBody.decode(ChatCompletionRequest.self, from: mutated)
            guard (try? JSONSyntax.check(mutated)) != nil else { continue }
            acceptedCount += 1
            #expect(throws: Never.self, "\(String(decoding: mutated, as: UTF8.self))") {
                try JSONSerialization.jsonObject(with: Data(mutated), options: .fragmentsAllowed)
            }
        }
        #expect(acceptedCount > 1000)
    }

    @Test func `describes an error in words`() {
        let error = JSONSyntaxError(offset: 7, problem: .unexpected(found: "}", expected: "a value"))
        #expect(error.description == "The JSON body is malformed at byte 7: expected a value, found \"}\"")
    }
}
