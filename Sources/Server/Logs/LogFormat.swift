package import Logging

/// How lines of the log look.
package enum LogFormat: String, Sendable, CaseIterable {
    /// For people: `2026-11-24T18:28:45+0000 info realizar: request_id=req-… [Server] request`.
    case text
    /// For machines: one JSON object per line.
    case json

    /// A logger that writes to standard error.
    package func makeLogger(level: Logger.Level) -> Logger {
        var logger = Logger(label: "realizar") { label -> any LogHandler in
            switch self {
            case .text: return StreamLogHandler.standardError(label: label)
            case .json: return JSONLogHandler(label: label) { StandardErrorLines.write($0) }
            }
        }
        logger.logLevel = level
        return logger
    }
}
