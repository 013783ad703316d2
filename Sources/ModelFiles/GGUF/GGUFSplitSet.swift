import Tensors

/// The parts of a model that was split into several GGUF files, joined and checked against each other.
///
/// Every part says in `split.no` (from 0), `split.count` and `split.tensors.count` what it belongs to. The first has the model's
/// metadata; the names end in `-00001-of-00003.gguf`. A file without these keys is a set of one.
struct GGUFSplitSet {
    let version: Int
    /// Of the first part.
    let metadata: Metadata
    /// Of all parts, in their order; names are unique.
    private(set) var tensors: [TensorEntry]
    private(set) var files: [MappedFile]

    init(_ first: MappedFile) throws(ModelFileError) {
        let header = try GGUFHeader(first)
        version = header.version
        metadata = header.metadata
        tensors = header.tensors
        files = [first]
        guard let count = try metadata.integer(Key.count, in: 0...0xFFFF), count > 1 else { return }
        let names = try GGUFPartNames(first: first.path, metadata, count: count)
        for index in 1..<count { try add(MappedFile(path: names.path(ofPart: index)), index: index, of: count) }
        try checkTensorCount()
        try checkNamesAreUnique()
    }

    private mutating func add(_ file: MappedFile, index: Int, of count: Int) throws(ModelFileError) {
        let part = try GGUFHeader(file, fileIndex: index)
        _ = try part.metadata.requiredInteger(Key.number, in: index...index)
        _ = try part.metadata.requiredInteger(Key.count, in: count...count)
        files.append(file)
        tensors += part.tensors
    }

    private func checkTensorCount() throws(ModelFileError) {
        let expected = try metadata.requiredInteger(Key.tensorCount)
        guard expected != tensors.count else { return }
        throw metadata.error(
            about: Key.tensorCount, expected: "\(tensors.count), as the \(files.count) parts have",
            found: "\(expected)")
    }

    private func checkNamesAreUnique() throws(ModelFileError) {
        var owners: [String: Int] = [:]
        for tensor in tensors {
            guard let first = owners.updateValue(tensor.fileIndex, forKey: tensor.name) else { continue }
            throw ModelFileError(
                file: files[tensor.fileIndex].path, subject: .tensor(tensor.name),
                problem: .invalid(
                    expected: "each name once in a split set",
                    found: "it also in \(PrintableName.whole(files[first].path))"))
        }
    }

    enum Key {
        static let number = "split.no"
        static let count = "split.count"
        static let tensorCount = "split.tensors.count"
    }
}

extension Metadata {
    /// What says that the model is one part of several, which is no longer true of a file that has it all.
    package mutating func removeSplitKeys() {
        for key in [GGUFSplitSet.Key.number, GGUFSplitSet.Key.count, GGUFSplitSet.Key.tensorCount] { remove(key) }
    }
}

/// The file names of a split set: `<prefix>-00001-of-00003.gguf`.
private struct GGUFPartNames {
    let prefix: String
    let count: Int

    /// - Throws: Where the file named is not the first part, or is not named like one.
    init(first path: String, _ metadata: Metadata, count: Int) throws(ModelFileError) {
        self.count = count
        let number = try metadata.requiredInteger(GGUFSplitSet.Key.number, in: 0...count - 1)
        let suffix = Self.suffix(ofPart: number, of: count)
        guard path.hasSuffix(suffix) else {
            throw metadata.error(
                about: GGUFSplitSet.Key.number, expected: "a file name that ends in \(suffix)",
                found: "part \(number + 1) of \(count) under another name")
        }
        prefix = String(path.dropLast(suffix.count))
        guard number == 0 else {
            throw metadata.error(
                about: GGUFSplitSet.Key.number,
                expected: "the first part of the set, \(PrintableName.whole(self.path(ofPart: 0)))",
                found: "part \(number + 1) of \(count)")
        }
    }

    func path(ofPart index: Int) -> String { prefix + Self.suffix(ofPart: index, of: count) }

    private static func suffix(ofPart index: Int, of count: Int) -> String {
        "-\(fiveDigits(index + 1))-of-\(fiveDigits(count)).gguf"
    }

    private static func fiveDigits(_ number: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, 5 - digits.count)) + digits
    }
}
