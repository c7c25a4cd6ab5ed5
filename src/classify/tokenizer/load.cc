#include "classify/tokenizer/load.h"

#include <map>
#include <set>
#include <string>
#include <tuple>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "base/error.h"
#include "base/files.h"
#include "base/mapped_file.h"
#include "base/utf8.h"
#include "classify/tokenizer/class_settings.h"
#include "classify/tokenizer/json_cursor.h"
#include "classify/tokenizer/models.h"
#include "classify/tokenizer/normalizers.h"
#include "classify/tokenizer/post_processors.h"
#include "classify/tokenizer/pre_tokenizers.h"
#include "classify/tokenizer/tokenizer_class.h"
#include "classify/tokenizer/tokenizer_config.h"
#include "classify/tokenizer/vocabulary_files.h"

namespace tastevin::tokenizer {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMaxBytes = std::size_t{512} << 20U;

/// The members of tokenizer.json; the big one stays text.
struct TokenizerFile {
  std::map<std::string, Json, std::less<>> members;
  std::string_view model;
  std::string where;

  const Json& member(const char* key) const {
    static const Json kNull;
    const auto found = members.find(key);
    return found == members.end() ? kNull : found->second;
  }
};

TokenizerFile split_file(const MappedFile& file) {
  TokenizerFile result;
  result.where = file.path().string();
  if (file.size() > kMaxBytes) throw Error(ErrorCode::too_large, result.where + ": more than 512 MiB");
  if (!utf8::is_valid(file.text())) throw Error(ErrorCode::bad_checkpoint, result.where + ": not valid UTF-8");
  JsonCursor cursor(file.text(), result.where);
  cursor.enter_object();
  for (std::string_view key; cursor.next_key(key);) {
    const std::string name(key);
    const std::string_view value = cursor.raw_value();
    if (name == "model") {
      result.model = value;
    } else {
      result.members[name] = parse_json(value, std::string(result.where).append(": ").append(name));
    }
  }
  cursor.expect_end();
  if (result.model.empty()) throw Error(ErrorCode::bad_checkpoint, result.where + ": no 'model'");
  return result;
}

std::vector<AddedToken> read_added_tokens(const Json& list, const std::string& where) {
  std::vector<AddedToken> tokens;
  if (list.is_null()) return tokens;
  if (!list.is_array()) throw Error(ErrorCode::bad_checkpoint, where + ": added_tokens: expected a list");
  for (const Json& token : list) tokens.push_back(read_added_token(token, where + ": added_tokens"));
  return tokens;
}

/// Tokens by their content, as the reference keeps them; the lists are as long as a checkpoint makes them.
class AddedTokens {
 public:
  explicit AddedTokens(const std::vector<AddedToken>& tokens) {
    for (const AddedToken& token : tokens) put(token);
  }

  /// Over one of the same content, unless this very token has come before. It is looked for in the text, as it is or
  /// normalized, that the first special one says, and in that which ordinary ones before it said.
  void put(AddedToken token) {
    if (!came_.insert(said_of(token)).second) return;
    const auto known = places_.find(token.content);
    if (known == places_.end()) {
      add(token);
      return;
    }
    AddedToken& old = tokens_[known->second];
    token.both = old.both || (!old.special && old.normalized != token.normalized);
    token.normalized = old.special ? old.normalized : token.normalized;
    token.without_id = old.without_id;
    token.special = token.special || old.special;
    old = std::move(token);
  }
  void add(const AddedToken& token) {
    if (!places_.emplace(token.content, tokens_.size()).second) return;
    came_.insert(said_of(token));
    tokens_.push_back(token);
  }
  std::vector<AddedToken> take() { return std::move(tokens_); }

 private:
  using Said = std::tuple<std::string, bool, bool, bool, bool, bool>;
  static Said said_of(const AddedToken& token) {
    return {token.content, token.single_word, token.lstrip, token.rstrip, token.normalized, token.special};
  }

