#include "base/prediction_json.h"

namespace tastevin {

AnswerJson scores_json(const Prediction& prediction) {
  AnswerJson scores = AnswerJson::array();
  for (const ScoredLabel& scored : prediction.scores)
    scores.push_back({{"label", scored.label}, {"score", scored.score}});
  return scores;
}

AnswerJson windows_json(const Prediction& prediction) {
  AnswerJson windows = AnswerJson::array();
  for (const WindowPrediction& window : prediction.windows) {
    windows.push_back({{"begin", window.begin}, {"end", window.end}, {"label", window.label}, {"score", window.score}});
  }
  return windows;
}

void add_prediction(AnswerJson& object, const Prediction& prediction) {
  object["label"] = prediction.label;
  object["score"] = prediction.score;
  object["scores"] = scores_json(prediction);
  if (prediction.multi_label) object["labels"] = prediction.labels;
  if (!prediction.logits.empty()) object["logits"] = prediction.logits;
  object["tokens"] = prediction.tokens;
  object["truncated"] = prediction.truncated;
  if (!prediction.windows.empty()) object["windows"] = windows_json(prediction);
}

}  // namespace tastevin
