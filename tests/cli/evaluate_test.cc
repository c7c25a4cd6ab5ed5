#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "program_under_test.h"
#include "support/files.h"
#include "support/temporary_folder.h"

namespace tastevin {
namespace {

using ::testing::HasSubstr;

class EvaluateCommand : public ::testing::Test {
 protected:
  std::string labelled() const {
    return folder_
        .write("texts.csv",
               "label,text\nPOSITIVE,I had a wonderful day\nNEGATIVE,The food was horrible.\n0,a wonderful film\n")
        .string();
  }

  TemporaryFolder folder_;
};

TEST_F(EvaluateCommand, PrintsFiguresLabelsAndWrongAnswers) {
  const Ended run = tastevin({"evaluate", "--data", labelled()});

  EXPECT_EQ(run.code, 0) << run.err;
  EXPECT_THAT(run.out, HasSubstr("accuracy            0.6667"));
  EXPECT_THAT(run.out, HasSubstr("      0      1  label\n      1      1  0 NEGATIVE\n      0      1  1 POSITIVE\n"));
  EXPECT_THAT(run.out, HasSubstr("row 3, NEGATIVE taken for POSITIVE: a wonderful film"));
}

TEST_F(EvaluateCommand, PrintsJsonAndWritesAPage) {
  const std::string page = (folder_ / "r.html").string();

  const Ended run = tastevin({"evaluate", "--data", labelled(), "--json", "--report", page});

  const Json found = parse_json(run.out, "output");
  EXPECT_NEAR(found.at("accuracy").at("value").get<double>(), 2.0 / 3, 1e-12);
  EXPECT_EQ(found.at("confusion"), Json::parse("[[1,1],[0,1]]"));
  EXPECT_THAT(read_file(page), HasSubstr("Surest wrong answers"));
}

// The figures of cut texts looked like any others.
TEST_F(EvaluateCommand, SaysThatTextsWereCut) {
  const Ended run = tastevin({"evaluate", "--data", labelled(), "--json", "--max-length", "4"});

  EXPECT_EQ(parse_json(run.out, "output").at("truncated"), 3);
  EXPECT_THAT(run.err, HasSubstr("3 of 3 texts"));
}

// Half of a page stood where a whole one was.
TEST_F(EvaluateCommand, LeavesTheOldPageWhereItCannotWriteTheNew) {
  const auto page = folder_.write("r.html", "old");
  const Ended run = shell("ulimit -f 1; trap '' XFSZ; tastevin evaluate --data " + labelled() + " --report " +
                          page.string() + " > /dev/null");

  EXPECT_EQ(run.code, 7);
  EXPECT_EQ(read_file(page), "old");
}

TEST_F(EvaluateCommand, LooksForThePagesFolderFirst) {
  const Ended run = tastevin({"evaluate", "--data", labelled(), "--report", (folder_ / "nowhere/r.html").string()});

  EXPECT_EQ(run.code, 3);
  EXPECT_EQ(run.out, "");
}

TEST_F(EvaluateCommand, RefusesMoreSamplesThanItCanKeep) {
  EXPECT_EQ(tastevin({"evaluate", "--data", labelled(), "--bootstrap", "18446744073709551615"}).code, 2);
}

TEST_F(EvaluateCommand, ShowsBothTextsOfAPair) {
  const auto file = folder_.write("pairs.csv", "label,text,more\n0,a wonderful film,wonderful\n").string();

  const Ended run = tastevin({"evaluate", "--data", file, "--pair-column", "more"});

  EXPECT_THAT(run.out, HasSubstr(": a wonderful film | wonderful\n"));
}

TEST_F(EvaluateCommand, NamesAnUnknownLabelsRow) {
  const auto file = folder_.write("bad.csv", "label,text\nPOSITIVE,a\nmeh,b\n").string();

  const Ended run = tastevin({"evaluate", "--data", file});

  EXPECT_EQ(run.code, 2);
  EXPECT_THAT(run.err, HasSubstr("row 2: expected a label of the model"));
}

}  // namespace
}  // namespace tastevin
