// An evaluation as a page of its own: tables and drawings, no script, nothing to fetch.

#include <algorithm>

#include "base/decimal.h"
#include "base/html_page.h"
#include "tastevin/evaluate.h"
#include "work/evaluate/evaluation_drawings.h"

namespace tastevin {
namespace {

using html::escaped;

std::string with_interval(const Figure& figure) {
  std::string text = decimal(figure.value, 4);
  if (figure.low && figure.high) text += interval(*figure.low, *figure.high, 4);
  return text;
}

std::string row(const std::string& name, const std::string& value) {
  return "<tr><th>" + escaped(name) + "</th><td>" + escaped(value) + "</td></tr>\n";
}

std::string figures(const Evaluation& found) {
  std::string rows = row("texts", std::to_string(found.texts));
  if (found.truncated > 0) rows += row("of them cut to fit", std::to_string(found.truncated));
  if (found.task == Task::regression) {
    return rows + row("Pearson's correlation", with_interval(found.pearson)) +
           row("Spearman's correlation", with_interval(found.spearman)) +
           row("mean squared error", with_interval(found.mean_squared_error));
  }
  if (found.task == Task::multi_label) {
    rows += row("texts whose labels are all right", with_interval(found.accuracy)) +
            row("macro F1", with_interval(found.macro_f1)) + row("micro F1", decimal(found.micro.f1, 4)) +
            row("wrong single labels (Hamming loss)", decimal(found.hamming_loss, 4));
  } else {
    rows += row("accuracy", with_interval(found.accuracy)) +
            row("balanced accuracy", with_interval(found.balanced_accuracy)) +
            row("macro F1", with_interval(found.macro_f1)) +
            row("Matthews' correlation", with_interval(found.matthews));
  }
  rows += row("log loss", decimal(found.log_loss, 4)) + row("Brier score", decimal(found.brier, 4)) +
          row("expected calibration error", decimal(found.calibration_error, 4));
  if (found.roc_auc) rows += row("ROC AUC", decimal(*found.roc_auc, 4));
  if (found.average_precision) rows += row("average precision", decimal(*found.average_precision, 4));
  if (!found.against) return rows;
  return rows + row("accuracy of " + found.against->model, decimal(found.against->accuracy, 4)) +
         row("only this one right, only that one",
             std::to_string(found.against->only_this_right) + ", " + std::to_string(found.against->only_other_right)) +
         row("McNemar's p", p_value(found.against->p_value));
}

std::string by_label(const Evaluation& found) {
  std::string table =
      "<h2>By label</h2>\n<table>\n<tr><th>label</th><th>texts</th><th>precision</th><th>recall</th><th>F1</th>"
      "<th>ROC AUC</th><th>average precision</th></tr>\n";
  const auto cell = [](const std::string& text) { return "<td>" + text + "</td>"; };
  const auto maybe = [&cell](const std::optional<double>& value) { return cell(value ? decimal(*value, 4) : "-"); };
  for (const LabelEvaluation& label : found.labels) {
    table += "<tr><th>" + escaped(label.label) + "</th>" + cell(std::to_string(label.support)) +
             cell(decimal(label.precision, 4)) + cell(decimal(label.recall, 4)) + cell(decimal(label.f1, 4)) +
             maybe(label.roc_auc) + maybe(label.average_precision) + "</tr>\n";
  }
  return table + "</table>\n";
}

/// Darker the more texts of a truth got the answer.
std::string confusion(const Evaluation& found) {
  constexpr std::size_t kMostLabels = 30;
  if (found.labels.size() > kMostLabels) return {};
  std::string table = "<h2>Answers (across) to texts (down)</h2>\n<table class=\"confusion\">\n<tr><th></th>";
  for (const LabelEvaluation& label : found.labels) table += "<th>" + escaped(label.label) + "</th>";
  table += "</tr>\n";
  for (std::size_t truth = 0; truth < found.labels.size(); ++truth) {
    table += "<tr><th>" + escaped(found.labels[truth].label) + "</th>";
    for (const std::size_t count : found.confusion[truth]) {
      const std::size_t all = std::max<std::size_t>(1, found.labels[truth].support);
      table += "<td style=\"--share: " + decimal(100.0 * static_cast<double>(count) / static_cast<double>(all), 0) +
               "%\">" + std::to_string(count) + "</td>";
    }
    table += "</tr>\n";
  }
  return table + "</table>\n";
}

std::string wrong_answers(const Evaluation& found) {
  if (found.wrong.empty()) return {};
  const bool numbers = found.task == Task::regression;
  std::string table = std::string("<h2>") + (numbers ? "Farthest answers" : "Surest wrong answers") +
                      "</h2>\n<table>\n<tr><th>row</th><th>truth</th><th>answer</th><th>" +
                      (numbers ? "off by" : "score") + "</th><th>text</th></tr>\n";
  for (const WrongAnswer& wrong : found.wrong) {
    table += "<tr><td>" + std::to_string(wrong.row + 1) + "</td><td>" + escaped(wrong.truth) + "</td><td>" +
             escaped(wrong.answer) + "</td><td>" + decimal(wrong.score, 4) + "</td><td>" + escaped(wrong.text) +
             (wrong.pair.empty() ? "" : "<br>" + escaped(wrong.pair)) + "</td></tr>\n";
  }
  return table + "</table>\n";
}

}  // namespace

std::string to_html(const Evaluation& found) {
  std::string body = "<h1>" + escaped(found.model.name) + "</h1>\n<table>\n" + figures(found) + "</table>\n";
  if (found.task == Task::regression) {
    body += drawings::values(found) + drawings::lengths(found);
  } else {
    body += by_label(found);
    if (found.task == Task::single_label) body += confusion(found);
    body += drawings::reliability(found) + drawings::precision_recall(found) + drawings::thresholds(found) +
            drawings::scores(found) + drawings::lengths(found);
  }
  body += wrong_answers(found);
  return html::page("Evaluation of " + found.model.name, body);
}

}  // namespace tastevin
