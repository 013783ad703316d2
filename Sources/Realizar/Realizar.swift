/// The library's face: load a model, stream events, cancel. `import Realizar` brings the public declarations of the engine, its
/// sampling options and its chat messages, and nothing else.
///
/// ```swift
/// import Realizar
///
/// let engine = try await InferenceEngine.load(path: "model.gguf")
/// for try await event in try await engine.generate(GenerationRequest(prompt: .text("Once upon a time"))) {
///     if case .text(let chunk) = event { print(chunk.text, terminator: "") }
/// }
/// ```
@_exported public import ChatTemplates
@_exported public import Engine
@_exported public import Sampling
