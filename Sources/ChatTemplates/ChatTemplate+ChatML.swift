extension ChatTemplate {
    /// The ChatML format, for models that come without a template: each turn is `<|im_start|>role`, a newline, the text,
    /// `<|im_end|>` and a newline.
    ///
    /// Nothing falls back to it by itself: a model trained on another format answers badly in this one, and a base model
    /// was trained on none. Whoever uses it asks for it. It fits a model whose vocabulary has the two control tokens.
    package static let chatML = """
        {%- for message in messages -%}
        {{ '<|im_start|>' + message.role + '\\n' + message.content + '<|im_end|>\\n' }}
        {%- endfor -%}
        {%- if add_generation_prompt -%}
        {{ '<|im_start|>assistant\\n' }}
        {%- endif -%}
        """
}
