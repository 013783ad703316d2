import ModelFiles
import TestSupport
import Testing

@Suite("Model file formats")
struct ModelFileFormatTests {
    @Test(arguments: [
        ([UInt8]("PK\u{3}\u{4}rest".utf8), #"'PK\u{3}\u{4}' (50 4B 03 04)"#),
        ([0x80, 2, 0, 0, 0, 0, 0, 0, 0x7B], #"'\x80\u{2}\u{0}\u{0}' (80 02 00 00)"#),
        ([UInt8]("GGU".utf8), "'GGU' (47 47 55)"),
        ([UInt8]("ggml\u{1}".utf8), "'ggml' (67 67 6D 6C)"),
    ])
    func `a file of no known format is refused with the formats that are read`(contents: [UInt8], beginning: String) {
        expectError(
            "x.bin, byte 0: a file that begins with \(beginning) is not supported: the formats read are GGUF, APR, APR v1, safetensors"
        ) { try openModelFile(contents: contents, path: "x.bin") }
    }

    @Test
    func `a path prints on one line`() {
        expectError("a\\u{A}b\\u{1B}c: open failed: No such file or directory") {
            try openModelFile(path: "a\nb\u{1B}c")
        }
    }
}
