#include "tastevin/tokenize.h"

#include "classifier_parts.h"
#include "classify/tokenizer/tokenizer.h"
#include "open_model.h"

namespace tastevin {
namespace {

tokenizer::EncodeOptions encode_options(const TokenizeOptions& options) {
  tokenizer::EncodeOptions encode;
  encode.max_length = options.max_length;
  encode.truncation = options.truncation;
  encode.special_tokens = !options.no_special;
  encode.offsets = true;
  return encode;
}

Tokens tokens_of(const tokenizer::Tokenizer& tokenizer, const Text& text, const TokenizeOptions& options) {
  Encoding encoding = tokenizer.encode(text, encode_options(options));
  Tokens tokens;
  tokens.tokens.reserve(encoding.ids.size());
  tokens.offsets.reserve(encoding.ids.size());
  for (const std::int32_t id : encoding.ids) tokens.tokens.emplace_back(tokenizer.token(id));
  for (const Span& span : encoding.offsets) tokens.offsets.emplace_back(span.begin, span.end);
  tokens.ids = std::move(encoding.ids);
  tokens.type_ids = std::move(encoding.type_ids);
  tokens.special = std::move(encoding.special);
  tokens.truncated = encoding.truncated;
  return tokens;
}

}  // namespace

struct TextTokenizer::Parts {
  tokenizer::Tokenizer tokenizer;
};

TextTokenizer::TextTokenizer(std::unique_ptr<const Parts> parts) : parts_(std::move(parts)) {}
TextTokenizer::~TextTokenizer() = default;
TextTokenizer::TextTokenizer(TextTokenizer&&) noexcept = default;
TextTokenizer& TextTokenizer::operator=(TextTokenizer&&) noexcept = default;

TextTokenizer TextTokenizer::load(const std::filesystem::path& model) {
  return TextTokenizer(std::make_unique<const Parts>(Parts{tokenizer::Tokenizer::load(folder_of(model))}));
}

Tokens TextTokenizer::tokenize(const Text& text, const TokenizeOptions& options) const {
  return tokens_of(parts_->tokenizer, text, options);
}

Tokens Classifier::tokenize(const Text& text, const TokenizeOptions& options) const {
  return tokens_of(parts_->tokenizer, text, options);
}

}  // namespace tastevin
