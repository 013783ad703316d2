/// Which files of a repository make up the model that a user wants.
enum FileChoice: Equatable {
    /// A GGUF file, or all parts of a split set, the first one first.
    case gguf([String])
    /// A folder of safetensors: the weights and what belongs to them.
    case folder([String])

    var files: [String] {
        switch self {
        case .gguf(let files), .folder(let files): files
        }
    }

    /// Without a wish, the first of these that is there: quality close to the original at a quarter of the size comes first.
    private static let preferredTypes = [
        "Q4_K_M", "Q5_K_M", "Q6_K", "Q8_0", "Q4_K_S", "Q5_K_S", "Q4_0", "IQ4_XS", "IQ4_NL", "Q3_K_M", "BF16", "F16",
    ]

    /// - Parameters:
    ///   - files: Paths below the repository's root.
    ///   - wanted: A quantization or a file's name; nil for what suits best: Q4_K_M of several GGUF files, else safetensors.
    /// - Throws: `.noChoice`, `.notFound`.
    static func of(_ files: [String], wanted: String?, subject: String) throws(ModelStoreError) -> FileChoice {
        let models = SplitFileName.firstParts(files.filter(isModelInGGUF)).sorted()
        if let wanted {
            let exact = models.filter { $0 == wanted || $0.hasSuffix("/" + wanted) }
            let matching = exact.isEmpty ? models.filter { hasType(wanted, in: $0) } : exact
            guard matching.count == 1, let file = matching.first else {
                let problem = matching.isEmpty ? "no file of the kind \(wanted)" : "several files are \(wanted)"
                throw ModelStoreError(
                    subject: subject,
                    models.isEmpty
                        ? .notFound(advice: "the repository has no GGUF files; leave \(wanted) out for its safetensors")
                        : .noChoice(wanted: problem, available: matching.isEmpty ? models : matching))
            }
            return .gguf(try SplitFileName.allParts(of: file, among: files, subject: subject))
        }
        if let file = models.count == 1 ? models.first : preferred(models) {
            return .gguf(try SplitFileName.allParts(of: file, among: files, subject: subject))
        }
        if !models.isEmpty {
            throw ModelStoreError(subject: subject, .noChoice(wanted: "several files", available: models))
        }
        guard files.contains("config.json"), files.contains(where: isWeightsInRoot) else {
            throw ModelStoreError(
                subject: subject,
                .notFound(advice: "the repository has neither a GGUF file nor config.json with safetensors"))
        }
        return .folder(files.filter { isWeightsInRoot($0) || isBesideWeights($0) }.sorted())
    }

    /// Projectors of images and importance matrices are GGUF files too.
    private static func isModelInGGUF(_ path: String) -> Bool {
        let name = baseName(path).lowercased()
        return name.hasSuffix(".gguf") && !name.contains("mmproj") && !name.contains("imatrix")
    }

    private static func preferred(_ models: [String]) -> String? {
        for type in preferredTypes {
            let matching = models.filter { hasType(type, in: $0) }
            if matching.count == 1 { return matching.first }
        }
        return nil
    }

    /// Whether the file's name has the type as a word: `Q4_K` is not in `model-Q4_K_M.gguf`.
    private static func hasType(_ type: String, in path: String) -> Bool {
        let name = Array(baseName(path).uppercased().utf8), type = Array(type.uppercased().utf8)
        func isPartOfWord(_ byte: UInt8) -> Bool {
            byte == UInt8(ascii: "_") || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
                || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
        }
        guard !type.isEmpty, name.count >= type.count else { return false }
        return (0...name.count - type.count).contains { start in
            let end = start + type.count
            return name[start..<end].elementsEqual(type) && (start == 0 || !isPartOfWord(name[start - 1]))
                && (end == name.count || !isPartOfWord(name[end]))
        }
    }

    private static func isWeightsInRoot(_ path: String) -> Bool {
        !path.contains("/") && (path.hasSuffix(".safetensors") || path.hasSuffix(".safetensors.index.json"))
    }

    private static let namesBesideWeights: Set<String> = [
        "config.json", "generation_config.json", "tokenizer.json", "tokenizer_config.json", "special_tokens_map.json",
        "added_tokens.json", "vocab.json", "vocab.txt", "merges.txt", "tokenizer.model", "chat_template.jinja",
        "chat_template.json", "modules.json", "sentence_bert_config.json", "1_Pooling/config.json",
    ]

    private static func isBesideWeights(_ path: String) -> Bool { namesBesideWeights.contains(path) }

    static func baseName(_ path: String) -> String { path.split(separator: "/").last.map(String.init) ?? path }
}

/// Names of the parts of a split set: `model-00001-of-00003.gguf`.
enum SplitFileName {
    /// The name without its number, and the number and count, which are five digits each.
    static func parts(of path: String) -> (stem: Substring, index: Int, count: Int)? {
        guard path.hasSuffix(".gguf") else { return nil }
        let stem = path.dropLast(".gguf".count), tail = stem.suffix("-00001-of-00003".count)
        let fields = tail.split(separator: "-", omittingEmptySubsequences: false)
        guard fields.count == 4, fields[0].isEmpty, fields[1].count == 5, fields[2] == "of", fields[3].count == 5,
            let index = Int(fields[1]), let count = Int(fields[3]), index >= 1, index <= count
        else { return nil }
        return (stem.dropLast(tail.count), index, count)
    }

    /// Files that are no later part of a set.
    static func firstParts(_ paths: [String]) -> [String] { paths.filter { (parts(of: $0)?.index ?? 1) == 1 } }

    /// - Throws: `.malformed` where the repository lacks a part.
    static func allParts(
        of path: String, among files: [String], subject: String
    ) throws(ModelStoreError) -> [String] {
        guard let first = parts(of: path) else { return [path] }
        let found = files.filter { other in
            parts(of: other).map { $0.stem == first.stem && $0.count == first.count } ?? false
        }.sorted()
        guard found.count == first.count else {
            throw ModelStoreError(
                subject: subject,
                .malformed(expected: "\(first.count) parts of \(path)", found: "\(found.count)"))
        }
        return found
    }
}
