/// A line of a chat: a message or a command.
enum ChatInput: Equatable {
    case nothing, exit, help, clear
    case instructions(String)
    case message(String)
    case unknownCommand(String)

    static let overview = """
        /exit         ends the program
        /clear        forgets the conversation; the instructions stay
        /system TEXT  sets the instructions; without TEXT there are none
        /help         shows this
        """

    init(_ line: String) {
        guard line.hasPrefix("/") else {
            self = line.allSatisfy(\.isWhitespace) ? .nothing : .message(line)
            return
        }
        let parts = line.split(separator: " ", maxSplits: 1)
        switch parts.first {
        case "/exit": self = .exit
        case "/help": self = .help
        case "/clear": self = .clear
        case "/system": self = .instructions(parts.count == 2 ? String(parts[1]) : "")
        default: self = .unknownCommand(parts.first.map { String($0).printable } ?? line)
        }
    }
}
