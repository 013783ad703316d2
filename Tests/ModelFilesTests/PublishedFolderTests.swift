import Foundation
import ModelFiles
import Tensors
import TestSupport
import Testing

@Suite("Folders of published models")
struct PublishedFolderTests {
    static func open(_ contents: [String: [UInt8]]) throws -> HuggingFaceModel {
        try HuggingFaceModel(ModelFolder(contents: contents, path: "m"))
    }

    /// Two shards with an index.
    static func sharded(_ change: (inout [String: String]) -> Void = { _ in }) -> [String: [UInt8]] {
        let model = PublishedModel()
        let names = ["model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors"]
        var map: [String: String] = [:]
        for (name, _) in model.soundShapes { map[name] = names[name.contains("mlp") ? 1 : 0] }
        change(&map)
        let members = map.sorted { $0.key < $1.key }.map { "\"\($0.key)\": \"\($0.value)\"" }
        var contents = model.contents
        contents["model.safetensors"] = nil
        contents["model.safetensors.index.json"] = [UInt8](
            "{\"metadata\": {\"total_size\": 1}, \"weight_map\": {\(members.joined(separator: ", "))}}".utf8)
        contents[names[0]] = model.weights { !$0.contains("mlp") }
        contents[names[1]] = model.weights { $0.contains("mlp") }
        return contents
    }

