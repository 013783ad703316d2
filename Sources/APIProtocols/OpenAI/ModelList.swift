/// The answer of `GET /v1/models`.
public struct ModelList: Sendable, Equatable, Encodable {
    public var models: [ModelEntry]

    public init(models: [ModelEntry]) { self.models = models }

    private enum CodingKeys: String, CodingKey {
        case object
        case models = "data"
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode("list", forKey: .object)
        try container.encode(models, forKey: .models)
    }
}

/// One model, also the answer of `GET /v1/models/{id}`. The fields from `architecture` on are additions to OpenAI's.
public struct ModelEntry: Sendable, Equatable, Encodable {
    public var id: String
    /// Seconds since 1970.
    public var created: Int
    public var architecture: String
    public var parameterCount: Int
    /// Tokens of prompt and answer together.
    public var contextLength: Int
    /// Whether requests get it without waiting for it to be loaded.
    public var isLoaded: Bool

    public init(
        id: String, created: Int, architecture: String, parameterCount: Int, contextLength: Int, isLoaded: Bool = true
    ) {
        self.id = id
        self.created = created
        self.architecture = architecture
        self.parameterCount = parameterCount
        self.contextLength = contextLength
        self.isLoaded = isLoaded
    }

    private enum CodingKeys: String, CodingKey {
        case id, object, created, architecture
        case owner = "owned_by"
        case parameterCount = "parameter_count"
        case contextLength = "context_length"
        case isLoaded = "loaded"
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(id, forKey: .id)
        try container.encode("model", forKey: .object)
        try container.encode(created, forKey: .created)
        try container.encode("realizar", forKey: .owner)
        try container.encode(architecture, forKey: .architecture)
        try container.encode(parameterCount, forKey: .parameterCount)
        try container.encode(contextLength, forKey: .contextLength)
        try container.encode(isLoaded, forKey: .isLoaded)
    }
}
