package import Tensors

/// Writes APR v2 files, strictly: every byte follows from the metadata and the tensors.
///
/// Sections and tensors begin at multiples of 64, with zeros between; the index ascends by names, and the data lie in its
/// order. The checksums of header and file are computed as it goes, so that a model of any size passes through once.
package struct APRWriter {
    /// A tensor to be written.
    package struct Tensor {
        package let name: String
        package let type: APRTensorType
        package let shape: Shape
        /// The bytes in order, in as many calls as they come in.
        package let bytes: ((RawSpan) throws -> Void) throws -> Void

        package init(
            name: String, type: APRTensorType, shape: Shape,
            bytes: @escaping ((RawSpan) throws -> Void) throws -> Void
        ) {
            self.name = name
            self.type = type
            self.shape = shape
            self.bytes = bytes
        }
    }

    /// Why a model cannot be written as APR.
    package enum Problem: Error, Equatable, CustomStringConvertible {
        case metadataTooLong(byteCount: Int)
        case invalidName(String)
        case duplicateName(String)
        case tooManyDimensions(name: String, count: Int)
        case unwritableType(name: String, type: String)
        case partialBlocks(name: String, shape: Shape, type: String)
        case wrongByteCount(name: String, expected: Int, found: Int)
        case tooLarge

        package var description: String {
            switch self {
            case .metadataTooLong(let count): "\(count) bytes of metadata do not fit an APR file"
            case .invalidName(let name):
                "tensor \(PrintableName.quoted(name)): a name in an APR file has 1 to \(APRTensorRecord.longestName) bytes"
            case .duplicateName(let name): "tensor \(PrintableName.quoted(name)) stands twice"
            case .tooManyDimensions(let name, let count):
                "tensor \(PrintableName.quoted(name)) has \(count) dimensions; an APR file has up to "
                    + "\(APRTensorRecord.mostDimensions)"
            case .unwritableType(let name, let type):
                "tensor \(PrintableName.quoted(name)) is \(type), which APR has no number for that all readers agree on; types "
                    + "that can be written are F32, F16, BF16, I32, I64, Q4_K, Q6_K"
            case .partialBlocks(let name, let shape, let type):
                "tensor \(PrintableName.quoted(name)): rows of shape \(shape) are not whole blocks of \(type)"
            case .wrongByteCount(let name, let expected, let found):
                "tensor \(PrintableName.quoted(name)): expected \(expected) bytes, found \(found)"
            case .tooLarge: "the model is too large for an APR file"
            }
        }
    }

    private let metadata: [UInt8]
    /// By name.
    private let tensors: [CheckedTensor]

    private struct CheckedTensor {
        let tensor: Tensor
        let id: UInt8
        let byteCount: Int
    }

    /// - Parameter metadata: A JSON object as UTF-8.
    /// - Throws: For what has no place in a strict file.
    package init(metadata: [UInt8], tensors: [Tensor]) throws(Problem) {
        guard metadata.count <= APRHeader.longestMetadata else { throw .metadataTooLong(byteCount: metadata.count) }
        guard tensors.count <= APRHeader.mostTensors else { throw .tooLarge }
        self.metadata = metadata
        var checked: [CheckedTensor] = []
        for tensor in tensors.sorted(by: { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }) {
            guard (1...APRTensorRecord.longestName).contains(tensor.name.utf8.count) else {
                throw .invalidName(tensor.name)
            }
            guard checked.last?.tensor.name != tensor.name else { throw .duplicateName(tensor.name) }
            let rank = tensor.shape.dimensions.count
            guard rank <= APRTensorRecord.mostDimensions else {
                throw .tooManyDimensions(name: tensor.name, count: rank)
            }
            guard let id = tensor.type.id else { throw .unwritableType(name: tensor.name, type: "\(tensor.type)") }
            guard let byteCount = tensor.type.byteCount(tensor.shape) else {
                throw .partialBlocks(name: tensor.name, shape: tensor.shape, type: "\(tensor.type)")
            }
            checked.append(CheckedTensor(tensor: tensor, id: id, byteCount: byteCount))
        }
        self.tensors = checked
    }

    /// Of the whole file.
    package func byteCount() throws(Problem) -> Int {
        let footer = 4
        return tensors.reduce(try beginning().count + footer) { $0 + $1.byteCount + padding(behind: $1.byteCount) }
    }

    /// Gives the file's bytes to `sink`, in order.
    ///
    /// - Throws: What `sink` and the tensors' bytes throw; `.wrongByteCount` for a tensor that gives more or fewer than its
    ///   shape asks for.
    package func write(to sink: @escaping (RawSpan) throws -> Void) throws {
        let output = ChecksummedOutput(sink)
        try output.put(try beginning())
        for checked in tensors {
            let start = output.byteCount
            try checked.tensor.bytes(output.put)
            let found = output.byteCount - start
            guard found == checked.byteCount else {
                throw Problem.wrongByteCount(name: checked.tensor.name, expected: checked.byteCount, found: found)
            }
            try output.put([UInt8](repeating: 0, count: padding(behind: found)))
        }
        var footer: [UInt8] = []
        footer.append(littleEndian: output.checksum)
        try output.put(footer)
    }

    /// Header, metadata and index, up to where the data begin.
    private func beginning() throws(Problem) -> [UInt8] {
        var index: [UInt8] = []
        var offset = 0
        for checked in tensors {
            let (tensor, byteCount) = (checked.tensor, checked.byteCount)
            index.append(littleEndian: UInt16(tensor.name.utf8.count))
            index += tensor.name.utf8
            index += [checked.id, UInt8(tensor.shape.dimensions.count)]
            for dimension in tensor.shape.dimensions { index.append(littleEndian: UInt64(dimension)) }
            index.append(littleEndian: UInt64(offset))
            index.append(littleEndian: UInt64(byteCount))
            let (end, overflow) = offset.addingReportingOverflow(byteCount)
            guard !overflow, end < Int.max - 2 * APRHeader.alignment else { throw .tooLarge }
            offset = end + padding(behind: end)
        }
        var bytes = [UInt8](repeating: 0, count: APRHeader.byteCount) + metadata
        bytes.pad(to: APRHeader.alignment)
        let indexOffset = bytes.count
        bytes += index
        bytes.pad(to: APRHeader.alignment)
        let header = APRHeader(
            flags: tensors.contains { $0.tensor.type.isQuantized } ? [.rowMajor, .quantized] : .rowMajor,
            tensorCount: tensors.count, metadataByteCount: metadata.count, indexOffset: indexOffset,
            dataOffset: bytes.count)
        bytes.replaceSubrange(0..<APRHeader.byteCount, with: header.bytes)
        return bytes
    }

    private func padding(behind count: Int) -> Int {
        (APRHeader.alignment - count % APRHeader.alignment) % APRHeader.alignment
    }
}

/// Passes bytes on and sums them up.
private final class ChecksummedOutput {
    private(set) var byteCount = 0
    private var crc = CRC32()
    private let sink: (RawSpan) throws -> Void

    init(_ sink: @escaping (RawSpan) throws -> Void) { self.sink = sink }

    var checksum: UInt32 { crc.value }

    func put(_ bytes: RawSpan) throws {
        unsafe bytes.withUnsafeBytes { unsafe crc.update($0) }
        byteCount += bytes.byteCount
        try sink(bytes)
    }

    func put(_ bytes: [UInt8]) throws { try unsafe put(bytes.span.bytes) }
}
