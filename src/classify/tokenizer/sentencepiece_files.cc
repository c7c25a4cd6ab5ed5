// Tokenizers around a SentencePiece model, as the reference converts them.

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/error.h"
#include "base/mapped_file.h"
#include "base/utf8.h"
#include "classify/tokenizer/normalizers.h"
#include "classify/tokenizer/post_processors.h"
#include "classify/tokenizer/pre_tokenizers.h"
#include "classify/tokenizer/precompiled.h"
#include "classify/tokenizer/sentencepiece.h"
#include "classify/tokenizer/tokenizer_class.h"
#include "classify/tokenizer/unicode.h"
#include "classify/tokenizer/unigram.h"
#include "classify/tokenizer/vocabulary_files.h"

namespace tastevin::tokenizer {
namespace {

namespace fs = std::filesystem;

using PieceType = SentencePieceModel::PieceType;
using Normalizers = std::vector<std::unique_ptr<const Normalizer>>;

/// The tokens in the order of their ids, and which of them is the unknown one.
struct UnigramVocabulary {
  std::vector<ScoredToken> tokens;
  std::int32_t unk_id = 0;
};

/// "7," and the like, which ALBERT makes all but impossible.
bool is_number_comma(std::string_view piece) {
  if (piece.size() < 2 || piece.back() != ',') return false;
  const std::size_t at = utf8::start_of_last(piece, piece.size() - 1);
  return unicode::has(utf8::decode(piece, at).code_point, unicode::Flag::regex_digit);
}

/// Pieces from number `first` on.
void append_pieces(const SentencePieceModel& model, std::size_t first, std::vector<ScoredToken>& tokens) {
  for (std::size_t place = first; place < model.pieces.size(); ++place) {
    tokens.push_back({model.pieces[place].text, model.pieces[place].score});
  }
}

/// The fairseq classes put their own four or five tokens first, so that ids are not places in the model.
UnigramVocabulary vocabulary_of(const SentencePieceModel& model, Family family) {
  UnigramVocabulary result;
  std::vector<ScoredToken>& tokens = result.tokens;
  if (family == Family::xlm_roberta) {
    tokens = {{"<s>", 0}, {"<pad>", 0}, {"</s>", 0}, {"<unk>", 0}};
    append_pieces(model, 3, tokens);
    tokens.push_back({"<mask>", 0});
    result.unk_id = 3;
  } else if (family == Family::camembert) {
    tokens = {{"<s>NOTUSED", 0}, {"<pad>", 0}, {"</s>NOTUSED", 0}, {"<unk>", 0}, {"<unk>NOTUSED", -100}};
    append_pieces(model, 1, tokens);
    tokens.push_back({"<mask>", 0});
    result.unk_id = 3;
  } else {
    append_pieces(model, 0, tokens);
    result.unk_id = model.trainer.unk_id;
  }
  if (family == Family::albert) {
    for (ScoredToken& token : tokens) token.score -= is_number_comma(token.token) ? 100 : 0;
  }
  return result;
}

Json replace(const char* kind, const char* pattern, const char* content) {
  return {{"type", "Replace"}, {"pattern", {{kind, pattern}}}, {"content", content}};
}

Json typed(const char* type) { return {{"type", type}}; }

/// What comes before the characters map, and after it.
struct Surroundings {
  std::vector<Json> before;
  std::vector<Json> after;
};

Surroundings surroundings_of(const TokenizerConfig& config, Family family) {
  const auto setting = [&config](const char* key, bool fallback) {
    return bool_or(config.settings, key, fallback, config.where);
  };
  if (family == Family::albert) {
    Surroundings steps{{replace("String", "``", "\""), replace("String", "''", "\"")},
                       {replace("Regex", " {2,}", " ")}};
    if (!setting("keep_accents", false)) {
      steps.before.push_back(typed("NFKD"));
      steps.before.push_back(typed("StripAccents"));
    }
    if (setting("do_lower_case", true)) steps.before.push_back(typed("Lowercase"));
    return steps;
  }
  if (family == Family::deberta_v2) {
    Surroundings steps{{}, {replace("Regex", " {2,}", " ")}};
    if (setting("do_lower_case", false)) steps.before.push_back(typed("Lowercase"));
    steps.before.push_back(typed("Strip"));
    return steps;
  }
  const Json strip_right{{"type", "Strip"}, {"strip_left", false}, {"strip_right", true}};
  return {{}, {strip_right, replace("Regex", " {2,}", "\u2581")}};
}

std::unique_ptr<const Normalizer> normalizer_of(const SentencePieceModel& model, const TokenizerConfig& config,
                                                Family family, const std::string& where) {
  const Surroundings surroundings = surroundings_of(config, family);
  Normalizers steps;
  for (const Json& step : surroundings.before) steps.push_back(make_normalizer(step, where));
  if (!model.normalizer.precompiled_charsmap.empty()) {
    steps.push_back(std::make_unique<Precompiled>(Charsmap::from_bytes(model.normalizer.precompiled_charsmap, where)));
  }
  for (const Json& step : surroundings.after) steps.push_back(make_normalizer(step, where));
  return in_sequence(std::move(steps));
}

Json pre_tokenizer_of(const TokenizerConfig& config, Family family) {
  Json metaspace{{"type", "Metaspace"}, {"replacement", "\u2581"}, {"prepend_scheme", "always"}};
  const bool cuts = family == Family::deberta_v2 && bool_or(config.settings, "split_by_punct", false, config.where);
  if (!cuts) return metaspace;
  return {{"type", "Sequence"}, {"pretokenizers", {{{"type", "Punctuation"}, {"behavior", "Isolated"}}, metaspace}}};
}

/// Control pieces and the user's own are found in the text before anything else happens to it.
std::vector<AddedToken> added_pieces(const SentencePieceModel& model) {
  std::vector<AddedToken> tokens;
  for (const SentencePieceModel::Piece& piece : model.pieces) {
    if (piece.type != PieceType::control && piece.type != PieceType::user_defined) continue;
    tokens.push_back({.content = piece.text, .normalized = false, .special = piece.type == PieceType::control});
  }
  return tokens;
}

std::int32_t require_id(const Model& model, const std::string& token, const std::string& where) {
  const auto id = model.id_of(token);
  if (!id) throw Error(ErrorCode::bad_checkpoint, where + ": special token " + in_quotes(token) + " is not a piece");
  return *id;
}

PostProcessor post_processor_of(const Model& model, Family family, const std::string& where) {
  if (family == Family::albert || family == Family::deberta_v2) {
    return bert_post_processor(require_id(model, "[CLS]", where), require_id(model, "[SEP]", where));
  }
  return roberta_post_processor(require_id(model, "<s>", where), require_id(model, "</s>", where));
}

bool is_known(Family family) {
  return family == Family::albert || family == Family::deberta_v2 || family == Family::xlm_roberta ||
         family == Family::camembert;
}

}  // namespace

Components from_sentencepiece(const fs::path& path, const TokenizerConfig& config) {
  const std::string where = path.string();
  const Family family = family_of(config.tokenizer_class);
  const SentencePieceModel model = read_sentencepiece(MappedFile(path).text(), where);
  if (!is_known(family) || model.trainer.algorithm != SentencePieceModel::Algorithm::unigram) {
    throw Error(ErrorCode::unsupported_model,
                where +
                    ": without a tokenizer.json only unigram models of ALBERT, CamemBERT, DeBERTa-v2 and XLM-RoBERTa "
                    "classes are supported, found class " +
                    in_quotes(config.tokenizer_class));
  }
  const UnigramVocabulary vocabulary = vocabulary_of(model, family);
  Components components;
  components.model = std::make_unique<Unigram>(vocabulary.tokens, UnigramOptions{.unk_id = vocabulary.unk_id});
  components.normalizer = normalizer_of(model, config, family, where);
  components.pre_tokenizer =
      make_pre_tokenizer(pre_tokenizer_of(config, family), ByteLevel::Spelling::stand_ins, where);
  components.post_processor = post_processor_of(*components.model, family, where);
  components.added_tokens = added_pieces(model);
  return components;
}

}  // namespace tastevin::tokenizer
