/// The project's own model folder: files, links to files, and folders of safetensors, called by their names.
struct OwnModelFolder {
    let path: String

    private static let suffixes = [".gguf", ".safetensors", ".apr"]

    /// The entry with this name, with or without its suffix.
    func model(named name: String) -> StoredModel? {
        models().first { $0.name == name || FileChoice.baseName($0.path) == name }
    }

    func models() -> [StoredModel] {
        let entries = Folder.entries(path)
        return SplitFileName.firstParts(entries).compactMap { entry in
            let whole = path + "/" + entry
            if Folder.isFolder(whole) {
                let files = Folder.files(below: whole)
                guard let choice = try? FileChoice.of(files, wanted: nil, subject: whole) else { return nil }
                let bytes = choice.files.compactMap { Folder.byteCount(whole + "/" + $0) }.reduce(0, +)
                switch choice {
                case .gguf(let files):
                    return StoredModel(name: entry, path: whole + "/" + files[0], byteCount: bytes, store: .own)
                case .folder: return StoredModel(name: entry, path: whole, byteCount: bytes, store: .own)
                }
            }
            guard let suffix = Self.suffixes.first(where: { entry.hasSuffix($0) }) else { return nil }
            let parts = (try? SplitFileName.allParts(of: entry, among: entries, subject: whole)) ?? [entry]
            let bytes = parts.compactMap { Folder.byteCount(path + "/" + $0) }.reduce(0, +)
            return StoredModel(
                name: String(SplitFileName.parts(of: entry)?.stem ?? entry.dropLast(suffix.count)), path: whole,
                byteCount: bytes, store: .own)
        }
    }
}
