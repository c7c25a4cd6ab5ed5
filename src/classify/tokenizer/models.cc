#include "classify/tokenizer/models.h"

#include <array>
#include <deque>
#include <functional>
#include <utility>
#include <vector>

#include "base/error.h"
#include "base/json.h"
#include "classify/tokenizer/json_cursor.h"
#include "classify/tokenizer/unigram.h"
#include "classify/tokenizer/word_level.h"
#include "classify/tokenizer/word_piece.h"

namespace tastevin::tokenizer {
namespace {

/// The member `model`, its lists left as text.
struct ModelText {
  std::string_view vocab;   // "" when absent
  std::string_view merges;  // "" when absent
  Json settings = Json::object();
  BpePieces wanted = BpePieces::characters;
  std::string where;
};

ModelText split_model(std::string_view json, BpePieces wanted, const std::string& where) {
  ModelText model;
  model.wanted = wanted;
  model.where = where;
  JsonCursor cursor(json, where);
  cursor.enter_object();
  for (std::string_view key; cursor.next_key(key);) {
    const std::string name(key);
    const std::string_view value = cursor.raw_value();
    if (name == "vocab") {
      model.vocab = value;
    } else if (name == "merges") {
      model.merges = value;
    } else {
      model.settings[name] = parse_json(value, std::string(where).append(" ").append(name));
    }
  }
  return model;
}

/// Strings that a cursor read: views of the file where they stand there as they are, else of copies kept here.
class Strings {
 public:
  explicit Strings(std::string_view file) : file_(file) {}

  std::string_view keep(std::string_view text) {
    const std::less<const char*> before;
    const bool inside = !before(text.data(), file_.data()) && before(text.data(), file_.data() + file_.size());
    return inside ? text : std::string_view(copies_.emplace_back(text));
  }

