import ModelFiles
import TestSupport

private let soundFolder: [String: [UInt8]] = {
    var model = PublishedModel()
    model.files = [
        "tokenizer_config.json":
            "{\"bos_token\": \"<s>\", \"eos_token\": {\"content\": \"</s>\"}, \"chat_template\": \"x\"}",
        "generation_config.json": "{\"eos_token_id\": [257, 258]}",
    ]
    return model.contents
}()

/// Opens a folder as models are published, of which one file has these bytes, and touches all that it hands out.
func readPublished(_ bytes: [UInt8], as name: String) {
    var contents = soundFolder
    contents[name] = bytes
    expectShortError { () throws(ModelFileError) in
        let model = try HuggingFaceModel(ModelFolder(contents: contents, path: "fuzzed"))
        touch(model)
    }
}

/// Opens the container, and as the weights of a sound model.
func readSafeTensors(_ bytes: [UInt8], path: String) {
    expectShortError { () throws(ModelFileError) in
        let file = try SafeTensorsFile(MappedFile(contents: bytes, path: path))
        for entry in file.tensors {
            precondition(entry.byteRange.upperBound <= bytes.count, "\(entry.name) ends behind the file")
        }
    }
    readPublished(bytes, as: "model.safetensors")
}
