#include "classify/tokenizer/pre_tokenizers.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "base/utf8.h"
#include "classify/tokenizer/bert_pre_tokenizer.h"
#include "classify/tokenizer/character_cuts.h"
#include "classify/tokenizer/component_table.h"
#include "classify/tokenizer/metaspace.h"
#include "classify/tokenizer/split.h"

namespace tastevin::tokenizer {
namespace {

using Made = std::unique_ptr<const PreTokenizer>;

class PreTokenizerSequence final : public PreTokenizer {
 public:
  explicit PreTokenizerSequence(std::vector<Made> steps) : steps_(std::move(steps)) {}

  void apply(PreTokenized& state, Scratch& scratch) const override {
    for (const Made& step : steps_) step->apply(state, scratch);
  }
  bool needs_sources() const override {
    return std::ranges::any_of(steps_, [](const Made& step) { return step->needs_sources(); });
  }

 private:
  std::vector<Made> steps_;
};

template <class Component>
Made make_plain(const Json& /*json*/, const std::string& /*where*/) {
  return std::make_unique<Component>();
}

/// The one code point of the string member `key`.
char32_t one_character(const Json& json, const char* key, const std::string& where) {
  const std::string text = require_string(json, key, where);
  const utf8::Decoded decoded = utf8::decode(text, 0);
  if (text.empty() || decoded.length != text.size()) {
    throw Error(ErrorCode::bad_checkpoint, where + ": " + key + ": expected one character, found " + in_quotes(text));
  }
  return decoded.code_point;
}

Made make_punctuation(const Json& json, const std::string& where) {
  const CutBehavior behavior = json.contains("behavior") ? read_behavior(json, where) : CutBehavior::isolated;
  return std::make_unique<CharacterCut>(CharacterCut::is_punctuation, behavior);
}

Made make_digits(const Json& json, const std::string& where) {
  const bool individual = bool_or(json, "individual_digits", false, where);
  return std::make_unique<CharacterCut>(CharacterCut::is_numeric,
                                        individual ? CutBehavior::isolated : CutBehavior::contiguous);
}

Made make_whitespace_split(const Json& /*json*/, const std::string& /*where*/) {
  return std::make_unique<CharacterCut>(CharacterCut::is_space, CutBehavior::removed);
}

Made make_delimiter_split(const Json& json, const std::string& where) {
  return std::make_unique<CharDelimiterSplit>(one_character(json, "delimiter", where));
}

Made make_fixed_length(const Json& json, const std::string& where) {
  const std::size_t length = size_or(json, "length", 5, where);
  if (length == 0) throw Error(ErrorCode::bad_checkpoint, where + ": length: expected at least 1, found 0");
  return std::make_unique<FixedLength>(length);
}

Made make_split(const Json& json, const std::string& where) {
  const bool invert = bool_or(json, "invert", false, where);
  return std::make_unique<Split>(Pattern::read(json, where), read_behavior(json, where),
                                 invert ? Split::Delimiter::gaps : Split::Delimiter::matches);
}

template <ByteLevel::Spelling spelling>
Made make_byte_level(const Json& json, const std::string& where) {
  ByteLevel::Options options;
  options.prefix = bool_or(json, "add_prefix_space", true, where) ? ByteLevel::Prefix::blank : ByteLevel::Prefix::none;
  options.cut = bool_or(json, "use_regex", true, where) ? ByteLevel::Cut::pattern : ByteLevel::Cut::none;
  options.spelling = spelling;
  return std::make_unique<ByteLevel>(options);
}

/// `prepend_scheme` decides; files from before it have `add_prefix_space` alone.
Metaspace::Prepend read_prepend(const Json& json, const std::string& where) {
  const bool prefix = bool_or(json, "add_prefix_space", true, where);
  const std::string scheme = string_or(json, "prepend_scheme", prefix ? "always" : "never", where);
  if (scheme == "never") return Metaspace::Prepend::never;
  if (!prefix) {
    throw Error(ErrorCode::bad_checkpoint,
                where + ": add_prefix_space is false, prepend_scheme is " + in_quotes(scheme));
  }
  if (scheme == "always") return Metaspace::Prepend::always;
  if (scheme == "first") return Metaspace::Prepend::first;
  throw Error(ErrorCode::bad_checkpoint, where + ": unknown prepend_scheme " + in_quotes(scheme));
}

Made make_metaspace(const Json& json, const std::string& where) {
  std::string replacement;
  utf8::append(replacement, one_character(json, "replacement", where));
  const bool cut = bool_or(json, "split", true, where);
  return std::make_unique<Metaspace>(std::move(replacement), read_prepend(json, where),
                                     cut ? Metaspace::Cut::before_each : Metaspace::Cut::none);
}

template <ByteLevel::Spelling spelling>
Made make_sequence(const Json& json, const std::string& where) {
  std::vector<Made> steps;
  for (const Json& step : component_list(json, "pretokenizers", where)) {
    steps.push_back(make_pre_tokenizer(step, spelling, where));
  }
  return std::make_unique<PreTokenizerSequence>(std::move(steps));
}

template <ByteLevel::Spelling spelling>
constexpr ComponentType<PreTokenizer> kTypes[] = {
    {"BertPreTokenizer", make_plain<BertPreTokenizer>},
    {"ByteLevel", make_byte_level<spelling>},
    {"CharDelimiterSplit", make_delimiter_split},
    {"Digits", make_digits},
    {"FixedLength", make_fixed_length},
    {"Metaspace", make_metaspace},
    {"Punctuation", make_punctuation},
    {"Sequence", make_sequence<spelling>},
    {"Split", make_split},
    {"UnicodeScripts", make_plain<UnicodeScripts>},
    {"Whitespace", make_plain<Whitespace>},
    {"WhitespaceSplit", make_whitespace_split},
};

}  // namespace

Made make_pre_tokenizer(const Json& json, ByteLevel::Spelling spelling, const std::string& where) {
  if (spelling == ByteLevel::Spelling::raw) {
    return make_component<PreTokenizer>(kTypes<ByteLevel::Spelling::raw>, "pre_tokenizer", json, where);
  }
  return make_component<PreTokenizer>(kTypes<ByteLevel::Spelling::stand_ins>, "pre_tokenizer", json, where);
}

bool ends_in_byte_level(const Json& json) {
  if (type_of(json) == "ByteLevel") return true;
  if (type_of(json) != "Sequence" || !json.contains("pretokenizers")) return false;
  const Json& steps = json["pretokenizers"];
  if (!steps.is_array() || steps.empty() || type_of(steps.back()) != "ByteLevel") return false;
  return std::ranges::all_of(steps.begin(), steps.end() - 1, [](const Json& step) {
    return type_of(step) != "ByteLevel" && type_of(step) != "Sequence";
  });
}

}  // namespace tastevin::tokenizer
