#pragma once

// The parts of a tokenizer as its files describe them, before they are put together.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "classify/tokenizer/added_tokens.h"
#include "classify/tokenizer/bpe.h"
#include "classify/tokenizer/model.h"
#include "classify/tokenizer/normalizer.h"
#include "classify/tokenizer/post_processor.h"
#include "classify/tokenizer/pre_tokenizer.h"

namespace tastevin::tokenizer {

struct Components {
  std::unique_ptr<const Normalizer> normalizer;       // null: none
  std::unique_ptr<const PreTokenizer> pre_tokenizer;  // null: none
  std::unique_ptr<const Model> model;
  BpePieces pieces = BpePieces::characters;  // what the model reads
  std::vector<AddedToken> added_tokens;      // in the order of the file; ids are assigned from the model
  std::size_t rows = 0;  // of the model's table: a token without id that would get another is none; 0: any number
  PostProcessor post_processor;
  std::string pad_token;               // as the configuration or the class names it; empty: none
  std::optional<std::int32_t> pad_id;  // as tokenizer.json has it
  std::optional<std::size_t> model_max_length;
  bool splits_special_tokens = false;  // they are read as any text
  bool cuts_at_the_start = false;
  bool has_type_ids = true;
  std::string warning;  // of what was taken for granted; empty: nothing
};

}  // namespace tastevin::tokenizer
