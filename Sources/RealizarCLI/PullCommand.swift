import ArgumentParser
import ModelStores

/// `realizar pull`: brings a model from a hub.
struct PullCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pull",
        abstract: "Brings a model from a hub into its local cache.",
        discussion: """
            MODEL is hf:owner/name, or hf:owner/name:Q8_0 for one of several GGUF files; without a kind it is Q4_K_M where that is \
            there. What an interrupted run left is gone on with; checksums are compared. The other commands take such a name too, \
            and use what is here without asking the hub. Other programs find the model in the same cache.

            HF_ENDPOINT is the hub's address, HF_TOKEN a token for what is not public, HF_HUB_CACHE the cache's folder.
            """)

    @Argument(help: "hf:owner/name or hf:owner/name:quantization") var model: String

    func run() async throws {
        // Ctrl-C ends the program; what has come so far is gone on with.
        let stored = try await ModelChoice.bring(model)
        try StandardOutput.write(stored.path + "\n")
    }
}
