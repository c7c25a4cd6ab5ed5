#pragma once

// The texts of a job and their answers, so that equal texts run once, however far apart they stand.

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "tastevin/text.h"
#include "work/jobs/job_columns.h"

namespace tastevin::jobs {

/// What is kept of an answer beside its label and its scores.
struct Kept {
  bool logits = false;
  bool labels = false;  // those that hold, where several may
};

class KnownAnswers {
 public:
  /// At most about `most_bytes` are kept; texts after that are known no more.
  KnownAnswers(std::vector<std::string> labels, Kept kept, std::size_t most_bytes);

  struct Place {
    std::size_t index = 0;
    bool is_new = false;
  };
  /// The place of the answer to `text`: that of an equal text before, or a new one; none when there is no room. Equal
  /// are the same bytes, told by 128 bits of hash under a secret seed.
  std::optional<Place> place_of(const Text& text);

  /// Places are filled in order, from the first.
  void add(const Outcome& outcome);
  /// The answer in a place that is filled: the scores best first, without windows.
  Outcome at(std::size_t index) const;

  std::size_t size() const { return answers_.size(); }
  /// The answers from `first` on, as bytes for `restore`.
  std::string saved(std::size_t first) const;
  /// Fills the places that have no answer yet with what another run of the same job has saved of them. `bytes` may be
  /// anything: throws `Error{invalid_argument}`, which names `where`, unless they are just these answers.
  void restore(std::string_view bytes, const std::string& where);

 private:
  struct Key {
    std::uint64_t low = 0;
    std::uint64_t high = 0;
    bool operator==(const Key&) const = default;
  };
  struct HashOfKey {
    std::size_t operator()(const Key& key) const { return key.low; }
  };
  struct Answer {
    std::uint32_t tokens = 0;
    std::uint32_t label = 0;  // from the count of labels on, the place of what is said instead in `words_`
    bool truncated = false;
    bool failed = false;
    float score = 0;
  };

  Key key_of(const Text& text) const;
  bool has_words(const Answer& answer) const { return answer.label >= labels_.size(); }
  const std::string& words_of(const Answer& answer) const { return words_[answer.label - labels_.size()]; }
  std::uint32_t label_of_words(const std::string& words);

  std::vector<std::string> labels_;
  Kept kept_;
  std::size_t floats_;  // an answer: scores by id, then logits, then 1 for each label that holds
  std::size_t most_;    // answers
  std::uint64_t seed_;
  std::unordered_map<Key, std::uint32_t, HashOfKey> places_;
  std::deque<Answer> answers_;
  std::deque<float> values_;
  // Errors, and labels that are not the model's: few, however many texts have them.
  std::vector<std::string> words_;
  std::map<std::string, std::uint32_t> places_of_words_;
};

}  // namespace tastevin::jobs
