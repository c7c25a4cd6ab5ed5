#pragma once

// Text to token ids, exactly as Hugging Face `tokenizers` has it. Immutable after load; safe to call from many threads.

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "flow/flow.h"
#include "tastevin/options.h"

namespace tastevin::tokenizer {

struct EncodeOptions {
  std::size_t max_length = 0;  // tokens with special ones; 0 = no limit
  Truncation truncation = Truncation::automatic;
  PairTruncation pair_truncation = PairTruncation::longest_first;
  bool special_tokens = true;
  bool offsets = false;
};

class Tokenizer {
 public:
  /// Loads `folder/tokenizer.json`, or what stands for it (`vocab.txt` with `tokenizer_config.json`, ...), for a model
  /// that has `rows` of words (0: any number): a special token that the configuration or the class names, but no file
  /// gives an id, is left out where it would get one beyond them. The reference fails once a text has it.
  /// Throws `Error{not_found}` when there is none, `Error{bad_checkpoint}` when a file contradicts itself, and
  /// `Error{unsupported_model}` naming a component that is not built here.
  static Tokenizer load(const std::filesystem::path& folder, std::size_t rows = 0);

  ~Tokenizer();
  Tokenizer(Tokenizer&&) noexcept;
  Tokenizer& operator=(Tokenizer&&) noexcept;

  /// Invalid UTF-8 is read as U+FFFD (offsets count the repaired text). Throws `Error{too_large}` under
  /// `Truncation::error`, for a text that a pattern gives up on (`Regex`), and for a pair whose text that must stay
  /// whole has no room, and `Error{invalid_argument}` when `max_length` has none for the special tokens.
  Encoding encode(const Text& text, const EncodeOptions& options) const;
  /// The same into a buffer that is reused, for loops over many texts.
  void encode(const Text& text, const EncodeOptions& options, Encoding& out) const;

  /// Cuts a text that is longer than `max_length` (> 0) into windows that share `stride` tokens with the one before,
  /// each with its special tokens. Of a pair, `pair_truncation` names the text that is cut; the other stands in each
  /// window whole. Under `Truncation::left` the first window ends the text. Throws `Error{too_large}` when a window has
  /// no room for more than `stride` tokens of the text, or the windows of a pair would have more than 8 times its
  /// tokens, and `Error{invalid_argument}` when a pair is to be cut by `longest_first`.
  std::vector<Encoding> encode_windows(const Text& text, const EncodeOptions& options, std::size_t stride) const;

  /// The words of `text`, in order: the pre-tokenizer's pieces by their place in the text, cut at blanks, which belong
  /// to no word.
  std::vector<Span> words(std::string_view text) const;

  /// `model_max_length` of tokenizer_config.json, unless it is absent or means "no limit" (1e30).
  std::optional<std::size_t> model_max_length() const noexcept;
  /// Whether the reference gives a model the types of the two texts of a pair; without them all are of the first.
  bool has_type_ids() const noexcept;
  /// The id that fills a padded row.
  std::int32_t pad_id() const noexcept;
  /// One more than the largest id that a text can get, added tokens included.
  std::size_t id_bound() const noexcept;
  /// How many special tokens stand around a text, or around the two of a pair.
  std::size_t special_tokens(bool pair) const noexcept;
  /// What was taken for granted, since no file says it; empty when nothing was.
  const std::string& warning() const noexcept;
  std::string_view token(std::int32_t id) const;

 private:
  struct Parts;
  explicit Tokenizer(std::unique_ptr<const Parts> parts);
  std::unique_ptr<const Parts> parts_;
};

}  // namespace tastevin::tokenizer
