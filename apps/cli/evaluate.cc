#include "tastevin/evaluate.h"

#include <iostream>
#include <memory>
#include <optional>

#include "answers.h"
#include "chosen_model.h"
#include "commands.h"
#include "flags.h"
#include "labelled_file.h"
#include "report_page.h"
#include "terminal.h"

namespace tastevin::cli {
namespace {

struct EvaluateFlags {
  std::string model;
  LabelledFile texts;
  std::string against;
  std::string report;
  bool json = false;
  ModelOptions load;
  EvaluateOptions options;
};

void row(const std::string& name, const std::string& value) { print_row(name, 20, value); }

std::string with_interval(const Figure& figure) {
  std::string text = decimal(figure.value, 4);
  if (figure.low && figure.high) text += interval(*figure.low, *figure.high, 4);
  return text;
}

std::string cell(std::size_t number) {
  const std::string text = std::to_string(number);
  return std::string(7 - std::min<std::size_t>(7, text.size()), ' ') + text;
}

void print_labels(const Evaluation& found) {
  std::cout << "\n" << bold("precision  recall     F1  texts  label") << "\n";
  for (const LabelEvaluation& label : found.labels) {
    std::cout << "   " << decimal(label.precision, 4) << "  " << decimal(label.recall, 4) << " " << decimal(label.f1, 4)
              << cell(label.support) << "  " << one_line(label.label) << "\n";
  }
}

/// Columns by id. Of more labels than a terminal has place for, --json and --report tell.
void print_confusion(const Evaluation& found) {
  constexpr std::size_t kLabelWidth = 20;
  if (found.confusion.empty() || 7 * found.labels.size() + kLabelWidth > columns()) return;
  std::cout << "\n" << bold("answers (across) to texts (down)") << "\n";
  for (std::size_t answer = 0; answer < found.labels.size(); ++answer) std::cout << cell(answer);
  std::cout << "  label\n";
  for (std::size_t truth = 0; truth < found.labels.size(); ++truth) {
    for (const std::size_t count : found.confusion[truth]) std::cout << cell(count);
    std::cout << "  " << truth << " " << one_line(found.labels[truth].label) << "\n";
  }
}

void print_wrong(const Evaluation& found) {
  if (found.wrong.empty()) return;
  const bool numbers = found.task == Task::regression;
  std::cout << "\n" << bold(numbers ? "farthest answers" : "surest wrong answers") << "\n";
  for (const WrongAnswer& wrong : found.wrong) {
    std::cout << decimal(wrong.score, 4) << "  row " << wrong.row + 1 << ", " << one_line(wrong.truth) << " taken for "
              << one_line(wrong.answer) << ": " << one_line(wrong.text)
              << (wrong.pair.empty() ? "" : " | " + one_line(wrong.pair)) << "\n";
  }
}

void print(const Evaluation& found) {
  row("texts", std::to_string(found.texts));
  if (found.task == Task::regression) {
    row("Pearson", with_interval(found.pearson));
    row("Spearman", with_interval(found.spearman));
    row("mean squared error", with_interval(found.mean_squared_error));
    print_wrong(found);
    return;
  }
  const bool sets = found.task == Task::multi_label;
  row(sets ? "all labels right" : "accuracy", with_interval(found.accuracy));
  if (!sets) row("balanced accuracy", with_interval(found.balanced_accuracy));
  row("macro F1", with_interval(found.macro_f1));
  if (sets) row("micro F1", decimal(found.micro.f1, 4));
  if (sets) row("Hamming loss", decimal(found.hamming_loss, 4));
  if (!sets) row("MCC", with_interval(found.matthews));
  if (found.roc_auc) row("ROC AUC", decimal(*found.roc_auc, 4));
  if (found.average_precision) row("average precision", decimal(*found.average_precision, 4));
  row("log loss", decimal(found.log_loss, 4));
  row("Brier", decimal(found.brier, 4));
  row("ECE", decimal(found.calibration_error, 4));
  if (found.against) {
    const Rivalry& other = *found.against;
    row("against", one_line(other.model) + " with " + decimal(other.accuracy, 4) + ": " +
                       std::to_string(other.only_this_right) + " texts only right here, " +
                       std::to_string(other.only_other_right) + " only there, McNemar's p " + p_value(other.p_value));
  }
  print_labels(found);
  print_confusion(found);
  print_wrong(found);
}

Evaluation evaluate_as_asked(const EvaluateFlags& flags) {
  const Classifier classifier = loaded(chosen_or_bundled_model(flags.model), flags.load);
  const LabelledTexts truth = flags.texts.read(classifier.info());
  if (flags.against.empty()) return evaluate(classifier, truth, flags.options);
  const Classifier other = loaded(chosen_model(flags.against), flags.load);
  return evaluate(classifier, other, truth, flags.options);
}

void run(const EvaluateFlags& flags) {
  check_report_place(flags.report);
  const Evaluation found = evaluate_as_asked(flags);
  tell_truncated(found.truncated, found.texts, kRefusesLongTexts);
  if (flags.json) {
    std::cout << to_json(found) << "\n";
  } else {
    print(found);
  }
  if (!flags.report.empty()) write_report_page(flags.report, to_html(found));
}

}  // namespace

void add_evaluate(CLI::App& app) {
  auto flags = std::make_shared<EvaluateFlags>();
  CLI::App* command = app.add_subcommand("evaluate", "Judge a model by labelled texts");
  command->add_option("--model", flags->model, "any model (default: the bundled sentiment model)")->type_name("MODEL");
  flags->texts.add_flags(*command);
  command->add_option("--against", flags->against, "a second model to compare with, of the same labels")
      ->type_name("MODEL");
  command->add_option("--report", flags->report, "also write a page about it")->type_name("FILE.html");
  command->add_flag("--json", flags->json, "print JSON");
  add_flags(*command, flags->options);
  add_flags(*command, flags->load);
  command->footer(
      "Example:\n  tastevin evaluate --data reviews.tsv --column text --label-column label --report r.html");
  command->callback([flags] { run(*flags); });
}

}  // namespace tastevin::cli
