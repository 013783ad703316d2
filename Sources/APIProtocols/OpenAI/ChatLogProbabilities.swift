/// `logprobs` of a chat choice: one entry per token.
public struct ChatLogProbabilities: Sendable, Equatable, Encodable {
    public var content: [Token]

    public init(content: [Token]) { self.content = content }

    private enum CodingKeys: String, CodingKey { case content, refusal }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(content, forKey: .content)
        try container.encodeNil(forKey: .refusal)
    }

    /// A token and, where asked for, the likeliest ones in its place.
    public struct Token: Sendable, Equatable, Encodable {
        public var candidate: Candidate
        /// Best first.
        public var top: [Candidate]

        public init(candidate: Candidate, top: [Candidate]) {
            self.candidate = candidate
            self.top = top
        }

        private enum CodingKeys: String, CodingKey { case top = "top_logprobs" }

        public func encode(to encoder: any Encoder) throws {
            try candidate.encode(to: encoder)
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encode(top, forKey: .top)
        }
    }

    /// One possible token.
    public struct Candidate: Sendable, Equatable, Encodable {
        public var token: String
        /// Finite, 0 or less.
        public var logprob: Double
        public var bytes: [UInt8]

        public init(bytes: [UInt8], logProbability: Double) {
            self.token = TokenText.string(bytes)
            self.logprob = TokenText.finite(logProbability)
            self.bytes = bytes
        }
    }
}
