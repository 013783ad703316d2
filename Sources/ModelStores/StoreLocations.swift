/// Where models lie on this machine and where others come from, as the environment says.
package struct StoreLocations: Sendable {
    /// The project's own model folder: `REALIZAR_MODELS`, else `realizar/models` of the user's data folder.
    package var ownFolder: String
    /// The local cache of a hub that other programs use too: `HF_HUB_CACHE`, else `hub` in `HF_HOME`.
    package var hubCache: String
    /// Stores of Ollama's, the first that has a model counts: `OLLAMA_MODELS`, the user's, the system service's.
    package var ollamaStores: [String]
    /// The hub's address, without a slash at its end: `HF_ENDPOINT`.
    package var hubAddress: String
    /// Sent to the hub and to nobody else: `HF_TOKEN`, or the file that its own programs write.
    package var hubTokenFile: String
    package var hubToken: String?
    /// `HF_HUB_OFFLINE`
    package var isOffline: Bool

    package init(environment: [String: String]) {
        func value(_ name: String) -> String? { environment[name].flatMap { $0.isEmpty ? nil : $0 } }
        let home = value("HOME") ?? "/"
        let hubHome = value("HF_HOME") ?? (value("XDG_CACHE_HOME") ?? home + "/.cache") + "/huggingface"
        ownFolder = value("REALIZAR_MODELS") ?? (value("XDG_DATA_HOME") ?? home + "/.local/share") + "/realizar/models"
        hubCache = value("HF_HUB_CACHE") ?? hubHome + "/hub"
        ollamaStores =
            value("OLLAMA_MODELS").map { [$0] }
            ?? [home + "/.ollama/models", "/usr/share/ollama/.ollama/models", "/var/lib/ollama/models"]
        let address = value("HF_ENDPOINT") ?? "https://huggingface.co"
        hubAddress = String(address.reversed().drop { $0 == "/" }.reversed())
        hubToken = value("HF_TOKEN")
        hubTokenFile = value("HF_TOKEN_PATH") ?? hubHome + "/token"
        isOffline = ["1", "true", "yes", "on"].contains((value("HF_HUB_OFFLINE") ?? "").lowercased())
    }
}
