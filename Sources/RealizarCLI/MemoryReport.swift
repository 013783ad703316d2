import Engine
import ModelFiles

/// What a model will need in memory, or why that cannot be told.
struct MemoryReport: Encodable {
    private let estimate: MemoryEstimate?
    private let problem: String?

    init(_ file: any ModelFile, contextLength: Int?, cacheType: CacheType?) {
        do {
            (estimate, problem) = (try MemoryEstimate(file, contextLength: contextLength, cacheType: cacheType), nil)
        } catch { (estimate, problem) = (nil, error.message) }
    }

    enum CodingKeys: String, CodingKey {
        case weights, cache, scratch, total, problem
        case contextLength = "context_length"
        case cacheType = "cache_type"
        case cachePerToken = "cache_per_token"
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encodeIfPresent(problem, forKey: .problem)
        guard let estimate else { return }
        try container.encode(estimate.contextLength, forKey: .contextLength)
        try container.encode(estimate.weights, forKey: .weights)
        try container.encode(estimate.cache, forKey: .cache)
        try container.encodeIfPresent(estimate.cacheType?.rawValue, forKey: .cacheType)
        try container.encode(estimate.cachePerToken, forKey: .cachePerToken)
        try container.encode(estimate.scratch, forKey: .scratch)
        try container.encode(estimate.total, forKey: .total)
    }

    /// `1.02 GiB for 4096 tokens: weights 637.80 MiB, cache 352.00 MiB (f16), scratch 41.20 MiB`
    var text: String {
        guard let estimate else { return "unknown: \((problem ?? "").printable)" }
        return "\(NumberFormat.bytes(estimate.total)) for \(estimate.contextLength) tokens: weights "
            + "\(NumberFormat.bytes(estimate.weights)), cache \(NumberFormat.bytes(estimate.cache))"
            + (estimate.cacheType.map { " (\($0.rawValue))" } ?? "") + ", scratch "
            + NumberFormat.bytes(estimate.scratch)
    }
}
