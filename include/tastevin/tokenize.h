#pragma once

// Text to tokens, exactly as Hugging Face `tokenizers` has it, for those who want the tokens themselves.

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "tastevin/options.h"
#include "tastevin/text.h"

namespace tastevin {

struct TokenizeOptions {
  std::size_t max_length = 0;
  Truncation truncation = Truncation::automatic;
  bool no_special = false;

  template <class Self, class Visit>
  static void fields(Self& self, Visit&& visit) {
    visit("max-length", self.max_length, "tokens a text may have, special tokens counted; 0 is no limit");
    visit("truncation", self.truncation,
          "what to do with a longer text: cut its end, cut its start, refuse it, or as the tokenizer's files say");
    visit("no-special", self.no_special, "leave out the special tokens that the model's template adds");
  }
};

/// One text (or pair) as tokens; all vectors are equally long.
struct Tokens {
  std::vector<std::int32_t> ids;
  std::vector<std::string> tokens;                               ///< as the vocabulary spells them
  std::vector<std::pair<std::uint32_t, std::uint32_t>> offsets;  ///< code points [begin, end) of the token's source
  std::vector<std::uint8_t> type_ids;                            ///< 0 first text, 1 second
  std::vector<std::uint8_t> special;                             ///< 1 where the template put the token
  bool truncated = false;
};

/// A loaded tokenizer. Immutable; safe to call from many threads.
class TextTokenizer {
 public:
  /// `model` is a folder with tokenizer files, weights or none, or an ONNX file, which lies in such a folder or in its
  /// `onnx`. Throws `Error{not_found | bad_checkpoint | unsupported_model}`.
  static TextTokenizer load(const std::filesystem::path& model);

  ~TextTokenizer();
  TextTokenizer(TextTokenizer&&) noexcept;
  TextTokenizer& operator=(TextTokenizer&&) noexcept;

  /// Throws `Error{invalid_argument}` for a `max_length` that the special tokens alone exceed, and `Error{too_large}`
  /// for a text over the limit under `Truncation::error`, or one that a pattern of the tokenizer gives up on.
  Tokens tokenize(const Text& text, const TokenizeOptions& options = {}) const;

 private:
  struct Parts;
  explicit TextTokenizer(std::unique_ptr<const Parts> parts);
  std::unique_ptr<const Parts> parts_;
};

}  // namespace tastevin
