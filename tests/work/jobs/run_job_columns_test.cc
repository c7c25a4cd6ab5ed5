// Columns that a job adds because it is asked to.

#include <gmock/gmock.h>

#include <fstream>

#include "base/json.h"
#include "support/fails_with.h"
#include "tastevin/calibrate.h"
#include "work/jobs/run_job_fixture.h"
#include "work/tables/reader.h"

namespace tastevin {
namespace {

using ::testing::AnyOf;
using ::testing::HasSubstr;

/// The tiny checkpoint as one that gives several labels at once, of which the first and the third always hold.
std::filesystem::path several_labels(const TemporaryFolder& folder) {
  auto model = folder.copy_of(source_file("tests/golden/tiny/gelu-f32"), "model");
  Json config = read_json_object(model / "config.json");
  config["problem_type"] = "multi_label_classification";
  std::ofstream(model / "config.json") << config.dump();
  write_calibration(model / "calibration.json", {.thresholds = {0, 1, 0}});
  return model;
}

// Thresholds were stored and showed in no file of rows.
TEST_F(RunJob, AddsTheLabelsThatHoldFromTheirThresholdsOn) {
  const Classifier model = Classifier::load(several_labels(folder_), {.device = "CPU"});
  std::string rows = "text\n";
  for (std::size_t i = 0; i < 20'000; ++i) rows += "film " + std::to_string(i % 50) + "\n";
  job_.input = folder_.write("in.csv", rows).string();
  job_.add = {"labels"};
  const auto answers_in = [&](const char* name) {
    job_.output = (folder_ / name).string();
    report_ = run_job(model, job_);
    return tables::read_columns(job_.output, {"labels"}).front();
  };

  const tables::Column labels = answers_in("out.csv");

  EXPECT_EQ(report_.repeated, 19'950U);
  ASSERT_EQ(labels.size(), 20'000U);
  for (const std::string& each : labels)
    EXPECT_THAT(each, AnyOf(R"(["negative","positive"])", R"(["positive","negative"])"));
  EXPECT_EQ(labels[0], labels[50 * 300]);
  EXPECT_EQ(answers_in("out.parquet"), labels);
  EXPECT_THAT(tables::open(std::filesystem::path(job_.output))->types(), HasSubstr("labels: list<element: string>"));
  EXPECT_EQ(answers_in("out.jsonl"), labels);
}

TEST_F(RunJob, AddsTheWindowsOfALongText) {
  job_.add = {"windows"};
  ClassifyOptions options;
  options.long_text = LongText::window;
  options.max_length = 6;
  for (const char* name : {"out.jsonl", "out.csv", "out.parquet"}) {
    output("in.csv", "text\na wonderful film that is horrible and long\nshort\n", name, options);

    const auto windows = tables::read_columns(job_.output, {"windows"}).front();
    const Json first = parse_json(windows[0], "windows");
    EXPECT_GT(first.size(), 1U);
    EXPECT_EQ(first[0].at("begin"), 0);
    EXPECT_EQ(first.back().at("end"), 42);
    EXPECT_EQ(windows[1], "[]");
  }
}

// They were numbers that mean nothing: an entropy below 0 of a regression, a margin between labels that both hold.
TEST_F(RunJob, RefusesFiguresThatTheScoresDoNotGive) {
  const auto refuses = [&](const Classifier& model, const char* name, const ClassifyOptions& options = {}) {
    job_.input = folder_.write("in.csv", "text\na\n").string();
    job_.output = (folder_ / "out.csv").string();
    job_.add = {name};
    EXPECT_THAT([&] { run_job(model, job_, options); }, fails_with(ErrorCode::invalid_argument, "one label of many"));
  };
  for (const char* model : {"gelu-bf16-regression", "gelu-f64-one-label", "relu-f16-multi-label"})
    for (const char* name : {"margin", "entropy"})
      refuses(Classifier::load(source_file("tests/golden/tiny") / std::filesystem::path(model), {.device = "CPU"}),
              name);
  ClassifyOptions raw;
  raw.function_to_apply = Activation::none;
  refuses(bundled(), "entropy", raw);
}

TEST_F(RunJob, RefusesColumnsThatAnswersHaveNot) {
  for (const char* name : {"labels", "windows"}) {
    job_.add = {name};
    EXPECT_THAT([&] { output("in.csv", "text\na\n", "out.csv"); },
                fails_with(ErrorCode::invalid_argument, "add: expected"));
  }
}

}  // namespace
}  // namespace tastevin
