#pragma once

// What only some families' configs say, read as transformers reads it: with the defaults of its config classes, and a
// refusal by name where a value asks for something that is not built here.

#include <cstddef>
#include <string>

#include "prepare/checkpoint/config.h"
#include "prepare/graph/blocks.h"

namespace tastevin::graph {

/// Throws `Error{unsupported_model}`: the model's config asks for `what`.
[[noreturn]] void unsupported(const checkpoint::ModelConfig& config, const std::string& what);

std::size_t size_setting(const checkpoint::ModelConfig& config, const char* key, std::size_t fallback);
double number_setting(const checkpoint::ModelConfig& config, const char* key, double fallback);
std::string text_setting(const checkpoint::ModelConfig& config, const char* key, const char* fallback);
bool is_set(const checkpoint::ModelConfig& config, const char* key);        // false when it is absent
Bias bias_setting(const checkpoint::ModelConfig& config, const char* key);  // none when it is absent
std::size_t token_type_count(const checkpoint::ModelConfig& config);        // `type_vocab_size`, 2 when absent

/// Refuses positions that are not looked up in a table (`position_embedding_type` relative_key, relative_key_query),
/// and attention that only looks back (`is_decoder`).
void require_plain_encoder(const checkpoint::ModelConfig& config);

}  // namespace tastevin::graph
