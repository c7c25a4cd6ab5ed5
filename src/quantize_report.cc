// A report for programs and as a page.

#include <algorithm>
#include <string_view>

#include "base/decimal.h"
#include "base/html_page.h"
#include "base/json.h"
#include "tastevin/quantize.h"

namespace tastevin {
namespace {

using html::escaped;

AnswerJson json_of(const Share& share) {
  return {{"percent", share.percent}, {"low", share.low}, {"high", share.high}};
}

AnswerJson json_of(const QuantizeQuality& quality) {
  AnswerJson json{{"texts", quality.texts},
                  {"agreement", json_of(quality.agreement)},
                  {"largest_logit_difference", quality.largest_logit_difference}};
  if (!quality.labelled) return json;
  json["accuracy"] = {{"before", json_of(quality.accuracy.before)}, {"after", json_of(quality.accuracy.after)}};
  json["macro_f1"] = {{"before", quality.macro_f1.before}, {"after", quality.macro_f1.after}};
  return json;
}

AnswerJson json_of(const QuantizedLayer& layer) {
  AnswerJson json{{"name", layer.name}, {"products", layer.products}, {"int8", !layer.kept}};
  if (layer.sensitivity) json["sensitivity"] = *layer.sensitivity;
  return json;
}

std::string with_interval(const Share& share) {
  return decimal(share.percent, 2) + " %" + interval(share.low, share.high, 1);
}

std::string row(std::string_view what, std::string_view before, std::string_view after) {
  return "<tr><th>" + escaped(what) + "</th><td>" + escaped(before) + "</td><td>" + escaped(after) + "</td></tr>\n";
}

std::string megabytes(std::size_t bytes) { return decimal(static_cast<double>(bytes) / 1e6, 1) + " MB"; }

std::string figures(const QuantizeReport& report) {
  std::string rows =
      row("size", megabytes(report.model.before.weight_bytes), megabytes(report.model.after.weight_bytes));
  if (!report.quality) return rows;
  const QuantizeQuality& quality = *report.quality;
  rows += row("texts a second", decimal(report.texts_per_s.before, 1), decimal(report.texts_per_s.after, 1));
  if (std::ranges::any_of(report.layers, &QuantizedLayer::kept))
    rows += row("texts a second with every layer in int8", "", decimal(report.texts_per_s_without_promise, 1));
  rows += row("same label", "", with_interval(quality.agreement));
  if (quality.labelled) {
    rows += row("accuracy", with_interval(quality.accuracy.before), with_interval(quality.accuracy.after));
    rows += row("macro F1", decimal(quality.macro_f1.before, 2) + " %", decimal(quality.macro_f1.after, 2) + " %");
  }
  return rows + row("largest difference of a logit", "", decimal(quality.largest_logit_difference, 3));
}

/// A bar for each layer: how far the logits move when it alone is int8.
std::string sensitivities(const QuantizeReport& report) {
  constexpr int kLine = 20;
  constexpr int kNames = 430;
  constexpr int kBars = 300;
  double largest = 0;
  for (const QuantizedLayer& layer : report.layers) largest = std::max(largest, layer.sensitivity.value_or(0));
  if (largest == 0) return {};
  const std::size_t height = report.layers.size() * kLine;
  std::string svg = "<svg viewBox=\"0 0 " + std::to_string(kNames + kBars + 70) + " " + std::to_string(height) +
                    "\" role=\"img\" aria-label=\"sensitivity of each layer\">\n";
  for (std::size_t i = 0; i < report.layers.size(); ++i) {
    const QuantizedLayer& layer = report.layers[i];
    const double value = layer.sensitivity.value_or(0);
    const std::string y = std::to_string(i * kLine);
    const std::string width = decimal(std::max(1.0, value / largest * kBars), 1);
    const std::string middle = std::to_string(i * kLine + 14);
    const std::string end = decimal(kNames + 6 + value / largest * kBars, 1);
    std::string name = escaped(layer.name);
    if (layer.products > 1) name += " and " + std::to_string(layer.products - 1) + " more";
    svg.append("<text class=\"name\" x=\"").append(std::to_string(kNames - 8)).append("\" y=\"").append(middle);
    svg.append("\">").append(name).append("</text><rect class=\"").append(layer.kept ? "kept" : "bar");
    svg.append("\" x=\"").append(std::to_string(kNames)).append("\" y=\"").append(y).append("\" width=\"");
    svg.append(width).append("\" height=\"16\"/><text x=\"").append(end).append("\" y=\"").append(middle);
    svg.append("\">").append(decimal(value, 4)).append("</text>\n");
  }
  return "<h2>What each layer does to the logits</h2>\n<p>Root mean square by which they move when it alone is int8. "
         "<span class=\"key\">int8</span> <span class=\"key kept\">given back</span></p>\n" +
         svg + "</svg>\n";
}

}  // namespace

std::string to_json(const QuantizeReport& report) {
  AnswerJson json{{"method", name_of(report.method)},
                  {"calibrated_on", report.calibrated_on},
                  {"promise", report.promise},
                  {"instruction_set", report.instruction_set},
                  {"weight_bytes", {{"before", report.model.before.weight_bytes}}}};
  // Not known yet when this goes into the folder, where the file itself tells.
  if (report.model.after.weight_bytes > 0) json["weight_bytes"]["after"] = report.model.after.weight_bytes;
  if (report.quality) {
    json["quality"] = json_of(*report.quality);
    json["texts_per_s"] = {{"before", report.texts_per_s.before},
                           {"after", report.texts_per_s.after},
                           {"without_promise", report.texts_per_s_without_promise}};
  }
  json["layers"] = AnswerJson::array();
  for (const QuantizedLayer& layer : report.layers) json["layers"].push_back(json_of(layer));
  json["warnings"] = report.warnings;
  return dumped(json, 2);
}

std::string to_html(const QuantizeReport& report) {
  const std::string model = report.model.before.folder.filename().string();
  std::string body = "<h1>" + escaped(model) + " in int8</h1>\n<p>Method " + std::string(name_of(report.method));
  if (report.calibrated_on > 0) body += ", calibrated on " + std::to_string(report.calibrated_on) + " texts";
  if (report.quality) body += ", judged by " + std::to_string(report.quality->texts) + " texts";
  body += ". CPU: " + escaped(report.instruction_set) + ".</p>\n";
  if (!report.promise.empty()) body += "<p>Promise: " + escaped(report.promise) + ". It holds.</p>\n";
  for (const std::string& warning : report.warnings) body += "<p class=\"warning\">" + escaped(warning) + "</p>\n";
  body += "<table>\n<tr><th></th><th>before</th><th>after</th></tr>\n" + figures(report) + "</table>\n";
  return html::page(model + " in int8", body + sensitivities(report));
}

}  // namespace tastevin
