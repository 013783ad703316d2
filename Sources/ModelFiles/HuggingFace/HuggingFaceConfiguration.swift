/// What `config.json` of a published model says.
struct HuggingFaceConfiguration {
    /// In bytes. Real ones are below 100 kB.
    static let longestFile = 1 << 20

    let file: String
    /// Of the language model: the whole file, or its `text_config`.
    let values: JSONObject
    /// Whether the language model is a part of a larger one (that sees or hears).
    let isNested: Bool
    let modelType: String
    /// Nil for a `model_type` that is not known here.
    let architecture: HuggingFaceArchitecture?

    init(_ reader: inout JSONReader) throws(ModelFileError) {
        file = reader.file
        let root = try reader.value()
        try reader.end()
        guard let whole = root.object else {
            throw ModelFileError(
                file: file, offset: root.offset, problem: .wrongValueType(expected: "an object", found: root.kind))
        }
        let part = whole["text_config"]?.object
        values = part.map { Self.completing($0, with: whole) } ?? whole
        isNested = part != nil
        guard let type = values["model_type"] ?? whole["model_type"] else {
            throw ModelFileError(
                file: file, subject: .key("model_type"), problem: .missing(expected: "the architecture's name"))
        }
        guard let modelType = type.string else {
            throw ModelFileError(
                file: file, offset: type.offset, subject: .key("model_type"),
                problem: .wrongValueType(expected: "a string", found: type.kind))
        }
        self.modelType = modelType
        architecture = HuggingFaceArchitecture.named(modelType)
        try checkClass(whole)
    }

    /// What belongs to the model as a whole may stand beside `text_config`.
    private static func completing(_ part: JSONObject, with whole: JSONObject) -> JSONObject {
        var completed = part
        for key in ["tie_word_embeddings", "bos_token_id", "eos_token_id", "pad_token_id", "quantization_config"] {
            if part[key] == nil, let value = whole[key] { completed.set(key, value) }
        }
        return completed
    }

    /// The same layers with another head (a classifier, a reward) are another model.
    private func checkClass(_ whole: JSONObject) throws(ModelFileError) {
        guard !isNested, let architecture, let classes = whole["architectures"], !classes.isNull else { return }
        guard classes.array?.count == 1, classes.array?.first?.string == architecture.className else {
            let found = classes.array?.prefix(4).map(\.shown).joined(separator: ", ") ?? classes.kind
            throw error("architectures", expected: PrintableName.quoted(architecture.className), found: found)
        }
    }
}

// MARK: - Values

extension HuggingFaceConfiguration {
    /// Nil for a key that is absent or null.
    func value(_ key: String) -> JSONValue? { values[key].flatMap { $0.isNull ? nil : $0 } }

    func integer(_ key: String) throws(ModelFileError) -> Int? {
        guard let value = value(key) else { return nil }
        guard let integer = value.integer else { throw typeError(key, expected: "an integer") }
        return integer
    }

    func number(_ key: String) throws(ModelFileError) -> Double? {
        guard let value = value(key) else { return nil }
        guard let number = value.number else { throw typeError(key, expected: "a number") }
        return number
    }

    func bool(_ key: String) throws(ModelFileError) -> Bool? {
        guard let value = value(key) else { return nil }
        guard let bool = value.bool else { throw typeError(key, expected: "a bool") }
        return bool
    }

    /// An id, or a list of them; empty for a key that is absent or null.
    func tokenIDs(_ key: String) throws(ModelFileError) -> [Int] { try values.tokenIDs(key, file: file) }

    func error(_ key: String, expected: String, found: String) -> ModelFileError {
        ModelFileError(
            file: file, offset: values[key]?.offset, subject: .key(key),
            problem: .invalid(expected: expected, found: found))
    }

    func unsupported(_ key: String, found: String, advice: String) -> ModelFileError {
        ModelFileError(
            file: file, offset: values[key]?.offset, subject: .key(key),
            problem: .unsupported(found: found, advice: advice))
    }

    private func typeError(_ key: String, expected: String) -> ModelFileError {
        ModelFileError(
            file: file, offset: values[key]?.offset, subject: .key(key),
            problem: .wrongValueType(expected: expected, found: values[key]?.kind ?? "none"))
    }
}

extension JSONObject {
    /// An id, or a list of them; empty for a key that is absent or null.
    func tokenIDs(_ key: String, file: String) throws(ModelFileError) -> [Int] {
        guard let value = self[key], !value.isNull else { return [] }
        var ids: [Int] = []
        for element in value.array ?? [value] {
            guard let id = element.integer else {
                throw ModelFileError(
                    file: file, offset: element.offset, subject: .key(key),
                    problem: .wrongValueType(expected: "a token id or a list of them", found: element.kind))
            }
            ids.append(id)
        }
        return ids
    }
}
