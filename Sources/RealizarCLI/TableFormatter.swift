/// Columns of text, aligned with spaces: the first to the left, numbers to the right.
struct TableFormatter {
    enum Alignment {
        case left, right
    }

    private let alignments: [Alignment]
    private var rows: [[String]]

    init(_ columns: [(title: String, alignment: Alignment)]) {
        alignments = columns.map(\.alignment)
        rows = [columns.map(\.title)]
    }

    /// - Precondition: One cell per column.
    mutating func append(_ cells: [String]) {
        precondition(
            cells.count == alignments.count, "TableFormatter: \(cells.count) cells, \(alignments.count) columns")
        rows.append(cells)
    }

    /// The title row and all rows, each ending in a line break.
    var text: String {
        let widths = alignments.indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
        return rows.map { row in
            let cells = row.enumerated().map { column, cell in
                let padding = String(repeating: " ", count: widths[column] - cell.count)
                return alignments[column] == .left ? cell + padding : padding + cell
            }
            return cells.joined(separator: "  ").trimmedAtEnd + "\n"
        }.joined()
    }
}

extension String {
    fileprivate var trimmedAtEnd: String {
        String(reversed().drop { $0 == " " }.reversed())
    }
}
