import Synchronization
package import Tensors

/// A model in APR's version 2, seen as GGUF would say it. docs/formats/apr.md says what is read and what is refused.
///
/// Its own quantized types are shown as what the engine has kernels for, and become that when they are looked at: AprQ4 is Q4_0
/// with the halves of its bytes in another order, AprQ8 becomes Q8_0. Where rows do not fill blocks both become float32.
package final class APRFile: ModelFile {
    /// In bytes: the checksum of the whole file is looked at when it is opened; that of larger ones by `verify()`.
    package static let largestCheckedAtOpening = 1 << 26

    package let path: String
    package let formatName = "APR v2"
    package let metadata: Metadata
    package let tensors: [TensorEntry]
    private let file: MappedFile
    private let places: [String: Int]
    /// In the order of `tensors`.
    private let types: [APRTensorType]
    /// By name: what was converted, until its pages are dropped.
    private let converted = Mutex<[String: OwnedBytes]>([:])

    init(_ file: MappedFile) throws(ModelFileError) {
        self.file = file
        path = file.path
        let header = try APRHeader(file)
        if file.byteCount <= Self.largestCheckedAtOpening { try file.checkAPRFooter() }
        var text: [UInt8] = []
        let metadataStart = APRHeader.byteCount
        file.append(metadataStart..<metadataStart + header.metadataByteCount, to: &text)
        let json = try APRMetadata(JSONReader(text, file: path, origin: metadataStart))
        var index = APRIndexReader(file, header)
        let records = try index.readRecords()
        let (metadata, architecture) = try json.canonical(tensorNames: records.map(\.name))
        self.metadata = metadata
        types = records.map(\.type)
        tensors = records.map { record in
            let isCanonical = architecture?.tensorNames.published(of: record.name) != nil
            let name = isCanonical ? record.name : architecture?.tensorNames.canonical(of: record.name) ?? record.name
            return TensorEntry(
                name: name, elementType: record.shownType(in: file), shape: record.shape, byteRange: record.byteRange,
                fileIndex: 0)
        }
        var places: [String: Int] = [:]
        for (index, entry) in tensors.enumerated() {
            guard let first = places.updateValue(index, forKey: entry.name) else { continue }
            throw ModelFileError(
                file: path, offset: records[index].recordOffset, subject: .tensor(records[index].name),
                problem: .invalid(
                    expected: "each tensor once", found: "it also as \(PrintableName.quoted(records[first].name))"))
        }
        self.places = places
    }

    package func entry(named name: String) -> TensorEntry? { places[name].map { tensors[$0] } }

    package func view(of entry: TensorEntry) -> TensorView {
        guard let place = places[entry.name], tensors[place] == entry else {
            preconditionFailure("APRFile.view: \(entry.name) is not of \(path)")
        }
        let bytes = unsafe file.bytes(in: entry.byteRange)
        if case .plain = types[place] {
            return unsafe TensorView(
                name: entry.name, elementType: entry.elementType, shape: entry.shape, bytes: bytes, owner: file)
        }
        let owner = converted.withLock { converted in
            let owner =
                converted[entry.name]
                ?? OwnedBytes(unsafe types[place].converted(bytes, to: entry.elementType, entry.shape))
            converted[entry.name] = owner
            return owner
        }
        return unsafe TensorView(
            name: entry.name, elementType: entry.elementType, shape: entry.shape, bytes: owner.bytes, owner: owner)
    }

    package func dropPages(of entry: TensorEntry) {
        converted.withLock { $0[entry.name] = nil }
        file.dropPages(in: entry.byteRange)
    }

    package func verify() throws(ModelFileError) { try file.checkAPRFooter() }
}

extension MappedFile {
    /// The checksum of all bytes before it, at the end of the file.
    fileprivate func checkAPRFooter() throws(ModelFileError) {
        let place = byteCount - APRHeader.footerByteCount
        let (expected, found) = (crc32(of: 0..<place), littleEndian(UInt32.self, at: place))
        guard expected != found else { return }
        throw ModelFileError(
            file: path, offset: place,
            problem: .invalid(
                expected: "the file's checksum \(String(expected, radix: 16)) (it is damaged, or was cut and joined)",
                found: String(found, radix: 16)))
    }
}

extension APRTensorRecord {
    /// The type that the tensor has for the engine.
    fileprivate func shownType(in file: MappedFile) -> ElementType {
        let hasWholeBlocks = shape.dimensions.count == 2 && shape.dimensions[1].isMultiple(of: 32)
        switch type {
        case .plain(let type): return type
        case .aprQ4: return hasWholeBlocks ? .q4_0 : .float32
        case .aprQ8:
            let scale = unsafe APRBlocks.scale(ofAprQ8: file.bytes(in: byteRange))
            return hasWholeBlocks && APRBlocks.scaleFitsHalf(scale) ? .q8_0 : .float32
        }
    }
}

extension APRTensorType {
    /// The same numbers as blocks of Q4_0 or Q8_0, or as float32.
    fileprivate func converted(_ bytes: UnsafeRawBufferPointer, to type: ElementType, _ shape: Shape) -> [UInt8] {
        switch (self, type) {
        case (.plain, _): return unsafe [UInt8](bytes)
        case (.aprQ4, .q4_0): return unsafe APRBlocks.q4_0(ofAprQ4: bytes)
        case (.aprQ8, .q8_0): return unsafe APRBlocks.q8_0(ofAprQ8: bytes)
        case (.aprQ4, _):
            return unsafe littleEndian(APRBlocks.values(ofAprQ4: bytes, count: shape.elementCount ?? 0))
        case (.aprQ8, _): return unsafe littleEndian(APRBlocks.values(ofAprQ8: bytes))
        }
    }

    private func littleEndian(_ values: [Float]) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(4 * values.count)
        for value in values { bytes.append(littleEndian: value.bitPattern) }
        return bytes
    }
}

/// Bytes in memory that live as long as this object.
@safe final class OwnedBytes: @unchecked Sendable {  // never written to after init
    let bytes: UnsafeRawBufferPointer

    init(_ contents: [UInt8]) {
        let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: contents.count, alignment: 64)
        unsafe memory.copyBytes(from: contents)
        unsafe bytes = UnsafeRawBufferPointer(memory)
    }

    deinit { unsafe bytes.deallocate() }
}
