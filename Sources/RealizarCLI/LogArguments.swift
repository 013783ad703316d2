import ArgumentParser
import Logging
import Server

/// How a server logs.
struct LogArguments: ParsableArguments {
    enum Format: String, ExpressibleByArgument, CaseIterable {
        case text, json
    }

    enum Level: String, ExpressibleByArgument, CaseIterable {
        case trace, debug, info, notice, warning, error, critical
    }

    @Option(help: "The log's lines: text for people, json for machines.") var logFormat = Format.text
    @Option(help: "The least that is logged.") var logLevel = Level.info

    func makeLogger() -> Logger {
        let format: LogFormat =
            switch logFormat {
            case .text: .text
            case .json: .json
            }
        return format.makeLogger(level: Logger.Level(rawValue: logLevel.rawValue) ?? .info)
    }
}
