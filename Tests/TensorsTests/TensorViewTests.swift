import Tensors
import Testing

@Suite("Tensor views")
struct TensorViewTests {
    private final class Memory {
        let bytes = UnsafeMutableRawBufferPointer.allocate(byteCount: 34, alignment: 8)
        deinit { bytes.deallocate() }
    }

    @Test
    func `a view keeps its memory alive`() {
        weak var memory: Memory?
        var view: TensorView?
        do {
            let owner = Memory()
            memory = owner
            let bytes = UnsafeRawBufferPointer(owner.bytes)
            view = TensorView(name: "x", elementType: .q8_0, shape: Shape([32]), bytes: bytes, owner: owner)
        }
        #expect(memory != nil)
        #expect(view?.bytes.count == 34)
        view = nil
        #expect(memory == nil)
    }

    @Test
    func `bytes that do not fit the shape stop the program`() async {
        await #expect(processExitsWith: .failure) {
            let owner = Memory()
            let bytes = UnsafeRawBufferPointer(owner.bytes)
            _ = TensorView(name: "x", elementType: .q8_0, shape: Shape([64]), bytes: bytes, owner: owner)
        }
    }
}
