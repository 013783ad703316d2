/// The chat templates of a published model: as files, or in `tokenizer_config.json`.
struct PublishedChatTemplates {
    /// In bytes.
    static let longestTemplate = 1 << 20

    /// Name and source; the one without a name comes first.
    private var templates: [(name: String?, source: [UInt8])] = []

    /// `chat_template.jinja` and `additional_chat_templates/NAME.jinja` before `chat_template.json` before the key of
    /// `tokenizer_config.json`, as transformers reads them.
    init(_ folder: ModelFolder) throws(ModelFileError) {
        templates = try Self.files(in: folder)
        if !templates.isEmpty { return }
        for name in ["chat_template.json", TokenizerConfiguration.fileName] {
            guard let found = try Self.read(name, in: folder) else { continue }
            templates = found
            return
        }
    }

    private static let additionalFolder = "additional_chat_templates"
    private static let suffix = ".jinja"

    private static func files(in folder: ModelFolder) throws(ModelFileError) -> [(name: String?, source: [UInt8])] {
        var templates: [(name: String?, source: [UInt8])] = []
        if let file = try folder.file("chat_template.jinja") {
            templates.append((nil, try file.allBytes(atMost: longestTemplate)))
        }
        for name in try folder.names(in: additionalFolder, suffix: suffix) {
            guard let file = try folder.file(additionalFolder + "/" + name) else { continue }
            templates.append((String(name.dropLast(suffix.count)), try file.allBytes(atMost: longestTemplate)))
        }
        return templates
    }

    /// `tokenizer.chat_template`, and `tokenizer.chat_template.NAME` for those with a name, which `tokenizer.chat_templates`
    /// lists.
    func append(to metadata: inout Metadata) {
        let key = "tokenizer.chat_template"
        if let template = templates.first(where: { $0.name == nil || $0.name == "default" }) {
            metadata.append(key, .string(template.source))
        }
        let named = templates.filter { $0.name != nil && $0.name != "default" }
        guard !named.isEmpty else { return }
        var names = ByteStrings()
        for (name, source) in named {
            guard let name, metadata.append("\(key).\(name)", .string(source)) == nil else { continue }
            names.append(name.utf8)
        }
        metadata.append(key + "s", .array(MetadataArray(strings: names)))
    }

    private static func read(
        _ name: String, in folder: ModelFolder
    ) throws(ModelFileError) -> [(name: String?, source: [UInt8])]? {
        guard var reader = try folder.json(name, longest: TokenizerConfiguration.longestFile) else { return nil }
        var templates: [(name: String?, source: [UInt8])]?
        try reader.beginObject()
        while let key = try reader.nextKey() {
            guard reader.text(of: key) == "chat_template" else {
                try reader.skip()
                continue
            }
            reader.subject = .key("chat_template")
            switch reader.peek() {
            case UInt8(ascii: "\""): templates = [(nil, try reader.utf8())]
            case UInt8(ascii: "["): templates = try namedTemplates(&reader)
            default:
                guard try reader.null() else {
                    throw reader.error(
                        at: reader.offset, expected: "a template or a list of named ones", found: "something else")
                }
            }
        }
        try reader.end()
        return templates
    }

    /// `[{"name": "default", "template": "…"}, {"name": "tool_use", "template": "…"}]`
    private static func namedTemplates(
        _ reader: inout JSONReader
    ) throws(ModelFileError) -> [(name: String?, source: [UInt8])] {
        var templates: [(name: String?, source: [UInt8])] = []
        try reader.beginArray()
        while try reader.nextElement() {
            var name: String?
            var source: [UInt8]?
            let start = reader.offset
            try reader.beginObject()
            while let key = try reader.nextKey() {
                switch reader.text(of: key) {
                case "name": name = reader.text(of: try reader.string())
                case "template": source = try reader.utf8()
                default: try reader.skip()
                }
            }
            guard let name, let source else {
                throw reader.error(at: start, .missing(expected: "name and template"))
            }
            templates.append((name, source))
        }
        return templates
    }
}
