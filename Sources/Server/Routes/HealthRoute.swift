import Hummingbird

extension RouteEnvironment {
    /// `GET /health`: 200 when ready, 503 while loading or draining.
    func healthResponse() throws -> Response {
        let phase = state.phase
        return try .json(["status": phase.rawValue], status: phase == .ready ? .ok : .serviceUnavailable)
    }
}