  std::vector<AddedToken> tokens_;
  std::unordered_map<std::string, std::size_t> places_;
  std::set<Said> came_;
};

/// Those of tokenizer.json or of the vocabulary's files, with what the configuration and the class say of them and add,
/// in the order in which the reference adds them, so that new ones get its ids.
std::vector<AddedToken> with_configured(const std::vector<AddedToken>& tokens, const TokenizerConfig& config,
                                        Source source) {
  // Without a decoder, tokenizer.json's own tokens stand for one, and go over those of added_tokens.json.
  const bool own_decide = source == Source::tokenizer_json && !config.has_decoder;
  const std::vector<AddedToken> own = own_decide ? tokens : std::vector<AddedToken>();
  const std::vector<SpecialToken> special =
      special_tokens(config, family_of(config.tokenizer_class), source, config.has_decoder ? config.added_tokens : own);
  std::unordered_set<std::string> names;
  for (const SpecialToken& one : special) names.insert(one.token.content);
  AddedTokens all(tokens);
  const auto flagged = [&names](AddedToken token) {
    token.special = token.special || names.contains(token.content);
    return token;
  };
  for (const AddedToken& token : own) all.put(flagged(token));
  for (const AddedToken& token : config.added_tokens) {
    if (own_decide) {
      all.add(flagged(token));
    } else {
      all.put(flagged(token));
    }
  }
  for (const SpecialToken& one : special) {
    if (one.has_flags) {
      all.put(one.token);
    } else {
      all.add(one.token);
    }
  }
  return all.take();
}

Components from_tokenizer_json(const fs::path& path, const TokenizerConfig& config) {
  const MappedFile file(path);
  TokenizerFile parts = split_file(file);
  apply_to_normalizer(config, parts.members["normalizer"]);
  apply_to_pre_tokenizer(config, parts.members["pre_tokenizer"]);
  apply_to_post_processor(config, parts.members["post_processor"]);
  Components components;
  const Json& pre_tokenizer = parts.member("pre_tokenizer");
  const BpePieces wanted = ends_in_byte_level(pre_tokenizer) ? BpePieces::raw_bytes : BpePieces::characters;
  LoadedModel model = make_model(parts.model, wanted, parts.where);
  const bool raw = model.pieces == BpePieces::raw_bytes;
  components.model = std::move(model.model);
  components.normalizer = make_normalizer(parts.member("normalizer"), parts.where);
  components.pieces = model.pieces;
  components.pre_tokenizer =
      make_pre_tokenizer(pre_tokenizer, raw ? ByteLevel::Spelling::raw : ByteLevel::Spelling::stand_ins, parts.where);
  components.post_processor = make_post_processor(parts.member("post_processor"), parts.where);
  components.added_tokens = read_added_tokens(parts.member("added_tokens"), parts.where);
  const Json& padding = parts.member("padding");
  if (padding.is_object() && padding.contains("pad_id")) {
    components.pad_id = static_cast<std::int32_t>(require_size(padding, "pad_id", parts.where, 1U << 30U));
  }
  // A limit comes from the model and the call, but not the side.
  const Json& truncation = parts.member("truncation");
  components.cuts_at_the_start =
      truncation.is_object() && string_or(truncation, "direction", "", parts.where) == "Left";
  return components;
}

}  // namespace

Components load_components(const fs::path& folder, std::size_t rows) {
  TokenizerConfig config = read_tokenizer_config(folder);
  const fs::path file = folder / "tokenizer.json";
  const Source source = is_file(file) ? Source::tokenizer_json : Source::vocabulary;
  if (source == Source::vocabulary && config.tokenizer_class.empty() && is_file(folder / "vocab.txt"))
    config.tokenizer_class = "BertTokenizer";
  std::optional<Components> components =
      source == Source::tokenizer_json ? from_tokenizer_json(file, config) : from_vocabulary_files(folder, config);
  if (!components) {
    throw Error(ErrorCode::not_found, folder.string() + ": no tokenizer.json, nor a vocabulary that stands for it");
  }
  components->added_tokens = with_configured(components->added_tokens, config, source);
  components->rows = rows;
  components->splits_special_tokens = config.splits_special_tokens;
  components->model_max_length = config.model_max_length;
  if (config.cuts_at_the_start) components->cuts_at_the_start = *config.cuts_at_the_start;
  components->has_type_ids = config.has_type_ids;
  components->pad_token = special_token(config, family_of(config.tokenizer_class), "pad_token");
  return std::move(*components);
}

}  // namespace tastevin::tokenizer
