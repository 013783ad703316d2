import ChatTemplates
import TestSupport
import Testing

@Suite("Answer parsers")
struct AnswerParserTests {
    @Test func `every family has at least eight answers`() {
        let counts = Dictionary(grouping: AnswerFixture.all, by: \.tools).mapValues(\.count)
        for name in AnswerConventions.toolCallParserNames { #expect(counts[name, default: 0] >= 8, "\(name)") }
        let reasoning = Set(AnswerFixture.all.map(\.reasoning))
        #expect(reasoning == Set(AnswerConventions.reasoningParserNames))
    }

    @Test(arguments: AnswerFixture.all)
    func `an answer is taken apart`(fixture: AnswerFixture) throws {
        let answer = ParsedAnswer([fixture.text[...]], try fixture.parser())
        #expect(answer.content == fixture.content)
        #expect(answer.thought == fixture.thought)
        #expect(answer.calls == fixture.calls)
        #expect(answer.faults == [])
        #expect(Set(answer.ids).count == answer.calls.count)
    }

    @Test(arguments: AnswerFixture.all)
    func `it does not matter where the text is cut`(fixture: AnswerFixture) throws {
        let parser = try fixture.parser()
        let whole = ParsedAnswer([fixture.text[...]], parser)
        let text = fixture.text
        let places = Array(text.unicodeScalars.indices)
        for place in places {
            #expect(ParsedAnswer([text[..<place], text[place...]], parser) == whole)
        }
        let scalars = places.map { text[$0..<text.unicodeScalars.index(after: $0)] }
        #expect(ParsedAnswer(scalars, parser) == whole)
        var generator = SeededGenerator(seed: 6)
        for _ in 0..<50 {
            #expect(ParsedAnswer(Self.pieces(of: text, &generator), parser) == whole)
        }
    }

    /// Markers that are control tokens mean the same, and their spelling then is text.
    @Test(arguments: AnswerFixture.all.filter { !$0.spelled })
    func `markers may be control tokens`(fixture: AnswerFixture) throws {
        let markers = try fixture.conventions.markers
        let parser = try fixture.parser(controlTokens: markers)
        let pieces = Self.pieces(of: fixture.text, cutAround: markers)
        let answer = ParsedAnswer(pieces, parser, controlTokens: markers)
        #expect(answer.content == fixture.content)
        #expect(answer.thought == fixture.thought)
        #expect(answer.calls == fixture.calls)
        #expect(answer.faults == [])
    }

    @Test(arguments: ["hermes", "mistral", "deepseek", "command-r", "harmony", "glm", "granite"])
    func `spelt markers are text where the model has them as control tokens`(name: String) throws {
        let conventions = try AnswerConventions(
            template: "", toolCallParser: name, reasoningParser: name == "harmony" ? "harmony" : "none")
        for fixture in AnswerFixture.all where fixture.tools == name && !fixture.calls.isEmpty {
            let parser = AnswerParser(
                conventions: conventions, tools: AnswerFixture.definitions, prompt: "",
                controlTokens: conventions.markers, seed: 1)
            let answer = ParsedAnswer([fixture.text[...]], parser)
            #expect(answer.calls.isEmpty)
            #expect(answer.content == fixture.text)
        }
    }

    @Test func `control tokens that are no markers change nothing`() throws {
        for fixture in AnswerFixture.all.prefix(60) {
            var parser = try fixture.parser()
            var answer = ParsedAnswer([], parser)
            for scalar in fixture.text.unicodeScalars {
                answer.add(parser.append(control: "<|fim_pad|>"))
                answer.add(parser.append(String(scalar)))
            }
            answer.add(parser.finish())
            #expect(answer.content == fixture.content)
            #expect(answer.calls == fixture.calls)
        }
    }

    /// Pieces of every family's syntax in random order: nothing traps, events keep their order, the cuts do not matter, and
    /// what is neither marker nor white space comes out where no call came of it.
    @Test(arguments: AnswerConventions.toolCallParserNames, AnswerConventions.reasoningParserNames)
    func `garbage is taken in good order`(tools: String, reasoning: String) throws {
        let conventions = try AnswerConventions(template: "", toolCallParser: tools, reasoningParser: reasoning)
        let parts =
            conventions.markers.sorted() + conventions.markers.sorted().map { String($0.dropLast()) } + [
                "{", "}", "[", "]", "\"", ":", ",", "\\", "\n", " ", "é", "🌧", "1", "null", "<", "x", ";", "(", ")",
                "=",
                #"{"name": "noop", "arguments": {}}"#, #""name""#, #""arguments""#, #"{"name": "run", "#, "noop", "'",
                "\"parameters\": {\"a\"", "<function=", "<arg_key>", "</arg_key>", "<arg_value>", "</arg_value>",
                ".call(",
                "<parameter=", "</parameter>", "</function>", " to=functions.f", "analysis", "final", "```json",
                "\u{301}",
            ]
        var generator = SeededGenerator(seed: 60)
        for _ in 0..<150 {
            let text = (0..<Int.random(in: 0...40, using: &generator))
                .map { _ in parts.randomElement(using: &generator) ?? "" }.joined()
            let parser = AnswerParser(
                conventions: conventions, tools: AnswerFixture.definitions, prompt: "", seed: 1)
            let whole = ParsedAnswer([text[...]], parser)
            #expect(whole.faults == [])
            #expect(ParsedAnswer(Self.pieces(of: text, &generator), parser) == whole, "\(text)")
            if tools != "harmony", reasoning != "harmony", whole.calls.isEmpty {
                var markers = conventions.markers
                if reasoning != "none" { markers.formUnion(["<think>"]) }
                #expect(
                    Self.plain(whole.text, without: markers) == Self.plain(text, without: markers),
                    "\(text)")
            }
        }
    }

