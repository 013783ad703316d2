/// The body of `POST /v1/completions`, the older API that continues a text as it stands.
///
/// Source: OpenAI API reference, "Create completion".
public struct CompletionRequest: Sendable, Equatable, Decodable {
    public enum Prompt: Sendable, Equatable {
        case text(String)
        case tokenIDs([Int32])
    }

    /// nil if absent or empty.
    public var model: String?
    public var prompt: Prompt
    /// 16 if absent, as in OpenAI's API; 0 or more.
    public var maximumTokenCount: Int
    /// `logprobs`: 0...5; nil reports none.
    public var topLogProbabilityCount: Int?
    public var sampling: SamplingFields

    private static let names: Set<String> = SamplingFields.names.union(["model", "prompt", "max_tokens", "logprobs"])

    /// - Throws: `RequestFieldError` for the first field that is missing, out of range, unsupported or unknown.
    public init(from decoder: any Decoder) throws {
        let fields = try FieldReader(decoder)
        try fields.refuseOthers(known: Self.names, rules: .completion)
        model = try fields.string("model").flatMap { $0.isEmpty ? nil : $0 }
        prompt = try fields.required("prompt", Self.prompt(fields))
        maximumTokenCount = try fields.integer("max_tokens", in: 0...Int.max) ?? 16
        topLogProbabilityCount = try fields.integer("logprobs", in: 0...5)
        sampling = try SamplingFields(fields)
    }

    /// A string, an array of one string, an array of token ids, or an array of one such array. Batches are refused.
    ///
    /// The first value of an array decides how the rest is read, so that each is read once.
    private static func prompt(_ fields: FieldReader) throws(RequestFieldError) -> Prompt? {
        let expected = "a string or an array of token ids"
        switch fields.anyValue("prompt") {
        case nil: return nil
        case .string: return try fields.value("prompt", as: String.self, expected: expected).map(Prompt.text)
        case .array(let values):
            switch values.first {
            case .string:
                let texts = try fields.value("prompt", as: [String].self, expected: expected) ?? []
                guard let text = texts.first, texts.count == 1 else { throw batch(of: texts.count, fields) }
                return .text(text)
            case .array:
                let lists = try fields.value("prompt", as: [[Int]].self, expected: expected) ?? []
                guard let ids = lists.first, lists.count == 1 else { throw batch(of: lists.count, fields) }
                return try .tokenIDs(tokenIDs(ids, fields, expected: expected))
            default:
                let ids = try fields.value("prompt", as: [Int].self, expected: expected) ?? []
                return try .tokenIDs(tokenIDs(ids, fields, expected: expected))
            }
        default: throw fields.invalid("prompt", expected: expected)
        }
    }

    private static func tokenIDs(
        _ ids: [Int], _ fields: FieldReader, expected: String
    ) throws(RequestFieldError) -> [Int32] {
        guard !ids.isEmpty else {
            throw fields.error("prompt", .invalid(expected: expected, found: "an empty array"))
        }
        var tokenIDs: [Int32] = []
        tokenIDs.reserveCapacity(ids.count)
        for id in ids {
            guard let tokenID = Int32(exactly: id), tokenID >= 0 else {
                throw fields.error(
                    "prompt", .invalid(expected: expected, found: "\(id), which is out of the range of token ids"))
            }
            tokenIDs.append(tokenID)
        }
        return tokenIDs
    }

    private static func batch(of count: Int, _ fields: FieldReader) -> RequestFieldError {
        fields.error(
            "prompt", .unsupported(found: "an array of \(count) prompts", instead: "send one prompt per request"))
    }
}
