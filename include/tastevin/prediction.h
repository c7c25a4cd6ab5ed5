#pragma once

// One answer of a classifier: plain data that owns its strings.

#include <cstddef>
#include <string>
#include <vector>

namespace tastevin {

struct ScoredLabel {
  std::string label;
  float score = 0;
  std::size_t id = 0;  ///< of the label: its place among the model's, or among those that zero-shot was asked about
};

/// What a model says of a part of a long text.
struct WindowPrediction {
  std::size_t begin = 0;  ///< code points [begin, end) of the text
  std::size_t end = 0;
  std::string label;
  float score = 0;
};

struct Prediction {
  std::string label;  ///< that of the highest score, whatever the threshold; under a stored `reject_below`, its `other`
  float score = 0;    ///< the highest
  std::vector<ScoredLabel>
      scores;                ///< at most `top_k` labels at or above the threshold, best first, ties in label-id order
  bool multi_label = false;  ///< whether several labels may hold at once
  std::vector<std::string> labels;  ///< multi-label models only: every label that holds, best first; possibly none
  std::vector<float> logits;        ///< one per label in label-id order; empty unless asked for
  std::size_t tokens = 0;           ///< tokens the model saw, special ones counted
  bool truncated = false;           ///< whether the text was cut to fit
  std::vector<WindowPrediction> windows;  ///< of a text that was read in more than one, in order
};

/// The scores of `prediction`, which has them best first, by the ids of `labels` labels; 0 where it has none.
inline std::vector<float> scores_by_id(const Prediction& prediction, std::size_t labels) {
  std::vector<float> scores(labels, 0);
  for (const ScoredLabel& scored : prediction.scores)
    if (scored.id < labels) scores[scored.id] = scored.score;
  return scores;
}

}  // namespace tastevin
