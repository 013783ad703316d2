/// Finds models by the names that users call them, on this machine and, for `hf:` names, on a hub.
package struct ModelLibrary: Sendable {
    private let locations: StoreLocations

    package init(_ locations: StoreLocations) { self.locations = locations }

    /// Where the model lies, without a look at the network.
    ///
    /// - Returns: nil for an `hf:` name of which something is missing here. A text that is no name of a store is a path, or an entry of
    ///   the project's own folder where no such path is.
    /// - Throws: `.malformedName`, `.notFound`, `.noChoice`, `.malformed`.
    package func path(of text: String) throws(ModelStoreError) -> String? {
        switch try ModelName(text) {
        case .file(let path):
            if !Folder.exists(path), let model = ownFolder.model(named: path) { return model.path }
            return path
        case .hub(let name): return try hubCache.model(name)?.path
        case .ollama(let name):
            for store in locations.ollamaStores {
                if let model = try OllamaStore(path: store).model(name) { return model.path }
            }
            throw ModelStoreError(
                subject: "\(name)",
                .notFound(
                    advice:
                        "no store has it (looked in \(locations.ollamaStores.joined(separator: ", "))); set OLLAMA_MODELS"
                ))
        }
    }

    /// Whether the text names something that is here under a name, not only as a path.
    package func hasName(_ text: String) -> Bool {
        ModelName.isStoreName(text) || text.isFileName && ownFolder.model(named: text) != nil
    }

    /// Everything that lies here.
    package func models() -> [StoredModel] {
        ownFolder.models() + hubCache.models() + locations.ollamaStores.flatMap { OllamaStore(path: $0).models() }
    }

    /// Where `models()` looks, for a user who finds nothing.
    package var folders: [String] { [locations.ownFolder, locations.hubCache] + locations.ollamaStores }

    /// Brings what is missing or has changed of a model on the hub.
    ///
    /// - Parameters:
    ///   - onRetry: Told of requests that failed and are made again.
    ///   - progress: Told of bytes that are here, of all; never goes backwards.
    /// - Throws: `ModelStoreError`, `CancellationError`.
    package func pull(
        _ text: String, onRetry: @escaping @Sendable (RetryNotice) -> Void = { _ in },
        progress: @escaping @Sendable (Int, Int) -> Void
    ) async throws -> StoredModel {
        guard case .hub(let name) = try ModelName(text) else {
            throw ModelStoreError(
                subject: text, .malformedName(expected: "hf:owner/name or hf:owner/name:quantization"))
        }
        guard !locations.isOffline else {
            throw ModelStoreError(
                subject: text,
                .notFound(advice: "it is not wholly in \(locations.hubCache), and HF_HUB_OFFLINE forbids to bring it"))
        }
        return try await HubClient.withClient(address: locations.hubAddress, token: token, onRetry: onRetry) { client in
            try await HubDownload(cache: hubCache, client: client).bring(name, progress: progress)
        }
    }

    private var ownFolder: OwnModelFolder { OwnModelFolder(path: locations.ownFolder) }
    private var hubCache: HubCache { HubCache(path: locations.hubCache) }

    private var token: String? {
        if let token = locations.hubToken { return token }
        let bytes = Folder.contents(locations.hubTokenFile, limit: 4096) ?? []
        return String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isWhitespace).first.map(String.init)
    }
}
