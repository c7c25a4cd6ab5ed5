#include "classify/tokenizer/vocabulary_files.h"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/ascii.h"
#include "base/error.h"
#include "base/files.h"
#include "base/mapped_file.h"
#include "base/utf8.h"
#include "classify/tokenizer/class_settings.h"
#include "classify/tokenizer/models.h"
#include "classify/tokenizer/normalizers.h"
#include "classify/tokenizer/post_processors.h"
#include "classify/tokenizer/pre_tokenizers.h"
#include "classify/tokenizer/tokenizer_class.h"
#include "classify/tokenizer/vocabulary.h"
#include "classify/tokenizer/word_piece.h"

namespace tastevin::tokenizer {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void refuse_class(const fs::path& path, const TokenizerConfig& config) {
  throw Error(ErrorCode::unsupported_model,
              path.string() + ": tokenizer class " +
                  (config.tokenizer_class.empty() ? "(none named)" : in_quotes(config.tokenizer_class)) +
                  " is not supported without a tokenizer.json");
}

std::string_view checked_text(const MappedFile& file) {
  if (!utf8::is_valid(file.text())) throw Error(ErrorCode::bad_checkpoint, file.path().string() + ": not valid UTF-8");
  return file.text();
}

/// Lines as Python reads them: "\n", "\r\n" and "\r" end one; a final one may lack its end.
std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find_first_of("\r\n"), text.size());
    lines.push_back(text.substr(0, end));
    const bool two = text.substr(end).starts_with("\r\n");
    text.remove_prefix(std::min(text.size(), end + (two ? 2 : 1)));
  }
  return lines;
}

Vocabulary read_vocab_txt(const fs::path& path) {
  const MappedFile file(path);
  Vocabulary vocabulary;
  vocabulary.reserve(file.size() / 8, file.size());
  std::int32_t id = 0;
  for (const std::string_view token : lines_of(checked_text(file))) vocabulary.add(token, id++);
  return vocabulary;
}

/// Marks such as [CLS] aside.
bool has_capitals(const Vocabulary& vocabulary) {
  for (std::size_t id = 0; id < vocabulary.id_bound(); ++id) {
    const std::string_view token = vocabulary.token_of(static_cast<std::int32_t>(id)).value_or("");
    if (!token.starts_with('[') && ascii::lower(token) != token) return true;
  }
  return false;
}

/// The reference makes texts small unless it is told otherwise, also where the vocabulary has both.
std::string warning_of(const Vocabulary& vocabulary, const TokenizerConfig& config, const fs::path& path) {
  if (config.settings.contains("do_lower_case") || !has_capitals(vocabulary)) return {};
  return path.string() + " has tokens with capitals, but no tokenizer_config.json says do_lower_case: texts are " +
         "lowercased, as transformers does";
}

/// All lines but the first, which names the version.
std::vector<MergeRule> read_merges(const MappedFile& file) {
  std::vector<MergeRule> rules;
  std::vector<std::string_view> lines = lines_of(checked_text(file));
  for (std::size_t number = 1; number < lines.size(); ++number) {
    const auto rule = parse_merge_rule(lines[number]);
    if (!rule) {
      throw Error(ErrorCode::bad_checkpoint, file.path().string() + ": line " + std::to_string(number + 1) +
                                                 ": expected two tokens, found " + in_quotes(lines[number]));
    }
    rules.push_back(*rule);
  }
  return rules;
}

/// The ids of the special tokens that a template needs.
class SpecialIds {
 public:
  SpecialIds(const TokenizerConfig& config, Family family, const Model& model, const fs::path& path)
      : config_(config), family_(family), model_(model), path_(path) {}

  std::int32_t operator[](std::string_view key) const {
    const std::string token = special_token(config_, family_, key);
    const auto id = model_.id_of(token);
    if (!id) {
      throw Error(ErrorCode::bad_checkpoint,
                  path_.string() + ": special token " + in_quotes(token) + " is not in the vocabulary");
    }
    return *id;
  }

