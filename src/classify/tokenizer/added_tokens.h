#pragma once

// Added tokens are found in the text before anything else happens to it (or, when `normalized`, right after the
// normalizer) and become one id each. The leftmost of the longest literals wins. Immutable; any thread.

#include <bitset>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "classify/tokenizer/double_array.h"
#include "classify/tokenizer/pre_tokenized.h"

namespace tastevin::tokenizer {

struct AddedToken {
  std::string content;
  std::int32_t id = 0;
  bool single_word = false;  // only between what are not word characters
  bool lstrip = false;       // takes the white space before it along
  bool rstrip = false;       // and after it
  bool normalized = true;    // matched after the normalizer, itself normalized
  bool both = false;         // and before it too
  bool special = false;
  bool without_id = false;  // a configuration or a class names it, and no list of ids
};

class AddedTokenMatcher {
 public:
  AddedTokenMatcher() = default;
  /// `content` is the literal; of two equal ones the first counts. An empty one matches between any two characters, as
  /// in the reference, which fails at any that is not ASCII.
  explicit AddedTokenMatcher(std::vector<AddedToken> tokens);

  bool empty() const noexcept { return tokens_.empty() && !nothing_; }

  /// Appends the pieces of `text`, tokens and what lies between them, in order.
  void cut(std::string_view text, std::vector<Piece>& out) const;

 private:
  std::size_t next_candidate(std::string_view text, std::size_t at) const noexcept;

  std::vector<AddedToken> tokens_;
  std::optional<AddedToken> nothing_;  // the first whose content is empty
  DoubleArray literals_;               // values index `tokens_`
  std::bitset<256> first_bytes_;
  char only_first_byte_ = 0;
};

}  // namespace tastevin::tokenizer
