import Hummingbird

extension RouteEnvironment {
    /// `GET /`: what this is and what it has, for a person.
    func bannerResponse() -> Response {
        let models = state.registry.models.map { "  \($0.modelName)\n" }.joined()
        let routes = routes.map { "  \($0.method.rawValue) \($0.path)\n" }.joined()
        return .text("Realizar (\(state.phase.rawValue))\n\nModels:\n\(models)\nRoutes:\n\(routes)")
    }
}
