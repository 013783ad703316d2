#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// Writes an array in NumPy's own format, version 1.0.
///
/// ```
/// 93 4E 55 4D 50 59 | 01 00 | header length, uint16 | header, a Python dict, padded to 64 bytes, LF at its end | elements
/// ```
/// Source: numpy/lib/format.py, "Format Version 1.0".
enum NumPyFile {
    /// - Parameter values: `[rows, columns]`, row-major; written as little-endian float32.
    /// - Throws: `OutputError` when the file cannot be made or written.
    /// - Precondition: `values` has `rows · columns` elements.
    static func write(_ values: [Float], rows: Int, columns: Int, to path: String) throws(OutputError) {
        precondition(values.count == rows * columns, "NumPyFile: \(values.count) values for [\(rows), \(columns)]")
        try OutputFile.write(bytes: header(rows: rows, columns: columns) + littleEndianBytes(of: values), to: path)
    }

    private static func header(rows: Int, columns: Int) -> [UInt8] {
        var dictionary = "{'descr': '<f4', 'fortran_order': False, 'shape': (\(rows), \(columns)), }"
        let length = 10 + dictionary.utf8.count + 1
        dictionary += String(repeating: " ", count: (64 - length % 64) % 64) + "\n"
        let size = UInt16(truncatingIfNeeded: dictionary.utf8.count)  // two numbers and 60 letters: far below 65 536
        return [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(size & 0xFF), UInt8(size >> 8)] + Array(dictionary.utf8)
    }

    private static func littleEndianBytes(of values: [Float]) -> [UInt8] {
        values.map(\.bitPattern.littleEndian).withUnsafeBytes { Array($0) }
    }
}
