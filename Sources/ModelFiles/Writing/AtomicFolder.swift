#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// A folder that appears under its name when all of its files are whole, and not before.
///
/// Files go to a hidden folder beside it, which `finish()` gives its name. Whatever ends this object before removes the hidden
/// folder and what is in it.
package final class AtomicFolder {
    /// As the user gave it, without a `/` at the end.
    package let path: String
    private let partialPath: String
    private var names: [String] = []
    private var isFinished = false

    /// - Parameter byteCount: Of all files together; for the check of the free space.
    /// - Throws: `.invalid` where something has the name already, since a folder may hold what nobody wants to lose; `.noSpace`
    ///   where the disk is too full, `.system` where the folder around it cannot be written to.
    package init(path: String, byteCount: Int) throws(ModelFileError) {
        var path = path
        while path.count > 1, path.hasSuffix("/") { path.removeLast() }
        self.path = path
        guard !pathExists(path) else {
            throw ModelFileError(
                file: path,
                problem: .invalid(expected: "a new folder", found: "one that is there (name another, or remove it)"))
        }
        let parent = folder(of: path)
        if let free = freeByteCount(in: parent), free < byteCount {
            throw ModelFileError(file: path, problem: .noSpace(needed: byteCount, written: 0, free: free))
        }
        partialPath = partialName(in: parent)
        guard unsafe mkdir(partialPath, 0o777) == 0 else { throw ModelFileError.system("mkdir", file: path) }
    }

    deinit {
        guard !isFinished else { return }
        for name in names { _ = unsafe unlink(partialPath + "/" + name) }
        _ = unsafe rmdir(partialPath)
    }

    /// Adds a file, which `body` writes.
    ///
    /// - Parameters:
    ///   - name: One path component.
    ///   - byteCount: How long the file will be.
    /// - Throws: As `AtomicFile`, and what `body` throws.
    package func write(
        _ name: String, byteCount: Int, _ body: (AtomicFile) throws(ModelFileError) -> Void
    ) throws(ModelFileError) {
        precondition(ModelFolder.isPlainName(name), "AtomicFolder: the name \(name)")
        let file = try AtomicFile(
            path: partialPath + "/" + name, shownAs: path + "/" + name, byteCount: byteCount)
        try body(file)
        try file.finish()
        names.append(name)
    }

    /// Gives the folder its name.
    ///
    /// - Throws: `.system`, also where something has taken the name meanwhile.
    package func finish() throws(ModelFileError) {
        guard unsafe rename(partialPath, path) == 0 else { throw ModelFileError.system("rename", file: path) }
        isFinished = true
        syncFolder(of: path)
    }
}

/// Whether anything has the name, a link without a target too.
private func pathExists(_ path: String) -> Bool {
    var status = stat()
    return unsafe lstat(path, &status) == 0
}
