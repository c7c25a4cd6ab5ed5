#include "tastevin/zero_shot.h"

#include <iostream>
#include <memory>

#include "answers.h"
#include "chosen_model.h"
#include "commands.h"
#include "flags.h"
#include "job.h"
#include "line_reader.h"
#include "tastevin/error.h"
#include "terminal.h"

namespace tastevin::cli {
namespace {

struct ZeroShotFlags {
  std::vector<std::string> texts;
  std::string model;
  std::string file;
  std::vector<std::string> labels;
  std::string labels_column;
  JobFlags rows;
  Format format = Format::text;
  ModelOptions load;
  ZeroShotOptions options;
};

void label_rows(const ZeroShotFlags& flags) {
  const Classifier classifier = loaded(chosen_model(flags.model), flags.load);
  run_job_command(flags.rows, [&](const JobOptions& job, const auto& progress) {
    return run_zero_shot_job(classifier, job, {flags.labels, flags.labels_column, flags.options}, progress);
  });
}

void run(const ZeroShotFlags& flags) {
  if (!flags.rows.job.input.empty()) {
    label_rows(flags);
    return;
  }
  if (flags.labels.empty() || !flags.labels_column.empty())
    throw Error(ErrorCode::invalid_argument, "zero-shot: expected --labels; --labels-column is for --input");
  check_one_source("zero-shot", flags.texts, flags.file);
  std::optional<LineReader> reader;
  if (!flags.file.empty()) reader.emplace(flags.file);
  const Classifier classifier = loaded(chosen_model(flags.model), flags.load);
  AnswerWriter writer(flags.format, Shape::zero_shot);
  std::size_t answered = 0;
  std::size_t truncated = 0;
  const auto answer = [&](const std::vector<std::string>& texts) {
    const auto answers = zero_shot(classifier, texts, flags.labels, flags.options);
    for (std::size_t i = 0; i < texts.size(); ++i) {
      writer.write(texts[i], answers[i], std::nullopt);
      truncated += static_cast<std::size_t>(answers[i].truncated);
    }
    answered += texts.size();
    flush_standard_output();
  };
  if (reader) {
    for (auto lines = reader->next(); !lines.empty(); lines = reader->next()) answer(lines);
  } else {
    answer(flags.texts);
  }
  writer.finish();
  tell_truncated(truncated, answered);
}

}  // namespace

void add_zero_shot(CLI::App& app) {
  auto flags = std::make_shared<ZeroShotFlags>();
  CLI::App* command = app.add_subcommand("zero-shot", "Give texts labels that no model was trained for");
  command->add_option("TEXT", flags->texts, "texts to label")->type_name("");
  command->add_option("--model", flags->model, "a model of natural language inference (NLI)")
      ->required()
      ->type_name("MODEL");
  command->add_option("--labels", flags->labels, "labels to choose from, separated by commas")
      ->delimiter(',')
      ->allow_extra_args(false)
      ->type_name("A,B,...");
  command
      ->add_option("--labels-column", flags->labels_column,
                   "column of --input with each row's own labels: a JSON list, or separated by | ; or ,")
      ->type_name("NAME");
  command->add_option("--file", flags->file, "read one text a line; - is standard input, answered as lines arrive")
      ->type_name("FILE");
  add_flag(*command, "--format", flags->format,
           "what to print: lines for people, one JSON array, JSON lines, or index, label, score, text");
  add_job_flags(*command, flags->rows);
  add_flags(*command, flags->options);
  add_flags(*command, flags->load);
  command->footer(
      "Example:\n  tastevin zero-shot \"Where is my parcel?\" --model facebook/bart-large-mnli --labels "
      "delivery,refund");
  command->callback([flags, command] {
    check_job_flags(*command, {"TEXT", "--file", "--format"});
    run(*flags);
  });
}

}  // namespace tastevin::cli
