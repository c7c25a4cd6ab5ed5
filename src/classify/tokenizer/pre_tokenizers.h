#pragma once

// Pre-tokenizers by the `type` that tokenizer.json gives them.

#include <memory>
#include <string>

#include "base/json.h"
#include "classify/tokenizer/byte_level.h"
#include "classify/tokenizer/pre_tokenizer.h"

namespace tastevin::tokenizer {

/// Null for JSON null. Throws `Error{unsupported_model}` naming a type that is not built here. `spelling` is that of
/// its ByteLevel parts: raw only where `ends_in_byte_level` holds and the model reads raw bytes.
std::unique_ptr<const PreTokenizer> make_pre_tokenizer(const Json& json, ByteLevel::Spelling spelling,
                                                       const std::string& where);

/// Whether nothing but a model comes after the one ByteLevel, so that its spelling can be left to the model.
bool ends_in_byte_level(const Json& json);

}  // namespace tastevin::tokenizer
