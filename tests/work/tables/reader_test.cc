// A letter and a number (E01) are a row of tests/reported_bugs.md.

#include "work/tables/reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "base/text_file.h"
#include "support/fails_with.h"
#include "support/files.h"
#include "support/table_values.h"
#include "support/temporary_folder.h"

namespace tastevin::tables {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

class Reader : public ::testing::Test {
 protected:
  Column column(const std::string& file, std::string_view bytes, const std::string& name) const {
    return read_columns(folder_.write(file, bytes), {name}).front();
  }

  static Rows all_of(TableReader& reader) {
    Rows all = rows_of(reader.names().size());
    while (auto rows = reader.next()) append(all, std::move(*rows));
    return all;
  }

  TemporaryFolder folder_;
};

TEST_F(Reader, KeepsTheBytesOfCsv) {
  const auto columns = read_columns(folder_.write("t.csv",
                                                  "id,text,score\n"
                                                  "007,\"a, \"\"b\"\"\nc\",1.10\r\n"
                                                  ",NA,nan\n"
                                                  "1e3, true ,\xFF\n"),
                                    {"id", "text", "score"});

  EXPECT_THAT(columns[0], ElementsAre("007", "", "1e3"));
  EXPECT_THAT(columns[1], ElementsAre("a, \"b\"\nc", "NA", " true "));
  EXPECT_THAT(columns[2], ElementsAre("1.10", "nan", "\xFF"));
}

TEST_F(Reader, KnowsNoQuotesInTsv) {
  EXPECT_THAT(column("t.tsv", "label\ttext\n1\t\"so\" he said\n0\t5'9\" tall\n", "text"),
              ElementsAre("\"so\" he said", "5'9\" tall"));
}

TEST_F(Reader, ReadsQuotesOfTsvWhereAskedTo) {
  const auto file = folder_.write("t.tsv", "label\ttext\n1\t\"a \"\"b\"\"\tc\nd\"\n0\tx, y\n2\t\"open\n");

  const auto reader = open(file, format_of(file, "quoted-tsv"));
  const Rows rows = all_of(*reader);

  EXPECT_THAT(rows.columns[1], ElementsAre("a \"b\"\tc\nd", "x, y", ""));
  EXPECT_THAT(rows.errors.back(), HasSubstr("line 5: a quote is opened and never closed"));
}

TEST_F(Reader, TakesAnEmptyLineOfOneColumnForAnEmptyText) {
  EXPECT_THAT(column("t.csv", "text\na\n\nb\n", ""), ElementsAre("a", "", "b"));
  EXPECT_THAT(column("t.csv", "label,text\n1,a\n\n0,b\n", "text"), ElementsAre("a", "b"));
}

TEST_F(Reader, ReadsParquet) {
  const auto columns = values_of(source_file("tests/golden/tables/rows.parquet"),
                                 {"text", "large", "dictionary", "bytes", "label", "truth"});

  EXPECT_THAT(columns[0], ElementsAre("good", "", "two\nlines, \u00fc"));
  EXPECT_THAT(columns[1], ElementsAre("good", "", "two\nlines, \u00fc"));
  EXPECT_THAT(columns[2], ElementsAre("a", "", "a"));
  EXPECT_THAT(columns[3], ElementsAre("\xFF", "", "x"));
  EXPECT_THAT(columns[4], ElementsAre("1", "", "-7"));
  EXPECT_THAT(columns[5], ElementsAre("true", "", "false"));
}

TEST_F(Reader, ReadsArrowsOwnFilesAsParquet) {
  const std::vector<std::string> names{"text", "large", "dictionary", "bytes", "label", "truth"};
  const auto expected = values_of(source_file("tests/golden/tables/rows.parquet"), names);

  EXPECT_EQ(values_of(source_file("tests/golden/tables/rows.arrow"), names), expected);
  EXPECT_EQ(values_of(source_file("tests/golden/tables/rows.arrows"), names), expected);
}

TEST_F(Reader, UnpacksWhatItReads) {
  for (const char* name : {"rows.csv.gz", "rows.csv.zst"}) {
    const auto columns = read_columns(source_file("tests/golden/tables") / name, {"text", "label"});
    ASSERT_EQ(columns[0].size(), 3000U) << name;
    EXPECT_EQ(columns[0].back(), "row 2999");
    EXPECT_EQ(columns[1].front(), "000");
  }
}

TEST_F(Reader, UnpacksLinesOfSeveralMembers) {
  const auto texts = read_columns(source_file("tests/golden/tables/rows.jsonl.gz"), {"text"}).front();

  ASSERT_EQ(texts.size(), 3000U);
  EXPECT_EQ(texts.back(), "row 2999");
}

TEST_F(Reader, RefusesAPackedFileThatIsCutOff) {
  for (const char* name : {"rows.csv.gz", "rows.csv.zst", "rows.jsonl.gz"}) {
    const std::string whole = read_file(source_file("tests/golden/tables") / name);
    const auto cut = folder_.write(std::string("cut-") + name, whole.substr(0, whole.size() - 20));
    EXPECT_THAT([&] { read_columns(cut, {"text"}); }, fails_with(ErrorCode::invalid_argument, name));
  }
}

TEST_F(Reader, RefusesAPackedFileThatIsNone) {
  for (const char* name : {"t.csv.gz", "t.txt.gz", "t.jsonl.zst"}) {
    const auto file = folder_.write(name, "text\nnot packed at all\n");
    EXPECT_THAT([&] { read_columns(file, {""}); }, fails_with(ErrorCode::invalid_argument, name));
  }
  EXPECT_THAT([&] { open(folder_.write("t.parquet.gz", "")); }, fails_with(ErrorCode::invalid_argument, "decompress"));
}

TEST_F(Reader, ReadsJsonLines) {
  const char* lines =
      "{\"text\": \"a\\n\\u00fc\", \"label\": 1}\n\n{\"label\": \"x\"}\r\n{\"text\": null, \"label\": [1]}";

  EXPECT_THAT(values_of(folder_.write("t.jsonl", lines), {"text"})[0], ElementsAre("a\n\u00fc", "", ""));
  EXPECT_THAT(column("t.ndjson", lines, "label"), ElementsAre("1", "x", "[1]"));
}

// A text that is not there was judged as an empty one.
TEST_F(Reader, NamesTheRowOfAMissingValueWhereAllAreWanted) {
  const auto lines = folder_.write("t.jsonl", "{\"text\": \"a\", \"label\": 1}\n{\"label\": 1}\n");
  EXPECT_THAT([&] { read_columns(lines, {"label", "text"}); },
              fails_with(ErrorCode::invalid_argument, "t.jsonl', row 2: expected a value of 'text', found none"));
  EXPECT_THAT([&] { read_columns(source_file("tests/golden/tables/rows.parquet"), {"text"}); },
              fails_with(ErrorCode::invalid_argument, "row 2"));
}

TEST_F(Reader, ReadsPlainLines) {
  EXPECT_THAT(column("t.txt", "one\r\n\ntwo, three\nlast", "text"), ElementsAre("one", "", "two, three", "last"));
}

TEST_F(Reader, ReadsMoreRowsThanABlockHolds) {
  std::string csv = "n,text\n";
  std::string lines;
  for (std::size_t i = 0; i < 200'000; ++i) {
    csv += std::to_string(i) + ",some words of text\n";
    lines += "{\"text\": \"" + std::to_string(i) + "\"}\n";
  }

  const Column numbers = column("t.csv", csv, "n");
  ASSERT_EQ(numbers.size(), 200'000U);
  EXPECT_EQ(numbers.back(), "199999");
  EXPECT_EQ(column("t.jsonl", lines, "text").back(), "199999");
}

TEST_F(Reader, FindsTheTextColumnByItsUsualNames) {
  EXPECT_THAT(column("t.csv", "label,sentence\n1,a\n", ""), ElementsAre("a"));
  EXPECT_THAT(column("t.csv", "content,label\na,1\n", ""), ElementsAre("a"));
  EXPECT_THAT(column("t.csv", "anything\na\n", ""), ElementsAre("a"));
}

TEST_F(Reader, NamesTheColumnsWhenOneIsMissing) {
  EXPECT_THAT([&] { column("t.csv", "label,review\n1,a\n", "text"); },
              fails_with(ErrorCode::not_found, "'label', 'review'"));
  EXPECT_THAT([&] { column("t.csv", "label,review\n1,a\n", ""); }, fails_with(ErrorCode::not_found, "'review'"));
}

TEST_F(Reader, GivesARaggedRowAnErrorInItsPlace) {
  const auto reader = open(folder_.write("t.csv", "a,b\n1,2\n\n1,\"x\ny\",3\n3,4\n5\n6,7\n8,9,10\n\n"));

  const auto rows = reader->next();

  ASSERT_TRUE(rows);
  EXPECT_THAT(rows->columns[0], ElementsAre("1", "", "3", "", "6", ""));
  EXPECT_THAT(rows->columns[1], ElementsAre("2", "", "4", "", "7", ""));
  EXPECT_THAT(rows->errors[1], ::testing::StartsWith("row 2: expected 2 values, found 3"));
  EXPECT_THAT(rows->errors[3], ::testing::HasSubstr("found 1: '5'"));
  EXPECT_EQ(rows->errors[4], "");
  EXPECT_THAT(rows->errors[5], ::testing::HasSubstr("8,9,10"));
  EXPECT_FALSE(reader->next());
}

TEST_F(Reader, KeepsRaggedRowsInOrderOverManyBlocks) {
  std::string csv = "n,text\n";
  for (std::size_t i = 0; i < 300'000; ++i) csv += std::to_string(i) + (i % 1000 == 7 ? "\n" : ",some words\n");
  const auto reader = open(folder_.write("t.csv", csv));

  std::size_t row = 0;
  while (const auto rows = reader->next()) {
    for (std::size_t i = 0; i < rows->count(); ++i, ++row) {
      if (row % 1000 == 7) {
        ASSERT_THAT(rows->errors.at(i), ::testing::HasSubstr(in_quotes(std::to_string(row))));
      } else {
        ASSERT_EQ(rows->columns[0][i], std::to_string(row));
      }
    }
  }
  EXPECT_EQ(row, 300'000U);
}

TEST_F(Reader, SaysWhichFileAndLineCannotBeRead) {
  EXPECT_THAT([&] { column("ragged.csv", "a,b\n1,2\n1,2,3\n", "a"); },
              fails_with(ErrorCode::invalid_argument, "ragged.csv"));
  EXPECT_THAT([&] { column("t.jsonl", "{\"a\": 1}\n[1]\n", "a"); }, fails_with(ErrorCode::invalid_argument, "line 2"));
  EXPECT_THAT([&] { column("t.jsonl", "{\"a\": 1}\n{\"a\"\n", "a"); },
              fails_with(ErrorCode::invalid_argument, "line 2"));
  EXPECT_THAT([&] { column("t.parquet", "PAR1", "a"); }, fails_with(ErrorCode::invalid_argument, "t.parquet"));
  EXPECT_THAT([&] { column("empty.csv", "", "a"); }, fails_with(ErrorCode::invalid_argument, "empty.csv"));
}

TEST_F(Reader, SaysThatAFileIsNotThere) {
  EXPECT_THAT([&] { open(folder_ / "no.csv"); }, fails_with(ErrorCode::not_found, "no.csv"));
  EXPECT_THAT([&] { open(folder_.path()); }, fails_with(ErrorCode::invalid_argument, "expected a file"));
}

// What other readers of tables got wrong. E01: a line break in quotes ended the row.
TEST_F(Reader, KeepsLineBreaksInQuotes) {
  EXPECT_THAT(column("t.csv", "a,b,c,d\n1,2,\"a\r\nb\",0\n", "c"), ElementsAre("a\r\nb"));
  EXPECT_THAT(column("t.csv", "a,b,c\nColors,3,\"Red\nBlue\nGreen\"\n", "c"), ElementsAre("Red\nBlue\nGreen"));
}

// E03: doubled quotes, and quotes within a value that does not begin with one.
TEST_F(Reader, KeepsQuotesWithinAValue) {
  EXPECT_THAT(column("t.csv", "a,b\n456,\"uma \"\"string\"\", apenas\"\nx,outro valor \"so\"\n", "b"),
              ElementsAre("uma \"string\", apenas", "outro valor \"so\""));
}

// E03: a blank before a quote: the quote is literal, so the comma separates.
TEST_F(Reader, TakesAQuoteAfterABlankLiterally) {
  const auto rows = open(folder_.write("t.csv", "a,b\num, \"x,y\"\n"))->next();

  EXPECT_THAT(rows->errors, ElementsAre(::testing::HasSubstr("expected 2 values, found 3")));
}

// E04: a byte order mark was glued to the first column's name.
TEST_F(Reader, LeavesTheByteOrderMarkOut) {
  EXPECT_THAT(column("t.csv", "\xEF\xBB\xBFtext,label\na,1\n", "text"), ElementsAre("a"));
  const std::string mark = "\xEF\xBB\xBF";
  EXPECT_THAT(column("t.txt", mark + "a\n" + mark + "b\n", ""), ElementsAre("a", mark + "b"));
  EXPECT_THAT(column("t.txt", mark, ""), ElementsAre());
  EXPECT_THAT(open(folder_.write("t.jsonl", "\xEF\xBB\xBF{\"text\": \"a\"}\n"))->next()->texts,
              ElementsAre("{\"text\": \"a\"}"));
}

// E06: the two bytes of a line end in different blocks, here by a first value that grows over the reader's blocks.
TEST_F(Reader, ReadsTheSameRowsWhereverABlockEnds) {
  for (std::size_t i = 0; i < 64; ++i) {
    const std::string first((std::size_t{1} << 20U) - 40 + i, 'x');
    const auto columns =
        read_columns(folder_.write("t.csv", "a,b\r\n\"" + first + "\",\"y\"\r\n\"z\",\"w\"\r\n"), {"a", "b"});
    EXPECT_EQ(columns[0].front().size(), first.size());
    EXPECT_THAT(columns[1], ElementsAre("y", "w")) << i;
  }
}

// E08, E09: a quote that is not closed swallowed what is behind it without a word.
TEST_F(Reader, GivesAQuoteThatIsNotClosedAnErrorWithItsLine) {
  for (const char* bytes : {"id,text\n1,good\n2,\"val1\nval3,val4\n", "id,text\n1,good\n9,\"moof",
                            "id,text\n1,good\n\"val1,val2\nval3,val4\n"}) {
    const auto reader = open(folder_.write("t.csv", bytes));
    Rows all;
    while (auto rows = reader->next()) append(all, std::move(*rows));

    EXPECT_THAT(all.columns[1], ElementsAre("good", ""));
    EXPECT_THAT(all.errors, ElementsAre("", ::testing::HasSubstr("line 3: "))) << bytes;
  }
}

// E11: words for "missing" are texts like others.
// Arrow's streaming reader ended the run: "straddling object straddles two block boundaries".
TEST_F(Reader, ReadsARowThatIsLongerThanABlock) {
  std::string bytes = "id,text\n";
  for (int i = 0; i < 100'000; ++i) bytes += std::to_string(i) + ",good film\n";
  const std::string text(std::size_t{5} << 20U, 'w');
  bytes += "x,\"" + text + "\"\r\ny,good\n";

  const auto columns = read_columns(folder_.write("t.csv", bytes), {"id", "text"});

  ASSERT_EQ(columns[0].size(), 100'002U);
  EXPECT_TRUE(columns[1][100'000] == text);
  EXPECT_EQ(columns[1].back(), "good");
}

TEST_F(Reader, NamesTheLineOfAQuoteThatSwallowsMegabytes) {
  std::string bytes = "id,text\n0,before\n1,\"never closed\n";
  for (int i = 0; i < 200'000; ++i) bytes += std::to_string(i) + ",some words of text\n";

  const auto reader = open(folder_.write("t.csv", bytes));
  const Rows first = *reader->next();
  std::vector<std::string> errors = first.errors;
  while (const auto rows = reader->next()) errors.insert(errors.end(), rows->errors.begin(), rows->errors.end());

  EXPECT_EQ(first.columns[1].front(), "before");
  EXPECT_THAT(errors, ::testing::Contains(HasSubstr("line 3: a quote is opened and never closed")));
}

TEST_F(Reader, RefusesARowThatIsTooLong) {
  const std::string text(kMaxLineBytes + (std::size_t{2} << 20U), 'x');
  const auto plain = folder_.write("plain.csv", "id,text\n1,good\n2," + text + "\n");
  const auto quoted = folder_.write("quoted.csv", "id,text\n1,\"" + text + "\"\n");

  EXPECT_THAT([&] { read_columns(plain, {"text"}); }, fails_with(ErrorCode::too_large, "row 2: expected at most"));
  EXPECT_THAT([&] { read_columns(quoted, {"text"}); }, fails_with(ErrorCode::too_large, "line 2: a quote is opened"));
}

// Names of more than 64 KiB were "an empty file".
TEST_F(Reader, ReadsManyNames) {
  std::string bytes;
  for (int i = 0; i < 200'000; ++i) bytes += "column" + std::to_string(i) + ",";
  bytes += "text\n" + std::string(200'000, ',') + "good\n";

  EXPECT_THAT(column("t.csv", bytes, "text"), ElementsAre("good"));
}

// The first object alone said what columns there are.
TEST_F(Reader, TakesTheKeysOfManyLinesOfJsonForColumns) {
  const auto reader = open(folder_.write("t.jsonl", "{\"id\":1}\n[\n{\"text\":\"good\",\"id\":2,\"note\":\"n\"}\n"));

  EXPECT_THAT(reader->names(), ElementsAre("id", "text", "note"));
  const Rows rows = *reader->next();
  EXPECT_THAT(rows.columns[1], ElementsAre("", "", "good"));
  EXPECT_TRUE(rows.is_missing(1, 0));
}

TEST_F(Reader, TakesNoTextForMissing) {
  EXPECT_THAT(column("t.csv", "id,text\n1,null\n2,NA\n3,nan\n4,None\n5,NULL\n6,\"\"\n", "text"),
              ElementsAre("null", "NA", "nan", "None", "NULL", ""));
}

// E15: a NUL ended the run.
TEST_F(Reader, KeepsNul) {
  using namespace std::string_literals;
  EXPECT_THAT(column("t.csv", "a,b,c\n1,2\0,3\n4,5,6\n"s, "b"), ElementsAre("2\0"s, "5"));
}

// E17: a character over the end of a buffer.
TEST_F(Reader, KeepsACharacterOverTheEndOfABlock) {
  const std::string text = std::string(8191, 'a') + "\u0418";
  EXPECT_THAT(column("t.csv", "id,text\n1," + text + "\n", "text"), ElementsAre(text));
  EXPECT_THAT(column("t.txt", text + "\n", ""), ElementsAre(text));
}

// E19: input without rows.
TEST_F(Reader, TellsAHeaderAloneFromNothingAtAll) {
  EXPECT_THAT(column("t.csv", "id,text\n", "text"), ElementsAre());
  EXPECT_THAT(column("t.csv", "id,text", "text"), ElementsAre());
  EXPECT_THAT(column("t.csv", "text", ""), ElementsAre());
  EXPECT_THAT(column("t.csv", "text\n\n", ""), ElementsAre(""));
  EXPECT_THAT([&] { column("t.csv", "", "text"); }, fails_with(ErrorCode::invalid_argument, "is empty"));
  EXPECT_THAT([&] { column("t.jsonl", "", "text"); }, fails_with(ErrorCode::invalid_argument, "is empty"));
  EXPECT_THAT([&] { column("t.csv", "id\n1\n", "text"); }, fails_with(ErrorCode::not_found, "'text'"));
}

// E21: a very long quoted value.
TEST_F(Reader, ReadsAVeryLongQuotedValue) {
  std::string value;
  while (value.size() < 70'000) value += "one, two\n";
  EXPECT_THAT(column("t.csv", "id,text\n1,\"" + value + "\"\n", "text"), ElementsAre(value));
}

// E22: the last value in quotes before CR LF.
TEST_F(Reader, DropsTheLineEndBehindAQuotedValue) {
  EXPECT_THAT(column("t.csv", "a,b,c\r\ntest,hello,\"blah\"\r\nx,y,z", "c"), ElementsAre("blah", "z"));
}

}  // namespace
}  // namespace tastevin::tables
