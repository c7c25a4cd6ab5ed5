#include "classify/tokenizer/normalizers.h"

#include <utility>
#include <vector>

#include "classify/tokenizer/bert_normalizer.h"
#include "classify/tokenizer/component_table.h"
#include "classify/tokenizer/precompiled.h"
#include "classify/tokenizer/replace.h"
#include "classify/tokenizer/simple_normalizers.h"
#include "classify/tokenizer/unicode_form.h"

namespace tastevin::tokenizer {
namespace {

using Made = std::unique_ptr<const Normalizer>;

class NormalizerSequence final : public Normalizer {
 public:
  explicit NormalizerSequence(std::vector<Made> steps) : steps_(std::move(steps)) {}

  void apply(AlignedText& text, Scratch& scratch) const override {
    for (const Made& step : steps_) step->apply(text, scratch);
  }

 private:
  std::vector<Made> steps_;
};

template <class Component>
Made make_plain(const Json& /*json*/, const std::string& /*where*/) {
  return std::make_unique<Component>();
}

template <UnicodeForm::Decomposition decomposition, UnicodeForm::Composition composition>
Made make_form(const Json& /*json*/, const std::string& /*where*/) {
  return std::make_unique<UnicodeForm>(decomposition, composition);
}

Made make_bert(const Json& json, const std::string& where) {
  BertRules rules;
  rules.clean_text = bool_or(json, "clean_text", true, where);
  rules.handle_chinese_chars = bool_or(json, "handle_chinese_chars", true, where);
  rules.lowercase = bool_or(json, "lowercase", true, where);
  rules.strip_accents = bool_or(json, "strip_accents", rules.lowercase, where);
  return std::make_unique<BertNormalizer>(rules);
}

Made make_strip(const Json& json, const std::string& where) {
  return std::make_unique<Strip>(
      Strip::Sides{bool_or(json, "strip_left", true, where), bool_or(json, "strip_right", true, where)});
}

Made make_prepend(const Json& json, const std::string& where) {
  return std::make_unique<Prepend>(require_string(json, "prepend", where));
}

Made make_replace(const Json& json, const std::string& where) {
  return std::make_unique<Replace>(Pattern::read(json, where), require_string(json, "content", where));
}

Made make_precompiled(const Json& json, const std::string& where) {
  return std::make_unique<Precompiled>(
      Charsmap::from_base64(require_string(json, "precompiled_charsmap", where), where));
}

Made make_sequence(const Json& json, const std::string& where) {
  std::vector<Made> steps;
  for (const Json& step : component_list(json, "normalizers", where)) steps.push_back(make_normalizer(step, where));
  return in_sequence(std::move(steps));
}

using Form = UnicodeForm;

constexpr ComponentType<Normalizer> kTypes[] = {
    {"BertNormalizer", make_bert},
    {"ByteLevel", make_plain<ByteLevelNormalizer>},
    {"Lowercase", make_plain<Lowercase>},
    {"NFC", make_form<Form::Decomposition::canonical, Form::Composition::canonical>},
    {"NFD", make_form<Form::Decomposition::canonical, Form::Composition::none>},
    {"NFKC", make_form<Form::Decomposition::compatibility, Form::Composition::canonical>},
    {"NFKD", make_form<Form::Decomposition::compatibility, Form::Composition::none>},
    {"Nmt", make_plain<Nmt>},
    {"Precompiled", make_precompiled},
    {"Prepend", make_prepend},
    {"Replace", make_replace},
    {"Sequence", make_sequence},
    {"Strip", make_strip},
    {"StripAccents", make_plain<StripAccents>},
};

}  // namespace

Made in_sequence(std::vector<Made> steps) { return std::make_unique<NormalizerSequence>(std::move(steps)); }

Made make_normalizer(const Json& json, const std::string& where) {
  return make_component<Normalizer>(kTypes, "normalizer", json, where);
}

}  // namespace tastevin::tokenizer
