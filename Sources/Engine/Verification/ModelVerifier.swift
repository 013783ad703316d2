internal import ChatTemplates
internal import Compute
package import ModelFiles
internal import Tensors
internal import Tokenization
internal import TransformerModels

/// Looks for what is wrong with a model file beyond its structure, which opening it has checked: checksums, numbers that are none,
/// tensors that the architecture needs, tokenizer and chat template.
package struct ModelVerifier {
    private let file: any ModelFile
    private let scanner: TensorScanner

    /// - Parameter threadCount: At least 1.
    package init(_ file: any ModelFile, threadCount: Int) {
        self.file = file
        scanner = TensorScanner(threadCount: threadCount)
    }

    /// What was looked at, and what was found.
    package struct Report: Sendable {
        package fileprivate(set) var scannedTensorCount = 0
        package fileprivate(set) var scannedElementCount = 0
        /// Tensors of types that are not decoded here, so that nobody has looked at their numbers.
        package fileprivate(set) var unscanned: [String] = []
        package fileprivate(set) var findings: [Finding] = []
    }

    /// Of all tensors, for progress.
    package var byteCount: Int { file.tensors.reduce(0) { $0 + $1.byteRange.count } }

    /// - Parameter progress: Gets the bytes scanned so far; false ends the work.
    /// - Returns: Nil where `progress` ended it.
    package func verify(_ progress: (Int) -> Bool) -> Report? {
        var report = Report()
        do {
            try file.verify()
        } catch { report.findings.append(Finding(.checksum, offset: error.offset, "\(error)")) }
        report.findings += architectureFindings() + tokenizerFindings()
        var done = 0
        for entry in file.tensors {
            guard TensorScanner.scans(entry.elementType) else {
                report.unscanned.append(entry.name)
                done += entry.byteRange.count
                continue
            }
            let start = done
            guard let strangers = scanner.scan(file.view(of: entry), { progress(start + $0) }) else { return nil }
            report.scannedTensorCount += 1
            report.scannedElementCount += entry.shape.elementCount ?? 0
            if let finding = strangers.finding(in: entry, of: file) { report.findings.append(finding) }
            done += entry.byteRange.count
            guard progress(done) else { return nil }
        }
        return report
    }

    private func architectureFindings() -> [Finding] {
        TransformerModel.problems(of: file).map { problem in
            Finding(.architecture, tensor: problem.tensor, offset: problem.offset, "\(problem)")
        }
    }

    private func tokenizerFindings() -> [Finding] {
        do {
            let tokenizer = try makeTokenizer(of: file)
            let (_, problem, isThere) = try LoadedModel.chatTemplate(of: file, tokenizer: tokenizer)
            guard isThere, let problem else { return [] }
            return [Finding(.chatTemplate, "\(file.path): \(problem)")]
        } catch { return [Finding(.tokenizer, error.message)] }
    }
}

extension TransformerModelError {
    fileprivate var tensor: String? {
        switch self {
        case .missingTensor(_, let name), .wrongShape(_, _, let name, _, _), .invalidValue(_, let name, _): name
        case .compute(_, .unsupportedElementType(let name, _)), .compute(_, .wrongRank(let name, _)): name
        default: nil
        }
    }

    fileprivate var offset: Int? {
        switch self {
        case .wrongShape(_, let offset, _, _, _): offset
        case .file(let error): error.offset
        default: nil
        }
    }
}
