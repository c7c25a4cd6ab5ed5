#pragma once

// A split pattern of tokenizer.json, run by Oniguruma as the reference runs it: same syntax, same iteration over
// matches, and character classes of the reference's Unicode version. (What stays ours: how (?i) folds the letters that
// Unicode 15 and 16 added.) Immutable; safe from many threads.

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace tastevin::tokenizer {

class Regex {
 public:
  struct Match {
    std::size_t begin = 0;
    std::size_t end = 0;
  };

  /// Throws `Error{bad_checkpoint}` naming `where` for what is not a pattern, and `Error{unsupported_model}` for the
  /// few operators whose meaning depends on a Unicode version that we cannot change (\X, \y, (?W) and their like).
  Regex(std::string_view pattern, const std::string& where);

  /// Calls `take(begin, end)` for each match in `text` (valid UTF-8), in order; matches may be empty.
  /// Throws `Error{too_large}` when a search needs more steps than `kRetryLimit`.
  template <class Take>
  void each_match(std::string_view text, Take&& take) const {
    Search search(*this, text);
    while (const auto match = search.next()) take(match->begin, match->end);
  }

  static constexpr unsigned long kRetryLimit = 100'000'000;

 private:
  struct Compiled;
  struct Positions;

  class Search {
   public:
    Search(const Regex& regex, std::string_view text);
    ~Search();
    Search(const Search&) = delete;
    Search& operator=(const Search&) = delete;

    std::optional<Match> next();

   private:
    std::optional<Match> find();

    const Regex& regex_;
    std::string_view text_;
    std::unique_ptr<Positions> positions_;
    std::size_t at_ = 0;
    bool skip_empty_ = false;
  };

  std::shared_ptr<const Compiled> compiled_;
};

}  // namespace tastevin::tokenizer
