import ChatTemplates

/// JSON files that options name, with the order of their fields; `-` is standard input.
enum JSONInput {
    /// - Throws: `InputError`, `CommandError`, `ChatTemplateError`.
    static func read(_ path: String) throws -> TemplateVariable {
        try TemplateVariable(json: try TextInput.read(path), of: TextInput.name(path))
    }

    /// - Throws: as `read`; also where the file holds something else than an object.
    static func readObject(_ path: String) throws -> [String: TemplateVariable] {
        guard case .object(let entries) = try read(path) else {
            throw CommandError("\(TextInput.name(path)): expected a JSON object")
        }
        return Dictionary(entries.map { ($0.name, $0.value) }) { _, last in last }
    }
}

/// Text files that options name; `-` is standard input.
enum TextInput {
    /// - Throws: `InputError`; `CommandError` for what is not UTF-8.
    static func read(_ path: String) throws -> String {
        let bytes = path == "-" ? try StandardInput.readAll() : try InputFile.read(path)
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw CommandError("\(name(path)): the text is not UTF-8")
        }
        return text
    }

    /// For messages.
    static func name(_ path: String) -> String { path == "-" ? "standard input" : path.printable }
}
