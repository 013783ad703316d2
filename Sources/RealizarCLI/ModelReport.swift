import Engine
import ModelFiles
import Tensors

/// What `inspect` tells of a file.
struct ModelReport: Encodable {
    let path: String
    let format: String
    let architecture: String?
    let name: String?
    let parameterCount: Int
    let byteCount: Int
    /// Most bytes first.
    let types: [TypeTotal]
    let tokenizer: TokenizerSummary?
    let memory: MemoryReport
    let metadata: [String: MetadataReport]
    let tensors: [TensorReport]
    /// In the order of the file; the dictionary has none.
    private let metadataKeys: [String]

    struct TypeTotal: Encodable {
        let type: String
        var tensors = 0
        var parameters = 0
        var bytes = 0
    }

    struct TensorReport: Encodable {
        let name: String
        let type: String
        /// Outermost first.
        let shape: [Int]
        let bytes: Int
        /// Absolute in its file.
        let offset: Int
        let file: Int
    }

    enum CodingKeys: String, CodingKey {
        case path, format, architecture, name, types, tokenizer, memory, metadata, tensors
        case parameterCount = "parameters"
        case byteCount = "bytes"
    }

    /// - Throws: `ModelFileError` for a value that has changed since the file was opened, or a tokenizer of wrong types.
    init(_ file: any ModelFile, contextLength: Int?, cacheType: CacheType? = nil) throws(ModelFileError) {
        path = file.path
        format = file.formatName
        architecture = try file.metadata.string("general.architecture")
        name = try file.metadata.string("general.name")
        tokenizer = try TokenizerSummary(file.metadata)
        memory = MemoryReport(file, contextLength: contextLength, cacheType: cacheType)
        metadataKeys = file.metadata.keys
        var metadata: [String: MetadataReport] = [:]
        for key in file.metadata.keys {
            if let value = file.metadata[key] { metadata[key] = try MetadataReport(value) }
        }
        self.metadata = metadata
        tensors = file.tensors.map { entry in
            TensorReport(
                name: entry.name, type: entry.elementType.rawValue, shape: entry.shape.dimensions,
                bytes: entry.byteRange.count, offset: entry.byteRange.lowerBound, file: entry.fileIndex)
        }
        types = Self.totals(file.tensors)
        // Each element takes a bit and more of the file, so that the sums stay far below Int's range.
        parameterCount = types.reduce(0) { $0 &+ $1.parameters }
        byteCount = types.reduce(0) { $0 &+ $1.bytes }
    }

    private static func totals(_ tensors: [TensorEntry]) -> [TypeTotal] {
        var totals: [ElementType: TypeTotal] = [:]
        for entry in tensors {
            var total = totals[entry.elementType] ?? TypeTotal(type: entry.elementType.rawValue)
            total.tensors += 1
            total.parameters &+= entry.shape.elementCount ?? 0
            total.bytes &+= entry.byteRange.count
            totals[entry.elementType] = total
        }
        return totals.values.sorted { ($1.bytes, $0.type) < ($0.bytes, $1.type) }
    }
}

// MARK: - For people

extension ModelReport {
    var text: String {
        [summary, typeTable, "Metadata\n" + metadataTable, "Tensors\n" + tensorTable].joined(separator: "\n")
    }

    private var summary: String {
        var table = TableFormatter([("Model", .left), (path.printable, .left)])
        table.append(["format", format])
        if let architecture { table.append(["architecture", architecture.printable]) }
        if let name { table.append(["name", name.printable.shortened(to: 80)]) }
        table.append(["parameters", "\(NumberFormat.count(parameterCount)) (\(parameterCount))"])
        table.append(["tensors", "\(tensors.count), \(NumberFormat.bytes(byteCount))"])
        if let tokenizer { table.append(["tokenizer", tokenizer.text]) }
        table.append(["memory", memory.text])
        return table.text
    }

    private var typeTable: String {
        var table = TableFormatter([("Type", .left), ("tensors", .right), ("parameters", .right), ("bytes", .right)])
        for total in types {
            table.append([
                total.type, "\(total.tensors)", NumberFormat.count(total.parameters), NumberFormat.bytes(total.bytes),
            ])
        }
        return table.text
    }

    private var metadataTable: String {
        var table = TableFormatter([("key", .left), ("type", .left), ("value", .left)])
        for key in metadataKeys {
            guard let value = metadata[key] else { continue }
            table.append([key.printable.shortened(to: 80), value.type, value.text])
        }
        return table.text
    }

    private var tensorTable: String {
        var table = TableFormatter([("name", .left), ("type", .left), ("shape", .left), ("bytes", .right)])
        for tensor in tensors {
            table.append([
                tensor.name.printable.shortened(to: 80), tensor.type, Shape(tensor.shape).description,
                "\(tensor.bytes)",
            ])
        }
        return table.text
    }
}
