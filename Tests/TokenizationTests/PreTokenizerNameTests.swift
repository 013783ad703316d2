import Testing
import Tokenization

@Suite("Pre-tokenizers by pattern")
struct PreTokenizerNameTests {
    private static let llama3 =
        #"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"#

    private static let o200k =
        #"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?"#
        + #"|[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?"#
        + #"|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+"#

    @Test func `the patterns of tokenizer files are known by name`() {
        #expect(preTokenizerName(ofRegularExpression: Self.llama3) == "llama-bpe")
        let qwen2 = Self.llama3.replacing("{1,3}", with: "")
        #expect(preTokenizerName(ofRegularExpression: qwen2) == "qwen2")
        let gpt2 = #"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"#
        #expect(preTokenizerName(ofRegularExpression: gpt2) == "gpt-2")
        let qwen35 = qwen2.replacing(#"?\p{L}+"#, with: #"?[\p{L}\p{M}]+"#)
            .replacing(#"[^\s\p{L}\p{N}]"#, with: #"[^\s\p{L}\p{M}\p{N}]"#)
        #expect(preTokenizerName(ofRegularExpression: qwen35) == "qwen35")
        #expect(preTokenizerName(ofRegularExpression: Self.o200k, takesWholeWords: false) == "gpt-4o")
        #expect(preTokenizerName(ofRegularExpression: Self.o200k) == "granite-embed-multi-97m")
        let tekken = Self.o200k.replacing("(?i:'s|'t|'re|'ve|'m|'ll|'d)?", with: "").replacing("{1,3}", with: "")
        #expect(preTokenizerName(ofRegularExpression: tekken) == "tekken")
        #expect(preTokenizerName(ofRegularExpression: Self.llama3 + "|x") == nil)
    }
}
