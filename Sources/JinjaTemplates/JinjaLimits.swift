/// What one template may cost; a template comes with a model file that nobody vouches for.
///
/// The nesting limits keep the recursive parser and evaluator within a thread stack of 512 KiB; the tests run there. The
/// deepest template of the tests needs 352 KiB in a release build on x86-64.
package struct JinjaLimits: Sendable {
    /// Bytes of template source; the longest published templates have about 40 KiB.
    package var sourceBytes = 1 << 20
    /// Nodes evaluated, list elements touched and 16-byte units of text read, together.
    package var steps = 6_000_000
    /// UTF-8 bytes of the whole output.
    package var outputBytes = 32 << 20
    /// UTF-8 bytes of any one string.
    package var stringBytes = 16 << 20
    /// UTF-8 bytes of all strings made on the way, together.
    package var allocatedBytes = 512 << 20
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
        case allocation = "bytes of strings"
        case range = "elements in a range"
    }

    package init() {}
}
