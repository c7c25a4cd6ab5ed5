#pragma once

// Finds a quote of a CSV or quoted TSV file that is never closed, which a reader takes for one value up to the end.

#include <cstdint>
#include <string_view>

namespace tastevin::tables {

class OpenQuote {
 public:
  explicit OpenQuote(char delimiter) : delimiter_(delimiter) {}

  /// The next bytes of the file. A quote opens a value only at its beginning; within it, a doubled one is a character.
  void pass(std::string_view bytes) {
    for (const char c : bytes) pass(c);
  }

  /// The line, from 1, of the quote that is open; 0 when none is.
  std::uint64_t line() const { return state_ == State::quoted ? opened_ : 0; }

 private:
  enum class State : std::uint8_t { beginning, plain, quoted, quote };

  void pass(char c) {
    if (c == '\n') ++line_;
    if (state_ == State::quoted) {
      if (c == '"') state_ = State::quote;
      return;
    }
    if (c == '"' && state_ == State::beginning) opened_ = line_;
    if (c == '"' && state_ != State::plain) {
      state_ = State::quoted;
    } else {
      state_ = c == delimiter_ || c == '\n' || c == '\r' ? State::beginning : State::plain;
    }
  }

  char delimiter_;
  State state_ = State::beginning;
  std::uint64_t line_ = 1;
  std::uint64_t opened_ = 0;
};

}  // namespace tastevin::tables
