package import ModelFiles
internal import TransformerModels

/// What a model needs in memory for one request of a given context, in bytes.
package struct MemoryEstimate: Sendable, Equatable {
    package let contextLength: Int
    package let weights: Int
    package let cache: Int
    package let cacheType: CacheType?
    package let cachePerToken: Int
    package let scratch: Int
    package var total: Int { weights &+ cache &+ scratch }

    /// - Parameters:
    ///   - contextLength: Nil for what the model was made for.
    ///   - cacheType: Nil for the one that the model would have.
    /// - Throws: `.unsupportedModel` or `.invalidModel`, where the file is no model that runs here.
    package init(_ file: any ModelFile, contextLength: Int?, cacheType: CacheType? = nil) throws(EngineError) {
        let memory: ModelMemory
        do {
            memory = try ModelMemory(file, batchCount: LoadedModel.maximumBatchCount, cacheType: cacheType?.elementType)
        } catch { throw EngineError(error) }
        self.contextLength = contextLength ?? memory.trainedContextLength
        weights = memory.weights
        cache = memory.cache(contextLength: self.contextLength)
        self.cacheType = CacheType(memory.cacheType)
        cachePerToken = memory.cachePerToken
        scratch = memory.scratch
    }
}
