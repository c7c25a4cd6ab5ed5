#pragma once

// Post-processors by the `type` that tokenizer.json gives them, brought down to templates.

#include <string>

#include "base/json.h"
#include "classify/tokenizer/post_processor.h"

namespace tastevin::tokenizer {

/// The default for JSON null. Throws `Error{unsupported_model}` naming a type that is not built here, and
/// `Error{bad_checkpoint}` for a template that names a special token which it does not define.
PostProcessor make_post_processor(const Json& json, const std::string& where);

/// `[CLS] A [SEP]` and `[CLS] A [SEP] B [SEP]`.
PostProcessor bert_post_processor(std::int32_t cls, std::int32_t sep);
/// `<s> A </s>` and `<s> A </s> </s> B </s>`, where the last two are of type 1.
PostProcessor mpnet_post_processor(std::int32_t cls, std::int32_t sep);
/// `<s> A </s>` and `<s> A </s> </s> B </s>`.
PostProcessor roberta_post_processor(std::int32_t cls, std::int32_t sep);

}  // namespace tastevin::tokenizer
