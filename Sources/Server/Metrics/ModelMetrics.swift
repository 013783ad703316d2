/// What is loaded, and how it came and went.
extension ModelRegistry {
    func addMetrics(to text: inout PrometheusText) {
        text.add(
            "realizar_models_loaded", .gauge, "Models that requests get without waiting for them to be loaded.",
            [([], Double(models.count { $0.isLoaded }))])
        guard let pool else { return }
        text.add(
            "realizar_models_bytes", .gauge,
            "Memory of the models that are loaded, being loaded or not yet given back, as estimated.",
            [([], Double(pool.usedByteCount))])
        let counters: [(name: String, help: String, value: (ModelPool.Model) -> Int)] = [
            ("realizar_model_loads_total", "How often a model was loaded.", { $0.loadCount }),
            (
                "realizar_model_unloads_total", "How often a model was unloaded, also for its successor.",
                { $0.unloadCount }
            ),
            ("realizar_model_load_failures_total", "How often loading failed.", { $0.failureCount }),
        ]
        let models = pool.models
        for counter in counters {
            text.add(
                counter.name, .counter, counter.help,
                models.map { ([("model", $0.name)], Double(counter.value($0))) })
        }
    }
}
