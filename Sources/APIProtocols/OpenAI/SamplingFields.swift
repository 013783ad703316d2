import Foundation

/// The fields that chat and text completions share: how tokens are chosen, where the answer ends, how it is sent.
///
/// What is nil was absent or null. Ranges are those of the OpenAI API; `top_k`, `min_p`, `repetition_penalty` (also
/// called `repeat_penalty`) and `ignore_eos` are the extensions that local servers share.
public struct SamplingFields: Sendable, Equatable {
    /// 0...2; 0 is greedy.
    public var temperature: Double?
    /// 0...1.
    public var topP: Double?
    /// 0 keeps all tokens; −1 is read as 0.
    public var topK: Int?
    /// 0...1.
    public var minP: Double?
    /// Above 0, at most 10.
    public var repetitionPenalty: Double?
    /// −2...2.
    public var presencePenalty: Double?
    /// −2...2.
    public var frequencyPenalty: Double?
    /// Token id → −100...100.
    public var logitBias: [Int32: Double] = [:]
    public var seed: UInt64?
    /// At most 16, none empty.
    public var stopSequences: [String] = []
    public var ignoresEndOfGeneration = false
    /// The answer comes as server-sent events.
    public var streams = false
    /// A stream ends with a chunk that has the token counts.
    public var includesUsage = false

    static let names: Set<String> = [
        "temperature", "top_p", "top_k", "min_p", "repetition_penalty", "repeat_penalty", "presence_penalty",
        "frequency_penalty", "logit_bias", "seed", "stop", "ignore_eos", "stream", "stream_options", "n",
    ]

    public static let maximumStopSequenceCount = 16

    init(_ fields: FieldReader) throws(RequestFieldError) {
        _ = try fields.string("user")
        _ = try fields.value("metadata", as: AnyObjectField.self, expected: "an object")
        temperature = try fields.number("temperature", in: 0...2)
        topP = try fields.number("top_p", in: 0...1)
        topK = try fields.integer("top_k", in: -1...Int(Int32.max)).map { max($0, 0) }
        minP = try fields.number("min_p", in: 0...1)
        repetitionPenalty = try fields.eitherNumber("repetition_penalty", "repeat_penalty")
        presencePenalty = try fields.number("presence_penalty", in: -2...2)
        frequencyPenalty = try fields.number("frequency_penalty", in: -2...2)
        logitBias = try fields.logitBias("logit_bias")
        seed = try fields.seed("seed")
        stopSequences = try fields.stopSequences("stop", maximumCount: Self.maximumStopSequenceCount)
        ignoresEndOfGeneration = try fields.boolean("ignore_eos") ?? false
        streams = try fields.boolean("stream") ?? false
        let options: StreamOptions? = try fields.value("stream_options", expected: "an object")
        if options != nil, !streams {
            throw fields.error(
                "stream_options", .unsupported(found: "an object", instead: "send it with \"stream\": true"))
        }
        includesUsage = options?.includesUsage ?? false
        guard try fields.integer("n", in: 1...128) ?? 1 == 1 else {
            let found = fields.anyValue("n")?.description ?? "null"
            throw fields.error("n", .unsupported(found: found, instead: "leave it out or send 1"))
        }
    }
}

/// Any object, whose fields are not read.
struct AnyObjectField: Decodable {
    init(from decoder: any Decoder) throws { _ = try decoder.container(keyedBy: FieldName.self) }
}

/// The object in `stream_options`.
private struct StreamOptions: Decodable {
    let includesUsage: Bool

    init(from decoder: any Decoder) throws {
        let fields = try FieldReader(decoder)
        includesUsage = try fields.boolean("include_usage") ?? false
        try fields.refuseOthers(
            known: ["include_usage"], rules: FieldRules(unsupported: ["include_obfuscation": [false]]))
    }
}

extension FieldReader {
    /// One value under two names.
    fileprivate func eitherNumber(_ name: String, _ alias: String) throws(RequestFieldError) -> Double? {
        let expected = "above 0 and at most 10"
        let value = try number(name, expected) { $0 > 0 && $0 <= 10 }
        let other = try number(alias, expected) { $0 > 0 && $0 <= 10 }
        if let value, let other, value != other { throw error(name, .conflict(with: alias)) }
        return value ?? other
    }

    /// Any 64-bit integer; a negative one counts as its two's complement.
    fileprivate func seed(_ name: String) throws(RequestFieldError) -> UInt64? {
        guard has(name) else { return nil }
        if let seed: Int64 = try? value(name, expected: "") { return UInt64(bitPattern: seed) }
        let expected = "a whole number of 64 bits"
        if let seed: UInt64 = try? value(name, expected: expected) { return seed }
        guard let literal = try? value(name, as: Decimal.self, expected: expected) else {
            throw invalid(name, expected: expected)
        }
        // A `Double` would show another number than the client sent.
        throw error(name, .invalid(expected: expected, found: "\(literal)"))
    }

    fileprivate func logitBias(_ name: String) throws(RequestFieldError) -> [Int32: Double] {
        let expected = "an object of numbers between -100 and 100 under token ids"
        guard let biases: [String: Double] = try value(name, expected: expected) else { return [:] }
        var result: [Int32: Double] = [:]
        for (key, bias) in biases {
            guard let tokenID = Int32(key), tokenID >= 0 else {
                throw error(name, .invalid(expected: expected, found: "the id \(JSONValue.string(key))"))
            }
            guard (-100...100).contains(bias) else {
                throw error(name, .invalid(expected: expected, found: "\(JSONValue.number(bias)) under \(key)"))
            }
            result[tokenID] = bias
        }
        return result
    }

    fileprivate func stopSequences(_ name: String, maximumCount: Int) throws(RequestFieldError) -> [String] {
        let expected = "a string or an array of at most \(maximumCount) strings"
        guard has(name) else { return [] }
        let sequences: [String]
        if let one: String = try? value(name, expected: expected) {
            sequences = [one]
        } else {
            sequences = try value(name, expected: expected) ?? []
        }
        guard sequences.count <= maximumCount else {
            throw error(name, .invalid(expected: expected, found: "\(sequences.count)"))
        }
        guard !sequences.contains("") else {
            throw error(name, .invalid(expected: expected, found: "an empty string"))
        }
        return sequences
    }
}
