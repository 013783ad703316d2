package import Tensors

/// A model of APR's version 1, of the kinds before transformers: container, checksum and metadata. Its payload is not computed
/// with.
///
/// ```
/// 0 'APRN' | 4 version u8 u8 | 6 model type u16 | 8 metadata size u32 | 12 payload size u32 | 16 size before compression u32
/// 20 compression u8 | 21 flags u8 | 22 quality u8 | 23 zeros | 32 MessagePack metadata | payload | [signature 96] | CRC-32
/// ```
package final class ClassicalAPRFile: ModelFile {
    static let magic = [UInt8]("APRN".utf8)
    private static let headerByteCount = 32
    private static let signatureByteCount = 96
    private static let longestMetadata = 1 << 20

    package let path: String
    package let formatName = "APR v1"
    package let metadata: Metadata
    package let tensors: [TensorEntry] = []
    package let tokenizerProblem: ModelFileError?

    private static let modelTypes: [UInt16: String] = [
        1: "LinearRegression", 2: "LogisticRegression", 3: "DecisionTree", 4: "RandomForest", 5: "GradientBoosting",
        6: "KMeans", 7: "PCA", 8: "NaiveBayes", 9: "KNN", 0x0A: "SVM", 0x10: "NgramLM", 0x11: "TFIDF",
        0x12: "CountVectorizer", 0x20: "NeuralSequential", 0x21: "NeuralCustom", 0x30: "ContentRecommender",
        0x40: "MixtureOfExperts", 0x50: "TransformerLM", 0xFF: "Custom",
    ]
    private static let compressions = ["none", "zstd-3", "zstd-19", "LZ4"]
    private static let flagNames = [
        "encrypted", "signed", "streaming", "licensed", "trueno-native", "quantized", "model-card",
    ]

    init(_ file: MappedFile) throws(ModelFileError) {
        path = file.path
        func error(_ offset: Int, _ expected: String, _ found: String) -> ModelFileError {
            ModelFileError(file: file.path, offset: offset, problem: .invalid(expected: expected, found: found))
        }
        let footer = 4
        guard file.byteCount >= Self.headerByteCount + footer else {
            throw ModelFileError(
                file: path, offset: 0,
                problem: .truncated(
                    field: "header and footer", needed: UInt64(Self.headerByteCount + footer), available: file.byteCount
                ))
        }
        let version = (file.littleEndian(UInt8.self, at: 4), file.littleEndian(UInt8.self, at: 5))
        guard version == (1, 0) else { throw error(4, "version 1.0", "\(version.0).\(version.1)") }
        let flags = file.littleEndian(UInt8.self, at: 21)
        guard flags & 0x80 == 0 else { throw error(21, "known flags", "0x\(PrintableName.hexadecimal(flags))") }
        let compression = Int(file.littleEndian(UInt8.self, at: 20))
        guard compression < Self.compressions.count else {
            throw error(20, "a compression from 0 to 3", "\(compression)")
        }
        let metadataCount = Int(file.littleEndian(UInt32.self, at: 8)),
            payload = Int(file.littleEndian(UInt32.self, at: 12))
        guard metadataCount <= Self.longestMetadata else {
            throw error(8, "at most \(Self.longestMetadata) bytes of metadata", "\(metadataCount)")
        }
        let signature = flags & 2 == 0 ? 0 : Self.signatureByteCount
        let expected = Self.headerByteCount + metadataCount + payload + signature + footer
        guard file.byteCount == expected else {
            throw error(8, "a file of \(expected) bytes, as its sizes say", "\(file.byteCount)")
        }
        let (sum, stored) = (
            file.crc32(of: 0..<expected - footer), file.littleEndian(UInt32.self, at: expected - footer)
        )
        guard sum == stored else {
            throw error(expected - footer, "the file's checksum \(String(sum, radix: 16))", String(stored, radix: 16))
        }
        let type = file.littleEndian(UInt16.self, at: 6)
        let typeName = Self.modelTypes[type] ?? "type \(type)"
        var metadata = Metadata(file: path)
        func add(_ key: String, _ value: String) { metadata.append(key, .string(Array(value.utf8))) }
        add("general.architecture", typeName)
        add("apr.compression", Self.compressions[compression])
        let names = Self.flagNames.enumerated().filter { flags >> $0.offset & 1 == 1 }.map(\.element)
        add("apr.flags", names.isEmpty ? "none" : names.joined(separator: " "))
        metadata.append("apr.quality", .uint8(file.littleEndian(UInt8.self, at: 22)))
        metadata.append("apr.payload_bytes", .uint32(UInt32(payload)))
        var reader = MessagePackReader(file, range: Self.headerByteCount..<Self.headerByteCount + metadataCount)
        let value = metadataCount == 0 ? .none : try reader.readWhole()
        metadata.append(value, under: "apr.metadata")
        self.metadata = metadata
        tokenizerProblem = ModelFileError(
            file: path, offset: 6,
            problem: .unsupported(
                found: "a \(typeName) of APR version 1",
                advice: "it can be looked at with inspect, and is no language model"))
    }

    package func entry(named name: String) -> TensorEntry? { nil }

    package func view(of entry: TensorEntry) -> TensorView {
        preconditionFailure("ClassicalAPRFile.view: \(path) has no tensors")
    }

    package func dropPages(of entry: TensorEntry) {}
}

extension Metadata {
    /// Maps become keys with points between; of lists that are not of one kind only the length is told.
    fileprivate mutating func append(_ value: MessagePackReader.Value, under key: String) {
        switch value {
        case .none: return
        case .bool(let bool): append(key, .bool(bool))
        case .integer(let integer): append(key, .fitting(integer))
        case .number(let number): append(key, .float64(number))
        case .string(let bytes): append(key, .string(bytes))
        case .array(let elements): append(key, elements.metadataValue)
        case .map(let members): for (name, value) in members { append(value, under: "\(key).\(name)") }
        }
    }
}

extension [MessagePackReader.Value] {
    fileprivate var metadataValue: MetadataValue {
        let integers = compactMap(\.integer)
        if integers.count == count { return .array(MetadataArray(integers: integers)) }
        let numbers = compactMap(\.number)
        if numbers.count == count { return .array(MetadataArray(numbers: numbers)) }
        let strings = compactMap(\.string)
        if strings.count == count { return .array(MetadataArray(strings: ByteStrings(strings))) }
        return .string([UInt8]("\(count) elements".utf8))
    }
}

extension MessagePackReader.Value {
    fileprivate var integer: Int? { if case .integer(let integer) = self { integer } else { nil } }
    fileprivate var number: Double? { if case .number(let number) = self { number } else { nil } }
    fileprivate var string: [UInt8]? { if case .string(let string) = self { string } else { nil } }
}
