/// What tests make go wrong inside an engine. No option, argument or request reaches it.
package struct EngineFaults: Sendable {
    /// Changes one request's logits `[V]` between model and sampler, knowing its tokens so far.
    package var logits: (@Sendable (_ values: inout [Float], _ tokenIDs: [Int32]) -> Void)?
    /// Stands in for what the system says of its memory.
    package var memory: (@Sendable () -> MemoryReading?)?
    package var memoryPolicy = MemoryPressure.Policy()

    package init() {}

    /// A request's logits as they go on to its sampler.
    func change(_ row: ArraySlice<Float>, of tokenIDs: @autoclosure () -> [Int32]?) -> ArraySlice<Float> {
        guard let logits, let tokenIDs = tokenIDs() else { return row }
        var values = Array(row)
        logits(&values, tokenIDs)
        return values[...]
    }
}
