#include "work/evaluate/labelled_texts.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <span>

#include "base/ascii.h"
#include "base/error.h"
#include "base/halves.h"
#include "base/reading.h"
#include "base/utf8.h"
#include "work/tables/labels.h"
#include "work/tables/reader.h"

namespace tastevin {
namespace {

double number(const std::string& text, const std::string& where) {
  const auto value = ascii::number<double>(text);
  if (value && std::isfinite(*value)) return *value;
  throw Error(ErrorCode::invalid_argument, where + ": expected a number, found " + in_quotes(text));
}

void check_utf8(const std::vector<std::string>& texts, const std::string& where) {
  const auto broken = std::ranges::find_if_not(texts, utf8::is_valid);
  if (broken == texts.end()) return;
  throw Error(ErrorCode::invalid_argument,
              where + ", row " + std::to_string(broken - texts.begin() + 1) + ": the text is not UTF-8");
}

std::vector<std::size_t> set_of(const std::string& text, const std::vector<std::string>& labels,
                                const std::string& where) {
  std::vector<std::size_t> ids;
  for (const std::string& item : tables::label_list(text, labels, where))
    ids.push_back(tables::label_id(item, labels, where));
  return ids;
}

[[noreturn]] void refuse_row(std::size_t row, const Error& error) {
  throw Error(error.code(), "row " + std::to_string(row + 1) + ": " + error.what());
}

void check_truth(const ModelInfo& model, const LabelledTexts& truth, const std::string& command) {
  const auto refuse = [&command](const std::string& what) {
    throw Error(ErrorCode::invalid_argument, command + ": expected " + what);
  };
  if (truth.texts.empty()) refuse("a labelled text, found none");
  const std::string count = std::to_string(truth.texts.size()) + " texts";
  if (!truth.pairs.empty() && truth.pairs.size() != truth.texts.size())
    refuse("a second text for each of " + count + ", or none, found " + std::to_string(truth.pairs.size()));
  const std::size_t truths = model.task == Task::regression    ? truth.values.size()
                             : model.task == Task::multi_label ? truth.label_sets.size()
                                                               : truth.labels.size();
  if (truths != truth.texts.size()) refuse("a truth for each of " + count + ", found " + std::to_string(truths));
  const auto check_label = [&](std::size_t label) {
    if (label >= model.labels.size()) refuse("ids of the model's labels, found " + std::to_string(label));
  };
  std::ranges::for_each(truth.labels, check_label);
  for (const auto& set : truth.label_sets) std::ranges::for_each(set, check_label);
}

}  // namespace

std::vector<Prediction> answers_to(const Classifier& classifier, const LabelledTexts& truth,
                                   const ClassifyOptions& reading, const std::string& command) {
  check_truth(classifier.info(), truth, command);
  std::vector<Text> texts(truth.texts.begin(), truth.texts.end());
  for (std::size_t i = 0; i < truth.pairs.size(); ++i) texts[i].pair = truth.pairs[i];
  ClassifyOptions options = only_reading(reading);
  options.top_k = 0;
  options.logits = true;
  std::vector<Prediction> predictions;
  predictions.reserve(texts.size());
  const auto run = [&](std::size_t first, std::size_t count) {
    return refusal_of([&] {
      Classified classified = classifier.classify(std::span(texts).subspan(first, count), options);
      std::ranges::move(classified.predictions, std::back_inserter(predictions));
    });
  };
  by_halves(0, texts.size(), run, refuse_row);
  return predictions;
}

std::size_t count_truncated(const std::vector<Prediction>& answers) {
  return static_cast<std::size_t>(std::ranges::count(answers, true, &Prediction::truncated));
}

LabelledTexts read_labelled(const std::filesystem::path& file, const std::string& column,
                            const std::string& label_column, const ModelInfo& model, const std::string& pair_column) {
  if (model.task == Task::single_label && model.labels.size() == 1) {
    throw Error(ErrorCode::invalid_argument,
                in_quotes(file.string(), 200) +
                    ": a model of a single label has no other to be told from: expected one of two or more");
  }
  constexpr std::size_t kTruth = 1;
  const bool sets = model.task == Task::multi_label;
  std::vector<std::string> wanted{column, label_column};
  if (!pair_column.empty()) wanted.push_back(pair_column);
  auto columns = tables::read_columns(file, wanted, sets ? std::optional(kTruth) : std::nullopt);  // no label may hold
  for (std::size_t i = 0; i < columns.size(); ++i)
    if (i != kTruth) check_utf8(columns[i], in_quotes(file.string(), 200));
  LabelledTexts texts{.texts = std::move(columns[0]), .labels = {}, .values = {}};
  if (!pair_column.empty()) texts.pairs = std::move(columns[2]);
  for (std::size_t row = 0; row < texts.texts.size(); ++row) {
    const std::string where = in_quotes(file.string(), 200) + ", row " + std::to_string(row + 1);
    if (model.task == Task::regression) {
      texts.values.push_back(number(columns[kTruth][row], where));
    } else if (sets) {
      texts.label_sets.push_back(set_of(columns[kTruth][row], model.labels, where));
    } else {
      texts.labels.push_back(tables::label_id(columns[kTruth][row], model.labels, where));
    }
  }
  return texts;
}

}  // namespace tastevin
