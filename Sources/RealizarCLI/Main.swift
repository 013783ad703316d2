import ArgumentParser

/// Starts the command that the arguments name, and turns what it throws into a message and an exit status.
@main
enum Main {
    static func main() async {
        do {
            var command = try RealizarCommand.parseAsRoot()
            if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try command.run()
            }
        } catch {
            exitProcess(report(error))
        }
    }

    /// Writes what there is to say about `error`, and gives the status to exit with.
    private static func report(_ error: any Error) -> ExitStatus {
        if let status = error as? ExitStatus { return status }
        switch RealizarCommand.exitCode(for: error) {
        case .success:  // --help, --version
            do {
                try StandardOutput.write(RealizarCommand.fullMessage(for: error) + "\n")
                return .success
            } catch {
                return report(error)
            }
        case .validationFailure:
            StandardError.write(inOurForm(RealizarCommand.fullMessage(for: error)))
            return .usage
        default:
            let lines = String(describing: error).split(whereSeparator: \.isNewline)
            // Names out of files and requests must not steer the terminal.
            StandardError.write("error: " + lines.joined(separator: " ").printable)
            return .failure
        }
    }

    /// All errors begin with `error: `; ArgumentParser writes it with a capital.
    private static func inOurForm(_ message: String) -> String {
        message.hasPrefix("Error:") ? "e" + message.dropFirst() : message
    }
}
