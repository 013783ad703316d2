#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// Reads `rope_parameters`, or `rope_scaling` of older files.
struct RotaryParameterReader {
    private let configuration: HuggingFaceConfiguration
    /// Of the two the one that the file has.
    private let key: String
    private let values: JSONObject

    init(_ configuration: HuggingFaceConfiguration) throws(ModelFileError) {
        self.configuration = configuration
        key = configuration.value("rope_parameters") == nil ? "rope_scaling" : "rope_parameters"
        guard let value = configuration.value(key) else {
            values = JSONObject()
            return
        }
        guard let object = value.object else {
            throw configuration.error(key, expected: "an object", found: value.kind)
        }
        values = object
        if configuration.value("rope_parameters") != nil, configuration.value("rope_scaling") != nil {
            throw configuration.error("rope_scaling", expected: "none beside rope_parameters", found: "both")
        }
    }

    /// `default` where nothing is said.
    func type() throws(ModelFileError) -> String {
        guard let value = value("rope_type") ?? value("type") else { return "default" }
        guard let type = value.string else { throw error("rope_type", expected: "a string", found: value.kind) }
        return type
    }

    func unsupported(_ type: String) -> ModelFileError {
        configuration.unsupported(
            key, found: "the rotary scaling \(PrintableName.quoted(type))",
            advice: "the types computed here are default, linear, llama3, yarn")
    }

    /// - Throws: For a parameter that the type does not have.
    func allowOnly(_ names: [String]) throws(ModelFileError) {
        let always = ["rope_type", "type", "rope_theta"]
        for name in values.keys where value(name) != nil && !always.contains(name) && !names.contains(name) {
            // One of all channels is no part.
            if name == "partial_rotary_factor", try number(name) == 1 { continue }
            throw error(name, expected: "only parameters of the type \(try type())", found: "one more")
        }
    }

    /// - Throws: `.missing`, and `.invalid` for a number that is not above 0.
    func positive(_ name: String) throws(ModelFileError) -> Double {
        guard let number = try number(name) else {
            throw ModelFileError(
                file: configuration.file, offset: configuration.values[key]?.offset, subject: .key("\(key).\(name)"),
                problem: .missing(expected: "a number"))
        }
        guard number > 0 else { throw error(name, expected: "a number above 0", found: "\(number)") }
        return number
    }

    func number(_ name: String) throws(ModelFileError) -> Double? {
        guard let value = value(name) else { return nil }
        guard let number = value.number else { throw error(name, expected: "a number", found: value.kind) }
        return number
    }

    /// The context that the model had before it was stretched.
    func originalLength() throws(ModelFileError) -> Int {
        let name = "original_max_position_embeddings"
        guard let value = value(name) else { return try configuration.integer("max_position_embeddings") ?? 0 }
        guard let length = value.integer, length > 0 else {
            throw error(name, expected: "an integer above 0", found: value.shown)
        }
        return length
    }

    /// What multiplies cosines and sines beside yarn's own 1 + 0.1 · ln factor; nil for 1.
    func yarnAttention(factor: Double) throws(ModelFileError) -> Double? {
        if let value = value("truncate"), value.bool != true {
            throw error("truncate", expected: "true (bounds that are not whole are not computed)", found: value.shown)
        }
        func magnitude(_ scale: Double) -> Double { factor > 1 ? 0.1 * scale * log(factor) + 1 : 1 }
        let (scale, scaleOfAll) = (try number("mscale") ?? 0, try number("mscale_all_dim") ?? 0)
        if let given = try number("attention_factor") { return given / magnitude(1) }
        guard scale != 0, scaleOfAll != 0 else { return nil }
        return magnitude(scale) / magnitude(scaleOfAll) / magnitude(1)
    }

    func error(_ name: String, expected: String, found: String) -> ModelFileError {
        ModelFileError(
            file: configuration.file, offset: values[name]?.offset, subject: .key("\(key).\(name)"),
            problem: .invalid(expected: expected, found: found))
    }

    private func value(_ name: String) -> JSONValue? { values[name].flatMap { $0.isNull ? nil : $0 } }
}