 private:
  std::string_view file_;
  std::deque<std::string> copies_;
};

Vocabulary vocabulary_of(const ModelText& model) { return read_vocabulary(model.vocab, model.where + " vocab"); }

/// The next merge rule, spelled "left right" or ["left", "right"].
MergeRule read_rule(JsonCursor& cursor, Strings& strings) {
  if (cursor.at_string()) {
    const auto rule = parse_merge_rule(strings.keep(cursor.string()));
    if (!rule) cursor.fail("\"left right\" before this");
    return *rule;
  }
  MergeRule rule;
  cursor.enter_array();
  if (!cursor.next_element()) cursor.fail("two tokens");
  rule.left = strings.keep(cursor.string());
  if (!cursor.next_element()) cursor.fail("two tokens");
  rule.right = strings.keep(cursor.string());
  if (cursor.next_element()) cursor.fail("']'");
  return rule;
}

std::vector<MergeRule> read_rules(const ModelText& model, Strings& strings) {
  std::vector<MergeRule> rules;
  JsonCursor cursor(model.merges, model.where + " merges");
  cursor.enter_array();
  while (cursor.next_element()) rules.push_back(read_rule(cursor, strings));
  return rules;
}

LoadedModel read_bpe(const ModelText& model) {
  const Json& settings = model.settings;
  if (number_or(settings, "dropout", 0, model.where) != 0) {
    throw Error(ErrorCode::unsupported_model, model.where + " BPE with dropout is not supported");
  }
  BpeOptions options;
  if (settings.contains("unk_token") && !settings["unk_token"].is_null()) {
    options.unk_token = require_string(settings, "unk_token", model.where);
  }
  options.continuing_subword_prefix = string_or(settings, "continuing_subword_prefix", "", model.where);
  options.end_of_word_suffix = string_or(settings, "end_of_word_suffix", "", model.where);
  options.fuse_unk = bool_or(settings, "fuse_unk", false, model.where);
  options.byte_fallback = bool_or(settings, "byte_fallback", false, model.where);
  options.ignore_merges = bool_or(settings, "ignore_merges", false, model.where);
  options.pieces = model.wanted;
  Strings strings(model.merges);
  return make_bpe(vocabulary_of(model), read_rules(model, strings), options);
}

LoadedModel read_unigram(const ModelText& model) {
  Strings strings(model.vocab);
  std::vector<ScoredToken> tokens;
  tokens.reserve(model.vocab.size() / 32);
  JsonCursor cursor(model.vocab, model.where + " vocab");
  cursor.enter_array();
  while (cursor.next_element()) {
    cursor.enter_array();
    if (!cursor.next_element()) cursor.fail("a token");
    ScoredToken token{strings.keep(cursor.string()), 0};
    if (!cursor.next_element()) cursor.fail("a score");
    token.score = cursor.real();
    if (cursor.next_element()) cursor.fail("']'");
    tokens.push_back(token);
  }
  UnigramOptions options;
  if (model.settings.contains("unk_id") && !model.settings["unk_id"].is_null()) {
    options.unk_id = static_cast<std::int32_t>(require_size(model.settings, "unk_id", model.where, Vocabulary::kMaxId));
  }
  options.byte_fallback = bool_or(model.settings, "byte_fallback", false, model.where);
  return {std::make_unique<Unigram>(tokens, options)};
}

LoadedModel read_word_level(const ModelText& model) {
  const std::string unknown = string_or(model.settings, "unk_token", "<unk>", model.where);
  return {std::make_unique<WordLevel>(vocabulary_of(model), unknown)};
}

LoadedModel read_word_piece(const ModelText& model) {
  WordPieceOptions options;
  options.unk_token = string_or(model.settings, "unk_token", options.unk_token, model.where);
  options.continuing_subword_prefix =
      string_or(model.settings, "continuing_subword_prefix", options.continuing_subword_prefix, model.where);
  options.max_input_chars_per_word =
      size_or(model.settings, "max_input_chars_per_word", options.max_input_chars_per_word, model.where);
  return {std::make_unique<WordPiece>(vocabulary_of(model), options)};
}

struct Type {
  std::string_view name;
  LoadedModel (*read)(const ModelText& model);
};

constexpr std::array kTypes{
    Type{"BPE", read_bpe},
    Type{"Unigram", read_unigram},
    Type{"WordLevel", read_word_level},
    Type{"WordPiece", read_word_piece},
};

/// Old files do not name the type; the parts of the model tell it.
std::string type_of(const ModelText& model) {
  if (model.settings.contains("type")) return require_string(model.settings, "type", model.where);
  if (!model.merges.empty()) return "BPE";
  if (model.vocab.starts_with('[')) return "Unigram";
  return model.settings.contains("continuing_subword_prefix") ? "WordPiece" : "WordLevel";
}

}  // namespace

Vocabulary read_vocabulary(std::string_view json, const std::string& where) {
  Vocabulary vocabulary;
  vocabulary.reserve(json.size() / 16, json.size() / 2);
  JsonCursor cursor(json, where);
  cursor.enter_object();
  for (std::string_view token; cursor.next_key(token);) {
    const std::int64_t id = cursor.integer();
    if (id < 0 || id > Vocabulary::kMaxId) cursor.fail("an id before this");
    vocabulary.add(token, static_cast<std::int32_t>(id));
  }
  cursor.expect_end();
  return vocabulary;
}

LoadedModel make_bpe(Vocabulary vocabulary, std::span<const MergeRule> rules, BpeOptions options) {
  const bool raw = options.pieces == BpePieces::raw_bytes && Bpe::can_read_raw_bytes(vocabulary, options);
  options.pieces = raw ? BpePieces::raw_bytes : BpePieces::characters;
  const BpePieces pieces = options.pieces;
  return {std::make_unique<Bpe>(std::move(vocabulary), rules, std::move(options)), pieces};
}

LoadedModel make_model(std::string_view json, BpePieces wanted, const std::string& where) {
  const ModelText model = split_model(json, wanted, where + ": model");
  const std::string name = type_of(model);
  for (const Type& type : kTypes) {
    if (type.name != name) continue;
    if (model.vocab.empty()) throw Error(ErrorCode::bad_checkpoint, model.where + ": no 'vocab'");
    return type.read(model);
  }
  throw Error(ErrorCode::unsupported_model, model.where + " of type " + in_quotes(name) + " is not supported");
}

}  // namespace tastevin::tokenizer