    @Test func `one call is the last where one is allowed`() throws {
        var limits = AnswerLimits()
        limits.callCount = 1
        let call = #"<tool_call>{"name": "noop", "arguments": {}}</tool_call>"#
        var parser = AnswerParser(
            conventions: try AnswerConventions(template: "", toolCallParser: "hermes"),
            tools: AnswerFixture.definitions,
            prompt: "", seed: 1, limits: limits)
        #expect(!parser.isFinished)
        var answer = ParsedAnswer([], parser)
        answer.add(parser.append(call))
        #expect(parser.isFinished)
        answer.add(parser.append(call + "more"))
        answer.add(parser.finish())
        #expect(answer.calls == [AnswerFixture.Call(name: "noop", arguments: "{}", isComplete: true)])
        #expect(answer.content == "")
    }

    /// What is held back is bounded: beyond that it is content, and still whole.
    @Test(arguments: [
        ("hermes", "<tool_call>{\"name\": \""), ("hermes", "<tool_call>{\"arguments\": {\"a\": \""), ("hermes", "x"),
        ("llama3", "<|python_tag|>"), ("llama3", "{\"x\": \""), ("glm", "<tool_call>"), ("mistral", "[TOOL_CALLS]"),
        ("deepseek", "<｜tool▁call▁begin｜>"), ("qwen3-coder", "<function="), ("harmony", "<|channel|>"),
    ])
    func `what is held back is bounded`(name: String, start: String) throws {
        var limits = AnswerLimits()
        limits.pendingByteCount = 2000
        for filling in ["a", " "] {
            var parser = AnswerParser(
                conventions: try AnswerConventions(template: "", toolCallParser: name),
                tools: AnswerFixture.definitions,
                prompt: "", seed: 1, limits: limits)
            var answer = ParsedAnswer([], parser)
            answer.add(parser.append(start))
            for count in 1...100 {
                answer.add(parser.append(String(repeating: filling, count: 100)))
                #expect(answer.content.utf8.count >= start.utf8.count + count * 100 - 2200)
            }
            answer.add(parser.finish())
            #expect(answer.content == start + String(repeating: filling, count: 10_000))
        }
    }

