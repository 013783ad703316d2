import ArgumentParser
import ModelStores

/// `realizar list`: the models on this machine that have names.
struct ListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "Lists the models on this machine that have names.",
        discussion: """
            Looks into the own model folder (REALIZAR_MODELS, else ~/.local/share/realizar/models; files, links and folders there are \
            called by their names), the local cache of a hub (HF_HUB_CACHE) and Ollama's store (OLLAMA_MODELS). Every command takes \
            these names as MODEL.
            """)

    @Option(help: "text is for people; json writes one array.") var format = OutputFormat.text

    func run() throws {
        let models = ModelChoice.library.models()
        switch format {
        case .json: try JSONLines.write(models.map(ListedModel.init))
        case .text:
            guard !models.isEmpty else {
                StandardError.write(
                    "no models in \(ModelChoice.library.folders.map(\.printable).joined(separator: ", ")); "
                        + "realizar pull hf:owner/name brings one")
                return
            }
            var table = TableFormatter([("name", .left), ("size", .right), ("in", .left), ("path", .left)])
            for model in models {
                table.append([
                    model.name.printable, NumberFormat.bytes(model.byteCount), model.store.rawValue,
                    model.path.printable,
                ])
            }
            try StandardOutput.write(table.text)
        }
    }
}

/// One element of `list --format json`.
private struct ListedModel: Encodable {
    let name: String
    let path: String
    let size: Int
    let store: String

    init(_ model: StoredModel) {
        name = model.name
        path = model.path
        size = model.byteCount
        store = model.store.rawValue
    }
}
