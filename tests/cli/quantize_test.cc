#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/cpu_features.h"
#include "program_under_test.h"
#include "support/files.h"
#include "support/temporary_folder.h"

namespace tastevin {
namespace {

using ::testing::HasSubstr;
using ::testing::Matcher;

class QuantizeCommand : public ::testing::Test {
 protected:
  std::string texts() const {
    std::string lines = "label,text\n";
    for (std::size_t i = 0; i < 60; ++i) lines += "1,a wonderful film number " + std::to_string(i) + "\n";
    return folder_.write("texts.csv", lines).string();
  }

  TemporaryFolder folder_;
  std::string model_ = source_file("models/sst2-tiny").string();
  std::string out_ = (folder_ / "int8").string();
};

TEST_F(QuantizeCommand, PrintsWhatItWroteAndHowItCompares) {
  const std::string page = (folder_ / "report.html").string();

  const Ended run =
      tastevin({"quantize", model_, out_, "--method", "full", "--calibration", texts(), "--report", page});

  EXPECT_EQ(run.code, 0) << run.err;
  for (const char* row : {"written", "size", "CPU", "speed", "same label", "logits", "most sensitive", "promise"})
    EXPECT_THAT(run.out, HasSubstr(row));
  const bool warned = !read_cpu_features("/proc/cpuinfo").multiplies_bytes();
  EXPECT_THAT(run.err, warned ? Matcher<std::string>(HasSubstr("VNNI")) : Matcher<std::string>(""));
  EXPECT_THAT(read_file(page), HasSubstr("sst2-tiny in int8"));
  EXPECT_THAT(tastevin({"classify", "a wonderful film", "--model", out_}).out, HasSubstr("POSITIVE"));
}

// Only classify printed what loading had to warn of.
TEST_F(QuantizeCommand, MakesModelsThatEveryCommandWarnsOfWhenTheyAreNotKeptCompiled) {
  const std::string data = texts();
  const std::string no_folder = (folder_.write("file", "") / "cache").string();
  ASSERT_EQ(tastevin({"quantize", model_, out_, "--method", "full", "--calibration", data}).code, 0);

  for (const std::vector<std::string>& command : std::vector<std::vector<std::string>>{
           {"classify", "good"}, {"explain", "good"}, {"evaluate", "--data", data}, {"calibrate", "--data", data}}) {
    std::vector<std::string> arguments = command;
    arguments.insert(arguments.end(), {"--model", out_, "--cache-dir", no_folder});
    EXPECT_THAT(tastevin(arguments).err, HasSubstr("warning: compiled models are not kept")) << command.front();
  }
}

TEST_F(QuantizeCommand, PrintsItsReportAsJson) {
  const Ended run = tastevin({"quantize", model_, out_, "--data", texts(), "--json"});

  const Json report = parse_json(run.out, "output");
  EXPECT_EQ(report.at("method"), "weights");
  EXPECT_EQ(report.at("quality").at("texts"), 60);
  EXPECT_TRUE(report.at("quality").contains("accuracy"));
  EXPECT_FALSE(report.at("layers").empty());
  EXPECT_LT(report.at("weight_bytes").at("after"), report.at("weight_bytes").at("before"));
}

TEST_F(QuantizeCommand, SaysByItsExitCodeThatAPromiseDoesNotHold) {
  const Ended run = tastevin({"quantize", model_, out_, "--data", texts(), "--max-drop=-100"});

  EXPECT_EQ(run.code, 8);
  EXPECT_THAT(run.err, HasSubstr("nothing was written"));
  EXPECT_FALSE(std::filesystem::exists(out_));
}

TEST_F(QuantizeCommand, WarnsWhenNothingIsPromised) {
  const Ended run = tastevin({"quantize", model_, out_});

  EXPECT_EQ(run.code, 0);
  EXPECT_THAT(run.err, HasSubstr("warning: no texts to judge by"));
}

}  // namespace
}  // namespace tastevin
