/// Pre-tokenizers that are published as lists of expressions, or are too rare for a scanner of their own.
///
/// Source: the `tokenizer.json` that the models are published with; for `default`, which no model was trained with,
/// ggml-org/llama.cpp, src/llama-vocab.cpp.
enum PublishedExpressions {
    static let preTokenizers = [
        PreTokenizer(
            names: ["default"],
            pattern: .expressions([#"[\p{P}\$\+<=>\^~\|]+"#, gpt2, #"\p{N}+"#, "[0-9][0-9][0-9]"])),
        PreTokenizer(
            names: ["deepseek-llm"],
            pattern: .expressions([
                #"[\r\n]"#, #"\s?[\#(deepSeekLetters)]+"#, #"\s?[\#(deepSeekSymbols)]+"#, #"\s+$"#,
                han, #"\p{N}"#,
            ])),
        PreTokenizer(
            names: ["deepseek-coder"],
            pattern: .expressions([
                #"[\r\n]"#, #"\s?\p{L}+"#, #"\s?\p{P}+"#, han, #"\p{N}"#,
            ])),
        PreTokenizer(
            names: ["deepseek-v3", "hunyuan-dense", "joyai-llm", "hy_v4"],
            pattern: .expressions([
                #"\p{N}{1,3}"#, hanAndKana,
                deepSeek3 + #"| ?[\p{P}\p{S}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"#,
            ])),
        PreTokenizer(
            names: ["spark2_5"],
            pattern: .expressions([
                #"\p{N}{1,3}"#, hanAndKana,
                deepSeek3 + #"| ?[\p{P}\p{S}]+|[\r\n]|\s+(?!\S)|\s+"#, #"\p{N}"#,
            ])),
        PreTokenizer(
            names: ["falcon"],
            pattern: .expressions([#"[\p{P}\$\+<=>\^~\|`]+"#, gpt2, "[0-9][0-9][0-9]"])),
        PreTokenizer(names: ["bloom", "poro-chat", "gpt3-finnish"], pattern: .expressions([bloom])),
        PreTokenizer(names: ["viking"], pattern: .expressions([bloom, #"\p{N}"#])),
        PreTokenizer(
            names: ["youtu"],
            pattern: .expressions([
                youtu,
                O200KPattern(digitsPerGroup: 1, hasContractions: true).regularExpression,
            ]), takesWholeWords: true),
        PreTokenizer(names: ["kimi-k2"], pattern: .expressions([kimiK2])),
        PreTokenizer(
            names: ["tiny_aya", "cohere2moe"],
            pattern: .expressions([
                #"\d{1,3}(?=(?:\d{3})*\b)"#,
                O200KPattern(digitsPerGroup: 3, hasContractions: true).regularExpression,
            ])),
        PreTokenizer(names: ["superbpe"], pattern: .expressions([#"\p{N}+"#, #"(?=(\d{3})+(?!\d))"#])),
        PreTokenizer(names: ["jais-2"], pattern: .expressions([jais2])),
        PreTokenizer(
            names: ["bailingmoe", "bailingmoe2", "llada-moe"],
            pattern: .expressions([
                #"'(?i:[sdmt]|ll|ve|re)|[^\r\n\p{L}\p{N}]?+\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]++[\r\n]*|\s*[\r\n]|\s+(?!\S)|\s+"#
            ])),
        PreTokenizer(
            names: ["seed-coder"],
            pattern: .expressions([
                contractions
                    + #"|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1}| ?[^\s\p{L}\p{N}\r\n]+|\s*[\r\n]+|\s+(?!\S)|\s+"#
            ])),
        PreTokenizer(
            names: ["ufakzeka"],
            pattern: .expressions([
                #"[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"#
            ])),
        PreTokenizer(
            names: ["minicpm5"],
            pattern: .expressions([
                #"\p{N}{1,3}"#,
                contractions
                    + #"|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}+| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"#,
            ]), takesWholeWords: true),
        PreTokenizer(
            names: ["laguna"],
            pattern: .expressions([#"[^\n]+|[\n]+"#, Llama3Pattern(digitsPerGroup: 1).regularExpression])),
        PreTokenizer(
            names: ["exaone-moe"],
            pattern: .expressions([
                contractions
                    + #"|[^\r\n\p{L}\p{N}]?(?:\p{L}\p{M}*(?: \p{L}\p{M}*)*)+|\p{N}"#
                    + #"| ?[^\s\p{L}\p{N}]+[\r\n/]?|\s*[\r\n]|\s+(?!\S)|\s+"#
            ])),
        PreTokenizer(
            names: ["chameleon"],
            pattern: .expressions([
                "<sentinel:[0-9]+>", "(IMGIMG)((A|B|C|D|E|F|G|H|I){1,4})Z", #"([\t\n]|    |  )"#, #"\p{N}"#,
                #"[\p{P}!-/:-@\[-`{-~]"#, gpt2,
            ]), addsBeginToken: true),
    ]

    private static let gpt2 = GPT2Pattern.regularExpression
    private static let contractions = "(?i:'s|'t|'re|'ve|'m|'ll|'d)"
    private static let bloom = " ?[^(\\s|.,!?\u{2026}\u{3002}\u{FF0C}\u{3001}\u{964}\u{6D4}\u{60C})]+"
    private static let deepSeek3 =
        ##"[!"#$%&'()*+,\-./:;<=>?@\[\\\]^_`{|}~][A-Za-z]+|[^\r\n\p{L}\p{P}\p{S}]?[\p{L}\p{M}]+"##

    /// Han characters apart from all other letters.
    private static let kimiK2 =
        #"[\p{Han}]+|[^\r\n\p{L}\p{N}]?\#(upper)*\#(lower)+(?i:'s|'t|'re|'ve|'m|'ll|'d)?"#
        + #"|[^\r\n\p{L}\p{N}]?\#(upper)+\#(lower)*(?i:'s|'t|'re|'ve|'m|'ll|'d)?"#
        + #"|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"#
    private static let upper = #"[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}&&[^\p{Han}]]"#
    private static let lower = #"[\p{Ll}\p{Lm}\p{Lo}\p{M}&&[^\p{Han}]]"#

    /// Runs of spaces in powers of two.
    private static let jais2 =
        contractions + #"|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+"#
        + [512, 256, 128, 64, 32, 16, 8, 4].map { #"|\s{\#($0)}(?!\S)"# }.joined() + #"|\s{1,2}(?!\S)|\s{1}"#

    private static let deepSeekLetters =
        "A-Za-z\u{B5}\u{C0}-\u{D6}\u{D8}-\u{F6}\u{F8}-\u{1BA}\u{1BC}-\u{1BF}\u{1C4}-\u{293}\u{295}-\u{2AF}"
        + "\u{370}-\u{373}\u{376}\u{377}\u{37B}-\u{37D}\u{37F}\u{386}\u{388}-\u{38A}\u{38C}\u{38E}-\u{3A1}"
        + "\u{3A3}-\u{3F5}\u{3F7}-\u{481}\u{48A}-\u{52F}\u{531}-\u{556}\u{10A0}-\u{10C5}\u{13A0}-\u{13F5}"
        + "\u{13F8}-\u{13FD}\u{1C90}-\u{1CBA}\u{1CBD}-\u{1CBF}\u{1D00}-\u{1D2B}\u{1D6B}-\u{1D77}\u{1D79}-"
        + "\u{1D9A}\u{1E00}-\u{1F15}\u{1F18}-\u{1F1D}\u{1F20}-\u{1F45}\u{1F48}-\u{1F4D}\u{1F50}-\u{1F57}"
        + "\u{1F59}\u{1F5B}\u{1F5D}\u{1F5F}-\u{1F7D}\u{1F80}-\u{1FB4}\u{1FB6}-\u{1FBC}\u{1FBE}\u{1FC2}-\u{1FC4}"
        + "\u{1FC6}-\u{1FCC}\u{1FD0}-\u{1FD3}\u{1FD6}-\u{1FDB}\u{1FE0}-\u{1FEC}\u{1FF2}-\u{1FF4}\u{1FF6}-"
        + "\u{1FFC}\u{2102}\u{2107}\u{210A}-\u{2113}\u{2115}\u{2119}-\u{211D}\u{2124}\u{2126}\u{2128}\u{212A}-"
        + "\u{212D}\u{212F}-\u{2134}\u{2139}\u{213C}-\u{213F}\u{2145}-\u{2149}\u{214E}\u{2183}\u{2184}\u{2C00}-"
        + "\u{2C7B}\u{2C7E}-\u{2CE4}\u{2CEB}-\u{2CEE}\u{2CF2}\u{2CF3}\u{A640}-\u{A66D}\u{A680}-\u{A69B}\u{A722}"
        + "-\u{A76F}\u{A771}-\u{A787}\u{A78B}-\u{A78E}\u{AB70}-\u{ABBF}\u{FB00}-\u{FB06}\u{FB13}-\u{FB17}"
        + "\u{FF21}-\u{FF3A}\u{FF41}-\u{FF5A}\u{10400}-\u{1044F}\u{104B0}-\u{104D3}\u{104D8}-\u{104FB}\u{10C80}"
        + "-\u{10CB2}\u{10CC0}-\u{10CF2}\u{118A0}-\u{118DF}\u{1E900}-\u{1E943}"

    private static let deepSeekSymbols =
        "!-/:-~\u{FF01}-\u{FF0F}\u{FF1A}-\u{FF5E}\u{2018}-\u{201F}\u{3000}-\u{3002}"
    private static let han = "[\u{4E00}-\u{9FA5}\u{800}-\u{4E00}\u{AC00}-\u{D7FF}]+"
    private static let hanAndKana = "[\u{4E00}-\u{9FA5}\u{3040}-\u{309F}\u{30A0}-\u{30FF}]+"

    private static let youtu =
        "[\u{AC00}-\u{D7A3}\u{3131}-\u{318E}]+|[\u{FF01}\u{2026}\u{201C}\u{201D}\u{2018}\u{2019}\u{2014}"
        + "\u{FF1A}\u{FF1B}\u{FF0C}\u{3001}-\u{303F}\u{FE30}-\u{FE4F}]+|[\u{3105}-\u{312F}]+|[\u{4E00}-\u{9FA5}"
        + "\u{3040}-\u{309F}\u{30A0}-\u{30FF}]+"
}
