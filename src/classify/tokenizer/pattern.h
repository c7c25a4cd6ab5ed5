#pragma once

// What Split and Replace look for: a literal string or a regular expression. Immutable; any thread.

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "classify/tokenizer/cut_behavior.h"
#include "classify/tokenizer/regex.h"

namespace tastevin::tokenizer {

class Pattern {
 public:
  /// Reads the member `pattern`: {"String": ...} or {"Regex": ...}, or a bare string.
  static Pattern read(const Json& json, const std::string& where);

  /// Appends the matches in `text` and the gaps between them; `origin` is added to their places.
  void find(std::string_view text, std::size_t origin, std::vector<Match>& out) const;

 private:
  explicit Pattern(std::string literal) : literal_(std::move(literal)) {}
  explicit Pattern(std::unique_ptr<const Regex> regex) : regex_(std::move(regex)) {}

  void find_literal(std::string_view text, std::size_t origin, std::vector<Match>& out) const;

  std::string literal_;
  std::unique_ptr<const Regex> regex_;  // null: the literal
};

}  // namespace tastevin::tokenizer
