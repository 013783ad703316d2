import ModelFiles
import Tensors

/// Opens a model in memory and touches all that it hands out.
func readModelFile(_ bytes: [UInt8], path: String) {
    expectShortError { () throws(ModelFileError) in touch(try openModelFile(contents: bytes, path: path)) }
}

/// What a file's names and strings put into a message is cut.
func expectShortError(_ read: () throws(ModelFileError) -> Void) {
    do { try read() } catch {
        let length = error.description.utf8.count
        precondition(length < 4096, "a message of \(length) bytes")
    }
}

/// Reads each value as every type, and the ends of each tensor.
func touch(_ model: any ModelFile) {
    for key in model.metadata.keys { touch(key, of: model.metadata) }
    for entry in model.tensors {
        precondition(model.entry(named: entry.name) == entry, "\(entry.name) is not found by its name")
        let view = model.view(of: entry)
        precondition(view.bytes.count == entry.byteRange.count, "\(entry.name) has other bytes than its entry says")
        precondition((view.bytes.first ?? 0) &+ (view.bytes.last ?? 0) <= 255)
    }
}

private func touch(_ key: String, of metadata: Metadata) {
    if case .array(let array) = metadata[key] { touch(array) }
    _ = try? metadata.integer(key)
    _ = try? metadata.string(key)
    _ = try? metadata.integers(key)
    _ = try? metadata.numbers(key)
    _ = try? metadata.byteStrings(key)
}

private func touch(_ array: MetadataArray) {
    for case .array(let inner) in (try? array.values()) ?? [] { touch(inner) }
}
