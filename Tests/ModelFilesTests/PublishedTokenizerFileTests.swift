import ModelFiles
import TestSupport
import Testing

@Suite("tokenizer.json of published models")
struct PublishedTokenizerFileTests {
    static func problem(_ tokenizer: String) throws -> String {
        var model = PublishedModel()
        model.tokenizer = tokenizer
        let opened = try HuggingFaceModel(ModelFolder(contents: model.contents, path: "m"))
        return opened.tokenizerProblem?.description ?? "none"
    }

    static let sound = PublishedModel.tokenizerOfBytes

    static let refused: [(String, String, String)] = [
        ("\"BPE\"", "\"WordLevel\"", "a tokenizer of the type 'WordLevel' is not supported"),
        ("\"dropout\":null", "\"dropout\":0.1", "dropout 0.1 is not supported"),
        ("\"unk_token\":null", "\"unknown_option\":\"</w>\"", "the option 'unknown_option' is not supported"),
        (
            "\"normalizer\":null", "\"normalizer\":{\"type\":\"Nmt\"}",
            "key 'normalizer': 'Nmt' is not supported"
        ),
        (
            "{\"type\":\"ByteLevel\",\"add_prefix_space\":false,\"use_regex\":true}", "{\"type\":\"UnicodeScripts\"}",
            "'UnicodeScripts' is not supported"
        ),
        (
            "{\"type\":\"ByteLevel\",\"add_prefix_space\":false,\"use_regex\":true}",
            "{\"type\":\"Split\",\"pattern\":{\"Regex\":\"a(?=bc)\"},\"behavior\":\"Isolated\"}",
            "a lookahead of more than one character is not known here"
        ),
        (
            "\"post_processor\":null", "\"post_processor\":{\"type\":\"BertProcessing\"}",
            "BertProcessing without its tokens is not supported"
        ),
        (
            "\"decoder\":{\"type\":\"ByteLevel\"}", "\"decoder\":{\"type\":\"CTC\"}",
            "'CTC' is not supported"
        ),
        ("\"id\":257", "\"id\":256", "expected each id once, found id 256 twice"),
        ("\"id\":258", "\"id\":16777215", "expected ids up to about the 259 tokens, found 16777215"),
        ("\"id\":256", "\"id\":33", "expected the text '!' that the vocabulary has for id 33, found '<s>'"),
        ("\"A\":", "\"B\":", "key 'vocab': expected each token once, found 'B' twice"),
        ("\"A\":65", "\"A\":66", "key 'vocab': expected each id once, found id 66 of 'A' and 'B'"),
        ("\"merges\":[]", "\"merges\":[[\"a\"]]", "expected the two parts of a merge, found another number of parts"),
        ("\"merges\":[]", "\"merges\":[1]", "expected a string, found '1'"),
        ("{\"version\"", "{\"model\":{},\"version\"", "key 'model': expected each name once"),
        ("\"special\":true", "\"special\":1", "expected true or false, found '1'"),
    ]

    @Test(arguments: refused.indices)
    func `what is not understood is refused by name, and the model can still be looked at`(_ index: Int) throws {
        let (old, new, error) = Self.refused[index]
        #expect(Self.sound.contains(old))
        let changed = Self.sound.replacing(old, with: new, maxReplacements: 1)
        let problem = try Self.problem(changed)
        #expect(problem.hasPrefix("m/tokenizer.json") && problem.contains(error), "\(problem)")
    }

    @Test func `a sound one has no problem`() throws { #expect(try Self.problem(Self.sound) == "none") }

    @Test func `a token that only tokenizer_config.json has is one`() throws {
        let decoder = #"{"258":{"content":"<|im_end|>"},"259":{"content":"<tool>","special":true,"rstrip":true}}"#
        let model = try Self.open(decoder: decoder)
        #expect(model.tokenizerProblem == nil)
        let tokens = try model.metadata.requiredByteStrings("tokenizer.ggml.tokens")
        #expect(tokens.text(at: 259) == "<tool>" && tokens.count == 260)
        #expect(try model.metadata.requiredIntegers("tokenizer.ggml.token_type")[259] == 3)
        #expect(try model.metadata.integers("tokenizer.realizar.space_taking_token_ids") == [259])
    }

    @Test(arguments: [
        (#"{"258":{"content":"<tool>"}}"#, "found '<tool>' under the id 258"),
        (#"{"259":{"content":"<s>"}}"#, "found '<s>' under the id 259"),
        (#"{"x":{"content":"<s>"}}"#, "expected ids of tokens, found 'x'"),
        (#"{"259":{"special":true}}"#, "expected id and content, found none"),
        (#"{"259":{"content":"a","color":1}}"#, "expected a property of an added token, found 'color'"),
    ])
    func `tokens that contradict each other are named`(decoder: String, expected: String) throws {
        let problem = try Self.open(decoder: decoder).tokenizerProblem?.description ?? "none"
        #expect(problem.hasPrefix("m/tokenizer_config.json") && problem.contains(expected), "\(problem)")
    }

    private static func open(decoder: String) throws -> HuggingFaceModel {
        var model = PublishedModel()
        model.files["tokenizer_config.json"] = #"{"added_tokens_decoder":\#(decoder)}"#
        return try HuggingFaceModel(ModelFolder(contents: model.contents, path: "m"))
    }

    @Test(arguments: 0..<8)
    func `mutated tokenizers are read or refused`(_ seed: Int) throws {
        var mutator = JSONMutator([UInt8](Self.sound.utf8), seed: UInt64(seed))
        let sound = PublishedModel().contents
        var readCount = 0
        for _ in 0..<300 {
            var contents = sound
            contents["tokenizer.json"] = mutator.next()
            let model = try HuggingFaceModel(ModelFolder(contents: contents, path: "m"))
            if model.tokenizerProblem == nil { readCount += 1 }
        }
        #expect((10...290).contains(readCount), "\(readCount)")
    }
}
