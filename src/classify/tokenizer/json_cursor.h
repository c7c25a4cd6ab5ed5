#pragma once

// Walks over JSON text without building a tree, for the big vocabularies inside tokenizer.json. Small parts are taken
// out as raw text and given to base/json. Every read is bounds-checked; whatever is not JSON throws
// `Error{bad_checkpoint}` with `where` and the byte. The text must outlive the cursor.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace tastevin::tokenizer {

class JsonCursor {
 public:
  JsonCursor(std::string_view text, std::string where) : text_(text), where_(std::move(where)) {}

  /// Enters an object; then `next_key` until it is false.
  void enter_object() { enter('{'); }
  /// The next key, valid until the next `next_key` or `string`, with the cursor at its value; false at the object's
  /// end.
  bool next_key(std::string_view& key);

  /// Enters an array; then `next_element` until it is false.
  void enter_array() { enter('['); }
  bool next_element() { return next_in(']'); }

  /// The string at the cursor, valid until the next `next_key` or `string`.
  std::string_view string();
  std::int64_t integer();
  double real();
  /// Steps over a value of any kind and returns its text.
  std::string_view raw_value();

  bool at_string() { return peek() == '"'; }
  void expect_end();

  [[noreturn]] void fail(const std::string& expected) const;

 private:
  char peek();
  void enter(char open);
  bool next_in(char close);
  void skip_string();
  std::string_view number();
  std::string_view unescape(std::size_t begin);
  void append_escape();
  char32_t hex4();

  std::string_view text_;
  std::string where_;
  std::size_t at_ = 0;
  bool first_ = false;  // just entered an object or array
  std::string unescaped_;
};

}  // namespace tastevin::tokenizer
