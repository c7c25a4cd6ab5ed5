#pragma once

// ByteLevel as a pre-tokenizer: a blank before the text if asked, cuts by GPT-2's pattern, and bytes spelled by their
// stand-ins, unless the model reads raw bytes.

#include <cstdint>

#include "classify/tokenizer/pre_tokenizer.h"

namespace tastevin::tokenizer {

class ByteLevel final : public PreTokenizer {
 public:
  enum class Prefix : std::uint8_t { none, blank };
  enum class Cut : std::uint8_t { none, pattern };
  enum class Spelling : std::uint8_t { stand_ins, raw };

  struct Options {
    Prefix prefix = Prefix::blank;
    Cut cut = Cut::pattern;
    Spelling spelling = Spelling::stand_ins;
  };

  explicit ByteLevel(const Options& options) : options_(options) {}

  void apply(PreTokenized& state, Scratch& scratch) const override;

 private:
  Options options_;
};

}  // namespace tastevin::tokenizer
