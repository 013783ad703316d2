package import ChatTemplates
internal import ModelFiles
package import Tokenization

/// Reads only the tokenizer of a model and the chat template that it brings; weights are not looked at.
///
/// - Parameter template: the text of a template to use in place of the model's.
/// - Throws: `.invalidModel`, `.unsupportedModel`; `.invalidRequest` where there is no template, or none that can be read.
package func loadChatTemplate(
    _ source: ModelSource, template: String? = nil
) throws(EngineError) -> (template: ChatTemplate, tokenizer: any Tokenizer) {
    let file: any ModelFile
    do { file = try openModel(source) } catch { throw EngineError(error) }
    let tokenizer = try makeTokenizer(of: file)
    if let template {
        do {
            return (try ChatTemplate(source: template, of: tokenizer), tokenizer)
        } catch { throw EngineError(error) }
    }
    let (found, problem, _) = try LoadedModel.chatTemplate(of: file, tokenizer: tokenizer)
    guard let found else {
        throw EngineError(code: .invalidRequest, message: "\(source): \(problem ?? "the model has no chat template")")
    }
    return (found, tokenizer)
}

extension ChatTemplate {
    /// A template with the texts of a tokenizer's begin and end tokens.
    ///
    /// - Throws: `.invalidTemplate`.
    package init(source: String, of tokenizer: any Tokenizer) throws(ChatTemplateError) {
        func text(_ tokenID: Int32?) -> String {
            guard let tokenID, let piece = try? tokenizer.piece(of: tokenID, special: true) else { return "" }
            return String(decoding: piece, as: UTF8.self)
        }
        try self.init(source: source, beginToken: text(tokenizer.beginTokenID), endToken: text(tokenizer.endTokenID))
    }
}
