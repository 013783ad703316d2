/// A model that lies on this machine.
package struct StoredModel: Sendable, Equatable {
    /// What commands take as MODEL.
    package let name: String
    /// A file, the first one of a split set, or a folder.
    package let path: String
    /// Of everything that belongs to it.
    package let byteCount: Int
    package let store: Store

    package enum Store: String, Sendable {
        case own = "realizar"
        case hub = "hub cache"
        case ollama
    }
}
