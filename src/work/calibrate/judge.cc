#include "work/calibrate/judge.h"

#include "base/error.h"
#include "work/evaluate/labelled_texts.h"

namespace tastevin::calibrating {

std::vector<Prediction> answers_to_judge(const Classifier& classifier, const LabelledTexts& truth,
                                         const ClassifyOptions& reading, const std::string& command) {
  constexpr std::size_t kFewest = 10;
  const ModelInfo& model = classifier.info();
  const bool sets = model.task == Task::multi_label;
  if (model.task == Task::regression || (!sets && model.labels.size() < 2))
    throw Error(ErrorCode::invalid_argument,
                command + ": expected a model of two labels or more, found one of numbers or of one label");
  if (truth.texts.size() < kFewest) {
    throw Error(ErrorCode::invalid_argument, command + ": expected at least " + std::to_string(kFewest) +
                                                 " texts with labels, found " + std::to_string(truth.texts.size()));
  }
  return answers_to(classifier, truth, reading, command);
}

}  // namespace tastevin::calibrating
