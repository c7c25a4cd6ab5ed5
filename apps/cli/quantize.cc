#include "tastevin/quantize.h"

#include <unistd.h>

#include <iostream>
#include <memory>

#include "chosen_model.h"
#include "commands.h"
#include "flags.h"
#include "report_page.h"
#include "terminal.h"

namespace tastevin::cli {
namespace {

struct QuantizeFlags {
  std::string model;
  std::string out;
  std::string report;
  bool json = false;
  QuantizeOptions options;
};

/// One line on a terminal that says how far the work is; nothing elsewhere.
class StepLine {
 public:
  ~StepLine() { clear(); }

  void show(const QuantizeProgress& progress) {
    if (!is_terminal_) return;
    const std::string line = progress.step + " " + std::to_string(progress.done) + " of " + std::to_string(progress.of);
    std::cerr << "\r\033[K" << line.substr(0, error_columns() - 1) << std::flush;
    shown_ = true;
  }

 private:
  void clear() {
    if (shown_) std::cerr << "\r\033[K" << std::flush;
  }

  bool is_terminal_ = ::isatty(STDERR_FILENO) != 0;
  bool shown_ = false;
};

void row(const std::string& name, const std::string& value) { print_row(name, 15, value); }

std::string with_interval(const Share& share) {
  return decimal(share.percent, 2) + " %" + interval(share.low, share.high, 1);
}

std::string speed(const QuantizeReport& report) {
  const auto& [before, after] = report.texts_per_s;
  std::string text = decimal(before, 1) + " -> " + decimal(after, 1) + " texts/s, " + decimal(after / before, 2) + "x";
  const bool paid = std::ranges::any_of(report.layers, &QuantizedLayer::kept);
  if (paid) text += " (" + decimal(report.texts_per_s_without_promise, 1) + " with every layer in int8)";
  return text;
}

void print_layers(const QuantizeReport& report) {
  std::vector<QuantizedLayer> layers = report.layers;
  std::ranges::stable_sort(layers, std::ranges::greater{},
                           [](const auto& layer) { return layer.sensitivity.value_or(0); });
  constexpr std::size_t kShown = 5;
  std::string name = "most sensitive";
  for (std::size_t i = 0; i < layers.size(); ++i) {
    if (!layers[i].sensitivity || (i >= kShown && !layers[i].kept)) continue;
    row(name, decimal(layers[i].sensitivity.value_or(0), 4) + "  " + one_line(layers[i].name) +
                  (layers[i].products > 1 ? " and " + std::to_string(layers[i].products - 1) + " more" : "") +
                  (layers[i].kept ? ", given back" : ""));
    name.clear();
  }
}

void print(const QuantizeReport& report, const std::string& out) {
  const ModelInfo& before = report.model.before;
  const ModelInfo& after = report.model.after;
  row("written", out);
  row("size", human_bytes(before.weight_bytes) + " -> " + human_bytes(after.weight_bytes) + ", " +
                  decimal(static_cast<double>(after.weight_bytes) / static_cast<double>(before.weight_bytes), 3));
  row("CPU", report.instruction_set);
  if (report.quality) {
    const QuantizeQuality& quality = *report.quality;
    row("speed", speed(report));
    row("same label", with_interval(quality.agreement) + " of " + std::to_string(quality.texts) + " texts");
    if (quality.labelled) {
      row("accuracy", with_interval(quality.accuracy.before) + " -> " + with_interval(quality.accuracy.after));
      row("macro F1", decimal(quality.macro_f1.before, 2) + " % -> " + decimal(quality.macro_f1.after, 2) + " %");
    }
    row("logits", "differ by " + decimal(quality.largest_logit_difference, 3) + " at most");
    print_layers(report);
  }
  if (!report.promise.empty()) row("promise", report.promise + ": holds");
}

void run(const QuantizeFlags& flags) {
  check_report_place(flags.report);
  QuantizeReport report;
  {
    StepLine line;
    report = quantize(chosen_model(flags.model), flags.out, flags.options,
                      [&line](const QuantizeProgress& progress) { line.show(progress); });
  }
  for (const std::string& warning : report.warnings) std::cerr << "tastevin: warning: " << warning << "\n";
  if (flags.json) {
    std::cout << to_json(report) << "\n";
  } else {
    print(report, flags.out);
  }
  if (!flags.report.empty()) write_report_page(flags.report, to_html(report));
}

}  // namespace

void add_quantize(CLI::App& app) {
  auto flags = std::make_shared<QuantizeFlags>();
  CLI::App* command = app.add_subcommand("quantize", "Write a model in int8, if it keeps a promise about its answers");
  command->add_option("MODEL", flags->model, "checkpoint folder, converted folder, .onnx file or Hub id")
      ->required()
      ->type_name("");
  command->add_option("OUT", flags->out, "folder to write; one converted before is replaced")
      ->required()
      ->type_name("");
  command->add_option("--report", flags->report, "also write a page about it")->type_name("FILE.html");
  command->add_flag("--json", flags->json, "print the report as JSON");
  add_flags(*command, flags->options);
  command->footer("Example:\n  tastevin quantize models/sst2-tiny build/sst2-int8");
  command->callback([flags] { run(*flags); });
}

}  // namespace tastevin::cli
