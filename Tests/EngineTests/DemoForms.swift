import Engine
import Foundation
import ModelFiles
import Quantization
import Tensors
import TestSupport

/// The demo model in every form that it is tested in.
enum DemoForm: String, CaseIterable, Sendable {
    /// As it ships.
    case q8_0
    /// The shipped weights, decoded to float32.
    case decoded
    /// The trained weights, quantized by llama.cpp.
    case q4_k_m

    /// The form's file, or the model inside the program.
    func source() throws -> ModelSource {
        switch self {
        case .q8_0: .demo
        case .decoded: .file(try Self.decodedPath.get())
        case .q4_k_m: .file(Fixtures.path("demo/demo-q4_k_m.gguf"))
        }
    }

    /// Written once, and left to the system's cleaning of temporary files.
    private static let decodedPath = Result { () throws -> String in
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("realizar-demo-f32-\(getpid()).gguf")
            .path
        try Data(try decodedBytes()).write(to: URL(fileURLWithPath: path))
        return path
    }

    /// The demo model's file with every matrix as float32.
    private static func decodedBytes() throws -> [UInt8] {
        let file = try openModel(.demo)
        var builder = GGUFBuilder()
        for key in file.metadata.keys { builder.add(key, try value(of: key, in: file.metadata)) }
        for entry in file.tensors {
            let dimensions = entry.shape.dimensions
            var values = [Float](repeating: 0, count: dimensions.reduce(1, *))
            values.withUnsafeMutableBufferPointer {
                dequantize(file.view(of: entry).bytes, as: entry.elementType, into: $0)
            }
            builder.addTensor(entry.name, shape: dimensions, values: values)
        }
        return builder.build()
    }

    private struct UnexpectedKey: Error { let key: String }

    private static func value(of key: String, in metadata: Metadata) throws -> GGUFBuilder.Value {
        switch metadata[key] {
        case .uint32(let value): return .uint32(value)
        case .float32(let value): return .float32(value)
        case .bool(let value): return .bool(value)
        case .string(let bytes): return .string(String(decoding: bytes, as: UTF8.self))
        case .array(let array) where array.elementType == .string: return .strings(try metadata.requiredStrings(key))
        case .array(let array) where array.elementType == .int32:
            return .int32s(try metadata.requiredIntegers(key).map { Int32($0) })
        default: throw UnexpectedKey(key: key)
        }
    }
}
