package import ModelFiles
internal import Tensors

/// What a model takes in memory, in bytes, told from its file alone.
package struct ModelMemory: Sendable, Equatable {
    /// Tokens that the model was made for.
    package let trainedContextLength: Int
    /// All tensors, where they lie in the file's mapping.
    package let weights: Int
    package let cachePerToken: Int
    /// Activations of one step, whatever the context.
    package let scratch: Int

    /// - Parameter batchCount: Tokens that one step computes at most.
    /// - Throws: What keeps the file from being a model that runs here, as far as its metadata tell.
    package init(_ file: any ModelFile, batchCount: Int) throws(TransformerModelError) {
        let (_, c) = try TransformerModel.configuration(of: file)
        let types = ["attn_k", "attn_v"].map { file.entry(named: "blk.0.\($0).weight")?.elementType }
        let isFloat32 = TransformerModel.cacheIsFloat32(
            keyType: types[0] ?? .float16, valueType: types[1] ?? .float16)
        trainedContextLength = c.contextLength
        weights = file.tensors.reduce(0) { $0 &+ $1.byteRange.count }  // the tensors lie apart in files that exist
        cachePerToken = c.cacheByteCountPerToken(isFloat32: isFloat32)
        scratch = 4 * StepBuffers.valueCount(configuration: c, tokenCount: batchCount)
    }

    package func cache(contextLength: Int) -> Int { contextLength * cachePerToken }
}

extension TransformerConfiguration {
    /// Keys and values of one token in all layers, heads padded to 16 channels.
    package func cacheByteCountPerToken(isFloat32: Bool) -> Int {
        2 * layerCount * keyValueHeadCount * ((headDimension + 15) / 16 * 16) * (isFloat32 ? 4 : 2)
    }
}
