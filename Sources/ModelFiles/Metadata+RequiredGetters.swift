/// The getters for keys that a model cannot do without: `.missing` is thrown where the key is absent.
extension Metadata {
    package func requiredInteger(
        _ key: String, in range: ClosedRange<Int> = Int.min...Int.max
    ) throws(ModelFileError) -> Int {
        try require(integer(key, in: range), key, "integer")
    }

    package func requiredNumber(_ key: String, in range: ClosedRange<Double>? = nil) throws(ModelFileError) -> Double {
        try require(number(key, in: range), key, "number")
    }

    package func requiredBool(_ key: String) throws(ModelFileError) -> Bool { try require(bool(key), key, "bool") }

    package func requiredString(_ key: String) throws(ModelFileError) -> String {
        try require(string(key), key, "string")
    }

    package func requiredIntegers(
        _ key: String, in range: ClosedRange<Int> = Int.min...Int.max
    ) throws(ModelFileError) -> [Int] {
        try require(integers(key, in: range), key, "array of integers")
    }

    package func requiredNumbers(_ key: String) throws(ModelFileError) -> [Double] {
        try require(numbers(key), key, "array of numbers")
    }

    package func requiredByteStrings(_ key: String) throws(ModelFileError) -> ByteStrings {
        try require(byteStrings(key), key, "array of strings")
    }

    package func requiredStrings(_ key: String) throws(ModelFileError) -> [String] {
        try require(strings(key), key, "array of strings")
    }

    private func require<Value>(
        _ value: Value?, _ key: String, _ expected: String
    ) throws(ModelFileError) -> Value {
        guard let value else { throw error(key, .missing(expected: expected)) }
        return value
    }
}
