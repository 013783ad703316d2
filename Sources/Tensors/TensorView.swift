/// A tensor's bytes where they lie, usually in a mapped file, together with what keeps them there.
///
/// The bytes are never written to; `owner` (the mapping) lives at least as long as any view of it.
@safe package struct TensorView: @unchecked Sendable {  // immutable memory, kept alive by `owner`
    package let name: String
    package let elementType: ElementType
    package let shape: Shape
    /// Exactly the bytes that `shape` and `elementType` ask for. Valid while `owner` lives.
    package let bytes: UnsafeRawBufferPointer
    package let owner: AnyObject

    /// - Precondition: `bytes` has the size that `shape` and `elementType` ask for.
    package init(
        name: String, elementType: ElementType, shape: Shape, bytes: UnsafeRawBufferPointer, owner: AnyObject
    ) {
        let needed = shape.elementCount.flatMap { elementType.blockFormat.byteCount(elementCount: $0) }
        precondition(needed == bytes.count, "TensorView \(name): \(bytes.count) bytes, \(elementType) \(shape)")
        self.name = name
        self.elementType = elementType
        self.shape = shape
        unsafe self.bytes = bytes
        self.owner = owner
    }
}
