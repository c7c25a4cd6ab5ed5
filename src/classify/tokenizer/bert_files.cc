#include "classify/tokenizer/bert_files.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "base/error.h"
#include "base/mapped_file.h"
#include "base/utf8.h"
#include "classify/tokenizer/bert_normalizer.h"
#include "classify/tokenizer/bert_pre_tokenizer.h"
#include "classify/tokenizer/normalizers.h"
#include "classify/tokenizer/post_processors.h"
#include "classify/tokenizer/vocabulary.h"
#include "classify/tokenizer/word_piece.h"

namespace tastevin::tokenizer {
namespace {

// The classes that put their three settings over the normalizer of tokenizer.json.
constexpr std::array<std::string_view, 10> kClasses{
    "BertTokenizer",   "DistilBertTokenizer", "ElectraTokenizer",     "MobileBertTokenizer", "ConvBertTokenizer",
    "FunnelTokenizer", "LxmertTokenizer",     "SqueezeBertTokenizer", "LayoutLMTokenizer",   "RetriBertTokenizer"};

void set_case_and_accents(const TokenizerConfig& config, Json& normalizer) {
  normalizer["lowercase"] = bool_or(config.settings, "do_lower_case", true, config.where);
  const auto accents = config.settings.find("strip_accents");
  normalizer["strip_accents"] = accents == config.settings.end() ? Json() : *accents;
}

void set_ideographs(const TokenizerConfig& config, Json& normalizer) {
  normalizer["handle_chinese_chars"] = bool_or(config.settings, "tokenize_chinese_chars", true, config.where);
}

/// Lines as Python reads them: "\n", "\r\n" and "\r" end one; a final one may lack its end.
template <class Visit>
void each_line(std::string_view text, Visit&& visit) {
  while (!text.empty()) {
    const std::size_t end = std::min(text.find_first_of("\r\n"), text.size());
    visit(text.substr(0, end));
    const bool two = text.substr(end).starts_with("\r\n");
    text.remove_prefix(std::min(text.size(), end + (two ? 2 : 1)));
  }
}

Vocabulary read_vocabulary(const std::filesystem::path& path) {
  const MappedFile file(path);
  if (!utf8::is_valid(file.text())) throw Error(ErrorCode::bad_checkpoint, path.string() + ": not valid UTF-8");
  Vocabulary vocabulary;
  vocabulary.reserve(file.size() / 8, file.size());
  std::int32_t id = 0;
  each_line(file.text(), [&](std::string_view token) { vocabulary.add(token, id++); });
  return vocabulary;
}

std::int32_t require_token(const Vocabulary& vocabulary, const std::string& token, const std::string& where) {
  const auto id = vocabulary.id_of(token);
  if (!id)
    throw Error(ErrorCode::bad_checkpoint, where + ": special token " + in_quotes(token) + " is not in the vocabulary");
  return *id;
}

}  // namespace

void apply_bert_settings(const TokenizerConfig& config, Json& normalizer) {
  if (!normalizer.is_object() || normalizer.value("type", Json()) != "BertNormalizer") return;
  const bool mpnet = config.tokenizer_class == "MPNetTokenizer";
  const bool bert = std::ranges::find(kClasses, config.tokenizer_class) != kClasses.end();
  if (bert || mpnet) set_case_and_accents(config, normalizer);
  if (bert) set_ideographs(config, normalizer);
}

Components bert_components(const std::filesystem::path& path, const TokenizerConfig& config) {
  const auto special = [&config](const char* key, const char* fallback) {
    return config.special_token(key).value_or(fallback);
  };
  Json normalizer{{"type", "BertNormalizer"}};
  set_case_and_accents(config, normalizer);
  set_ideographs(config, normalizer);
  Vocabulary vocabulary = read_vocabulary(path);
  Components components;
  components.post_processor =
      bert_post_processor(require_token(vocabulary, special("cls_token", "[CLS]"), path.string()),
                          require_token(vocabulary, special("sep_token", "[SEP]"), path.string()));
  const auto add = [&components](const std::string& token) {
    components.added_tokens.push_back({.content = token, .normalized = false, .special = true});
  };
  add(special("unk_token", "[UNK]"));
  add(special("sep_token", "[SEP]"));
  add(special("pad_token", "[PAD]"));
  add(special("cls_token", "[CLS]"));
  add(special("mask_token", "[MASK]"));
  components.normalizer = make_normalizer(normalizer, path.string());
  components.pre_tokenizer = std::make_unique<BertPreTokenizer>();
  components.model_id_bound = vocabulary.id_bound();
  components.model =
      std::make_unique<WordPiece>(std::move(vocabulary), WordPieceOptions{.unk_token = special("unk_token", "[UNK]")});
  return components;
}

}  // namespace tastevin::tokenizer
