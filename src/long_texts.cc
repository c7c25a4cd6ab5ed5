#include "long_texts.h"

#include <algorithm>

namespace tastevin {

void LongTexts::add(const Feed::Part& window, std::span<const float> logits) {
  windows_[window.text].push_back({window, {logits.begin(), logits.end()}});
}

void LongTexts::answer(std::span<Prediction> answers) {
  for (auto& [text, windows] : windows_) {
    sort(windows);
    Prediction answer = decide::decide(together(windows), meaning_, options_);
    answer.windows.reserve(windows.size());
    for (const Window& window : windows) {
      answer.windows.push_back(alone(window));
      answer.tokens += window.part.tokens;
    }
    answers[text] = std::move(answer);
  }
}

void LongTexts::put_logits(std::span<float> rows) {
  for (auto& [text, windows] : windows_) {
    sort(windows);
    const std::vector<float> logits = together(windows);
    std::ranges::copy(logits, rows.subspan(text * logits.size(), logits.size()).begin());
  }
}

void LongTexts::sort(std::vector<Window>& windows) {
  std::ranges::sort(windows, {}, [](const Window& window) { return window.part.window; });
}

std::vector<float> LongTexts::together(const std::vector<Window>& windows) const {
  std::vector<float> result = windows.front().logits;
  if (options_.aggregate == Aggregate::first) return result;
  for (const Window& window : std::span(windows).subspan(1)) {
    for (std::size_t i = 0; i < result.size(); ++i) {
      const float logit = window.logits[i];
      result[i] = options_.aggregate == Aggregate::max ? std::max(result[i], logit) : result[i] + logit;
    }
  }
  if (options_.aggregate == Aggregate::mean) {
    for (float& logit : result) logit /= static_cast<float>(windows.size());
  }
  return result;
}

WindowPrediction LongTexts::alone(const Window& window) const {
  const Prediction prediction = decide::decide(window.logits, meaning_, options_);
  return {window.part.source.begin, window.part.source.end, prediction.label, prediction.score};
}

}  // namespace tastevin
