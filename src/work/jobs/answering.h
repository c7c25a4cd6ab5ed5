#pragma once

// What answers the rows of a job: a classifier's labels, or labels that it was not trained for.

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "tastevin/job.h"
#include "work/jobs/known_answers.h"

namespace tastevin::jobs {

struct Answering {
  /// The answers to texts, all scores among them.
  std::function<std::vector<Prediction>(std::span<const Text>)> answer;
  /// Why a text cannot be answered, or nothing; not there where all can.
  std::function<std::string(const Text&)> refusal = {};
  std::string second_column;  // of the texts' second ones
  /// The labels that the score columns are for, in their order; empty where each row has its own labels.
  std::vector<std::string> labels;
  /// What is kept of an answer for equal texts; nothing where they are all answered again: rows with labels of their
  /// own, and answers with windows.
  std::optional<Kept> kept = {};
  /// The options, as text: what else the answers depend on.
  std::string record;
};

/// As `classifier.classify` answers, with logits where `job` adds them. Throws `Error{invalid_argument}` for options
/// that say how much of an answer there is to be: `job.add` does.
Answering classifying(const Classifier& classifier, const JobOptions& job, const ClassifyOptions& options);

/// As `zero_shot` answers. Throws `Error{invalid_argument}` where labels are given both ways or not at all, and where
/// the job adds what zero-shot answers have not.
Answering zero_shot_answering(const Classifier& classifier, const JobOptions& job, const ZeroShotJob& zero_shot);

}  // namespace tastevin::jobs