    @Test func `shards are joined by their index`() throws {
        let model = try Self.open(Self.sharded())
        #expect(model.tensors.count == 11)
        #expect(
            model.entry(named: "blk.0.ffn_up.weight")?.fileIndex != model.entry(named: "token_embd.weight")?.fileIndex)
        let whole = try Self.open(PublishedModel().contents)
        for tensor in model.tensors {
            let other = try #require(whole.entry(named: tensor.name))
            #expect(model.view(of: tensor).bytes.elementsEqual(whole.view(of: other).bytes))
        }
    }

    @Test(arguments: [true, false])
    func `templates in a folder of their own have the names of their files`(onDisk: Bool) throws {
        var model = PublishedModel()
        model.files["chat_template.jinja"] = "a"
        model.files["additional_chat_templates/tool_use.jinja"] = "b"
        model.files["additional_chat_templates/rag.jinja"] = "c"
        model.files["additional_chat_templates/notes.txt"] = "d"
        model.files["tokenizer_config.json"] = #"{"chat_template":"e"}"#
        let scratch = try ScratchFolder()
        var folder = ModelFolder(contents: model.contents, path: "m")
        if onDisk {
            try scratch.write(model.contents)
            folder = ModelFolder(path: scratch.path(""))
        }
        let metadata = try HuggingFaceModel(folder).metadata
        #expect(try metadata.string("tokenizer.chat_template") == "a")
        #expect(try metadata.strings("tokenizer.chat_templates") == ["rag", "tool_use"])
        #expect(try metadata.string("tokenizer.chat_template.tool_use") == "b")
    }

    @Test func `index and shards have to agree both ways`() {
        let up = "model.layers.0.mlp.up_proj.weight"
        expectError(
            "m/model-00002-of-00002.safetensors: tensor '\(up)': expected this file in the index's weight_map, found none"
        ) { try Self.open(Self.sharded { $0[up] = nil }) }
        expectError(
            "m/model-00002-of-00002.safetensors: tensor '\(up)': expected this file in the index's weight_map, "
                + "found it in 'model-00001-of-00002.safetensors'"
        ) { try Self.open(Self.sharded { $0[up] = "model-00001-of-00002.safetensors" }) }
        expectErrorEnding(
            "tensor 'z.weight': expected it in 'model-00001-of-00002.safetensors', found none"
        ) { try Self.open(Self.sharded { $0["z.weight"] = "model-00001-of-00002.safetensors" }) }
        expectErrorEnding(
            "'model-00003-of-00003.safetensors' (model.safetensors.index.json names it; is the download complete?), found none"
        ) { try Self.open(Self.sharded { $0[up] = "model-00003-of-00003.safetensors" }) }
    }

    @Test(arguments: [
        "../x.safetensors", "/etc/x.safetensors", "a/b.safetensors", "..", "", "x.bin", "x\\u0000.safetensors",
    ])
    func `shards lie in the folder`(_ name: String) {
        let found = name.replacing("\\u0000", with: "\\u{0}")
        expectErrorEnding("expected a .safetensors file in the same folder, found '\(found)'") {
            try Self.open(Self.sharded { $0["model.norm.weight"] = name })
        }
    }

    @Test func `what is missing is named, with what to do`() {
        var contents = PublishedModel().contents
        contents["config.json"] = nil
        expectError(
            "m: expected config.json and tokenizer.json, as they are published with the weights, in the same folder, found none"
        ) { try Self.open(contents) }
        contents = PublishedModel().contents
        contents["model.safetensors"] = nil
        expectError(
            "m: expected model.safetensors, or model.safetensors.index.json beside its shards (weights in other formats are "
                + "not read from a folder), found none"
        ) { try Self.open(contents) }
        contents = PublishedModel().contents
        contents["tokenizer.json"] = nil
        #expect(
            (try? Self.open(contents))?.tokenizerProblem?.description
                == "m: expected tokenizer.json (a tokenizer.model or vocab.json alone is not read; saving the tokenizer with "
                + "transformers' save_pretrained writes it), found none")
    }

    @Test func `a folder, its file of weights and its shards on disk are the same model`() throws {
        try withFolder { folder in
            for (name, bytes) in PublishedModel().contents {
                try Data(bytes).write(to: URL(fileURLWithPath: folder + "/" + name))
            }
            let whole = try openModelFile(path: folder)
            let single = try openModelFile(path: folder + "/model.safetensors")
            #expect(whole.tensors == single.tensors && whole.formatName == "safetensors")
            #expect(whole.metadata.keys == single.metadata.keys)
            #expect(single.path == folder + "/model.safetensors")
        }
        try withFolder { folder in
            for (name, bytes) in Self.sharded() {
                try Data(bytes).write(to: URL(fileURLWithPath: folder + "/" + name))
            }
            #expect(try openModelFile(path: folder + "/model-00002-of-00002.safetensors").tensors.count == 11)
        }
        try withFolder { folder in
            expectErrorEnding("in the same folder, found none") { try openModelFile(path: folder) }
            try Data(PublishedModel().weights()).write(to: URL(fileURLWithPath: folder + "/x.safetensors"))
            expectErrorEnding("in the same folder, found none") { try openModelFile(path: folder + "/x.safetensors") }
        }
    }

    @Test func `chat templates come from a file, or a key, or a list of named ones`() throws {
        var model = PublishedModel()
        #expect(try Self.open(model.contents).metadata["tokenizer.chat_template"] == nil)
        model.files["tokenizer_config.json"] = #"{"chat_template":"{{ 1 }}\n"}"#
        #expect(try Self.open(model.contents).metadata.string("tokenizer.chat_template") == "{{ 1 }}\n")
        model.files["tokenizer_config.json"] =
            #"{"chat_template":[{"name":"default","template":"d"},{"name":"tool_use","template":"t"}]}"#
        let named = try Self.open(model.contents).metadata
        #expect(try named.string("tokenizer.chat_template") == "d")
        #expect(try named.string("tokenizer.chat_template.tool_use") == "t")
        #expect(try named.strings("tokenizer.chat_templates") == ["tool_use"])
        model.files["chat_template.json"] = #"{"chat_template":"j"}"#
        #expect(try Self.open(model.contents).metadata.string("tokenizer.chat_template") == "j")
        model.files["chat_template.jinja"] = "file"
        #expect(try Self.open(model.contents).metadata.string("tokenizer.chat_template") == "file")
    }

    @Test func `end tokens of both configurations are kept, and those of the tokenizer`() throws {
        var model = PublishedModel()
        model.configuration["eos_token_id"] = "[257, 258]"
        model.files["generation_config.json"] = #"{"eos_token_id": [258, 0]}"#
        model.files["tokenizer_config.json"] =
            #"{"bos_token":"<s>","eos_token":{"content":"<|im_end|>","lstrip":false},"pad_token":null,"add_bos_token":true}"#
        let metadata = try Self.open(model.contents).metadata
        #expect(try metadata.integer("tokenizer.ggml.bos_token_id") == 256)
        #expect(try metadata.integer("tokenizer.ggml.eos_token_id") == 258)
        #expect(try metadata.bool("tokenizer.ggml.add_bos_token") == true)
        #expect(try metadata.integers("tokenizer.realizar.end_token_ids") == [0, 257, 258])
        #expect(metadata["tokenizer.ggml.padding_token_id"] == nil)
    }

    @Test func `rows that nobody holds bytes for fill no vocabulary`() throws {
        var model = PublishedModel()
        model.shapes["model.embed_tokens.weight"] = [1 << 40, 0]
        let tokens = try Self.open(model.contents).metadata.requiredByteStrings("tokenizer.ggml.tokens")
        #expect(tokens.count == 259)
    }

    @Test func `the vocabulary is filled up to the rows of the embedding`() throws {
        let metadata = try Self.open(PublishedModel().contents).metadata
        let tokens = try metadata.requiredByteStrings("tokenizer.ggml.tokens")
        #expect(tokens.count == 260 && tokens.text(at: 259) == "[PAD259]" && tokens.text(at: 258) == "<|im_end|>")
        #expect(try metadata.integers("tokenizer.ggml.token_type")?.suffix(5) == [1, 3, 3, 3, 5])
    }
}
