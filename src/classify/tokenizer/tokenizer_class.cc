#include "classify/tokenizer/tokenizer_class.h"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

namespace tastevin::tokenizer {
namespace {

constexpr std::array<std::pair<std::string_view, Family>, 19> kClasses{{
    {"AlbertTokenizer", Family::albert},
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
  Family family;
  std::array<std::string_view, kKeys.size()> tokens;  // as `kKeys`; "" for none
  Matched matched;                                    // where all but the mask are looked for
  Mask mask;
};

constexpr Defaults kDefaults[] = {
    {Family::bert, {"", "", "[UNK]", "[SEP]", "[PAD]", "[CLS]", "[MASK]"}, Matched::raw, Mask::plain},
    {Family::mpnet, {"<s>", "</s>", "[UNK]", "</s>", "<pad>", "<s>", "<mask>"}, Matched::raw, Mask::takes_blanks},
    {Family::roberta,
     {"<s>", "</s>", "<unk>", "</s>", "<pad>", "<s>", "<mask>"},
     Matched::normalized,
     Mask::takes_blanks},
    {Family::gpt2,
     {"<|endoftext|>", "<|endoftext|>", "<|endoftext|>", "", "", "", ""},
     Matched::normalized,
     Mask::plain},
    {Family::deberta,
     {"[CLS]", "[SEP]", "[UNK]", "[SEP]", "[PAD]", "[CLS]", "[MASK]"},
     Matched::normalized_unknown,
     Mask::takes_blanks},
    {Family::deberta_v2,
     {"[CLS]", "[SEP]", "[UNK]", "[SEP]", "[PAD]", "[CLS]", "[MASK]"},
     Matched::normalized_unknown,
     Mask::plain},
    {Family::albert,
     {"[CLS]", "[SEP]", "<unk>", "[SEP]", "<pad>", "[CLS]", "[MASK]"},
     Matched::raw,
     Mask::takes_blanks},
    {Family::xlm_roberta, {"<s>", "</s>", "<unk>", "</s>", "<pad>", "<s>", "<mask>"}, Matched::raw, Mask::takes_blanks},
    {Family::camembert, {"<s>", "</s>", "<unk>", "</s>", "<pad>", "<s>", "<mask>"}, Matched::raw, Mask::takes_blanks},
    {Family::other, {}, Matched::raw, Mask::plain},
};

const Defaults& defaults_of(Family family) { return *std::ranges::find(kDefaults, family, &Defaults::family); }

bool is_normalized(Matched matched, std::string_view key) {
  return matched == Matched::normalized || (matched == Matched::normalized_unknown && key == "unk_token");
}

AddedToken with_flags(const Defaults& defaults, std::string_view key, std::string content) {
  const bool mask = key == "mask_token";
  AddedToken token{.content = std::move(content), .special = true};
  token.lstrip = mask && defaults.mask == Mask::takes_blanks;
  token.normalized = !mask && is_normalized(defaults.matched, key);
  return token;
}

void add_once(AddedToken token, std::vector<AddedToken>& tokens) {
  const bool known = std::ranges::find(tokens, token.content, &AddedToken::content) != tokens.end();
  if (!known && !token.content.empty()) tokens.push_back(std::move(token));
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

std::vector<AddedToken> special_tokens(const TokenizerConfig& config, Family family) {
  const Defaults& defaults = defaults_of(family);
  std::vector<AddedToken> tokens;
  for (const std::string_view key : kKeys) {
    const auto found = config.settings.find(std::string(key));
    if (found != config.settings.end() && found->is_object()) {
      AddedToken token = read_added_token(*found, config.where);
      token.special = true;
      add_once(std::move(token), tokens);
    } else {
      add_once(with_flags(defaults, key, special_token(config, family, key)), tokens);
    }
  }
  if (family == Family::camembert) {
    for (const char* unused : {"<s>NOTUSED", "</s>NOTUSED", "<unk>NOTUSED"}) {
      add_once({.content = unused, .normalized = false, .special = true}, tokens);
    }
  }
  return tokens;
}

}  // namespace tastevin::tokenizer
