/// How `tokenizer.json` would say what a name of `tokenizer.ggml.pre` stands for: the way back of `preTokenizerName`.
package struct PublishedWordRule: Sendable, Equatable {
    /// One after another, each within the pieces that the one before has left.
    package let expressions: [String]
    /// Whether each number stands alone before the expressions see the text.
    package let isolatesNumbers: Bool
    /// Whether words that are in the vocabulary are taken whole, where the file does not say.
    package let takesWholeWords: Bool
    /// Whether a begin token is added where the file does not say, and an end token.
    package let addsBeginToken: Bool
    package let addsEndToken: Bool

    /// - Throws: `.unknownPreTokenizer`, `.missingPreTokenizer`.
    package init(named name: String?) throws(TokenizationError) {
        let preTokenizer = try PreTokenizer.named(name)
        switch preTokenizer.pattern {
        case .gpt2: expressions = [GPT2Pattern.regularExpression]
        case .llama3(let pattern): expressions = [pattern.regularExpression]
        case .o200k(let pattern): expressions = [pattern.regularExpression]
        case .expressions(let all): expressions = all
        }
        isolatesNumbers = preTokenizer.isolatesNumbers
        takesWholeWords = preTokenizer.takesWholeWords
        addsBeginToken = preTokenizer.addsBeginToken
        addsEndToken = preTokenizer.addsEndToken
    }
}
