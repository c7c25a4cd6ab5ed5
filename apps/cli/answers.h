#pragma once

// Predictions as the command line prints them.

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tastevin/options.h"
#include "tastevin/prediction.h"

namespace tastevin {

namespace cli {

enum class Format : std::uint8_t { text, json, jsonl, tsv };

}  // namespace cli

template <>
inline constexpr std::array<std::string_view, 4> enum_names<cli::Format>{"text", "json", "jsonl", "tsv"};

namespace cli {

/// What the JSON of an answer is like: ours, or that of the pipeline zero-shot-classification: sequence, labels,
/// scores.
enum class Shape : std::uint8_t { own, zero_shot };

/// Milliseconds; `load` is the model's, the others belong to the call in which the text was answered.
struct Timing {
  double load = 0;
  double tokenize = 0;
  double infer = 0;
  double total = 0;
};

/// For commands that can be told to.
inline constexpr std::string_view kRefusesLongTexts = "; --truncation error refuses them";

/// Says on standard error how many of `texts` were cut, if any were, and `more`.
void tell_truncated(std::size_t truncated, std::size_t texts, std::string_view more = {});

/// Writes answers to standard output in one format, as they come.
class AnswerWriter {
 public:
  explicit AnswerWriter(Format format, Shape shape = Shape::own) : format_(format), shape_(shape) {}

  /// `timing` is printed with each answer in the JSON formats.
  void write(std::string_view text, const Prediction& prediction, const std::optional<Timing>& timing);
  /// What the format needs at its end; hands out what was written.
  void finish();

 private:
  Format format_;
  Shape shape_;
  std::size_t index_ = 0;
};

}  // namespace cli
}  // namespace tastevin
