/// A reader of bytes that nobody vouches for: whatever they are, it returns, soon and without asking for much memory.
struct FuzzTarget: Sendable {
    /// Also of its folder in Seeds, and of its dictionary if it has one.
    let name: String
    let read: @Sendable ([UInt8]) -> Void

    /// A new target is a line here and a folder in Seeds.
    static let all: [FuzzTarget] = [
        FuzzTarget(name: "gguf") { readModelFile($0, path: "fuzzed.gguf") },
        FuzzTarget(name: "model") { computeModel($0, path: "fuzzed.gguf") },
        FuzzTarget(name: "apr") { readAPR($0, path: "fuzzed.apr") },
        FuzzTarget(name: "safetensors") { readSafeTensors($0, path: "fuzzed.safetensors") },
        FuzzTarget(name: "config") { readPublished($0, as: "config.json") },
        FuzzTarget(name: "tokenizer") { readPublished($0, as: "tokenizer.json") },
        FuzzTarget(name: "tokenizer-config") { readPublished($0, as: "tokenizer_config.json") },
        FuzzTarget(name: "weight-index") { readPublished($0, as: "model.safetensors.index.json") },
        FuzzTarget(name: "template") { renderTemplate($0) },
    ]
}
