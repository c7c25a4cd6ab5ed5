#include "work/jobs/known_answers.h"

#include <algorithm>
#include <random>
#include <type_traits>
#include <utility>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "base/error.h"

namespace tastevin::jobs {
namespace {

template <class T>
void put(std::string& bytes, const T& value) {
  static_assert(std::is_trivially_copyable_v<T>);
  bytes.append(reinterpret_cast<const char*>(&value), sizeof value);
}

/// Takes `count` bytes from the front.
std::string_view take(std::string_view& bytes, std::size_t count) {
  if (bytes.size() < count) throw Error(ErrorCode::invalid_argument, "the answers of an earlier run are cut off");
  const std::string_view first = bytes.substr(0, count);
  bytes.remove_prefix(count);
  return first;
}

template <class T>
T take(std::string_view& bytes) {
  T value;
  std::ranges::copy(take(bytes, sizeof value), reinterpret_cast<char*>(&value));
  return value;
}

std::uint64_t random_seed() {
  std::random_device random;
  return (std::uint64_t{random()} << 32U) | random();
}

}  // namespace

KnownAnswers::KnownAnswers(std::vector<std::string> labels, bool logits, std::size_t most_bytes)
    : labels_(std::move(labels)), floats_(labels_.size() * (logits ? 2 : 1)), seed_(random_seed()) {
  constexpr std::size_t kOfAPlace = 56;  // a node of the map and its share of the table
  most_ = most_bytes / (kOfAPlace + sizeof(Answer) + floats_ * sizeof(float));
}

KnownAnswers::Key KnownAnswers::key_of(const Text& text) const {
  XXH3_state_t state;
  XXH3_INITSTATE(&state);
  XXH3_128bits_reset_withSeed(&state, seed_);
  // The first text's length keeps "a", "bc" from "ab", "c"; a text alone from one with an empty second.
  const std::uint64_t head = text.text.size() * 2 + (text.pair ? 1 : 0);
  XXH3_128bits_update(&state, &head, sizeof head);
  XXH3_128bits_update(&state, text.text.data(), text.text.size());
  if (text.pair) XXH3_128bits_update(&state, text.pair->data(), text.pair->size());
  const XXH128_hash_t hash = XXH3_128bits_digest(&state);
  return {hash.low64, hash.high64};
}

std::optional<KnownAnswers::Place> KnownAnswers::place_of(const Text& text) {
  const Key key = key_of(text);
  const auto found = places_.find(key);
  if (found != places_.end()) return Place{found->second, false};
  if (places_.size() >= most_) return std::nullopt;
  const std::size_t index = places_.size();
  places_.emplace(key, static_cast<std::uint32_t>(index));
  return Place{index, true};
}

void KnownAnswers::add(const Outcome& outcome) {
  const Prediction& prediction = outcome.prediction;
  Answer answer{.tokens = static_cast<std::uint32_t>(prediction.tokens),
                .truncated = prediction.truncated,
                .failed = !outcome.error.empty(),
                .score = prediction.score};
  const auto label = std::ranges::find(labels_, prediction.label) - labels_.begin();
  answer.label = static_cast<std::uint16_t>(label);
  if (answer.failed) {
    words_[answers_.size()] = outcome.error;
  } else if (answer.label == labels_.size()) {
    words_[answers_.size()] = prediction.label;
  }
  const std::size_t begin = values_.size();
  values_.resize(begin + floats_, 0);
  std::ranges::copy(scores_by_id(prediction, labels_), values_.begin() + static_cast<std::ptrdiff_t>(begin));
  const auto logits = values_.begin() + static_cast<std::ptrdiff_t>(begin + labels_.size());
  if (floats_ > labels_.size()) std::ranges::copy(prediction.logits, logits);
  answers_.push_back(answer);
}

Outcome KnownAnswers::at(std::size_t index) const {
  const Answer& answer = answers_.at(index);
  Outcome outcome;
  if (answer.failed) {
    outcome.error = words_.at(index);
    return outcome;
  }
  Prediction& prediction = outcome.prediction;
  prediction.label = answer.label < labels_.size() ? labels_[answer.label] : words_.at(index);
  prediction.score = answer.score;
  prediction.tokens = answer.tokens;
  prediction.truncated = answer.truncated;
  const auto values = values_.begin() + static_cast<std::ptrdiff_t>(index * floats_);
  const auto labels = static_cast<std::ptrdiff_t>(labels_.size());
  for (std::size_t i = 0; i < labels_.size(); ++i)
    prediction.scores.push_back({labels_[i], values[static_cast<std::ptrdiff_t>(i)]});
  std::ranges::stable_sort(prediction.scores, std::ranges::greater{}, &ScoredLabel::score);
  if (floats_ > labels_.size())
    prediction.logits.assign(values + labels, values + static_cast<std::ptrdiff_t>(floats_));
  return outcome;
}

std::string KnownAnswers::saved(std::size_t first) const {
  std::string bytes;
  for (std::size_t index = first; index < answers_.size(); ++index) {
    put(bytes, answers_[index]);
    for (std::size_t i = 0; i < floats_; ++i) put(bytes, values_[index * floats_ + i]);
    const auto words = words_.find(index);
    const std::string_view text = words == words_.end() ? std::string_view() : std::string_view(words->second);
    put(bytes, static_cast<std::uint32_t>(text.size()));
    bytes += text;
  }
  return bytes;
}

void KnownAnswers::restore(std::string_view bytes) {
  while (!bytes.empty()) {
    answers_.push_back(take<Answer>(bytes));
    for (std::size_t i = 0; i < floats_; ++i) values_.push_back(take<float>(bytes));
    const std::string_view text = take(bytes, take<std::uint32_t>(bytes));
    if (!text.empty()) words_[answers_.size() - 1] = text;
  }
}

}  // namespace tastevin::jobs
