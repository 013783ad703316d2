import Foundation
import TestSupport
import Testing
import Tokenization

/// Vocabularies of real models with the ids that were published for them.
@Suite("Published vocabularies")
struct VocabularyCaseTests {
    @Test(
        .enabled(if: SharedData.folder("vocab") != nil, "\(SharedData.absent)"),
        arguments: ["llama-spm", "phi-3", "gpt-2", "qwen2", "starcoder", "deepseek-llm", "bert-bge"])
    func `every case gives the published ids, and its text back where nothing was lost`(name: String) throws {
        let path = try #require(SharedData.folder("vocab")) + "/ggml-vocab-\(name).gguf"
        let tokenizer = try loadTokenizer(path)
        let texts = try String(contentsOfFile: path + ".inp", encoding: .utf8)
            .components(separatedBy: "\n__ggml_vocab_test__\n")
        let lines = try String(contentsOfFile: path + ".out", encoding: .utf8).components(separatedBy: "\n")
        #expect(texts.count > 40)
        #expect(lines.count >= texts.count)
        for (text, line) in zip(texts, lines) {
            let expected = line.split(separator: " ").compactMap { Int32($0) }
            let ids = tokenizer.encode(text)
            #expect(ids == expected, "\(text.debugDescription)")
            // Case and white space are lost in BERT's.
            if name != "bert-bge" { #expect(try tokenizer.decode(ids) == Array(text.utf8)) }
        }
    }
}
