import Foundation
import Testing

/// A float32 array read from NumPy's format, version 1.0.
struct NumPyArray {
    let shape: [Int]
    let values: [Float]

    init(_ bytes: [UInt8]) throws {
        try #require(bytes.count >= 10 && Array(bytes.prefix(8)) == [0x93, 0x4E, 0x55, 0x4D, 0x50, 0x59, 1, 0])
        let end = 10 + Int(bytes[8]) + Int(bytes[9]) << 8
        try #require(end <= bytes.count && end.isMultiple(of: 64))
        let header = String(decoding: bytes[10..<end], as: UTF8.self)
        try #require(header.contains("'descr': '<f4'") && header.contains("'fortran_order': False"))
        let dimensions = try #require(header.split(separator: "(").last?.split(separator: ")").first)
        shape = dimensions.split(separator: ",").compactMap { Int($0.trimmingCharacters(in: .whitespaces)) }
        values = stride(from: end, to: bytes.count - 3, by: 4).map { start in
            Float(bitPattern: (0..<4).reduce(0) { $0 | UInt32(bytes[start + $1]) << (8 * UInt32($1)) })
        }
        try #require(values.count == shape.reduce(1, *))
    }
}
