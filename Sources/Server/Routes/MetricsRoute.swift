import Engine
import Hummingbird

extension RouteEnvironment {
    /// `GET /metrics`: the engine's numbers per model, answers by route and status, and the process's own.
    func metricsResponse() -> Response {
        var text = PrometheusText()
        let statistics = state.registry.models.compactMap { model in
            model.statistics.map { (labels: [("model", model.modelName)], values: $0) }
        }
        for metric in EngineMetric.all {
            text.add(
                metric.name, metric.kind, metric.help,
                statistics.flatMap { model in
                    metric.samples(model.values).map { (model.labels + $0.labels, $0.value) }
                })
        }
        for histogram in EngineHistogram.all {
            text.add(histogram.name, histogram.help, statistics.map { ($0.labels, histogram.values($0.values)) })
        }
        state.registry.addMetrics(to: &text)
        text.add(
            "realizar_http_requests_total", .counter, "Answers by route and status.",
            metrics.answers.map { key, count in
                ([("method", key.method), ("route", key.route), ("status", "\(key.status)")], Double(count))
            })
        text.add(
            "realizar_requests_refused_total", .counter,
            "Requests turned away before anything was generated, by reason.",
            metrics.refusals.map { ([("reason", $0.reason.rawValue)], Double($0.count)) })
        let circuits = state.registry.models.map { ($0.modelName, health.circuit(of: $0.modelName)) }
        text.add(
            "realizar_model_healthy", .gauge, "0 while a model that failed repeatedly is not asked.",
            circuits.map { ([("model", $0.0)], $0.1.state == .closed ? 1 : 0) })
        text.add(
            "realizar_model_unhealthy_total", .counter, "How often a model was not asked any more, for it failed.",
            circuits.map { ([("model", $0.0)], Double($0.1.openingCount)) })
        text.add(
            "realizar_model_weight_bytes", .gauge, "Bytes of a model's tensors, most of them pages of its mapped file.",
            state.registry.models.filter(\.isLoaded).map {
                ([("model", $0.modelName)], Double($0.information.byteCount))
            })
        ProcessMetrics.add(to: &text)
        return .text(text.text, type: "text/plain; version=0.0.4; charset=utf-8")
    }
}
