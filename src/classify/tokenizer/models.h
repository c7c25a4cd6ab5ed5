#pragma once

// Models by the `type` that tokenizer.json gives them. Vocabularies are streamed from the text of the file, not parsed
// into a tree first.

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "classify/tokenizer/bpe.h"
#include "classify/tokenizer/model.h"
#include "classify/tokenizer/vocabulary.h"

namespace tastevin::tokenizer {

struct LoadedModel {
  std::unique_ptr<const Model> model;
  BpePieces pieces = BpePieces::characters;
};

/// `json` is the text of the member `model`; `wanted` is what its pieces should be made of, where it can choose.
/// Throws `Error{unsupported_model}` naming a type that is not built here.
LoadedModel make_model(std::string_view json, BpePieces wanted, const std::string& where);

/// The object from token to id that the text `json` is.
/// Throws `Error{bad_checkpoint}` naming `where` and the byte when it is none, or an id is out of range.
Vocabulary read_vocabulary(std::string_view json, const std::string& where);

/// Raw bytes if they are wanted and can be read.
LoadedModel make_bpe(Vocabulary vocabulary, std::span<const MergeRule> rules, BpeOptions options);

}  // namespace tastevin::tokenizer
