#include "work/jobs/known_answers.h"

#include <algorithm>
#include <array>
#include <bit>
#include <random>
#include <type_traits>
#include <utility>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "base/error.h"
#include "base/ranking.h"

namespace tastevin::jobs {
namespace {

template <class T>
void put(std::string& bytes, const T& value) {
  static_assert(std::is_trivially_copyable_v<T>);
  bytes.append(reinterpret_cast<const char*>(&value), sizeof value);
}

/// Takes values from the front of bytes that may be anything.
class Values {
 public:
  Values(std::string_view bytes, const std::string& where) : bytes_(bytes), where_(where) {}

  [[noreturn]] void refuse(const std::string& found) const {
    throw Error(ErrorCode::invalid_argument, where_ + ": expected the answers to its texts, found " + found);
  }

  std::string_view text(std::size_t count) {
    if (bytes_.size() < count)
      refuse(std::to_string(bytes_.size()) + " bytes where " + std::to_string(count) + " are to be");
    const std::string_view first = bytes_.substr(0, count);
    bytes_.remove_prefix(count);
    return first;
  }

  template <class T>
  T number() {
    std::array<char, sizeof(T)> bytes{};
    std::ranges::copy(text(bytes.size()), bytes.begin());
    return std::bit_cast<T>(bytes);
  }

  bool flag() {
    const auto byte = number<std::uint8_t>();
    if (byte > 1) refuse(std::to_string(byte) + " where 0 or 1 is to be");
    return byte == 1;
  }

  std::size_t left() const { return bytes_.size(); }

 private:
  std::string_view bytes_;
  const std::string& where_;
};

std::uint64_t random_seed() {
  std::random_device random;
  return (std::uint64_t{random()} << 32U) | random();
}

/// 1 for each of `labels` that holds, 0 for the others.
std::vector<float> holding(const Prediction& prediction, const std::vector<std::string>& labels) {
  std::vector<float> holds;
  holds.reserve(labels.size());
  for (const std::string& label : labels)
    holds.push_back(std::ranges::find(prediction.labels, label) == prediction.labels.end() ? 0.0F : 1.0F);
  return holds;
}

}  // namespace

KnownAnswers::KnownAnswers(std::vector<std::string> labels, Kept kept, std::size_t most_bytes)
    : labels_(std::move(labels)),
      kept_(kept),
      floats_(labels_.size() * (1U + (kept.logits ? 1U : 0U) + (kept.labels ? 1U : 0U))),
      seed_(random_seed()) {
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

std::uint32_t KnownAnswers::label_of_words(const std::string& words) {
  const auto place = static_cast<std::uint32_t>(words_.size());
  const auto [known, is_new] = places_of_words_.emplace(words, place);
  if (is_new) words_.push_back(words);
  return static_cast<std::uint32_t>(labels_.size()) + known->second;
}

void KnownAnswers::add(const Outcome& outcome) {
  const Prediction& prediction = outcome.prediction;
  Answer answer{.tokens = static_cast<std::uint32_t>(prediction.tokens),
                .truncated = prediction.truncated,
                .failed = !outcome.error.empty(),
                .score = prediction.score};
  const auto label = std::ranges::find(labels_, prediction.label);
  const bool is_known = !answer.failed && label != labels_.end();
  answer.label = is_known ? static_cast<std::uint32_t>(label - labels_.begin())
                          : label_of_words(answer.failed ? outcome.error : prediction.label);
  const auto append = [this](const auto& values) { values_.insert(values_.end(), values.begin(), values.end()); };
  append(scores_by_id(prediction, labels_.size()));
  if (kept_.logits) append(answer.failed ? std::vector<float>(labels_.size()) : prediction.logits);
  if (kept_.labels) append(holding(prediction, labels_));
  answers_.push_back(answer);
}

Outcome KnownAnswers::at(std::size_t index) const {
  const Answer& answer = answers_.at(index);
  Outcome outcome;
  if (answer.failed) {
    outcome.error = words_of(answer);
    return outcome;
  }
  Prediction& prediction = outcome.prediction;
  prediction.label = has_words(answer) ? words_of(answer) : labels_[answer.label];
  prediction.score = answer.score;
  prediction.tokens = answer.tokens;
  prediction.truncated = answer.truncated;
  auto values = values_.begin() + static_cast<std::ptrdiff_t>(index * floats_);
  const auto next = [&values, this] {
    return std::exchange(values, values + static_cast<std::ptrdiff_t>(labels_.size()));
  };
  const auto first = next();
  const std::vector<float> scores(first, values);
  const std::vector<std::size_t> order = highest_first(scores);
  for (const std::size_t i : order) prediction.scores.push_back({labels_[i], scores[i], i});
  if (kept_.logits) {
    const auto logits = next();
    prediction.logits.assign(logits, values);
  }
  if (kept_.labels) {
    const auto holds = next();
    prediction.multi_label = true;
    for (const std::size_t i : order)
      if (holds[static_cast<std::ptrdiff_t>(i)] > 0) prediction.labels.push_back(labels_[i]);
  }
  return outcome;
}

std::string KnownAnswers::saved(std::size_t first) const {
  std::string bytes;
  for (std::size_t index = first; index < answers_.size(); ++index) {
    const Answer& answer = answers_[index];
    put(bytes, answer.tokens);
    put(bytes, std::min(answer.label, static_cast<std::uint32_t>(labels_.size())));
    put(bytes, answer.truncated);
    put(bytes, answer.failed);
    put(bytes, answer.score);
    for (std::size_t i = 0; i < floats_; ++i) put(bytes, values_[index * floats_ + i]);
    if (!has_words(answer)) continue;
    const std::string& words = words_of(answer);
    put(bytes, static_cast<std::uint32_t>(words.size()));
    bytes += words;
  }
  return bytes;
}

void KnownAnswers::restore(std::string_view bytes, const std::string& where) {
  Values values(bytes, where);
  while (answers_.size() < places_.size()) {
    Answer answer;
    answer.tokens = values.number<std::uint32_t>();
    answer.label = values.number<std::uint32_t>();
    answer.truncated = values.flag();
    answer.failed = values.flag();
    answer.score = values.number<float>();
    if (answer.label > labels_.size())
      values.refuse("label " + std::to_string(answer.label) + " of " + std::to_string(labels_.size()));
    for (std::size_t i = 0; i < floats_; ++i) values_.push_back(values.number<float>());
    if (answer.failed && !has_words(answer)) values.refuse("an error without words");
    if (has_words(answer)) answer.label = label_of_words(std::string(values.text(values.number<std::uint32_t>())));
    answers_.push_back(answer);
  }
  if (values.left() != 0) values.refuse(std::to_string(values.left()) + " bytes behind them");
}

}  // namespace tastevin::jobs
