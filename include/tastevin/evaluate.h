#pragma once

// How good a model's answers are, on labelled texts. Figures are scikit-learn's of the same name.
//
//   const auto texts = tastevin::read_labelled("reviews.tsv", "sentence", "label", classifier.info());
//   const tastevin::Evaluation found = tastevin::evaluate(classifier, texts);
//   // found.accuracy.value == 0.9037, found.accuracy.low, found.accuracy.high, found.macro.f1, ...

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "tastevin/classifier.h"

namespace tastevin {

struct EvaluateOptions {
  std::size_t bootstrap = 1000;
  std::size_t worst = 10;
  ClassifyOptions reading = {};  ///< of its fields, those of how a text is read count

  template <class Self, class Visit>
  static void fields(Self& self, Visit&& visit) {
    visit("bootstrap", self.bootstrap, "samples of the texts from which 95 % intervals are taken; 0 gives none");
    visit("worst", self.worst, "wrong answers to list, the surest first");
    ClassifyOptions::reading_fields(self.reading, visit);
  }
};

/// Texts with what is true of them.
struct LabelledTexts {
  std::vector<std::string> texts;
  std::vector<std::size_t> labels;                        ///< ids, for a model that gives one label of many
  std::vector<double> values;                             ///< for a regression
  std::vector<std::vector<std::size_t>> label_sets = {};  ///< ids, for a model that gives several labels at once
  std::vector<std::string> pairs = {};                    ///< second texts, one a text, or none
};

/// Reads two columns of a file, or three where `pair_column` names that of second texts (CSV, TSV, Parquet, Arrow
/// IPC, JSON lines). `column` may be empty: the one called sentence, text or content. Labels are the model's names or
/// their ids, and numbers for a regression; sets of labels are a list, in JSON's form too, or separated by `|`, `;` or
/// `,`; nothing, or a null, is the empty one. Throws `Error{not_found}`, and `Error{invalid_argument}` naming the file,
/// the row and what was expected.
LabelledTexts read_labelled(const std::filesystem::path& file, const std::string& column,
                            const std::string& label_column, const ModelInfo& model,
                            const std::string& pair_column = {});

/// A figure, with the 2.5 and 97.5 percentiles of it over the bootstrap's samples (Efron 1979).
struct Figure {
  double value = 0;
  std::optional<double> low = std::nullopt;
  std::optional<double> high = std::nullopt;
};

struct AverageFigures {
  double precision = 0;
  double recall = 0;
  double f1 = 0;
};

/// What holds of a label when it is answered wherever its score is `threshold` or more.
struct ThresholdPoint {
  double threshold = 0;
  double precision = 0;
  double recall = 0;
};

struct LabelEvaluation {
  std::string label;
  std::size_t support = 0;  ///< texts that it is the truth of
  double precision = 0;
  double recall = 0;
  double f1 = 0;
  std::optional<double> roc_auc = std::nullopt;            ///< of this label against the others
  std::optional<double> average_precision = std::nullopt;  ///< the same
  std::vector<ThresholdPoint> curve = {};                  ///< at most 200 points, from the highest threshold down
};

/// Texts whose answer's score lies in one of 20 bins of equal width.
struct ScoreBin {
  std::size_t right = 0;
  std::size_t wrong = 0;
};

/// Texts of at most so many tokens, and of more than the bin before.
struct LengthBin {
  std::size_t tokens = 0;
  std::size_t texts = 0;
  std::size_t wrong = 0;
  double mean_error = 0;  ///< the share that is wrong; of a regression the mean distance from the truth
};

/// A text of a regression.
struct ValuePoint {
  double truth = 0;
  double answer = 0;
};

struct WrongAnswer {
  std::size_t row = 0;  ///< of the texts, from 0
  std::string text;
  std::string truth;
  std::string answer;
  double score = 0;  ///< of the answer; of a regression how far it is from the truth
  std::size_t tokens = 0;
  std::string pair = {};  ///< the second text, where there are such
};

/// Answers of like confidence.
struct Reliability {
  std::size_t texts = 0;
  double confidence = 0;
  double accuracy = 0;
};

/// Against a second model on the same texts.
struct Rivalry {
  std::string model;
  double accuracy = 0;
  std::size_t only_this_right = 0;
  std::size_t only_other_right = 0;
  double p_value = 1;  ///< McNemar's exact test: the chance of such a difference between equally good models
};

struct Evaluation {
  ModelInfo model;
  std::size_t texts = 0;
  std::size_t truncated = 0;  ///< of them, those that were cut to fit
  Task task = Task::single_label;

  // One label of many, or, where it says so, several at once.
  Figure accuracy;  ///< of sets of labels, the share that is right as a whole
  Figure balanced_accuracy;
  Figure macro_f1;  ///< of sets too
  Figure matthews;
  double hamming_loss = 0;  ///< of sets alone: the share of single labels that are wrong
  AverageFigures macro;     ///< these three, and the rest but what is said to be of one label, of sets too
  AverageFigures micro;
  AverageFigures weighted;
  double log_loss = 0;  ///< this and the next two, of sets: each label of each text is a choice of its own
  double brier = 0;
  double calibration_error = 0;             ///< expected, over 15 bins of equal width
  std::optional<double> roc_auc;            ///< of the second label of two; else the mean over the labels
  std::optional<double> average_precision;  ///< the same
  std::vector<LabelEvaluation> labels;
  std::vector<std::vector<std::size_t>> confusion;  ///< [truth][answer]
  std::vector<Reliability> reliability;             ///< this and the next, of sets: as `log_loss`
  std::vector<ScoreBin> scores;
  std::vector<LengthBin> lengths;  ///< of a regression too
  std::vector<WrongAnswer> wrong;  ///< the surest first; of a regression the farthest from the truth
  std::optional<Rivalry> against;

  // A regression.
  Figure pearson;
  Figure spearman;
  Figure mean_squared_error;
  std::vector<ValuePoint> values;  ///< of at most 1,000 texts, evenly taken
};

/// Classifies the texts and compares. Throws `Error{invalid_argument}` for no texts.
Evaluation evaluate(const Classifier& classifier, const LabelledTexts& truth, const EvaluateOptions& options = {});

/// The same, and whether `other` is another one's better or worse. Both must have the same labels.
Evaluation evaluate(const Classifier& classifier, const Classifier& other, const LabelledTexts& truth,
                    const EvaluateOptions& options = {});

/// As JSON, and as a page of its own.
std::string to_json(const Evaluation& evaluation);
std::string to_html(const Evaluation& evaluation);

}  // namespace tastevin
