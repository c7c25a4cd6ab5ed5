#include "work/steps/steps.h"

#include <algorithm>
#include <iterator>

namespace tastevin {
namespace {

/// How many of the first texts are answered together.
std::size_t count_of_step(std::span<const Text> texts) {
  constexpr std::size_t kBytes = std::size_t{16} << 10U;
  std::size_t count = 0;
  for (std::size_t bytes = 0; count < texts.size(); ++count) {
    bytes += texts[count].text.size() + texts[count].pair.value_or("").size();
    if (count > 0 && bytes > kBytes) break;
  }
  return count;
}

}  // namespace

std::vector<Prediction> predict_in_steps(const Classifier& classifier, std::span<const Text> texts,
                                         const ClassifyOptions& options, const std::function<void()>& before_step) {
  if (!before_step) return classifier.classify(texts, options).predictions;
  std::vector<Prediction> all;
  all.reserve(texts.size());
  while (!texts.empty()) {
    before_step();
    const std::size_t count = count_of_step(texts);
    std::ranges::move(classifier.classify(texts.first(count), options).predictions, std::back_inserter(all));
    texts = texts.subspan(count);
  }
  return all;
}

}  // namespace tastevin
