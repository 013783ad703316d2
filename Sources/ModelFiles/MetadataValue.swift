/// One metadata value, as the file has it.
package enum MetadataValue: Sendable {
    case uint8(UInt8)
    case int8(Int8)
    case uint16(UInt16)
    case int16(Int16)
    case uint32(UInt32)
    case int32(Int32)
    case float32(Float)
    case bool(Bool)
    /// Meant to be UTF-8, and not checked.
    case string([UInt8])
    case array(MetadataArray)
    case uint64(UInt64)
    case int64(Int64)
    case float64(Double)

    package var type: MetadataValueType {
        switch self {
        case .uint8: .uint8
        case .int8: .int8
        case .uint16: .uint16
        case .int16: .int16
        case .uint32: .uint32
        case .int32: .int32
        case .float32: .float32
        case .bool: .bool
        case .string: .string
        case .array: .array
        case .uint64: .uint64
        case .int64: .int64
        case .float64: .float64
        }
    }

    /// `uint32`, `array of string`
    package var typeDescription: String {
        if case .array(let array) = self { "array of \(array.elementType)" } else { "\(type)" }
    }

    /// The value of any integer type in decimal; nil for other types.
    var integerText: String? {
        switch self {
        case .uint8(let value): "\(value)"
        case .int8(let value): "\(value)"
        case .uint16(let value): "\(value)"
        case .int16(let value): "\(value)"
        case .uint32(let value): "\(value)"
        case .int32(let value): "\(value)"
        case .uint64(let value): "\(value)"
        case .int64(let value): "\(value)"
        case .float32, .bool, .string, .array, .float64: nil
        }
    }

    /// Nil for what is not an integer, and for one beyond Int's range.
    package var integer: Int? {
        switch self {
        case .uint8(let value): Int(value)
        case .int8(let value): Int(value)
        case .uint16(let value): Int(value)
        case .int16(let value): Int(value)
        case .uint32(let value): Int(value)
        case .int32(let value): Int(value)
        case .uint64(let value): Int(exactly: value)
        case .int64(let value): Int(exactly: value)
        case .float32, .bool, .string, .array, .float64: nil
        }
    }

    /// The value of any numeric type, integers rounded to the nearest Double; nil for other types.
    package var number: Double? {
        switch self {
        case .float32(let value): Double(value)
        case .float64(let value): value
        case .uint64(let value): Double(value)
        default: integer.map(Double.init)
        }
    }
}

/// The type of a metadata value or of an array's elements; the names are those of GGUF.
package enum MetadataValueType: String, Sendable, CaseIterable, CustomStringConvertible {
    case uint8, int8, uint16, int16, uint32, int32, float32, bool, string, array, uint64, int64, float64

    package var isInteger: Bool {
        switch self {
        case .uint8, .int8, .uint16, .int16, .uint32, .int32, .uint64, .int64: true
        case .float32, .bool, .string, .array, .float64: false
        }
    }

    package var isNumber: Bool { isInteger || self == .float32 || self == .float64 }

    package var description: String { rawValue }
}
