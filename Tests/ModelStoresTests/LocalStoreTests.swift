import Foundation
import ModelStores
import Testing

@Suite("Models that lie on this machine")
struct LocalStoreTests {
    static func library(_ folder: String) -> ModelLibrary {
        ModelLibrary(
            StoreLocations(environment: [
                "HF_HUB_CACHE": folder + "/hub", "REALIZAR_MODELS": folder + "/own",
                "OLLAMA_MODELS": folder + "/ollama",
                "HF_HUB_OFFLINE": "1", "HOME": folder,
            ]))
    }

    /// A cache as the hub's own programs leave it.
    static func writeCache(_ folder: String, owner: String = "owner", name: String = "name", _ files: [String]) throws {
        let repository = "\(folder)/hub/models--\(owner)--\(name)"
        try write("abc123\n", to: repository + "/refs/main")
        for (index, file) in files.enumerated() {
            try write("contents \(index)", to: repository + "/blobs/b\(index)")
            let link = URL(fileURLWithPath: repository + "/snapshots/abc123/" + file)
            try FileManager.default.createDirectory(
                at: link.deletingLastPathComponent(), withIntermediateDirectories: true)
            try FileManager.default.createSymbolicLink(
                atPath: link.path, withDestinationPath: repository + "/blobs/b\(index)")
        }
    }

    @Test(arguments: [
        ("hf:owner/name:Q8_0", "m-Q8_0.gguf"), ("hf:owner/name:q8_0", "m-Q8_0.gguf"),
        ("hf:owner/name:m.IQ2_XS.gguf", "m.IQ2_XS.gguf"), ("hf:owner/name", "m-Q4_K_M.gguf"),
        ("hf:owner/name:Q4_K_S", "UD/m-Q4_K_S-00001-of-00002.gguf"),
    ])
    func `a cached file is found by its quantization`(_ name: String, _ expected: String) async throws {
        try await withTemporaryFolder { folder in
            try Self.writeCache(
                folder,
                [
                    "m-Q8_0.gguf", "m-Q4_K_M.gguf", "m.IQ2_XS.gguf", "mmproj-F16.gguf", "README.md",
                    "UD/m-Q4_K_S-00001-of-00002.gguf", "UD/m-Q4_K_S-00002-of-00002.gguf",
                ])
            let path = try #require(try Self.library(folder).path(of: name))
            #expect(path.hasSuffix("/snapshots/abc123/" + expected), "\(path)")
            #expect(contents(path) != nil)
        }
    }

    @Test func `a part of a set, or another quantization, is not the model`() async throws {
        try await withTemporaryFolder { folder in
            try Self.writeCache(folder, ["m-Q8_0-00001-of-00002.gguf", "m-Q6_K.gguf"])
            let library = Self.library(folder)
            #expect(try library.path(of: "hf:owner/name:Q8_0") == nil)
            #expect(try library.path(of: "hf:owner/name:Q6_K_L") == nil)
            #expect(try library.path(of: "hf:owner/other") == nil)
        }
    }

    @Test func `several files without a favourite are the user's choice`() async throws {
        try await withTemporaryFolder { folder in
            try Self.writeCache(folder, ["a.gguf", "b.gguf"])
            let error = #expect(throws: ModelStoreError.self) { try Self.library(folder).path(of: "hf:owner/name") }
            #expect(String(describing: error).contains("a.gguf, b.gguf"))
        }
    }

    @Test func `a folder of safetensors is found when all shards are there`() async throws {
        try await withTemporaryFolder { folder in
            let shards = (1...2).map { "model-0000\($0)-of-00002.safetensors" }
            try Self.writeCache(folder, name: "whole", ["config.json", "model.safetensors.index.json"] + shards)
            try Self.writeCache(folder, name: "half", ["config.json", "model.safetensors.index.json", shards[0]])
            let library = Self.library(folder)
            #expect(try library.path(of: "hf:owner/whole")?.hasSuffix("/snapshots/abc123") == true)
            #expect(try library.path(of: "hf:owner/half") == nil)
        }
    }

    @Test func `what a link leads nowhere to is not there`() async throws {
        try await withTemporaryFolder { folder in
            try Self.writeCache(folder, ["m.gguf"])
            try FileManager.default.removeItem(atPath: folder + "/hub/models--owner--name/blobs/b0")
            #expect(try Self.library(folder).path(of: "hf:owner/name") == nil)
        }
    }

