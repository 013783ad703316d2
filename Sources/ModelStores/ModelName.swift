/// What a user calls a model by.
package enum ModelName: Sendable, Equatable {
    /// A path, or the name of an entry in the project's own model folder.
    case file(String)
    /// `hf:owner/name[:choice]`
    case hub(HubName)
    /// `ollama:name[:tag]`, also with a namespace and a host before the name.
    case ollama(OllamaName)

    /// - Throws: `.malformedName` for a text that begins like a name of a store and is none.
    package init(_ text: String) throws(ModelStoreError) {
        if let rest = text.suffix(behind: HubName.prefix) {
            self = .hub(try HubName(rest))
        } else if let rest = text.suffix(behind: OllamaName.prefix) {
            self = .ollama(try OllamaName(rest))
        } else {
            self = .file(text)
        }
    }

    /// Whether the text names a model in a store, whatever may be there.
    package static func isStoreName(_ text: String) -> Bool {
        [HubName.prefix, OllamaName.prefix].contains { text.hasPrefix($0) }
    }
}

/// A repository on a hub and what is wanted of it.
package struct HubName: Sendable, Equatable, CustomStringConvertible {
    static let prefix = "hf:"

    let owner: String
    let name: String
    /// A quantization (`Q4_K_M`), or a file's name; nil for what suits best.
    let choice: String?

    var repository: String { "\(owner)/\(name)" }

    package var description: String { Self.prefix + repository + (choice.map { ":\($0)" } ?? "") }

    /// - Parameter text: `owner/name[:choice]`
    init(_ text: String) throws(ModelStoreError) {
        let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        let path = (parts.first ?? "").split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard path.count == 2, path.allSatisfy(\.isNameOfOne), parts.count == 1 || !parts[1].isEmpty else {
            throw ModelStoreError(
                subject: Self.prefix + text,
                .malformedName(expected: "\(Self.prefix)owner/name or \(Self.prefix)owner/name:quantization"))
        }
        (owner, name) = (path[0], path[1])
        choice = parts.count == 2 ? String(parts[1]) : nil
    }
}

/// A model in a store of Ollama's.
package struct OllamaName: Sendable, Equatable, CustomStringConvertible {
    static let prefix = "ollama:"

    let host: String
    let namespace: String
    let name: String
    let tag: String

    package var description: String {
        let path =
            host != Self.defaultHost
            ? "\(host)/\(namespace)/\(name)"
            : namespace != Self.defaultNamespace ? "\(namespace)/\(name)" : name
        return "\(Self.prefix)\(path):\(tag)"
    }

    static let defaultHost = "registry.ollama.ai"
    static let defaultNamespace = "library"

    init(host: String, namespace: String, name: String, tag: String) {
        (self.host, self.namespace, self.name, self.tag) = (host, namespace, name, tag)
    }

    /// - Parameter text: `[[host/]namespace/]name[:tag]`
    init(_ text: String) throws(ModelStoreError) {
        var path = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        let last = (path.popLast() ?? "").split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        let whole = [path.count > 1 ? path[0] : Self.defaultHost, path.last ?? Self.defaultNamespace] + last
        // A host may have a port.
        let names = [whole[0].replacing(":", with: "_")] + whole.dropFirst()
        guard path.count <= 2, (1...2).contains(last.count), names.allSatisfy(\.isNameOfOne) else {
            throw ModelStoreError(
                subject: Self.prefix + text,
                .malformedName(
                    expected: "\(Self.prefix)name, \(Self.prefix)name:tag or \(Self.prefix)namespace/name:tag"))
        }
        self.init(host: whole[0], namespace: whole[1], name: last[0], tag: last.count == 2 ? last[1] : "latest")
    }
}

extension String {
    func suffix(behind prefix: String) -> String? { hasPrefix(prefix) ? String(dropFirst(prefix.count)) : nil }

    /// Whether this is one component of a path, of letters, digits and `-_.` only, and leads nowhere else.
    var isNameOfOne: Bool {
        !isEmpty && count <= 200 && self != "." && self != ".."
            && utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."):
                    true
                default: false
                }
            }
    }
}
