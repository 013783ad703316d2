import ModelFiles
import Tensors

/// Opens a model in memory and touches all that it hands out: each value as every type, the ends of each tensor.
func readModelFile(_ bytes: [UInt8], path: String) {
    do {
        let model = try openModelFile(contents: bytes, path: path)
        for key in model.metadata.keys { readValue(of: key, in: model.metadata) }
        for entry in model.tensors {
            precondition(model.entry(named: entry.name) == entry, "\(entry.name) is not found by its name")
            let view = model.view(of: entry)
            precondition(view.bytes.count == entry.byteRange.count, "\(entry.name) has other bytes than its entry says")
            precondition((view.bytes.first ?? 0) &+ (view.bytes.last ?? 0) <= 255)
        }
    } catch {
        // What a file's names and strings put into a message is cut.
        precondition(error.description.utf8.count < 4096, "a message of \(error.description.utf8.count) bytes")
    }
}

private func readValue(of key: String, in metadata: Metadata) {
    if case .array(let array) = metadata[key] { readElements(of: array) }
    _ = try? metadata.integer(key)
    _ = try? metadata.string(key)
    _ = try? metadata.integers(key)
    _ = try? metadata.numbers(key)
    _ = try? metadata.byteStrings(key)
}

private func readElements(of array: MetadataArray) {
    for case .array(let inner) in (try? array.values()) ?? [] { readElements(of: inner) }
}