    static func manifest(_ digest: String, size: Int) -> String {
        """
        {"schemaVersion":2,"config":{"mediaType":"application/vnd.docker.container.image.v1+json","digest":"sha256:00","size":1},
         "layers":[{"mediaType":"application/vnd.ollama.image.model","digest":"\(digest)","size":\(size)},
                   {"mediaType":"application/vnd.ollama.image.license","digest":"sha256:11","size":2}]}
        """
    }

    @Test func `Ollama's blobs are used in place`() async throws {
        try await withTemporaryFolder { folder in
            let digest = String(repeating: "a1", count: 32)
            let manifests = folder + "/ollama/manifests/registry.ollama.ai/"
            try write("GGUF!", to: folder + "/ollama/blobs/sha256-" + digest)
            try write(Self.manifest("sha256:" + digest, size: 5), to: manifests + "library/tiny/latest")
            try write(Self.manifest("sha256:" + digest, size: 5), to: manifests + "someone/tiny/q8")
            let library = Self.library(folder)
            let blob = folder + "/ollama/blobs/sha256-" + digest
            #expect(try library.path(of: "ollama:tiny") == blob)
            #expect(try library.path(of: "ollama:someone/tiny:q8") == blob)
            #expect(Set(library.models().map(\.name)) == ["ollama:tiny:latest", "ollama:someone/tiny:q8"])
            #expect(throws: ModelStoreError.self) { try library.path(of: "ollama:tiny:other") }
        }
    }

    @Test(arguments: [
        ("{", "a manifest"), (#"{"layers":[]}"#, "one layer"), (manifest("sha256:../../x", size: 5), "a sha256 digest"),
        (manifest("sha256:" + String(repeating: "a1", count: 32), size: 6), "6 bytes"),
        (manifest("sha256:" + String(repeating: "b2", count: 32), size: 5), "not found"),
    ])
    func `a manifest that makes no sense is refused with what it lacks`(_ text: String, _ expected: String) async throws
    {
        try await withTemporaryFolder { folder in
            try write("GGUF!", to: folder + "/ollama/blobs/sha256-" + String(repeating: "a1", count: 32))
            try write(text, to: folder + "/ollama/manifests/registry.ollama.ai/library/tiny/latest")
            let error = #expect(throws: ModelStoreError.self) { try Self.library(folder).path(of: "ollama:tiny") }
            #expect(String(describing: error).contains(expected))
            #expect(Self.library(folder).models().isEmpty)
        }
    }

    @Test func `entries of the own folder are called by their names`() async throws {
        try await withTemporaryFolder { folder in
            try write("x", to: folder + "/own/small.gguf")
            try write("xy", to: folder + "/own/set-00001-of-00002.gguf")
            try write("z", to: folder + "/own/set-00002-of-00002.gguf")
            try write("{}", to: folder + "/own/folder/config.json")
            try write("weights", to: folder + "/own/folder/model.safetensors")
            try write("no model", to: folder + "/own/notes.txt")
            let library = Self.library(folder)
            #expect(try library.path(of: "small") == folder + "/own/small.gguf")
            #expect(try library.path(of: "small.gguf") == folder + "/own/small.gguf")
            #expect(try library.path(of: "folder") == folder + "/own/folder")
            #expect(try library.path(of: "absent") == "absent")
            #expect(library.hasName("small") && !library.hasName("absent"))
            let models = library.models()
            #expect(models.map(\.name) == ["folder", "set", "small"])
            #expect(models.map(\.byteCount) == [9, 3, 1])
        }
    }

    @Test func `the environment says where models lie`() {
        let plain = StoreLocations(environment: ["HOME": "/home/u"])
        #expect(plain.ownFolder == "/home/u/.local/share/realizar/models")
        #expect(plain.hubCache == "/home/u/.cache/huggingface/hub")
        #expect(plain.hubTokenFile == "/home/u/.cache/huggingface/token")
        #expect(plain.ollamaStores.first == "/home/u/.ollama/models" && !plain.isOffline)
        let other = StoreLocations(environment: [
            "HOME": "/home/u", "HF_HOME": "/hf", "XDG_DATA_HOME": "/data", "HF_ENDPOINT": "http://h:1//",
            "OLLAMA_MODELS": "/o",
            "HF_HUB_OFFLINE": "TRUE", "HF_TOKEN": "",
        ])
        #expect(other.ownFolder == "/data/realizar/models" && other.hubCache == "/hf/hub" && other.isOffline)
        #expect(other.hubAddress == "http://h:1" && other.ollamaStores == ["/o"] && other.hubToken == nil)
    }
}
