/// The local cache of a hub, as its own programs and many others lay it out, so that a model is brought once for all of them:
///
/// ```
/// models--<owner>--<name>/refs/<revision>                  the commit that the revision stood for
///                         snapshots/<commit>/<file>        a link to a blob
///                         blobs/<checksum>                 what the files hold
/// ```
///
/// Source: the hub's documentation, "Hub Local Cache".
struct HubCache {
    let path: String

    static let revision = "main"

    func folder(of name: HubName) -> String { "\(path)/models--\(name.owner)--\(name.name)" }

    /// The model as far as it lies here wholly; nil where something of it is missing.
    ///
    /// - Throws: `.noChoice` where the files here are several models and the name does not say which.
    func model(_ name: HubName) throws(ModelStoreError) -> StoredModel? {
        guard let snapshot = snapshot(of: name) else { return nil }
        let files = Folder.files(below: snapshot).filter { Folder.exists(snapshot + "/" + $0) }
        let choice: FileChoice
        do { choice = try FileChoice.of(files, wanted: name.choice, subject: "\(name)") } catch {
            // What is not here may still be on the hub; only several that fit are the user's choice.
            if name.choice == nil, case .noChoice = error.problem { throw error }
            return nil
        }
        return stored(choice, name: name, snapshot: snapshot)
    }

    /// Every model in the cache; of a repository with several GGUF files, each.
    func models() -> [StoredModel] {
        Folder.entries(path).flatMap { entry -> [StoredModel] in
            // Names have single hyphens at most: two of them part owner and name.
            let parts = entry.split(separator: "-", omittingEmptySubsequences: false)
            guard entry.hasPrefix("models--"), let cut = entry.dropFirst(8).firstRange(of: "--"), parts.count > 3,
                let name = try? HubName("\(entry.dropFirst(8)[..<cut.lowerBound])/\(entry[cut.upperBound...])"),
                let snapshot = snapshot(of: name)
            else { return [] }
            let files = Folder.files(below: snapshot).filter { Folder.exists(snapshot + "/" + $0) }
            let single = SplitFileName.firstParts(files.filter { $0.hasSuffix(".gguf") })
            let choices: [FileChoice] =
                single.isEmpty
                ? [try? FileChoice.of(files, wanted: nil, subject: entry)].compactMap { $0 }
                : single.compactMap { try? FileChoice.of(files, wanted: $0, subject: entry) }
            return choices.compactMap { stored($0, name: name, snapshot: snapshot) }
        }
    }

    private func snapshot(of name: HubName) -> String? {
        guard let bytes = Folder.contents(folder(of: name) + "/refs/" + Self.revision, limit: 100),
            let commit = String(validating: bytes, as: UTF8.self)?.split(whereSeparator: \.isWhitespace).first,
            String(commit).isNameOfOne
        else { return nil }
        let snapshot = folder(of: name) + "/snapshots/" + commit
        return Folder.isFolder(snapshot) ? snapshot : nil
    }

    private func stored(_ choice: FileChoice, name: HubName, snapshot: String) -> StoredModel? {
        let bytes = choice.files.compactMap { Folder.byteCount(snapshot + "/" + $0) }
        guard bytes.count == choice.files.count else { return nil }
        let total = bytes.reduce(0, +)
        switch choice {
        case .gguf(let files):
            return StoredModel(
                name: "\(HubName.prefix)\(name.repository):\(FileChoice.baseName(files[0]))",
                path: snapshot + "/" + files[0],
                byteCount: total, store: .hub)
        case .folder:
            guard hasAllShards(choice.files, in: snapshot) else { return nil }
            return StoredModel(
                name: HubName.prefix + name.repository, path: snapshot, byteCount: total, store: .hub)
        }
    }

    /// Shards are numbered; a set with a gap was not brought wholly.
    private func hasAllShards(_ files: [String], in snapshot: String) -> Bool {
        let weights = files.filter { $0.hasSuffix(".safetensors") }
        let counts = weights.compactMap { file in
            file.dropLast(".safetensors".count).split(separator: "-").last.flatMap { Int($0) }
        }
        guard let count = counts.max(), weights.allSatisfy({ $0.contains("-of-") }) else { return !weights.isEmpty }
        return weights.count == count
    }
}
