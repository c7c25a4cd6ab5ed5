#include "base/json.h"
#include "tastevin/evaluate.h"

namespace tastevin {
namespace {

using Out = nlohmann::ordered_json;  // figures keep their sixteen digits

Out json_of(const Figure& figure) {
  Out json{{"value", figure.value}};
  if (figure.low) json["low"] = *figure.low;
  if (figure.high) json["high"] = *figure.high;
  return json;
}

Out json_of(const AverageFigures& average) {
  return {{"precision", average.precision}, {"recall", average.recall}, {"f1", average.f1}};
}

Out json_of(const std::optional<double>& value) { return value ? Out(*value) : Out(nullptr); }

Out json_of(const std::vector<ThresholdPoint>& curve) {
  Out points = Out::array();
  for (const ThresholdPoint& point : curve)
    points.push_back({{"threshold", point.threshold}, {"precision", point.precision}, {"recall", point.recall}});
  return points;
}

Out json_of(const LabelEvaluation& label) {
  return {{"label", label.label},
          {"support", label.support},
          {"precision", label.precision},
          {"recall", label.recall},
          {"f1", label.f1},
          {"roc_auc", json_of(label.roc_auc)},
          {"average_precision", json_of(label.average_precision)},
          {"curve", json_of(label.curve)}};
}

Out json_of(const WrongAnswer& wrong) {
  Out json{{"row", wrong.row}, {"text", wrong.text}};
  if (!wrong.pair.empty()) json["text_pair"] = wrong.pair;
  json.update({{"truth", wrong.truth}, {"answer", wrong.answer}, {"score", wrong.score}, {"tokens", wrong.tokens}});
  return json;
}

void add_label_figures(const Evaluation& found, Out& json) {
  const bool sets = found.task == Task::multi_label;
  json["accuracy"] = json_of(found.accuracy);
  if (!sets) json["balanced_accuracy"] = json_of(found.balanced_accuracy);
  json["macro_f1"] = json_of(found.macro_f1);
  if (sets) json["hamming_loss"] = found.hamming_loss;
  if (!sets) json["matthews_corrcoef"] = json_of(found.matthews);
  json["macro"] = json_of(found.macro);
  json["micro"] = json_of(found.micro);
  json["weighted"] = json_of(found.weighted);
  json["log_loss"] = found.log_loss;
  json["brier"] = found.brier;
  json["ece"] = found.calibration_error;
  json["roc_auc"] = json_of(found.roc_auc);
  json["average_precision"] = json_of(found.average_precision);
  json["labels"] = Out::array();
  for (const LabelEvaluation& label : found.labels) json["labels"].push_back(json_of(label));
  if (!sets) json["confusion"] = found.confusion;
  json["reliability"] = Out::array();
  for (const Reliability& bin : found.reliability)
    json["reliability"].push_back({{"texts", bin.texts}, {"confidence", bin.confidence}, {"accuracy", bin.accuracy}});
  json["scores"] = Out::array();
  for (const ScoreBin& bin : found.scores) json["scores"].push_back({{"right", bin.right}, {"wrong", bin.wrong}});
  json["lengths"] = Out::array();
  for (const LengthBin& bin : found.lengths)
    json["lengths"].push_back({{"tokens", bin.tokens}, {"texts", bin.texts}, {"wrong", bin.wrong}});
  if (!found.against) return;
  json["against"] = {{"model", found.against->model},
                     {"accuracy", found.against->accuracy},
                     {"only_this_right", found.against->only_this_right},
                     {"only_other_right", found.against->only_other_right},
                     {"p_value", found.against->p_value}};
}

}  // namespace

std::string to_json(const Evaluation& found) {
  Out json{{"model", found.model.name},
           {"texts", found.texts},
           {"truncated", found.truncated},
           {"task", name_of(found.task)}};
  if (found.task == Task::regression) {
    json["pearson"] = json_of(found.pearson);
    json["spearman"] = json_of(found.spearman);
    json["mean_squared_error"] = json_of(found.mean_squared_error);
    json["values"] = Out::array();
    for (const ValuePoint& point : found.values)
      json["values"].push_back({{"truth", point.truth}, {"answer", point.answer}});
    json["lengths"] = Out::array();
    for (const LengthBin& bin : found.lengths)
      json["lengths"].push_back(
          {{"tokens", bin.tokens}, {"texts", bin.texts}, {"mean_absolute_error", bin.mean_error}});
  } else {
    add_label_figures(found, json);
  }
  json["wrong"] = Out::array();
  for (const WrongAnswer& wrong : found.wrong) json["wrong"].push_back(json_of(wrong));
  return dumped(json, 2);
}

}  // namespace tastevin
