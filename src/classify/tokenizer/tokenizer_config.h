#pragma once

// What stands beside tokenizer.json: tokenizer_config.json, special_tokens_map.json and, for the class, config.json.
// Only what changes ids, offsets or limits is read.

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/json.h"
#include "classify/tokenizer/added_tokens.h"

namespace tastevin::tokenizer {

struct TokenizerConfig {
  Json settings = Json::object();  // tokenizer_config.json with special_tokens_map.json, or empty
  std::string where;               // its path, for messages
  std::string tokenizer_class;     // without "Fast"; empty: unknown
  std::optional<std::size_t> model_max_length;
  std::optional<bool> cuts_at_the_start;  // truncation_side
  bool has_type_ids = true;               // whether model_input_names, or those of the class, have token_type_ids
  bool splits_special_tokens = false;     // they are read as any text
  bool has_decoder = false;               // added_tokens_decoder, which says all of added tokens
  std::vector<AddedToken> added_tokens;   // of added_tokens_decoder or added_tokens.json, in the order of their ids

  /// `key` ("pad_token", ...) as text, or nothing.
  std::optional<std::string> special_token(const char* key) const;
};

TokenizerConfig read_tokenizer_config(const std::filesystem::path& folder);

/// `content`, `lstrip`, ... of one entry of `added_tokens`.
AddedToken read_added_token(const Json& json, const std::string& where);

}  // namespace tastevin::tokenizer
