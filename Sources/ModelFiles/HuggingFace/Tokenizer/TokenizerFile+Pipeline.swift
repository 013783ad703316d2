package import Tokenization

extension TokenizerPipeline {
    /// The steps of a `tokenizer.json`, whose vocabulary and merges need not stand in it.
    ///
    /// - Throws: `.unsupported` naming what is not known here.
    package init(json: [UInt8], file: String) throws(ModelFileError) {
        self = try TokenizerFile(JSONReader(json, file: file)).pipeline()
    }
}

extension TokenizerFile {
    /// - Throws: `.unsupported` naming what is not known here.
    func pipeline() throws(ModelFileError) -> TokenizerPipeline {
        let splitterSteps = try steps("pre_tokenizer", listKey: "pretokenizers")
        let reader = ModelReader(self)
        let (model, splitters) = try reader.read(splitterSteps)
        var pipeline = TokenizerPipeline(model: model)
        pipeline.unknownToken = try reader.unknownToken()
        pipeline.splitters = splitters
        for step in try steps("normalizer", listKey: "normalizers") {
            pipeline.normalizers.append(try normalizer(step))
        }
        (pipeline.decoders, pipeline.joining) = try decoders()
        for token in addedTokens where token.recognition != TokenRecognition() {
            pipeline.recognitions[Int32(truncatingIfNeeded: token.id)] = token.recognition
        }
        pipeline.tokensOutsideModel = idsOutsideModel.map { Int32(truncatingIfNeeded: $0) }
        pipeline.tokensAround = try tokensAround()
        return pipeline
    }

    /// Passes on what Tokenization says of a step.
    func making<T>(
        _ part: String, _ step: Step, _ body: () throws(TokenizationError) -> T
    ) throws(ModelFileError) -> T {
        do { return try body() } catch { throw unsupported(part, "\(error.problem)", at: step.offset) }
    }

    /// `{"String": ...}` or `{"Regex": ...}`.
    func pattern(of step: Step, _ part: String) throws(ModelFileError) -> TextPattern {
        if let text = step["pattern"]?.object?["String"]?.string { return .text(Array(text.utf8)) }
        guard let text = step["pattern"]?.object?["Regex"]?.string else {
            throw unsupported(part, "\(PrintableName.quoted(step.type)) without a pattern", at: step.offset)
        }
        let expression = try making(part, step) { () throws(TokenizationError) in try RegularExpression(text) }
        if expression.matchesPlaces, step["behavior"]?.string != SplitBehavior.isolated.rawValue {
            throw unsupported(part, "an expression that matches places, but isolates nothing", at: step.offset)
        }
        return .expression(expression)
    }

    // MARK: Normalizers

    private func normalizer(_ step: Step) throws(ModelFileError) -> any Normalizer {
        if let form = UnicodeForm(rawValue: step.type) { return form }
        switch step.type {
        case "Lowercase": return Lowercase()
        case "StripAccents": return MarkRemoval()
        case "Strip":
            return SpaceStripping(
                left: step["strip_left"]?.bool ?? true, right: step["strip_right"]?.bool ?? true)
        case "Prepend": return Prepending(step["prepend"]?.string ?? "")
        case "Replace":
            return Replacement(try pattern(of: step, "normalizer"), content: step["content"]?.string ?? "")
        case "BertNormalizer":
            return BertNormalizer(
                cleansText: step["clean_text"]?.bool ?? true,
                spacesIdeographs: step["handle_chinese_chars"]?.bool ?? true,
                stripsAccents: step["strip_accents"]?.bool, lowersCase: step["lowercase"]?.bool ?? true)
        case "Precompiled":
            guard let bytes = step["precompiled_charsmap"]?.string.flatMap(base64Decoded) else {
                throw unsupported("normalizer", "Precompiled without its table in base 64", at: step.offset)
            }
            return try making("normalizer", step) { () throws(TokenizationError) in
                CharacterMapping(try CharacterMap(bytes))
            }
        default: throw unsupported("normalizer", PrintableName.quoted(step.type), at: step.offset)
        }
    }

    // MARK: Processors

    /// - Returns: nil where nothing stands around a text.
    private func tokensAround() throws(ModelFileError) -> (before: [Int], behind: [Int])? {
        var around: (before: [Int], behind: [Int])?
        for step in try steps("post_processor", listKey: "processors") {
            let tokens: (before: [Int], behind: [Int])
            switch step.type {
            // Only moves offsets, which nobody asks for here.
            case "ByteLevel": continue
            case "TemplateProcessing": tokens = try template(step)
            case "BertProcessing", "RobertaProcessing":
                guard let begin = step["cls"]?.array?.last?.integer, let end = step["sep"]?.array?.last?.integer else {
                    throw unsupported("post_processor", "\(step.type) without its tokens", at: step.offset)
                }
                tokens = ([begin], [end])
            default: throw unsupported("post_processor", PrintableName.quoted(step.type), at: step.offset)
            }
            guard around == nil else { throw unsupported("post_processor", "two templates", at: step.offset) }
            around = tokens
        }
        return around
    }

