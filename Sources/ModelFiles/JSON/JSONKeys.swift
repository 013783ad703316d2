/// The keys of one object so far, for readers that want each of them once.
///
/// Parsers differ in which of two values of one key they take, so that a file could show one to a scanner and another to us.
package struct JSONKeys {
    private var offsets: [String: Int] = [:]

    package init() {}

    /// The next key of the object that `reader` is in; nil behind the last.
    ///
    /// - Throws: `.duplicate` for a key that was there already.
    package mutating func next(_ reader: inout JSONReader) throws(ModelFileError) -> String? {
        guard let key = try reader.nextKey() else { return nil }
        let name = reader.text(of: key), start = reader.offset(of: key)
        guard let first = offsets.updateValue(start, forKey: name) else { return name }
        throw ModelFileError(
            file: reader.file, offset: start, subject: .key(name), problem: .duplicate(first: first))
    }
}
