package import Compute
package import ModelFiles
package import Tensors

/// What a model takes in memory, in bytes, told from its file alone.
package struct ModelMemory: Sendable, Equatable {
    /// Tokens that the model was made for.
    package let trainedContextLength: Int
    /// All tensors, where they lie in the file's mapping.
    package let weights: Int
    package let cacheType: ElementType
    package let cachePerToken: Int
    /// Activations of one step, whatever the context.
    package let scratch: Int

    /// - Parameters:
    ///   - batchCount: Tokens that one step computes at most.
    ///   - cacheType: Nil for the one that the model would have.
    /// - Throws: What keeps the file from being a model that runs here, as far as its metadata tell.
    package init(
        _ file: any ModelFile, batchCount: Int, cacheType: ElementType? = nil
    ) throws(TransformerModelError) {
        let (_, c) = try TransformerModel.configuration(of: file)
        let types = ["attn_k", "attn_v"].compactMap { file.entry(named: "blk.0.\($0).weight")?.elementType }
        self.cacheType = cacheType ?? TransformerModel.usualCacheType(besides: types)
        trainedContextLength = c.contextLength
        weights = file.tensors.reduce(0) { $0 &+ $1.byteRange.count }  // the tensors lie apart in files that exist
        cachePerToken = c.cacheGeometry(blockCount: 0, type: self.cacheType).byteCountPerToken
        scratch = 4 * StepBuffers.valueCount(configuration: c, tokenCount: batchCount)
    }

    package func cache(contextLength: Int) -> Int { contextLength * cachePerToken }
}

extension TransformerConfiguration {
    package func cacheGeometry(blockCount: Int, type: ElementType) -> CacheGeometry {
        CacheGeometry(
            layerCount: layerCount, keyValueHeadCount: keyValueHeadCount, headDimension: headDimension,
            blockCount: blockCount, elementType: type)
    }
}
