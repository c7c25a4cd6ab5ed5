#include <algorithm>
#include <iostream>
#include <memory>

#include "chosen_model.h"
#include "commands.h"
#include "tastevin/model_info.h"
#include "terminal.h"

namespace tastevin::cli {
namespace {

void row(const char* name, const std::string& value) { print_row(name, 12, value); }

std::string listed(const std::vector<std::string>& labels) {
  std::string text;
  for (std::size_t i = 0; i < labels.size(); ++i)
    text += (i > 0 ? ", " : "") + std::to_string(i) + " " + one_line(labels[i]);
  return text;
}

/// What is applied to scores; empty when nothing was learnt.
std::string in_words(const Calibration& calibration) {
  std::vector<std::string> parts;
  if (calibration.temperature != 1) parts.push_back("temperature " + decimal(calibration.temperature, 4));
  if (calibration.reject_below)
    parts.push_back(one_line(calibration.other) + " below " +
                    decimal(static_cast<double>(*calibration.reject_below), 6));
  for (std::size_t i = 0; i < calibration.thresholds.size(); ++i) {
    parts.push_back((i == 0 ? "labels from " : "") + decimal(static_cast<double>(calibration.thresholds[i]), 6));
  }
  std::string text;
  for (const std::string& part : parts) text += (text.empty() ? "" : ", ") + part;
  return text;
}

/// How many, and the first of them.
std::string in_words(const std::vector<std::string>& ignored) {
  constexpr std::size_t kShown = 3;
  std::string text = std::to_string(ignored.size()) + " tensors that no label needs: ";
  for (std::size_t i = 0; i < std::min(kShown, ignored.size()); ++i) text += (i > 0 ? ", " : "") + one_line(ignored[i]);
  return text + (ignored.size() > kShown ? ", ..." : "");
}

std::string limit_of(const ModelInfo& info) {
  if (info.max_length == 0) return "any";
  std::string tokens = std::to_string(info.max_length) + " tokens";
  if (info.positions > info.max_length)
    tokens += " by its tokenizer, " + std::to_string(info.positions) + " with --max-length";
  return tokens;
}

void run(const std::string& model) {
  const ModelInfo info = inspect(chosen_or_bundled_model(model));
  row("folder", info.folder.string());
  row("form", info.form);
  row("family", info.family);
  row("task", std::string(name_of(info.task)));
  row("labels", listed(info.labels));
  if (const std::string learnt = in_words(info.calibration); !learnt.empty()) row("calibration", learnt);
  row("layers", std::to_string(info.layers) + " of width " + std::to_string(info.hidden_size) + ", " +
                    std::to_string(info.heads) + " heads");
  row("vocabulary", std::to_string(info.vocabulary));
  row("max length", limit_of(info));
  row("weights", std::to_string(info.parameters) + " in " + info.weights + ", " + human_bytes(info.weight_bytes));
  if (!info.ignored.empty()) row("left out", in_words(info.ignored));
}

}  // namespace

void add_inspect(CLI::App& app) {
  auto model = std::make_shared<std::string>();
  CLI::App* command = app.add_subcommand("inspect", "Show what a model is: family, layers, labels, weights, sizes");
  command
      ->add_option("MODEL", *model,
                   "checkpoint folder, converted folder, .onnx file or Hub id (default: the bundled model)")
      ->type_name("");
  command->footer("Example:\n  tastevin inspect models/sst2-tiny");
  command->callback([model] { run(*model); });
}

}  // namespace tastevin::cli
