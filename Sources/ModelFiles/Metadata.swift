/// A model file's keys and values, in the order of the file.
///
/// The typed getters give nil for a key that is absent and throw for one that has another type, so that a wrong value is never
/// taken for a missing one. Most have a `required` twin that throws for the absent key too.
package struct Metadata: Sendable {
    /// Named in errors.
    package let file: String
    package private(set) var keys: [String] = []
    private var entries: [String: Entry] = [:]

    private struct Entry: Sendable {
        let value: MetadataValue
        let offset: Int?
    }

    package init(file: String) { self.file = file }

    /// - Returns: Nil, or the offset of the value that the key already has; then nothing is changed.
    @discardableResult
    package mutating func append(_ key: String, _ value: MetadataValue, offset: Int? = nil) -> Duplicate? {
        if let entry = entries[key] { return Duplicate(firstOffset: entry.offset) }
        keys.append(key)
        entries[key] = Entry(value: value, offset: offset)
        return nil
    }

    /// Gives `key` a value, in its place where it has one already and behind the others where not.
    package mutating func set(_ key: String, _ value: MetadataValue) {
        if entries[key] == nil { keys.append(key) }
        entries[key] = Entry(value: value, offset: nil)
    }

    package mutating func remove(_ key: String) {
        guard entries.removeValue(forKey: key) != nil else { return }
        keys.removeAll { $0 == key }
    }

    package struct Duplicate: Equatable, Sendable {
        package let firstOffset: Int?
    }

    package subscript(key: String) -> MetadataValue? { entries[key]?.value }

    /// Where the value of `key` lies, absolute in the file; for errors about what a value means.
    package func offset(of key: String) -> Int? { entries[key]?.offset }

    /// An error about the value of `key`: `FILE, byte OFFSET: key 'KEY': expected …, found …`.
    package func error(about key: String, expected: String, found: String) -> ModelFileError {
        error(key, .invalid(expected: expected, found: found))
    }

    func error(_ key: String, _ problem: ModelFileError.Problem) -> ModelFileError {
        ModelFileError(file: file, offset: offset(of: key), subject: .key(key), problem: problem)
    }

    func typeError(_ key: String, expected: String, found: MetadataValue) -> ModelFileError {
        error(key, .wrongValueType(expected: expected, found: found.typeDescription))
    }
}