 private:
  const TokenizerConfig& config_;
  Family family_;
  const Model& model_;
  const fs::path& path_;
};

PostProcessor byte_level_template(Family family, const SpecialIds& ids, const Json& pre_tokenizer) {
  if (family == Family::gpt2) return {};
  if (family == Family::deberta) return bert_post_processor(ids["cls_token"], ids["sep_token"]);
  PostProcessor made = roberta_post_processor(ids["cls_token"], ids["sep_token"]);
  made.trims.push_back(pre_tokenizer["add_prefix_space"].get<bool>() ? OffsetTrim::all_but_the_added : OffsetTrim::all);
  return made;
}

}  // namespace

Components from_vocab_txt(const fs::path& path, const TokenizerConfig& config) {
  const Family family = family_of(config.tokenizer_class);
  if (family != Family::bert && family != Family::mpnet) refuse_class(path, config);
  Json normalizer{{"type", "BertNormalizer"}};
  normalizer["handle_chinese_chars"] = bool_or(config.settings, "tokenize_chinese_chars", true, config.where);
  apply_to_normalizer(config, normalizer);
  Components components;
  Vocabulary vocabulary = read_vocab_txt(path);
  components.warning = warning_of(vocabulary, config, path);
  components.model = std::make_unique<WordPiece>(
      std::move(vocabulary), WordPieceOptions{.unk_token = special_token(config, family, "unk_token")});
  const SpecialIds ids(config, family, *components.model, path);
  components.post_processor = family == Family::mpnet ? mpnet_post_processor(ids["cls_token"], ids["sep_token"])
                                                      : bert_post_processor(ids["cls_token"], ids["sep_token"]);
  components.normalizer = make_normalizer(normalizer, path.string());
  components.pre_tokenizer =
      make_pre_tokenizer({{"type", "BertPreTokenizer"}}, ByteLevel::Spelling::stand_ins, path.string());
  return components;
}

Components from_vocab_json(const fs::path& path, const TokenizerConfig& config) {
  const Family family = family_of(config.tokenizer_class);
  if (family != Family::roberta && family != Family::gpt2 && family != Family::deberta) refuse_class(path, config);
  const MappedFile vocabulary_file(path);
  const MappedFile merges_file(path.parent_path() / "merges.txt");
  BpeOptions options;
  options.pieces = BpePieces::raw_bytes;
  Vocabulary vocabulary = read_vocabulary(checked_text(vocabulary_file), path.string());
  LoadedModel model = make_bpe(std::move(vocabulary), read_merges(merges_file), options);
  const bool prefix = bool_or(config.settings, "add_prefix_space", false, config.where);
  const Json pre_tokenizer{{"type", "ByteLevel"}, {"add_prefix_space", prefix}};
  Components components;
  components.pieces = model.pieces;
  components.model = std::move(model.model);
  components.pre_tokenizer = make_pre_tokenizer(
      pre_tokenizer,
      components.pieces == BpePieces::raw_bytes ? ByteLevel::Spelling::raw : ByteLevel::Spelling::stand_ins,
      path.string());
  components.post_processor =
      byte_level_template(family, SpecialIds(config, family, *components.model, path), pre_tokenizer);
  return components;
}

std::optional<Components> from_vocabulary_files(const fs::path& folder, const TokenizerConfig& config) {
  struct File {
    const char* name;
    Components (*read)(const fs::path& path, const TokenizerConfig& config);
  };
  constexpr std::array kFiles{
      File{"vocab.txt", from_vocab_txt},        File{"vocab.json", from_vocab_json},
      File{"spiece.model", from_sentencepiece}, File{"sentencepiece.bpe.model", from_sentencepiece},
      File{"spm.model", from_sentencepiece},
  };
  for (const File& file : kFiles) {
    if (is_file(folder / file.name)) return file.read(folder / file.name, config);
  }
  return std::nullopt;
}

}  // namespace tastevin::tokenizer
