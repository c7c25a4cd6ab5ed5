#include <iostream>
#include <memory>
#include <span>

#include "answers.h"
#include "base/halves.h"
#include "base/stopwatch.h"
#include "chosen_model.h"
#include "commands.h"
#include "flags.h"
#include "job.h"
#include "line_reader.h"
#include "tastevin/classifier.h"
#include "tastevin/error.h"
#include "terminal.h"

namespace tastevin::cli {
namespace {

struct ClassifyFlags {
  std::vector<std::string> texts;
  std::string model;
  std::string file;
  std::optional<std::string> pair;
  Format format = Format::text;
  bool timing = false;
  JobFlags rows;
  ModelOptions load;
  ClassifyOptions classify;
};

/// One run of the command: a model, and what has been answered so far.
class Run {
 public:
  Run(const ClassifyFlags& flags, const std::filesystem::path& model)
      : flags_(flags), classifier_(loaded(model, flags.load)), writer_(flags.format) {
    times_.load = watch_.ms();
  }

  /// A text that is refused costs those before it nothing, and is named by its place.
  void answer(std::span<const std::string> texts) {
    const auto run = [&](std::size_t first, std::size_t count) {
      return refusal_of([&] { answer_together(texts.subspan(first, count)); });
    };
    by_halves(0, texts.size(), run, [&](std::size_t, const Error& error) {
      if (texts_ > 0) finish();
      refuse_text(error, texts_, flags_.texts, flags_.file);
    });
  }

  void finish() {
    writer_.finish();
    tell_truncated(truncated_, texts_, kRefusesLongTexts);
    if (flags_.timing && (flags_.format == Format::text || flags_.format == Format::tsv)) print_times();
  }

 private:
  void answer_together(std::span<const std::string> texts) {
    std::vector<Text> views;
    views.reserve(texts.size());
    for (const std::string& text : texts) views.push_back({text, flags_.pair});
    const Classified classified = classifier_.classify(views, flags_.classify);
    add(classified.times);
    const Timing call{times_.load, classified.times.tokenize, classified.times.infer, classified.times.total};
    for (std::size_t i = 0; i < texts.size(); ++i) {
      writer_.write(texts[i], classified.predictions[i], flags_.timing ? std::optional(call) : std::nullopt);
      truncated_ += static_cast<std::size_t>(classified.predictions[i].truncated);
    }
    texts_ += texts.size();
    flush_standard_output();
  }

  void add(const StageTimes& call) {
    times_.tokenize += call.tokenize;
    times_.infer += call.infer;
  }

  void print_times() const {
    std::cerr << std::fixed;
    std::cerr.precision(2);
    std::cerr << "load " << times_.load << " ms, tokenize " << times_.tokenize << " ms, infer " << times_.infer
              << " ms, total " << watch_.ms() << " ms  (" << classifier_.device() << ", "
              << name_of(classifier_.precision()) << ", " << classifier_.threads() << " threads, "
              << classifier_.info().family << ", " << classifier_.info().form << ")\n";
  }

  Stopwatch watch_;
  const ClassifyFlags& flags_;
  Classifier classifier_;
  AnswerWriter writer_;
  Timing times_;
  std::size_t texts_ = 0;
  std::size_t truncated_ = 0;
};

/// Rows of a file.
void classify_rows(const ClassifyFlags& flags) {
  const Classifier classifier = loaded(chosen_or_bundled_model(flags.model), flags.load);
  run_job_command(flags.rows, [&](const JobOptions& job, const auto& progress) {
    return run_job(classifier, job, flags.classify, progress);
  });
}

void classify(const ClassifyFlags& flags) {
  if (!flags.rows.job.input.empty()) {
    classify_rows(flags);
    return;
  }
  check_one_source("classify", flags.texts, flags.file);
  std::optional<LineReader> reader;
  if (!flags.file.empty()) reader.emplace(flags.file);
  Run run(flags, chosen_or_bundled_model(flags.model));
  if (reader) {
    for (auto lines = reader->next(); !lines.empty(); lines = reader->next()) run.answer(lines);
  } else {
    run.answer(flags.texts);
  }
  run.finish();
}

}  // namespace

void add_classify(CLI::App& app) {
  auto flags = std::make_shared<ClassifyFlags>();
  CLI::App* command = app.add_subcommand("classify", "Label texts");
  command->add_option("TEXT", flags->texts, "texts to label")->type_name("");
  command
      ->add_option("--model", flags->model,
                   "checkpoint folder, converted folder, .onnx file or Hub id (default: the bundled sentiment model)")
      ->type_name("MODEL");
  command->add_option("--file", flags->file, "read one text a line; - is standard input, answered as lines arrive")
      ->type_name("FILE");
  command
      ->add_option_function<std::string>(
          "--pair", [flags](const std::string& text) { flags->pair = text; },
          "second text, for models that judge pairs")
      ->type_name("TEXT");
  add_flag(*command, "--format", flags->format,
           "what to print: lines for people, one JSON array, JSON lines, or index, label, score, text");
  command->add_flag("--timing", flags->timing, "show milliseconds to load, tokenize and infer");
  add_job_flags(*command, flags->rows);
  add_flags(*command, flags->load);
  add_flags(*command, flags->classify);
  command->footer("Example:\n  tastevin classify \"I had a wonderful day\" --top-k 2 --format jsonl");
  command->callback([flags, command] {
    check_job_flags(*command,
                    {"TEXT", "--file", "--pair", "--format", "--timing", "--top-k", "--threshold", "--logits"});
    classify(*flags);
  });
}

}  // namespace tastevin::cli
