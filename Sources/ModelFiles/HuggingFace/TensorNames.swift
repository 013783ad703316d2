/// The names of an architecture's tensors in two vocabularies: GGUF's, which the engine speaks, and the published one.
///
/// A row is a pair of templates, in which `{}` stands for a number (of a layer, of an expert) as a whole component of the name:
/// `blk.{}.attn_q.weight` and `model.layers.{}.self_attn.q_proj.weight`. Both templates of a row have the same numbers in the
/// same order. The table is read in both directions.
package struct TensorNames: Sendable {
    package typealias Row = (canonical: String, published: String)

    package let rows: [Row]
    private let canonicalTemplates: [String: String]
    private let publishedTemplates: [String: String]

    package init(_ rows: [Row]) {
        self.rows = rows
        canonicalTemplates = Dictionary(rows.map { ($0.published, $0.canonical) }) { first, _ in first }
        publishedTemplates = Dictionary(rows.map { ($0.canonical, $0.published) }) { first, _ in first }
    }

    /// GGUF's name of a published one; nil for a name that is not of this architecture.
    package func canonical(of published: String) -> String? { Self.translate(published, canonicalTemplates) }

    /// The published name of GGUF's; nil for a name that is not of this architecture.
    package func published(of canonical: String) -> String? { Self.translate(canonical, publishedTemplates) }

    private static func translate(_ name: String, _ templates: [String: String]) -> String? {
        let (template, numbers) = split(name)
        guard var parts = templates[template]?.split(separator: ".", omittingEmptySubsequences: false) else {
            return nil
        }
        var next = numbers.startIndex
        for index in parts.indices where parts[index] == "{}" {
            guard next < numbers.endIndex else { return nil }
            parts[index] = numbers[next]
            next += 1
        }
        return next == numbers.endIndex ? parts.joined(separator: ".") : nil
    }

    /// The name with `{}` for each number, and the numbers. A number as no writer writes it, such as `007`, stays text.
    private static func split(_ name: String) -> (template: String, numbers: [Substring]) {
        var numbers: [Substring] = []
        let parts = name.split(separator: ".", omittingEmptySubsequences: false).map { part -> Substring in
            guard part.utf8.count <= 6, let number = UInt32(part), "\(number)" == part else { return part }
            numbers.append(part)
            return "{}"
        }
        return (parts.joined(separator: "."), numbers)
    }
}
