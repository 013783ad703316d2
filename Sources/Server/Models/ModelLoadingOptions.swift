/// When models are loaded and unloaded.
package struct ModelLoadingOptions: Sendable {
    /// Bytes of all loaded models together, as estimated; nil sets no limit. Those that were used least recently make room.
    package var memoryByteCount: Int?
    /// Loads nothing before it is asked for.
    package var isOnDemand = false
    /// Unloads what nobody has used for this long; nil keeps it.
    package var idleTime: Duration?
    /// Loads a model again when its file is replaced.
    package var watchesFiles = false
    /// Requests that may wait for one model to be loaded; one more is refused.
    package var maximumWaiterCount = 68

    package init() {}

    var limits: ModelPool.Limits {
        var limits = ModelPool.Limits()
        limits.byteCount = memoryByteCount
        limits.idleTime = idleTime
        limits.waiterCount = maximumWaiterCount
        return limits
    }
}
