import Tensors

/// The weights of a published model: one safetensors file, or several with an index that says which tensor is where.
struct SafeTensorsShards {
    static let singleName = "model.safetensors"
    static let indexName = "model.safetensors.index.json"
    /// In bytes. Real indexes are below 20 MB.
    static let longestIndex = 1 << 26
    static let mostShards = 4096

    let files: [MappedFile]
    /// Under their published names, which are unique.
    let tensors: [TensorEntry]

    /// A single file.
    init(_ file: MappedFile) throws(ModelFileError) {
        files = [file]
        tensors = try SafeTensorsFile(file).tensors
    }

    /// What the folder has: a single file before an index, as transformers prefers it.
    init(_ folder: ModelFolder) throws(ModelFileError) {
        if let file = try folder.file(Self.singleName) {
            try self.init(file)
        } else if let index = try folder.json(Self.indexName, longest: Self.longestIndex) {
            try self.init(index, in: folder)
        } else {
            let expected = "\(Self.singleName), or \(Self.indexName) beside its shards"
            throw ModelFileError(
                file: folder.path,
                problem: .missing(expected: "\(expected) (weights in other formats are not read from a folder)"))
        }
    }

    private init(_ index: JSONReader, in folder: ModelFolder) throws(ModelFileError) {
        let map = try WeightMap(index)
        var files: [MappedFile] = []
        var tensors: [TensorEntry] = []
        for (number, name) in map.shards.enumerated() {
            let file = try folder.requiredFile(name, "\(Self.indexName) names it; is the download complete?")
            files.append(file)
            tensors += try SafeTensorsFile(file, fileIndex: number).tensors
        }
        try map.check(tensors, in: files)
        self.files = files
        self.tensors = tensors
    }
}

/// `{"metadata": {"total_size": N}, "weight_map": {NAME: SHARD}}`
private struct WeightMap {
    private let file: String
    /// In the order in which they are first named.
    private(set) var shards: [String] = []
    private var numbers: [String: Int] = [:]
    /// By tensor: the shard's number, and where the index says so.
    private var places: [String: (shard: Int, offset: Int)] = [:]

    init(_ index: JSONReader) throws(ModelFileError) {
        var reader = index
        file = reader.file
        var found = false
        try reader.beginObject()
        var keys = JSONKeys()
        while let key = try keys.next(&reader) {
            switch key {
            case "weight_map":
                found = true
                try read(&reader)
            case "metadata": try reader.skip()
            default:
                throw reader.error(
                    at: reader.offset, expected: "metadata and weight_map", found: PrintableName.quoted(key))
            }
        }
        try reader.end()
        guard found else { throw reader.error(at: 0, .missing(expected: "weight_map")) }
    }

    private mutating func read(_ reader: inout JSONReader) throws(ModelFileError) {
        try reader.beginObject()
        var names = JSONKeys()
        while let name = try names.next(&reader) {
            let start = reader.offset
            let shard = reader.text(of: try reader.string())
            guard ModelFolder.isPlainName(shard), shard.hasSuffix(".safetensors") else {
                throw reader.error(
                    at: start, expected: "a .safetensors file in the same folder", found: PrintableName.quoted(shard))
            }
            places[name] = (try number(of: shard, reader, at: start), start)
        }
    }

    private mutating func number(of shard: String, _ reader: JSONReader, at offset: Int) throws(ModelFileError) -> Int {
        if let number = numbers[shard] { return number }
        guard shards.count < SafeTensorsShards.mostShards else {
            throw reader.error(
                at: offset, expected: "at most \(SafeTensorsShards.mostShards) files", found: "one more")
        }
        numbers[shard] = shards.count
        shards.append(shard)
        return shards.count - 1
    }

    /// Every tensor is where the index says, and every one that the index names is there.
    func check(_ tensors: [TensorEntry], in files: [MappedFile]) throws(ModelFileError) {
        var missing = places
        for tensor in tensors {
            guard let place = missing.removeValue(forKey: tensor.name), place.shard == tensor.fileIndex else {
                let found = places[tensor.name].map { "it in \(PrintableName.quoted(shards[$0.shard]))" } ?? "none"
                throw ModelFileError(
                    file: files[tensor.fileIndex].path, subject: .tensor(tensor.name),
                    problem: .invalid(expected: "this file in the index's weight_map", found: found))
            }
        }
        guard let (name, place) = missing.min(by: { $0.value.offset < $1.value.offset }) else { return }
        throw ModelFileError(
            file: file, offset: place.offset, subject: .tensor(name),
            problem: .missing(expected: "it in \(PrintableName.quoted(shards[place.shard]))"))
    }
}