    private func template(_ step: Step) throws(ModelFileError) -> (before: [Int], behind: [Int]) {
        var before: [Int] = [], behind: [Int] = []
        var isBehindText = false
        for piece in step["single"]?.array ?? [] {
            if piece.object?["Sequence"]?.object?["id"]?.string == "A", !isBehindText {
                isBehindText = true
            } else if let name = piece.object?["SpecialToken"]?.object?["id"]?.string,
                let values = step["special_tokens"]?.object?[name]?.object?["ids"]?.array
            {
                let ids = values.compactMap(\.integer)
                if isBehindText { behind += ids } else { before += ids }
            } else {
                throw unsupported("post_processor", "this template", at: piece.offset)
            }
        }
        guard isBehindText else {
            throw unsupported("post_processor", "a template without the text", at: step.offset)
        }
        return (before, behind)
    }

    // MARK: Decoders

    private func decoders() throws(ModelFileError) -> ([any PieceDecoder], PieceJoining) {
        let steps = try steps("decoder", listKey: "decoders")
        guard !steps.isEmpty else { return ([SpacedDecoder()], PieceJoining()) }
        var decoders: [any PieceDecoder] = []
        var joining = PieceJoining()
        // Behind it a step sees the whole text.
        var isFused = false
        for step in steps {
            let type = step.type
            switch type {
            case "Fuse": isFused = true
            case "ByteLevel" where !isFused:
                decoders.append(ByteLevelDecoder())
                isFused = true
            case "ByteFallback" where !isFused: decoders.append(ByteTokenDecoder())
            case "Metaspace" where !isFused:
                decoders.append(
                    MetaspaceDecoder(
                        mark: step["replacement"]?.string ?? "▁", hasPrefix: step.metaspacePrefix != "never"))
            case "WordPiece" where !isFused:
                decoders.append(
                    WordPieceDecoder(
                        prefix: step["prefix"]?.string ?? "##", cleansUp: step["cleanup"]?.bool ?? true))
            case "BPEDecoder" where !isFused:
                decoders.append(SuffixDecoder(suffix: step["suffix"]?.string ?? "</w>"))
                joining.dropsLastSpace = true
            case "Replace" where !isFused:
                decoders.append(
                    ReplacementDecoder(
                        Replacement(try pattern(of: step, "decoder"), content: step["content"]?.string ?? "")))
            case "Strip" where !isFused || step["content"]?.string == " " && step["stop"]?.integer ?? 0 == 0:
                let start = step["start"]?.integer ?? 0
                if isFused {
                    joining.leadingSpaceCount += max(start, 0)
                } else {
                    decoders.append(
                        StrippingDecoder(
                            content: step["content"]?.string ?? " ", start: start, stop: step["stop"]?.integer ?? 0))
                }
            default: throw unsupported("decoder", PrintableName.quoted(type), at: step.offset)
            }
        }
        return (decoders, joining)
    }
}

extension TokenizerFile.Step {
    /// Where `Metaspace` puts a space before text: `always`, `first` or `never`.
    var metaspacePrefix: String {
        let usual = self["add_prefix_space"]?.bool ?? true ? "always" : "never"
        return self["prepend_scheme"]?.string ?? usual
    }
}

/// The bytes of text in base 64 (RFC 4648, section 4); nil for other text.
private func base64Decoded(_ text: String) -> [UInt8]? {
    var bytes: [UInt8] = []
    var bits: UInt32 = 0
    var bitCount = 0
    for byte in text.utf8 where byte != UInt8(ascii: "=") {
        let value: UInt8
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): value = byte - 65
        case UInt8(ascii: "a")...UInt8(ascii: "z"): value = byte - 71
        case UInt8(ascii: "0")...UInt8(ascii: "9"): value = byte + 4
        case UInt8(ascii: "+"): value = 62
        case UInt8(ascii: "/"): value = 63
        default: return nil
        }
        bits = bits << 6 | UInt32(value)
        bitCount += 6
        if bitCount >= 8 {
            bitCount -= 8
            bytes.append(UInt8(truncatingIfNeeded: bits >> UInt32(bitCount)))
        }
    }
    return bytes
}
