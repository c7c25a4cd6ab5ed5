#include "tastevin/calibrate.h"

#include <algorithm>
#include <cmath>
#include <iostream>
#include <memory>

#include "answers.h"
#include "chosen_model.h"
#include "commands.h"
#include "flags.h"
#include "labelled_file.h"
#include "tastevin/error.h"
#include "terminal.h"

namespace tastevin::cli {
namespace {

struct CalibrateFlags {
  std::string model;
  LabelledFile texts;
  ModelOptions load;
  TemperatureOptions temperature;
  ThresholdOptions threshold;
};

/// What is learnt is kept beside what was learnt before, so that must be applied.
Classifier calibrated(const CalibrateFlags& flags) {
  if (flags.load.no_calibration)
    throw Error(ErrorCode::invalid_argument, "no-calibration: expected a command that does not store a calibration");
  return loaded(chosen_model(flags.model), flags.load);
}

void run_calibrate(const CalibrateFlags& flags) {
  const Classifier classifier = calibrated(flags);
  const TemperatureReport found = find_temperature(classifier, flags.texts.read(classifier.info()), flags.temperature);
  tell_truncated(found.truncated, found.texts, kRefusesLongTexts);
  Calibration calibration = classifier.info().calibration;
  const bool had_thresholds = calibration.reject_below || !calibration.thresholds.empty();
  const bool changes = std::abs(found.temperature / calibration.temperature - 1) > 1e-6;
  calibration.temperature = found.temperature;
  if (changes) {  // they were chosen among other scores
    calibration.reject_below.reset();
    calibration.thresholds.clear();
  }
  write_calibration(classifier.info().calibration_file, calibration);
  if (changes && had_thresholds)
    std::cerr << "tastevin: thresholds of the scores before are dropped: choose them again by tastevin threshold\n";
  if (found.at_limit) {
    std::cerr
        << "tastevin: the temperature is as far as it is searched: the labels may not fit the model, or the texts "
           "may be too few\n";
  }
  std::cout << "temperature  " << decimal(found.temperature, 4) << ", of " << found.texts << " texts\n"
            << "log loss     " << decimal(found.log_loss_before, 4) << " before, " << decimal(found.log_loss_after, 4)
            << " after\n"
            << "ECE          " << decimal(found.calibration_error_before, 4) << " before, "
            << decimal(found.calibration_error_after, 4) << " after\n";
}

void print(const std::vector<LabelThreshold>& labels) {
  std::cout << bold("threshold  precision  recall  texts  label") << "\n";
  for (const LabelThreshold& label : labels) {
    const std::string texts = std::to_string(label.texts);
    std::cout << " " << decimal(static_cast<double>(label.threshold), 6) << "     " << decimal(label.precision, 4)
              << "  " << decimal(label.recall, 4) << std::string(7 - std::min<std::size_t>(7, texts.size()), ' ')
              << texts << "  " << one_line(label.label) << (label.reached ? "" : "  (not reached: 0.5 as by default)")
              << "\n";
  }
}

void run_threshold(const CalibrateFlags& flags) {
  const Classifier classifier = calibrated(flags);
  const ThresholdReport found = find_threshold(classifier, flags.texts.read(classifier.info()), flags.threshold);
  tell_truncated(found.truncated, found.texts, kRefusesLongTexts);
  Calibration calibration = classifier.info().calibration;
  if (classifier.info().task == Task::multi_label) {
    calibration.thresholds.clear();
    for (const LabelThreshold& label : found.labels) calibration.thresholds.push_back(label.threshold);
    write_calibration(classifier.info().calibration_file, calibration);
    print(found.labels);
    return;
  }
  calibration.reject_below = found.reject_below;
  calibration.other = found.other;
  write_calibration(classifier.info().calibration_file, calibration);
  std::cout << "threshold  " << decimal(static_cast<double>(found.reject_below), 6) << ": a best score below it gives "
            << one_line(found.other) << "\n"
            << "accepted   " << found.accepted << " of " << found.texts << " texts\n"
            << "right      " << percent(found.precision, 2) << " of the accepted, " << percent(found.recall, 2)
            << " of all\n";
}

std::shared_ptr<CalibrateFlags> add_flags_to(CLI::App* command) {
  auto flags = std::make_shared<CalibrateFlags>();
  command->add_option("--model", flags->model, "model whose folder keeps what is learnt")
      ->required()
      ->type_name("MODEL");
  flags->texts.add_flags(*command);
  return flags;
}

}  // namespace

void add_calibrate(CLI::App& app) {
  CLI::App* command = app.add_subcommand("calibrate", "Make scores mean what they say, by labelled texts");
  const auto flags = add_flags_to(command);
  add_flags(*command, flags->temperature);
  add_flags(*command, flags->load);
  command->footer("Example:\n  tastevin calibrate --model my-model --data held-back.tsv");
  command->callback([flags] { run_calibrate(*flags); });
}

void add_threshold(CLI::App& app) {
  CLI::App* command =
      app.add_subcommand("threshold", "Choose the score below which an answer is none, or from which a label holds");
  const auto flags = add_flags_to(command);
  add_flags(*command, flags->threshold);
  add_flags(*command, flags->load);
  command->footer(
      "Example:\n  tastevin threshold --model my-model --data held-back.tsv --target precision=0.95 --other UNSURE");
  command->callback([flags] { run_threshold(*flags); });
}

}  // namespace tastevin::cli
