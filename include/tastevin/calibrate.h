#pragma once

// Scores that mean what they say: a temperature (Guo et al. 2017), and a score below which an answer is no answer, or,
// where several labels hold at once, each label's own. They are learnt from labelled texts, lie in the model's folder
// as `calibration.json`, and are applied when it is loaded.
//
//   const auto texts = tastevin::read_labelled("reviews.tsv", "sentence", "label", classifier.info());
//   const tastevin::TemperatureReport found = tastevin::find_temperature(classifier, texts);
//   tastevin::Calibration calibration = classifier.info().calibration;
//   calibration.temperature = found.temperature;
//   tastevin::write_calibration(classifier.info().calibration_file, calibration);

#include <filesystem>
#include <string>
#include <vector>

#include "tastevin/classifier.h"
#include "tastevin/evaluate.h"

namespace tastevin {

struct TemperatureOptions {
  ClassifyOptions reading = {};  ///< of its fields, those of how a text is read count

  template <class Self, class Visit>
  static void fields(Self& self, Visit&& visit) {
    ClassifyOptions::reading_fields(self.reading, visit);
  }
};

struct TemperatureReport {
  double temperature = 1;
  bool at_limit = false;  ///< whether a still lower or higher one would fit better
  std::size_t texts = 0;
  double log_loss_before = 0;  ///< at temperature 1
  double log_loss_after = 0;
  double calibration_error_before = 0;  ///< as `Evaluation::calibration_error`
  double calibration_error_after = 0;
  std::size_t truncated = 0;  ///< of the texts, those that were cut to fit
};

/// The temperature from 0.05 to 20 at which the texts' labels are likeliest; no label changes by it, as long as several
/// hold from a score of 0.5 on. Where they do, each label of each text counts as a text of its own. Throws
/// `Error{invalid_argument}` for fewer than 10 texts, and for a regression.
TemperatureReport find_temperature(const Classifier& classifier, const LabelledTexts& truth,
                                   const TemperatureOptions& options = {});

struct ThresholdOptions {
  std::string target = "f1";
  std::string other = {};
  ClassifyOptions reading = {};  ///< of its fields, those of how a text is read count

  template <class Self, class Visit>
  static void fields(Self& self, Visit&& visit) {
    visit("target", self.target, "what the threshold is chosen for: f1, f2, f0.5, precision=P or recall=R (0 to 1)");
    visit("other", self.other,
          "the label of a text whose best score is below the threshold (default: OTHER); not where several labels hold "
          "at "
          "once");
    ClassifyOptions::reading_fields(self.reading, visit);
  }
};

/// Of one label among several that hold at once.
struct LabelThreshold {
  std::string label;
  float threshold = 0.5F;
  std::size_t texts = 0;  ///< that it holds of
  double precision = 0;
  double recall = 0;
  bool reached = false;  ///< whether a score reaches the target; where none does, the threshold stays 0.5
};

struct ThresholdReport {
  float reject_below = 0;
  std::string other = {};  ///< what a rejected text is called
  std::size_t texts = 0;
  std::size_t accepted = 0;
  double precision = 0;                     ///< right answers among the accepted
  double recall = 0;                        ///< right and accepted answers among all texts
  std::vector<LabelThreshold> labels = {};  ///< in their place where several labels hold at once
  std::size_t truncated = 0;                ///< of the texts, those that were cut to fit
};

/// The score below which answers are rejected: of the best F-measure, or the lowest that reaches a precision, or the
/// highest that keeps a recall. Of several labels that hold at once, each has its own, judged by its own scores. Scores
/// are those of `classifier`, its temperature applied. Throws `Error{rejected}` when none reaches the target, and
/// `Error{invalid_argument}` as above, for a target that cannot be read, and for an `other` that is a label of the
/// model or that a model of several labels cannot answer.
ThresholdReport find_threshold(const Classifier& classifier, const LabelledTexts& truth,
                               const ThresholdOptions& options = {});

/// What lies in `file`, that of a model as its `ModelInfo` tells; no file is a temperature of 1. Throws
/// `Error{bad_checkpoint}` for a damaged one.
Calibration read_calibration(const std::filesystem::path& file);

/// Replaces it, whole or not at all. Throws `Error{unavailable}` for a folder that cannot be written.
void write_calibration(const std::filesystem::path& file, const Calibration& calibration);

}  // namespace tastevin
