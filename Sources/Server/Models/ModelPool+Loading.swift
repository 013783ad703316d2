import Engine
import Logging
import Synchronization

/// What takes its time: looking at files, loading, giving back.
extension ModelPool {
    func inspect(_ id: InstanceID, _ model: Int) async {
        do throws(EngineError) {
            let prospect = try await lookAtFile(of: model)
            update { $0.state.inspected(id, byteCount: prospect.byteCount, at: .now) }
        } catch { noteFailure(of: id, model, error) }
    }

    func load(_ id: InstanceID, _ model: Int) async {
        let name = fields.withLock { $0.models[model].name }
        logger.info("loading \(name)")
        let start = ContinuousClock.now
        do throws(EngineError) {
            let generator = try await recipes[model].load()
            logger.info(
                "loaded \(name)", metadata: ["duration_ms": "\((ContinuousClock.now - start).milliseconds)"])
            update { fields in
                fields.generators[id] = generator
                fields.models[model].prospect.information = generator.information
                fields.models[model].loadingProblem = nil
                fields.models[model].loadCount += 1
                return fields.state.loaded(id, at: .now)
            }
        } catch { noteFailure(of: id, model, error) }
    }

    func close(_ id: InstanceID, _ model: Int, _ generator: (any TextGenerator)?) async {
        await generator?.shutDown()
        var ends: [CheckedContinuation<Void, Never>] = []
        update { fields in
            fields.generators[id] = nil
            let actions = fields.state.closed(id, at: .now)
            if fields.generators.isEmpty, fields.state.isShutDown { swap(&ends, &fields.ends) }
            return actions
        }
        logger.info("unloaded \(fields.withLock { $0.models[model].name })")
        for end in ends { end.resume() }
    }

    /// The prospect of the model's file as it is now; the file is opened only where it has changed.
    private func lookAtFile(of model: Int) async throws(EngineError) -> ModelProspect {
        let fingerprint = recipes[model].fingerprint()
        let known = fields.withLock { $0.models[model] }
        if fingerprint == known.fingerprint { return known.prospect }
        let prospect = try await recipes[model].inspect()
        fields.withLock {
            $0.models[model].prospect = prospect
            $0.models[model].fingerprint = fingerprint
        }
        return prospect
    }

    private func noteFailure(of id: InstanceID, _ model: Int, _ error: EngineError) {
        let name = fields.withLock { $0.models[model].name }
        logger.error("\(name) cannot be loaded: \(error)")
        update { fields in
            fields.models[model].loadingProblem = error
            fields.models[model].failureCount += 1
            return fields.state.failed(id, error, at: .now)
        }
    }
}
