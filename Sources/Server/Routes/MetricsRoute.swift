import Engine
import Hummingbird

extension RouteEnvironment {
    /// `GET /metrics`: the engine's numbers per model, answers by route and status, and the process's own.
    func metricsResponse() -> Response {
        var text = PrometheusText()
        let statistics = state.registry.generators.map { (labels: [("model", $0.modelName)], values: $0.statistics) }
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
        text.add(
            "realizar_http_requests_total", .counter, "Answers by route and status.",
            metrics.answers.map { key, count in
                ([("method", key.method), ("route", key.route), ("status", "\(key.status)")], Double(count))
            })
        return .text(text.text, type: "text/plain; version=0.0.4; charset=utf-8")
    }
}
