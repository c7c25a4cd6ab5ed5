#pragma once

// Which words a model's answer rests on, by occlusion (Zeiler and Fergus 2014): each word or sentence is taken out in
// turn, and what that takes from the logit of the answer is its effect.
//
//   const std::vector<std::string> texts{"the film is not good"};
//   const auto explanation = tastevin::explain(classifier, texts).front();
//   // explanation.label == "NEGATIVE"; of its effects, "not" has the largest

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "tastevin/classifier.h"

namespace tastevin {

/// What is taken out at a time.
enum class Unit : std::uint8_t { word, sentence };
template <>
inline constexpr std::array<std::string_view, 2> enum_names<Unit>{"word", "sentence"};

/// How: left out with the blanks after it, or replaced by the model's mask token.
enum class Occlusion : std::uint8_t { leave_out, mask };
template <>
inline constexpr std::array<std::string_view, 2> enum_names<Occlusion>{"leave_out", "mask"};

struct ExplainOptions {
  Unit by = Unit::word;
  Occlusion occlusion = Occlusion::leave_out;
  std::string mask_token = {};
  std::string label = {};
  ClassifyOptions reading = {};  ///< of its fields, those of how a text is read count
  /// Called before each step of some variants, on the calling thread; what it throws ends the explanation. None: all
  /// variants are packed together.
  std::function<void()> before_step = {};

  template <class Self, class Visit>
  static void fields(Self& self, Visit&& visit) {
    visit("by", self.by, "what is taken out at a time");
    visit("occlusion", self.occlusion, "how: left out, or replaced by the mask token");
    visit("mask-token", self.mask_token, "token that a mask is (default: [MASK] or <mask>, as the model has it)");
    visit("label", self.label, "the label to explain, by name or id (default: each text's own)");
    ClassifyOptions::reading_fields(self.reading, visit);
  }
};

struct Effect {
  std::size_t begin = 0;  ///< code points [begin, end) of the text
  std::size_t end = 0;
  std::string text;
  float effect = 0;  ///< the label's logit with this minus without it: above 0, it speaks for the label
};

struct Explanation {
  std::string text;  ///< as it was read: broken bytes are U+FFFD
  std::string label;
  float score = 0;              ///< of the label, for the whole text
  float logit = 0;              ///< the same
  std::vector<Effect> effects;  ///< in the order of the text
  bool truncated = false;       ///< whether the text was cut to fit: what the model did not see has no effect
};

/// Explains the answer to each text. All variants of a text run packed together, with those of other short ones; a text
/// of n words costs as much as n + 1 texts. Throws `Error{invalid_argument}` for a label or a mask token that the model
/// does not know, and `Error{too_large}` for a text of more than 2000 words.
std::vector<Explanation> explain(const Classifier& classifier, std::span<const std::string> texts,
                                 const ExplainOptions& options = {});

/// As JSON (an object), and several as a page of its own, their words coloured by effect.
std::string to_json(const Explanation& explanation);
std::string to_html(std::span<const Explanation> explanations);

}  // namespace tastevin
