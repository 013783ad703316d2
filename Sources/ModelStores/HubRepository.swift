#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// What a hub says a repository holds.
struct HubRepository {
    let commit: String
    /// Paths below the root to what they hold.
    let files: [String: HubFile]

    private static let fileCountLimit = 100_000

    /// - Throws: `.malformed` for an answer that makes no sense, or names files outside the repository.
    init(_ answer: [UInt8], subject: String) throws(ModelStoreError) {
        guard let listing = try? JSONDecoder().decode(Listing.self, from: Data(answer)) else {
            throw ModelStoreError(
                subject: subject, .malformed(expected: "a repository's list of files", found: "something else"))
        }
        guard listing.sha.isHexadecimal(count: 40) else {
            throw ModelStoreError(subject: subject, .malformed(expected: "a commit of 40 digits", found: listing.sha))
        }
        guard listing.siblings.count <= Self.fileCountLimit else {
            throw ModelStoreError(
                subject: subject,
                .malformed(expected: "at most \(Self.fileCountLimit) files", found: "\(listing.siblings.count)"))
        }
        commit = listing.sha
        var files: [String: HubFile] = [:]
        for one in listing.siblings {
            let parts = one.rfilename.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
            guard parts.count <= 8, parts.allSatisfy(\.isFileName) else {
                throw ModelStoreError(
                    subject: subject, .malformed(expected: "names of files inside the repository", found: one.rfilename)
                )
            }
            files[one.rfilename] = HubFile(one)
        }
        self.files = files
    }

    fileprivate struct Listing: Decodable {
        let sha: String
        let siblings: [Sibling]
    }

    fileprivate struct Sibling: Decodable {
        let rfilename: String
        let size: Int?
        let blobId: String?
        let lfs: LargeFile?

        struct LargeFile: Decodable {
            let sha256: String?
            let size: Int?
        }
    }
}

/// A file as the hub lists it.
struct HubFile: Equatable {
    let byteCount: Int
    let checksum: Checksum

    enum Checksum: Equatable {
        case sha256(String)
        /// Of git: SHA-1 over `blob <size>`, a zero byte and the contents.
        case gitBlob(String)

        /// The blob's name in the cache.
        var digits: String {
            switch self {
            case .sha256(let digits), .gitBlob(let digits): digits
            }
        }
    }

    init(byteCount: Int, checksum: Checksum) {
        self.byteCount = byteCount
        self.checksum = checksum
    }

    /// nil where size or checksum is missing or makes no sense: such a file is never brought.
    fileprivate init?(_ sibling: HubRepository.Sibling) {
        if let digits = sibling.lfs?.sha256, digits.isSHA256, let size = sibling.lfs?.size ?? sibling.size, size >= 0 {
            self.init(byteCount: size, checksum: .sha256(digits))
        } else if let digits = sibling.blobId, digits.isHexadecimal(count: 40), let size = sibling.size, size >= 0 {
            self.init(byteCount: size, checksum: .gitBlob(digits))
        } else {
            return nil
        }
    }
}

extension String {
    /// One component of a path that leads nowhere else.
    var isFileName: Bool {
        !isEmpty && utf8.count <= 255 && self != "." && self != ".."
            && unicodeScalars.allSatisfy { $0.value >= 32 && $0 != "/" && $0.value != 127 }
    }
}
