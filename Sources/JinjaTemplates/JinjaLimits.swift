/// What one template may cost; a template comes with a model file that nobody vouches for.
///
/// The nesting limits keep the recursive parser and evaluator within a thread stack of 512 KiB; the tests run there. Steps and
/// bytes are such that with a small conversation no template takes more than a tenth of a second and 64 MB, and grow with the
/// conversation, which the caller has accepted already. Figures are in docs/chat-templates.md.
package struct JinjaLimits: Sendable {
    /// Bytes of template source; the longest published templates have about 40 KiB.
    package var sourceBytes = 1 << 20
    /// Nodes evaluated, list elements touched and 16-byte units of text read, together.
    package var steps = 2_000_000
    /// Further steps for each byte of the variables, of which every value counts as 32.
    package var stepsPerInputByte = 4
    /// UTF-8 bytes of the whole output.
    package var outputBytes = 8 << 20
    /// UTF-8 bytes of any one string.
    package var stringBytes = 8 << 20
    /// Bytes of all strings and lists made on the way, together, whether or not they are still there.
    package var allocatedBytes = 48 << 20
    /// Further bytes for each byte of the variables.
    package var allocatedBytesPerInputByte = 64
    /// Elements of one `range()`, as in Jinja's sandbox.
    package var rangeCount = 100_000
    /// Brackets, operators and blocks inside one another in the source.
    package var sourceNesting = 100
    /// Evaluations inside one another at run time, macro calls included; a macro that calls itself takes about 6 a turn.
    package var evaluationNesting = 100
    /// Lists and dictionaries inside one another.
    package var valueNesting = 64

    package enum Budget: String, Sendable {
        case source = "bytes of template source"
        case steps = "evaluation steps"
        case output = "bytes of output"
        case string = "bytes in one string"
        case allocation = "bytes of strings and lists"
        case range = "elements in a range"
    }

    package init() {}
}
