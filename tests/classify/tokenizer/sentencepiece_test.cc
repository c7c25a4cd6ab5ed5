#include "classify/tokenizer/sentencepiece.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <string_view>

#include "base/mapped_file.h"
#include "support/files.h"
#include "tastevin/error.h"

namespace tastevin::tokenizer {
namespace {

using namespace std::string_literals;
using Model = SentencePieceModel;

/// A field of bytes: tag, length, content, all below 128.
std::string field(int number, const std::string& content) {
  return std::string{static_cast<char>(number << 3 | 2), static_cast<char>(content.size())} + content;
}

const std::string kPiece = field(1, field(1, "ab") + "\x15\x00\x00\x80\xBF"s + "\x18\x03"s);  // "ab", -1, control

ErrorCode code_of(const std::string& bytes) {
  try {
    read_sentencepiece(bytes, "spiece.model");
  } catch (const Error& error) {
    return error.code();
  }
  return ErrorCode::internal;
}

TEST(SentencePiece, ReadsPieces) {
  const Model model = read_sentencepiece(kPiece, "spiece.model");

  ASSERT_EQ(model.pieces.size(), 1U);
  EXPECT_EQ(model.pieces[0].text, "ab");
  EXPECT_EQ(model.pieces[0].score, -1);
  EXPECT_EQ(model.pieces[0].type, Model::PieceType::control);
}

TEST(SentencePiece, ReadsSettings) {
  const std::string trainer =
      field(2, "\x18\x02"s + "\x98\x02\x01"s + "\xC0\x02\x07"s + "\xD8\x02\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x01"s);
  const std::string normalizer = field(3, field(1, "nfkc") + field(2, "map") + "\x18\x00"s);

  const Model model = read_sentencepiece(kPiece + trainer + normalizer, "spiece.model");

  EXPECT_EQ(model.trainer.algorithm, Model::Algorithm::bpe);
  EXPECT_EQ(model.trainer.unk_id, 7);
  EXPECT_EQ(model.normalizer.precompiled_charsmap, "map");
}

TEST(SentencePiece, AbsentFieldsHaveTheDefaultsOfTheFormat) {
  const Model model = read_sentencepiece(field(1, field(1, "a")), "spiece.model");

  EXPECT_EQ(model.pieces[0].type, Model::PieceType::normal);
  EXPECT_EQ(model.trainer.algorithm, Model::Algorithm::unigram);
  EXPECT_EQ(model.trainer.unk_id, 0);
  EXPECT_EQ(model.normalizer.precompiled_charsmap, "");
}

TEST(SentencePiece, StepsOverUnknownFields) {
  const std::string unknown = "\xA2\x06\x01x"s +
                              "\xA5\x06"
                              "abcd"s +
                              "\xA1\x06"
                              "abcdefgh"s +
                              "\xA0\x06\x05"s;

  EXPECT_EQ(read_sentencepiece(unknown + kPiece, "spiece.model").pieces.size(), 1U);
}

TEST(SentencePiece, RefusesEveryCutOfAFile) {
  for (std::size_t size = 1; size < kPiece.size(); ++size) {
    EXPECT_EQ(code_of(kPiece.substr(0, size)), ErrorCode::bad_checkpoint) << size;
  }
}

TEST(SentencePiece, RefusesWhatIsNotAModel) {
  EXPECT_EQ(code_of(""), ErrorCode::bad_checkpoint);
  EXPECT_EQ(code_of("\x0A\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x01"), ErrorCode::bad_checkpoint);  // 2^64 - 1 bytes
  EXPECT_EQ(code_of("\x08\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x01"),
            ErrorCode::bad_checkpoint);                       // an 11-byte number
  EXPECT_EQ(code_of("\x0B\x0C"), ErrorCode::bad_checkpoint);  // a group
  EXPECT_EQ(code_of(field(1, field(1, "\xFF"))), ErrorCode::bad_checkpoint);
  EXPECT_EQ(code_of(field(1, "\x18\x09"s)), ErrorCode::bad_checkpoint);              // a kind of piece that is none
  EXPECT_EQ(code_of(field(1, "\x15\x00\x00\xC0\x7F"s)), ErrorCode::bad_checkpoint);  // a score that is no number
  EXPECT_EQ(code_of("\x08\x01"), ErrorCode::bad_checkpoint);                         // pieces of another kind of value
}

TEST(SentencePiece, ReadsARealModel) {
  TASTEVIN_NEEDS_SHARED("tokenizers/deberta-v3/spm.model");
  const std::filesystem::path path = shared_file("tokenizers/deberta-v3/spm.model");
  const MappedFile file(path);

  const Model model = read_sentencepiece(file.text(), path.string());

  EXPECT_EQ(model.pieces.size(), 128'000U);
  EXPECT_EQ(model.pieces[0].text, "[PAD]");
  EXPECT_FALSE(model.normalizer.precompiled_charsmap.empty());
}

}  // namespace
}  // namespace tastevin::tokenizer
