import ArgumentParser
import Server

/// The command line's root. A new command is a file here and a line in `subcommands`.
struct RealizarCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "realizar",
        abstract: "Runs language models on the command line and behind a port.",
        discussion: """
            Results go to standard output and nothing else does; progress and logs go to standard error.
            The exit status is 0 for success, 1 for failure, 2 for a wrong call, 130 after Ctrl-C.
            """,
        version: "realizar \(BuildInformation.version)",
        subcommands: [
            RunCommand.self, ChatCommand.self, ServeCommand.self, ListCommand.self, PullCommand.self,
            InspectCommand.self, TokenizeCommand.self,
            DetokenizeCommand.self, RenderCommand.self, TraceCommand.self, BenchCommand.self,
            PerplexityCommand.self, VerifyCommand.self, ConvertCommand.self, QuantizeCommand.self, DoctorCommand.self,
        ])
}
