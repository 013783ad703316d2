/// A parsed Jinja template, with `trim_blocks` and `lstrip_blocks` on as transformers sets Jinja up for chat templates.
///
/// Values are immutable as in Jinja's `ImmutableSandboxedEnvironment`, there are no `include` and `import`, and what a
/// template may cost is bounded: a hostile one gets a `JinjaError`.
package struct JinjaTemplate: Sendable {
    private let source: TemplateSource
    private let statements: [Statement]
    private let limits: JinjaLimits

    /// - Throws: `JinjaError` for text that is not a template, at the place where that shows.
    package init(_ text: String, limits: JinjaLimits = JinjaLimits()) throws(JinjaError) {
        source = TemplateSource(text)
        self.limits = limits
        statements = try Parser.statements(of: source, limits: limits)
    }

    /// Runs the template.
    ///
    /// - Parameters:
    ///   - context: the variables that the template sees.
    ///   - now: what `strftime_now` formats.
    /// - Returns: the output, cut where the origin of the text changes.
    /// - Throws: `JinjaError`, also for what the template raises itself and for a budget that runs out.
    package func render(
        _ context: [String: JinjaValue], now: CivilTime = CivilTime(secondsSince1970: 0)
    ) throws(JinjaError) -> [OutputSegment] {
        var interpreter = Interpreter(source: source, limits: limits, context: context, now: now)
        return try interpreter.run(statements).segments
    }

    /// Runs the template and returns its output as one string.
    package func renderText(
        _ context: [String: JinjaValue], now: CivilTime = CivilTime(secondsSince1970: 0)
    ) throws(JinjaError) -> String {
        var interpreter = Interpreter(source: source, limits: limits, context: context, now: now)
        return try interpreter.run(statements).text
    }
}
