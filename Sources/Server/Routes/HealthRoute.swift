import Engine
import Hummingbird

/// Where those ask who watch over the process, every few seconds and without a key.
enum ProbePath {
    static let health = "/health"
    static let live = "/livez"
    static let ready = "/readyz"
    static let all: Set = [health, live, ready]
}

/// Whether requests are answered, and what is wrong that does not keep them from it.
private struct HealthReport: Encodable {
    let status: String
    let degraded: [String]?
    let unhealthyModels: [String]?
    /// By model, the kind of error that it could not be loaded with the last time; what was loaded before is still served.
    let loadingProblems: [String: String]?

    enum CodingKeys: String, CodingKey {
        case status, degraded
        case unhealthyModels = "unhealthy_models"
        case loadingProblems = "loading_problems"
    }
}

extension RouteEnvironment {
    /// `GET /health`, `GET /readyz`: 200 when ready, 503 while loading or draining.
    ///
    /// A server that makes do with less is still ready, and says what is wrong: only requests find out that a model answers
    /// again, so a balancer must not keep them away.
    func healthResponse() throws -> Response {
        let phase = state.phase, models = state.registry.models
        let unhealthy = health.unhealthyModels
        var degraded: [String] = []
        if models.contains(where: { $0.statistics?.isUnderMemoryPressure == true }) { degraded.append("memory") }
        if !unhealthy.isEmpty { degraded.append("model_unhealthy") }
        let problems = models.compactMap { model in
            model.loadingProblem.map { (model.modelName, $0.code.description) }
        }
        let report = HealthReport(
            status: phase.rawValue, degraded: degraded.isEmpty ? nil : degraded,
            unhealthyModels: unhealthy.isEmpty ? nil : unhealthy,
            loadingProblems: problems.isEmpty ? nil : Dictionary(problems, uniquingKeysWith: { first, _ in first }))
        return try .json(report, status: phase == .ready ? .ok : .serviceUnavailable)
    }

    /// `GET /livez`: 200 as long as the process answers, also while loading and draining: nothing that a new start would help.
    func liveResponse() throws -> Response { try .json(["status": "alive"]) }
}
