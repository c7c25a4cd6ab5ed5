#include "answers.h"

#include <cmath>
#include <iostream>

#include "base/json.h"
#include "base/prediction_json.h"
#include "base/utf8.h"
#include "terminal.h"

namespace tastevin::cli {
namespace {

std::string six_digits(float value) { return decimal(static_cast<double>(value), 6); }

float to_microseconds(double ms) { return static_cast<float>(std::round(ms * 1000) / 1000); }

AnswerJson json_of(std::size_t index, std::string_view text, const Prediction& prediction,
                   const std::optional<Timing>& timing) {
  AnswerJson answer{{"index", index}, {"text", utf8::repaired(text)}};
  add_prediction(answer, prediction);
  if (timing) {
    answer["timing_ms"] = {{"load", to_microseconds(timing->load)},
                           {"tokenize", to_microseconds(timing->tokenize)},
                           {"infer", to_microseconds(timing->infer)},
                           {"total", to_microseconds(timing->total)}};
  }
  return answer;
}

AnswerJson zero_shot_json(std::string_view text, const Prediction& prediction) {
  AnswerJson answer{
      {"sequence", utf8::repaired(text)}, {"labels", AnswerJson::array()}, {"scores", AnswerJson::array()}};
  for (const ScoredLabel& scored : prediction.scores) {
    answer["labels"].push_back(scored.label);
    answer["scores"].push_back(scored.score);
  }
  answer["truncated"] = prediction.truncated;
  return answer;
}

void write_text(std::string_view text, const Prediction& prediction) {
  std::string line =
      bold(one_line(prediction.label)) + "  " + six_digits(prediction.score) + "  " + one_line(utf8::repaired(text));
  if (prediction.multi_label) {
    line += "  [";
    for (const std::string& label : prediction.labels)
      line += (&label == prediction.labels.data() ? "" : ", ") + one_line(label);
    line += "]";
  }
  std::cout << line << (prediction.truncated ? "  (truncated)\n" : "\n");
  if (prediction.scores.size() > 1) {
    for (const ScoredLabel& scored : prediction.scores)
      std::cout << "    " << six_digits(scored.score) << "  " << one_line(scored.label) << "\n";
  }
  for (const WindowPrediction& window : prediction.windows) {
    std::cout << "    " << six_digits(window.score) << "  " << one_line(window.label) << "  characters " << window.begin
              << " to " << window.end << "\n";
  }
  if (prediction.logits.empty()) return;
  std::cout << "    logits";
  for (const float logit : prediction.logits) std::cout << "  " << six_digits(logit);
  std::cout << "\n";
}

}  // namespace

void tell_truncated(std::size_t truncated, std::size_t texts, std::string_view more) {
  if (truncated == 0) return;
  std::cerr << "tastevin: " << truncated << " of " << texts
            << " texts had more tokens than the model, or --max-length, takes and were cut" << more << "\n";
}

void AnswerWriter::write(std::string_view text, const Prediction& prediction, const std::optional<Timing>& timing) {
  const auto json = [&] {
    return dumped(shape_ == Shape::zero_shot ? zero_shot_json(text, prediction)
                                             : json_of(index_, text, prediction, timing));
  };
  switch (format_) {
    case Format::text:
      write_text(text, prediction);
      break;
    case Format::json:
      std::cout << (index_ == 0 ? "[\n" : ",\n") << json();
      break;
    case Format::jsonl:
      std::cout << json() << "\n";
      break;
    case Format::tsv:
      std::cout << index_ << "\t" << one_line(prediction.label) << "\t" << six_digits(prediction.score) << "\t"
                << one_line(utf8::repaired(text)) << "\n";
      break;
  }
  ++index_;
}

void AnswerWriter::finish() {
  if (format_ == Format::json) std::cout << (index_ == 0 ? "[]\n" : "\n]\n");
  flush_standard_output();
}

}  // namespace tastevin::cli
