#pragma once

// Texts that are read in several windows: what the model says of each becomes one answer.

#include <cstddef>
#include <map>
#include <span>
#include <vector>

#include "classify/decide/decide.h"
#include "feed.h"

namespace tastevin {

class LongTexts {
 public:
  LongTexts(const decide::Meaning& meaning, const ClassifyOptions& options) : meaning_(meaning), options_(options) {}

  /// Takes the logits of one window; they may come in any order.
  void add(const Feed::Part& window, std::span<const float> logits);

  /// Puts the answer to each text that had windows into its place.
  void answer(std::span<Prediction> answers);

  /// Puts the logits of each text that had windows into its row of `rows`.
  void put_logits(std::span<float> rows);

 private:
  struct Window {
    Feed::Part part;
    std::vector<float> logits;
  };

  static void sort(std::vector<Window>& windows);
  std::vector<float> together(const std::vector<Window>& windows) const;
  WindowPrediction alone(const Window& window) const;

  const decide::Meaning& meaning_;
  const ClassifyOptions& options_;
  std::map<std::size_t, std::vector<Window>> windows_;  // by text
};

}  // namespace tastevin
