/// The body of `POST /realize/reload`; it may be absent.
public struct ReloadRequest: Sendable, Equatable, Decodable {
    /// nil means all models.
    public var model: String?

    public init(model: String? = nil) { self.model = model }

    /// - Throws: `RequestFieldError` for another field.
    public init(from decoder: any Decoder) throws {
        let fields = try FieldReader(decoder)
        try fields.refuseOthers(known: ["model"], rules: FieldRules())
        model = try fields.string("model")
    }
}

/// What came of it, model by model.
public struct ReloadResponse: Sendable, Equatable, Encodable {
    public var models: [ReloadEntry]

    public init(models: [ReloadEntry]) { self.models = models }
}

public struct ReloadEntry: Sendable, Equatable, Encodable {
    public var id: String
    /// `reloaded`, or `not_loaded` where the next request will load it.
    public var status: String

    public init(id: String, status: String) {
        self.id = id
        self.status = status
    }
}
