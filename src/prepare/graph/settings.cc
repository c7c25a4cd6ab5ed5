#include "prepare/graph/settings.h"

#include "base/error.h"
#include "base/json.h"

namespace tastevin::graph {

void unsupported(const checkpoint::ModelConfig& config, const std::string& what) {
  throw Error(
      ErrorCode::unsupported_model,
      config.where + ": " + what +
          " is not built here; `python -m tastevin.export MODEL OUT` converts some other families (docs/python.md)");
}

std::size_t size_setting(const checkpoint::ModelConfig& config, const char* key, std::size_t fallback) {
  return size_or(config.raw, key, fallback, config.where);
}

double number_setting(const checkpoint::ModelConfig& config, const char* key, double fallback) {
  return number_or(config.raw, key, fallback, config.where);
}

std::string text_setting(const checkpoint::ModelConfig& config, const char* key, const char* fallback) {
  return string_or(config.raw, key, fallback, config.where);
}

bool is_set(const checkpoint::ModelConfig& config, const char* key) {
  return bool_or(config.raw, key, false, config.where);
}

Bias bias_setting(const checkpoint::ModelConfig& config, const char* key) {
  return is_set(config, key) ? Bias::added : Bias::none;
}

std::size_t token_type_count(const checkpoint::ModelConfig& config) {
  return size_setting(config, "type_vocab_size", 2);
}

void require_plain_encoder(const checkpoint::ModelConfig& config) {
  const std::string positions = text_setting(config, "position_embedding_type", "absolute");
  if (positions != "absolute") unsupported(config, "position_embedding_type " + in_quotes(positions));
  if (is_set(config, "is_decoder")) unsupported(config, "attention that only looks back ('is_decoder')");
}

}  // namespace tastevin::graph
