/// `logprobs` of a text completion: four lists with one entry per token.
public struct CompletionLogProbabilities: Sendable, Equatable, Encodable {
    public private(set) var tokens: [String] = []
    public private(set) var tokenLogProbabilities: [Double] = []
    /// Token text → log-probability, with the chosen token always among them.
    public private(set) var topLogProbabilities: [[String: Double]] = []
    /// Where each token begins in the choice's `text` (over all chunks of a stream), in Unicode scalars.
    public private(set) var textOffsets: [Int] = []

    private var scalarCount: Int

    /// - Parameter startOffset: Scalars of text before the first token, for the later chunks of a stream.
    public init(startOffset: Int = 0) { scalarCount = startOffset }

    /// Scalars that the tokens so far have begun; the next chunk's `startOffset`.
    public var endOffset: Int { scalarCount }

    /// - Parameters:
    ///   - bytes: The token's own bytes; a token that begins inside a character has that character's offset.
    ///   - top: The likeliest tokens, best first. Of two with the same text the likelier stays.
    public mutating func append(bytes: [UInt8], logProbability: Double, top: [(bytes: [UInt8], logProbability: Double)])
    {
        let text = TokenText.string(bytes, prefix: "bytes:")
        let logProbability = TokenText.finite(logProbability)
        tokens.append(text)
        tokenLogProbabilities.append(logProbability)
        let pairs = top.map { (TokenText.string($0.bytes, prefix: "bytes:"), TokenText.finite($0.logProbability)) }
        topLogProbabilities.append(
            Dictionary(pairs + [(text, logProbability)], uniquingKeysWith: { first, _ in first }))
        let startsInsideCharacter = bytes.first.map(UTF8.isContinuation) ?? false
        textOffsets.append(startsInsideCharacter ? max(scalarCount - 1, 0) : scalarCount)
        scalarCount += bytes.count { !UTF8.isContinuation($0) }
    }

    private enum CodingKeys: String, CodingKey {
        case tokens
        case tokenLogProbabilities = "token_logprobs"
        case topLogProbabilities = "top_logprobs"
        case textOffsets = "text_offset"
    }
}
