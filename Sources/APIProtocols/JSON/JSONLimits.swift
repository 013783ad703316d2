/// How much one JSON body may hold: more than any request of the OpenAI API, less than occupies a decoder for long.
public struct JSONLimits: Sendable, Equatable {
    /// Brackets that may be open at one time.
    public var maximumDepth = 128
    /// Scalars, arrays and objects in all; token ids of a prompt are most of them.
    public var maximumValueCount = 200_000
    /// Bytes of one field's name with its quotes; names stand in error messages.
    public var maximumNameLength = 1024
    /// Bytes of one number; `Double` needs 24, and the longest exact one has 1,077.
    public var maximumNumberLength = 1100

    public init() {}
}
