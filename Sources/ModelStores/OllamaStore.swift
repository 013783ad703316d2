#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// A store of Ollama's, read in place: manifests name blobs, and one of the blobs is the GGUF file.
///
/// `manifests/<host>/<namespace>/<name>/<tag>` is JSON (an OCI image manifest, version 2, schema 2); the layer of the media type
/// below is the model, and lies in `blobs/sha256-<digest>`.
struct OllamaStore {
    let path: String

    private static let modelMediaType = "application/vnd.ollama.image.model"

    private struct Manifest: Decodable {
        let layers: [Layer]

        struct Layer: Decodable {
            let mediaType: String
            let digest: String
            let size: Int
        }
    }

    /// nil where the store has no such model.
    ///
    /// - Throws: `.malformed` for a manifest that makes no sense, `.notFound` where its blob is missing.
    func model(_ name: OllamaName) throws(ModelStoreError) -> StoredModel? {
        let manifestPath = "\(path)/manifests/\(name.host)/\(name.namespace)/\(name.name)/\(name.tag)"
        guard let bytes = Folder.contents(manifestPath) else { return nil }
        guard let manifest = try? JSONDecoder().decode(Manifest.self, from: Data(bytes)) else {
            throw ModelStoreError(subject: manifestPath, .malformed(expected: "a manifest", found: "something else"))
        }
        let layers = manifest.layers.filter { $0.mediaType == Self.modelMediaType }
        guard layers.count == 1, let layer = layers.first else {
            throw ModelStoreError(
                subject: manifestPath,
                .malformed(expected: "one layer of the type \(Self.modelMediaType)", found: "\(layers.count)"))
        }
        guard let digest = layer.digest.suffix(behind: "sha256:"), digest.isSHA256 else {
            throw ModelStoreError(
                subject: manifestPath, .malformed(expected: "a sha256 digest", found: layer.digest))
        }
        let blob = "\(path)/blobs/sha256-\(digest)"
        guard let byteCount = Folder.byteCount(blob) else {
            throw ModelStoreError(
                subject: blob, .notFound(advice: "\(name) is listed without it; pull it again with ollama"))
        }
        guard byteCount == layer.size else {
            throw ModelStoreError(
                subject: blob, .malformed(expected: "\(layer.size) bytes, as the manifest says", found: "\(byteCount)"))
        }
        return StoredModel(name: "\(name)", path: blob, byteCount: byteCount, store: .ollama)
    }

    func models() -> [StoredModel] {
        Folder.files(below: path + "/manifests").compactMap { file in
            let parts = file.split(separator: "/").map(String.init)
            guard parts.count == 4, parts.allSatisfy({ $0.isNameOfOne || $0 == parts[0] }) else { return nil }
            let name = OllamaName(host: parts[0], namespace: parts[1], name: parts[2], tag: parts[3])
            return try? model(name)
        }
    }
}

extension String {
    /// 64 hexadecimal digits.
    var isSHA256: Bool { isHexadecimal(count: 64) }

    func isHexadecimal(count: Int) -> Bool {
        utf8.count == count
            && utf8.allSatisfy {
                (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0)
                    || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains($0)
            }
    }
}