    @Test(.timeLimit(.minutes(1)), arguments: AnswerConventions.toolCallParserNames)
    func `long answers take linear time`(name: String) throws {
        let conventions = try AnswerConventions(template: "", toolCallParser: name, reasoningParser: "think")
        for part in conventions.markers.sorted() + ["<tool_call>{", "{\"a\":", "[", "<|python_tag|>x", " ", "<think>"] {
            var parser = AnswerParser(
                conventions: conventions, tools: AnswerFixture.definitions, prompt: "", seed: 1)
            let text = String(repeating: part, count: 20_000 / part.utf8.count)
            _ = parser.append(text)
            _ = parser.finish()
        }
    }

    @Test func `a long value of a string parameter comes as it is written`() throws {
        var parser = AnswerParser(
            conventions: try AnswerConventions(template: "", toolCallParser: "qwen3-coder"),
            tools: AnswerFixture.definitions, prompt: "", seed: 1)
        _ = parser.append("<tool_call>\n<function=run>\n<parameter=code>\n")
        #expect(parser.append("one\ntwo") == [.toolCall(.arguments(index: 0, fragment: "one\\ntwo"))])
        #expect(parser.append("\n</param") == [])
        #expect(parser.append("x") == [.toolCall(.arguments(index: 0, fragment: "\\n</paramx"))])
    }

    @Test func `Mistral's calls have ids of nine letters and digits`() throws {
        for (name, pattern) in [("mistral", /[0-9A-Za-z]{9}/), ("hermes", /call_[0-9A-Za-z]{24}/)] {
            let fixture = try #require(AnswerFixture.all.first { $0.tools == name && $0.calls.count == 2 })
            let answer = ParsedAnswer([fixture.text[...]], try fixture.parser())
            for id in answer.ids { #expect(try pattern.wholeMatch(in: id) != nil) }
        }
    }

    // MARK: Pieces

    private static func pieces(of text: String, _ generator: inout SeededGenerator) -> [Substring] {
        var pieces: [Substring] = []
        var rest = text[...]
        while !rest.isEmpty {
            let count = Int.random(in: 1...12, using: &generator)
            let end = rest.unicodeScalars.index(rest.startIndex, offsetBy: count, limitedBy: rest.endIndex)
            pieces.append(rest[..<(end ?? rest.endIndex)])
            rest = rest[(end ?? rest.endIndex)...]
        }
        return pieces
    }

    private static func pieces(of text: String, cutAround markers: Set<String>) -> [Substring] {
        var pieces: [Substring] = []
        var start = text.startIndex
        var place = start
        while place < text.endIndex {
            let rest = text[place...]
            if let marker = markers.filter({ !$0.isEmpty && rest.hasPrefix($0) }).max(by: { $0.count < $1.count }) {
                pieces.append(text[start..<place])
                start = text.index(place, offsetBy: marker.count)
                pieces.append(text[place..<start])
                place = start
            } else {
                place = text.index(after: place)
            }
        }
        return pieces + [text[start...]]
    }

    /// Without white space and markers, by bytes: a marker's last letter may have an accent behind it.
    private static func plain(_ text: String, without markers: Set<String>) -> String {
        var bytes = text.utf8.filter { $0 != UInt8(ascii: " ") && $0 != UInt8(ascii: "\n") }
        let markers = markers.map { Array($0.utf8.filter { $0 != UInt8(ascii: " ") }) }.filter { !$0.isEmpty }
            .sorted { $0.count > $1.count }
        // Taking one marker out may put the halves of another together.
        while let marker = markers.first(where: { bytes.contains($0) }) { bytes.replace(marker, with: []) }
        return String(decoding: bytes, as: UTF8.self)
    }
}
