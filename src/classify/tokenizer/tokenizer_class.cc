#include "classify/tokenizer/tokenizer_class.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <optional>
#include <string>
#include <unordered_set>
#include <utility>

namespace tastevin::tokenizer {
namespace {

constexpr std::array<std::pair<std::string_view, Family>, 20> kClasses{{
    {"AlbertTokenizer", Family::albert},
    {"BartTokenizer", Family::roberta},
    {"BertTokenizer", Family::bert},
    {"CamembertTokenizer", Family::camembert},
    {"ConvBertTokenizer", Family::bert},
    {"DebertaTokenizer", Family::deberta},
    {"DebertaV2Tokenizer", Family::deberta_v2},
    {"DistilBertTokenizer", Family::bert},
    {"ElectraTokenizer", Family::bert},
    {"FunnelTokenizer", Family::bert},
    {"GPT2Tokenizer", Family::gpt2},
    {"LayoutLMTokenizer", Family::bert},
    {"LongformerTokenizer", Family::roberta},
    {"LxmertTokenizer", Family::bert},
    {"MPNetTokenizer", Family::mpnet},
    {"MobileBertTokenizer", Family::bert},
    {"RetriBertTokenizer", Family::bert},
    {"RobertaTokenizer", Family::roberta},
    {"SqueezeBertTokenizer", Family::bert},
    {"XLMRobertaTokenizer", Family::xlm_roberta},
}};

constexpr std::array<std::string_view, 7> kKeys{"bos_token", "eos_token", "unk_token", "sep_token",
                                                "pad_token", "cls_token", "mask_token"};

enum class Matched : std::uint8_t { raw, normalized, normalized_unknown };
enum class Mask : std::uint8_t { plain, takes_blanks };

struct Defaults {
  std::array<std::string_view, kKeys.size()> tokens;  // as `kKeys`; "" for none
  Family family;
  Matched matched;  // where all but the mask are looked for
  Mask mask;
};

constexpr Defaults kDefaults[] = {
    {{"", "", "[UNK]", "[SEP]", "[PAD]", "[CLS]", "[MASK]"}, Family::bert, Matched::raw, Mask::plain},
    {{"<s>", "</s>", "[UNK]", "</s>", "<pad>", "<s>", "<mask>"}, Family::mpnet, Matched::raw, Mask::takes_blanks},
    {{"<s>", "</s>", "<unk>", "</s>", "<pad>", "<s>", "<mask>"},
     Family::roberta,
     Matched::normalized,
     Mask::takes_blanks},
    {{"<|endoftext|>", "<|endoftext|>", "<|endoftext|>", "", "", "", ""},
     Family::gpt2,
     Matched::normalized,
     Mask::plain},
    {{"[CLS]", "[SEP]", "[UNK]", "[SEP]", "[PAD]", "[CLS]", "[MASK]"},
     Family::deberta,
     Matched::normalized_unknown,
     Mask::takes_blanks},
    {{"[CLS]", "[SEP]", "[UNK]", "[SEP]", "[PAD]", "[CLS]", "[MASK]"},
     Family::deberta_v2,
     Matched::normalized_unknown,
     Mask::plain},
    {{"[CLS]", "[SEP]", "<unk>", "[SEP]", "<pad>", "[CLS]", "[MASK]"},
     Family::albert,
     Matched::raw,
     Mask::takes_blanks},
    {{"<s>", "</s>", "<unk>", "</s>", "<pad>", "<s>", "<mask>"}, Family::xlm_roberta, Matched::raw, Mask::takes_blanks},
    {{"<s>", "</s>", "<unk>", "</s>", "<pad>", "<s>", "<mask>"}, Family::camembert, Matched::raw, Mask::takes_blanks},
    {{}, Family::other, Matched::raw, Mask::plain},
};

const Defaults& defaults_of(Family family) { return *std::ranges::find(kDefaults, family, &Defaults::family); }

bool is_normalized(Matched matched, std::string_view key) {
  return matched == Matched::normalized || (matched == Matched::normalized_unknown && key == "unk_token");
}

/// As the class makes it of a name.
SpecialToken made_by_class(const Defaults& defaults, Source source, std::string_view key, std::string content) {
  const bool mask = key == "mask_token";
  SpecialToken made{{.content = std::move(content), .normalized = false, .special = true}};
  made.token.lstrip = mask && defaults.mask == Mask::takes_blanks;
  if (source == Source::vocabulary) {
    made.token.normalized = !mask && is_normalized(defaults.matched, key);
  } else if (defaults.family == Family::deberta) {
    made.token.lstrip = false;
  } else {
    made.token.normalized = defaults.family == Family::mpnet || (mask && defaults.family == Family::xlm_roberta);
  }
  made.has_flags = made.token.lstrip || made.token.normalized;
  return made;
}

SpecialToken read_special(const Json& value, const std::string& where) {
  if (!value.is_object()) {
    const std::string content = value.is_string() ? value.get<std::string>() : std::string();
    return {{.content = content, .normalized = false, .special = true}};
  }
  AddedToken token = read_added_token(value, where);
  token.special = true;
  return {std::move(token), true};
}

std::optional<SpecialToken> special_token_of(const TokenizerConfig& config, const Defaults& defaults, Source source,
                                             std::size_t place, const std::vector<AddedToken>& stored) {
  const std::string_view key = kKeys[place];
  const auto value = config.settings.find(std::string(key));
  if (value == config.settings.end()) return made_by_class(defaults, source, key, std::string(defaults.tokens[place]));
  if (value->is_null()) return std::nullopt;  // the class has none then
  SpecialToken named = read_special(*value, config.where);
  const auto known = std::ranges::find(stored, named.token.content, &AddedToken::content);
  if (known != stored.end()) return SpecialToken{*known, true};
  return named.has_flags ? named : made_by_class(defaults, source, key, named.token.content);
}

/// Those without a key of their own.
std::vector<SpecialToken> additional_tokens(const TokenizerConfig& config, Family family) {
  std::vector<SpecialToken> tokens;
  const Json* list = find_member(config.settings, "additional_special_tokens");
  if (list != nullptr && list->is_array()) {
    for (const Json& value : *list) tokens.push_back(read_special(value, config.where));
  } else if (list == nullptr && family == Family::camembert) {
    for (const char* unused : {"<s>NOTUSED", "</s>NOTUSED", "<unk>NOTUSED"})
      tokens.push_back({{.content = unused, .normalized = false, .special = true}});
  }
  const Json* extra = find_member(config.settings, "extra_special_tokens");
  if (extra != nullptr && extra->is_object())
    for (const Json& value : *extra) tokens.push_back(read_special(value, config.where));
  return tokens;
}

}  // namespace

Family family_of(std::string_view tokenizer_class) {
  const auto* found = std::ranges::find(kClasses, tokenizer_class, &std::pair<std::string_view, Family>::first);
  return found == kClasses.end() ? Family::other : found->second;
}

std::string special_token(const TokenizerConfig& config, Family family, std::string_view key) {
  if (const auto named = config.special_token(std::string(key).c_str())) return *named;
  const auto place = static_cast<std::size_t>(std::ranges::find(kKeys, key) - kKeys.begin());
  return place < kKeys.size() ? std::string(defaults_of(family).tokens[place]) : std::string();
}

std::vector<SpecialToken> special_tokens(const TokenizerConfig& config, Family family, Source source,
                                         const std::vector<AddedToken>& stored) {
  std::vector<SpecialToken> all;
  for (std::size_t place = 0; place < kKeys.size(); ++place)
    if (auto token = special_token_of(config, defaults_of(family), source, place, stored)) all.push_back(*token);
  std::ranges::move(additional_tokens(config, family), std::back_inserter(all));
  std::vector<SpecialToken> once;
  std::unordered_set<std::string> known{""};  // a checkpoint may name any number
  for (SpecialToken& token : all)
    if (known.insert(token.token.content).second) once.push_back(std::move(token));
  for (SpecialToken& token : once) token.token.special = token.token.without_id = true;
  return once;
}

}  // namespace tastevin::tokenizer
