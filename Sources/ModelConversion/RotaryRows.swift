internal import ModelFiles
internal import Tensors

/// The order of the rows of queries and keys.
///
/// Published weights rotate channel i of a head together with channel i + D/2; GGUF files of some architectures (`llama`) rotate
/// neighbours, and their rows are in another order. Files whose order is not their architecture's own say so under
/// `<architecture>.rope.pairing`.
struct RotaryRows {
    private let headCount: Int
    private let keyValueHeadCount: Int
    /// Channels of a head that are rotated.
    private let rotatedCount: Int?
    /// Whether halves become neighbours, or neighbours halves.
    private let pairsHalves: Bool

    /// The order that a format wants.
    enum Order: Sendable {
        /// That which GGUF has for the architecture.
        case ofArchitecture
        /// Any; the file says which.
        case asTheyLie
        /// That of published weights.
        case halves
    }

    /// - Returns: Nil where the model's rows are in the order that is wanted.
    init?(_ metadata: Metadata, as order: Order) throws(ModelFileError) {
        guard order != .asTheyLie, let name = try metadata.string("general.architecture"),
            let architecture = HuggingFaceArchitecture.all.first(where: { $0.canonicalName == name })
        else { return nil }
        let key = "\(name).rope.pairing"
        let pairing = try metadata.string(key) ?? architecture.canonicalPairing
        let wanted = order == .halves ? "halves" : architecture.canonicalPairing
        guard pairing != wanted else { return nil }
        guard ["halves", "adjacent"].contains(pairing) else {
            throw metadata.error(
                about: key, expected: "'halves' or 'adjacent', which can be turned into each other",
                found: "'\(pairing)'")
        }
        pairsHalves = pairing == "halves"
        headCount = try metadata.requiredInteger("\(name).attention.head_count", in: 1...1 << 16)
        keyValueHeadCount =
            try metadata.integer("\(name).attention.head_count_kv", in: 1...1 << 16) ?? headCount
        rotatedCount = try metadata.integer("\(name).rope.dimension_count", in: 2...1 << 16)
    }

    /// The tensor with neighbours instead of halves, or the other way round, where it is one of queries or keys.
    ///
    /// - Throws: `.invalid` for a count of rows that heads do not divide.
    func apply(to source: TensorSource, in file: String) throws(ModelFileError) -> TensorSource {
        let heads: Int
        switch source.name.split(separator: ".").dropLast().last {
        case "attn_q": heads = headCount
        case "attn_k": heads = keyValueHeadCount
        default: return source
        }
        let rows = source.shape.dimensions.first ?? 0
        let size = rows / heads
        let rotated = rotatedCount ?? size
        guard rows.isMultiple(of: heads), rotated <= size, rotated.isMultiple(of: 2) else {
            throw ModelFileError(
                file: file, subject: .tensor(source.name),
                problem: .invalid(
                    expected: "rows of \(heads) heads with \(rotated) channels in pairs", found: "\(rows)"))
        }
        let order = (0..<rows).map { row in
            let (head, channel) = (row / size, row % size)
            guard channel < rotated else { return row }
            let half = rotated / 2
            return head * size
                + (pairsHalves ? channel / 2 + channel % 2 * half : channel % half * 2 + channel / half)
        }
        return source.rows(inOrder: order)
    }
}
