import Engine
import Hummingbird

extension RouteEnvironment {
    /// `GET /health`: 200 when ready, 503 while loading or draining.
    ///
    /// A server that makes do with less is still ready, and says what is wrong: only requests find out that a model answers
    /// again, so a balancer must not keep them away.
    func healthResponse() throws -> Response {
        let phase = state.phase
        let unhealthy = health.unhealthyModels
        var degraded: [String] = []
        if state.registry.generators.contains(where: \.statistics.isUnderMemoryPressure) { degraded.append("memory") }
        if !unhealthy.isEmpty { degraded.append("model_unhealthy") }
        let answer = HealthAnswer(
            status: phase.rawValue, degraded: degraded.isEmpty ? nil : degraded,
            unhealthyModels: unhealthy.isEmpty ? nil : unhealthy)
        return try .json(answer, status: phase == .ready ? .ok : .serviceUnavailable)
    }
}

private struct HealthAnswer: Encodable {
    let status: String
    let degraded: [String]?
    let unhealthyModels: [String]?

    enum CodingKeys: String, CodingKey {
        case status, degraded
        case unhealthyModels = "unhealthy_models"
    }
}
