/// How the texts of tokens become one text; for most vocabularies they are only put together.
package struct PieceJoining: Sendable {
    /// Up to so many spaces at the text's beginning are not part of it.
    package var leadingSpaceCount = 0
    /// A space that nothing follows is not part of the text.
    package var dropsLastSpace = false
    /// Tokens' texts where they come first, if they differ there.
    var firstPieces: Vocabulary?

    package init(leadingSpaceCount: Int = 0, dropsLastSpace: Bool = false) {
        self.leadingSpaceCount = leadingSpaceCount
        self.dropsLastSpace = dropsLastSpace
    }
}

/// The state of putting texts of tokens together.
struct PieceJoiner: Sendable {
    private let joining: PieceJoining
    private var isFirst: Bool
    private var leadingSpacesLeft: Int
    private var hasPendingSpace = false

    /// - Parameter startsText: false where the tokens go on from others.
    init(_ joining: PieceJoining, startsText: Bool) {
        self.joining = joining
        isFirst = startsText
        leadingSpacesLeft = startsText ? joining.leadingSpaceCount : 0
    }

    /// Appends what the token adds to the text.
    /// - Throws: `.tokenOutOfRange`; the state is then as before.
    mutating func append(
        _ tokenID: Int32, of tokenizer: some Tokenizer, special: Bool, to bytes: inout [UInt8]
    ) throws(TokenizationError) {
        var piece = try tokenizer.piece(of: tokenID, special: special)
        guard !piece.isEmpty else { return }
        let isControl = tokenizer.isControl(tokenID)
        if isFirst, let first = joining.firstPieces { piece = first.text(of: Int(tokenID)) }
        isFirst = false
        if leadingSpacesLeft > 0, !isControl {
            let spaces = piece.prefix(leadingSpacesLeft).prefix { $0 == UInt8(ascii: " ") }.count
            leadingSpacesLeft = spaces == piece.count ? leadingSpacesLeft - spaces : 0
            piece = piece.dropFirst(spaces)
        }
        guard joining.dropsLastSpace else { return bytes += piece }
        if hasPendingSpace { bytes.append(UInt8(ascii: " ")) }
        hasPendingSpace = piece.last == UInt8(ascii: " ")
        bytes += hasPendingSpace ? piece.dropLast() : piece
    }
}
