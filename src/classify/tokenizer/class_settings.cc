#include "classify/tokenizer/class_settings.h"

#include "classify/tokenizer/component_table.h"
#include "classify/tokenizer/tokenizer_class.h"

namespace tastevin::tokenizer {
namespace {

void set_if_there(Json& component, const char* key, const TokenizerConfig& config, bool fallback) {
  if (component.is_object() && component.contains(key)) {
    component[key] = bool_or(config.settings, key, fallback, config.where);
  }
}

}  // namespace

void apply_to_normalizer(const TokenizerConfig& config, Json& normalizer) {
  const Family family = family_of(config.tokenizer_class);
  if (type_of(normalizer) != "BertNormalizer" || (family != Family::bert && family != Family::mpnet)) return;
  normalizer["lowercase"] = bool_or(config.settings, "do_lower_case", true, config.where);
  const auto accents = config.settings.find("strip_accents");
  normalizer["strip_accents"] = accents == config.settings.end() ? Json() : *accents;
  if (family == Family::mpnet) return;
  normalizer["handle_chinese_chars"] = bool_or(config.settings, "tokenize_chinese_chars", true, config.where);
}

void apply_to_pre_tokenizer(const TokenizerConfig& config, Json& pre_tokenizer) {
  if (config.tokenizer_class.empty() || type_of(pre_tokenizer) != "ByteLevel") return;
  set_if_there(pre_tokenizer, "add_prefix_space", config, false);
}

void apply_to_post_processor(const TokenizerConfig& config, Json& post_processor) {
  if (family_of(config.tokenizer_class) != Family::roberta) return;
  set_if_there(post_processor, "add_prefix_space", config, false);
  set_if_there(post_processor, "trim_offsets", config, true);
}

}  // namespace tastevin::tokenizer
