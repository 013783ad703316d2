import TestSupport

/// The built-in model as a file, as it lies in the sources.
enum DemoFile {
    static let path = Fixtures.path("../../Sources/CDemoModel/demo.gguf")
}
