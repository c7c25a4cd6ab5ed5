#include "classify/tokenizer/tokenizer.h"

#include <algorithm>
#include <utility>

#include "base/utf8.h"
#include "classify/tokenizer/assembly.h"
#include "classify/tokenizer/load.h"
#include "classify/tokenizer/pipeline.h"
#include "classify/tokenizer/unicode.h"

namespace tastevin::tokenizer {
namespace {

Scratch& thread_scratch() {
  thread_local Scratch scratch;
  return scratch;
}

/// `text` itself, or its repaired copy in `buffer`.
std::string_view valid(std::string_view text, std::string& buffer) {
  if (utf8::is_valid(text)) return text;
  buffer = utf8::repaired(text);
  return buffer;
}

/// Whether each code point of `text`, which is valid UTF-8, is a blank.
std::vector<bool> blanks_of(std::string_view text) {
  std::vector<bool> blanks;
  blanks.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    const utf8::Decoded decoded = utf8::decode(text, at);
    blanks.push_back(unicode::has(decoded.code_point, unicode::Flag::space));
    at += decoded.length;
  }
  return blanks;
}

/// One more than the largest id that the templates add; a file may name any.
std::size_t bound_of(const PostProcessor& post_processor) {
  std::size_t bound = 0;
  for (const auto* parts : {&post_processor.single, &post_processor.pair}) {
    for (const TemplatePart& part : *parts) bound = std::max(bound, static_cast<std::size_t>(part.id) + 1);
  }
  return bound;
}

}  // namespace

struct Tokenizer::Parts {
  explicit Parts(Components components)
      : post_processor(components.post_processor),
        model_max_length(components.model_max_length),
        cuts_at_the_start(components.cuts_at_the_start),
        has_type_ids(components.has_type_ids),
        named_pad_id(components.pad_id),
        pad_token(components.pad_token),
        warning(components.warning),
        pipeline(std::move(components)),
        id_bound(std::max(pipeline.id_bound(), bound_of(post_processor))) {}

  PostProcessor post_processor;
  std::optional<std::size_t> model_max_length;
  bool cuts_at_the_start;
  bool has_type_ids;
  std::optional<std::int32_t> named_pad_id;
  std::string pad_token;  // empty: none
  std::string warning;
  Pipeline pipeline;
  std::size_t id_bound;

  EncodeOptions resolved(EncodeOptions options) const {
    if (options.truncation == Truncation::automatic)
      options.truncation = cuts_at_the_start ? Truncation::left : Truncation::right;
    return options;
  }
  TokenPair tokenize(const Text& text, const EncodeOptions& options) const;
  const std::vector<TemplatePart>& template_for(const Text& text) const {
    return text.pair ? post_processor.pair : post_processor.single;
  }
};

Tokenizer::Tokenizer(std::unique_ptr<const Parts> parts) : parts_(std::move(parts)) {}
Tokenizer::~Tokenizer() = default;
Tokenizer::Tokenizer(Tokenizer&&) noexcept = default;
Tokenizer& Tokenizer::operator=(Tokenizer&&) noexcept = default;

Tokenizer Tokenizer::load(const std::filesystem::path& folder, std::size_t rows) {
  return Tokenizer(std::make_unique<const Parts>(load_components(folder, rows)));
}

TokenPair Tokenizer::Parts::tokenize(const Text& text, const EncodeOptions& options) const {
  Scratch& scratch = thread_scratch();
  const Alignment alignment = options.offsets ? Alignment::tracked : Alignment::dropped;
  scratch.tokens[1].clear();
  pipeline.tokenize(valid(text.text, scratch.repaired), alignment, scratch, scratch.tokens[0]);
  if (text.pair) pipeline.tokenize(valid(*text.pair, scratch.repaired), alignment, scratch, scratch.tokens[1]);
  return {&scratch.tokens[0], &scratch.tokens[1]};
}

void Tokenizer::encode(const Text& text, const EncodeOptions& options, Encoding& out) const {
  const TokenPair tokens = parts_->tokenize(text, options);
  const std::vector<TemplatePart>& parts = parts_->template_for(text);
  const std::size_t special = options.special_tokens ? tokenizer::special_tokens(parts) : 0;
  assemble({parts, parts_->post_processor.trims}, tokens, truncate(tokens, special, parts_->resolved(options)), options,
           out);
}

Encoding Tokenizer::encode(const Text& text, const EncodeOptions& options) const {
  Encoding out;
  encode(text, options, out);
  return out;
}

std::vector<Encoding> Tokenizer::encode_windows(const Text& text, const EncodeOptions& options,
                                                std::size_t stride) const {
  const TokenPair tokens = parts_->tokenize(text, options);
  const std::vector<TemplatePart>& parts = parts_->template_for(text);
  const std::size_t special = options.special_tokens ? tokenizer::special_tokens(parts) : 0;
  std::vector<Encoding> encodings;
  for (const Kept& window : windows(tokens, special, stride, parts_->resolved(options))) {
    assemble({parts, parts_->post_processor.trims}, tokens, window, options, encodings.emplace_back());
  }
  return encodings;
}

std::vector<Span> Tokenizer::words(std::string_view text) const {
  Scratch& scratch = thread_scratch();
  const std::string_view source = valid(text, scratch.repaired);
  const std::vector<bool> blanks = blanks_of(source);
  std::vector<Span> words;
  std::uint32_t from = 0;  // what is before belongs to a word already: pieces of one character may share it
  for (const Span& piece : parts_->pipeline.pieces(source, scratch)) {
    for (std::uint32_t at = std::max(from, piece.begin); at < piece.end; ++at) {
      if (blanks[at]) continue;
      const std::uint32_t begin = at;
      while (at < piece.end && !blanks[at]) ++at;
      words.push_back({begin, at});
      from = at;
    }
  }
  return words;
}

std::optional<std::size_t> Tokenizer::model_max_length() const noexcept { return parts_->model_max_length; }

bool Tokenizer::has_type_ids() const noexcept { return parts_->has_type_ids; }

std::size_t Tokenizer::special_tokens(bool pair) const noexcept {
  return tokenizer::special_tokens(pair ? parts_->post_processor.pair : parts_->post_processor.single);
}

const std::string& Tokenizer::warning() const noexcept { return parts_->warning; }

std::int32_t Tokenizer::pad_id() const noexcept {
  const auto named = parts_->pipeline.id_of(parts_->pad_token);
  const std::int32_t pad = named.value_or(parts_->named_pad_id.value_or(0));
  return static_cast<std::size_t>(pad) < parts_->id_bound ? pad : 0;  // filler says nothing, but it is looked up too
}

std::size_t Tokenizer::id_bound() const noexcept { return parts_->id_bound; }

std::string_view Tokenizer::token(std::int32_t id) const { return parts_->pipeline.token_of(id).value_or(""); }

}  // namespace tastevin::tokenizer
