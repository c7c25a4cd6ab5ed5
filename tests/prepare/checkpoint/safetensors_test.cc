#include "prepare/checkpoint/safetensors.h"

#include <gtest/gtest.h>

#include <cstdlib>

#include "support/fails_with.h"
#include "support/safetensors_bytes.h"
#include "support/temporary_folder.h"

namespace tastevin::checkpoint {
namespace {

using Shape = std::vector<std::size_t>;

std::vector<TensorEntry> read(std::string_view header, std::string_view tensors) {
  return read_header(safetensors_bytes(header, tensors), "model.safetensors");
}

/// One tensor `w` with this dtype, shape and these offsets over `bytes` bytes of tensors.
auto reading_w(const std::string& dtype, const std::string& shape, const std::string& offsets, std::size_t bytes) {
  const std::string header =
      R"({"w":{"dtype":")" + dtype + R"(","shape":)" + shape + R"(,"data_offsets":)" + offsets + "}}";
  return [header, bytes] { read(header, std::string(bytes, '\0')); };
}

/// Two tensors of one-byte elements, `a` and `b`, over `bytes` bytes of tensors.
auto reading_a_and_b(const std::string& size, const std::string& offsets_a, const std::string& offsets_b,
                     std::size_t bytes) {
  const auto member = [&size](const std::string& name, const std::string& offsets) {
    return "\"" + name + R"(":{"dtype":"U8","shape":[)" + size + R"(],"data_offsets":)" + offsets + "}";
  };
  const std::string header = std::string("{") + member("a", offsets_a) + "," + member("b", offsets_b) + "}";
  return [header, bytes] { read(header, std::string(bytes, '\0')); };
}

TEST(ReadHeader, FindsEachTensorWhereItStandsInTheFile) {
  constexpr std::string_view kHeader = R"({"b":{"dtype":"F32","shape":[2],"data_offsets":[4,12]},)"
                                       R"("a":{"dtype":"F16","shape":[1,2],"data_offsets":[0,4]}})";
  const std::size_t data = 8 + kHeader.size();

  const auto entries = read(kHeader, std::string(12, 'x'));

  ASSERT_EQ(entries.size(), 2U);
  EXPECT_EQ(entries[0].name, "a");
  EXPECT_EQ(entries[0].dtype, DType::f16);
  EXPECT_EQ(entries[0].shape, (Shape{1, 2}));
  EXPECT_EQ(entries[0].begin, data);
  EXPECT_EQ(entries[0].bytes, 4U);
  EXPECT_EQ(entries[1].begin, data + 4);
}

TEST(ReadHeader, KnowsEveryTypeThatWeRun) {
  constexpr std::pair<const char*, DType> kTypes[] = {
      {"F64", DType::f64}, {"F32", DType::f32}, {"F16", DType::f16}, {"BF16", DType::bf16}, {"I64", DType::i64},
      {"I32", DType::i32}, {"I16", DType::i16}, {"I8", DType::i8},   {"U8", DType::u8},     {"BOOL", DType::boolean}};
  for (const auto& [name, dtype] : kTypes) {
    const std::string bytes(size_of(dtype), '\0');
    const auto entries = read(R"({"w":{"dtype":")" + std::string(name) + R"(","shape":[1],"data_offsets":[0,)" +
                                  std::to_string(bytes.size()) + "]}}",
                              bytes);
    EXPECT_EQ(entries.at(0).dtype, dtype) << name;
  }
}

TEST(ReadHeader, RefusesTypesOfTheFormatThatWeDoNotRunAsUnsupported) {
  for (const char* name : {"U16", "U32", "U64", "C64", "F8_E5M2", "F8_E4M3", "F8_E8M0", "F4"}) {
    EXPECT_THAT(reading_w(name, "[1]", "[0,1]", 1), fails_with(ErrorCode::unsupported_model, name));
  }
}

TEST(ReadHeader, RefusesATypeThatTheFormatDoesNotHave) {
  EXPECT_THAT(reading_w("f32", "[1]", "[0,4]", 4), refused("'f32'"));
}

TEST(ReadHeader, ReadsAScalar) {
  EXPECT_EQ(read(R"({"w":{"dtype":"F32","shape":[],"data_offsets":[0,4]}})", "1234").at(0).bytes, 4U);
}

TEST(ReadHeader, ReadsATensorWithoutElements) {
  const auto entries = read(R"({"e":{"dtype":"F32","shape":[0,9],"data_offsets":[4,4]},)"
                            R"("w":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}})",
                            "1234");

  EXPECT_EQ(entries.at(1).name, "e");
  EXPECT_EQ(entries.at(1).bytes, 0U);
}

TEST(ReadHeader, ReadsAFileWithoutTensors) { EXPECT_TRUE(read("{}", "").empty()); }

TEST(ReadHeader, AllowsBlanksAfterTheHeaderAsWritersPadIt) { EXPECT_TRUE(read("{}      ", "").empty()); }

TEST(ReadHeader, AllowsMetadataOfStrings) {
  EXPECT_TRUE(read(R"({"__metadata__":{"format":"pt","":"x"}})", "").empty());
  EXPECT_TRUE(read(R"({"__metadata__":null})", "").empty());
}

TEST(ReadHeader, RefusesOtherMetadata) {
  for (const char* metadata : {"[]", "1", "\"pt\"", R"({"format":1})", R"({"a":{"b":"c"}})"}) {
    EXPECT_THAT([&] { read(R"({"__metadata__":)" + std::string(metadata) + "}", ""); }, refused("__metadata__"));
  }
}

// safetensors/safetensors#401: the second tensor of a name was reported as a bad offset.
TEST(ReadHeader, NamesADuplicateTensorAsSuch) {
  EXPECT_THAT(
      [] {
        read(R"({"w":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},)"
             R"("w":{"dtype":"U8","shape":[1],"data_offsets":[1,2]}})",
             "12");
      },
      refused("duplicate key 'w'"));
}

// ml-explore/mlx#3363 and others: offsets that contradict shape and dtype led to reads outside the file.
TEST(ReadHeader, RefusesOffsetsThatHoldLessThanTheShapeNeeds) {
  EXPECT_THAT(reading_w("F32", "[1000,1000]", "[0,4]", 4), refused("need 4000000 bytes"));
}

TEST(ReadHeader, RefusesOffsetsThatHoldMoreThanTheShapeNeeds) {
  EXPECT_THAT(reading_w("F32", "[1]", "[0,8]", 8), refused("need 4 bytes"));
}

TEST(ReadHeader, RefusesOffsetsInReverse) {
  EXPECT_THAT(reading_w("F32", "[1]", "[8,4]", 8), refused("before they begin"));
}

TEST(ReadHeader, RefusesATensorThatLeavesTheFile) {
  EXPECT_THAT(reading_w("F32", "[2]", "[0,8]", 7), refused("tensor 'w'"));
  EXPECT_THAT(reading_w("F32", "[2]", "[0,8]", 7), refused("leave the file"));
}

TEST(ReadHeader, RefusesOffsetsThatAreNotTwo) {
  for (const char* offsets : {"[4]", "[0,4,4]", "[]"}) {
    EXPECT_THAT(reading_w("F32", "[1]", offsets, 4), refused("expected 2 numbers"));
  }
}

TEST(ReadHeader, RefusesOffsetsAndSizesThatAreNoWholeNumbers) {
  for (const char* number : {"-1", "1.0", "1e3", "null", "\"4\"", "true", "[4]", "18446744073709551616", "-0"}) {
    EXPECT_THAT(reading_w("F32", "[1]", std::string("[0,") + number + "]", 4), refused("'data_offsets'")) << number;
    EXPECT_THAT(reading_w("F32", std::string("[") + number + "]", "[0,4]", 4), refused("'shape'")) << number;
  }
}

TEST(ReadHeader, RefusesAShapeThatOverflows) {
  EXPECT_THAT(reading_w("F32", "[4294967296,4294967296]", "[0,0]", 0), refused("overflows"));
  EXPECT_THAT(reading_w("F32", "[4611686018427387904]", "[0,0]", 0), refused("overflows"));
  EXPECT_THAT(reading_w("U8", "[18446744073709551615,2,0]", "[0,0]", 0), refused("overflows"));
}

TEST(ReadHeader, RefusesOffsetsAtTheEndOfTheNumbers) {
  EXPECT_THAT(reading_w("U8", "[8]", "[18446744073709551607,18446744073709551615]", 8), refused("leave the file"));
}

TEST(ReadHeader, RefusesTensorsThatOverlap) {
  EXPECT_THAT(reading_a_and_b("4", "[0,4]", "[2,6]", 6), refused("tensor 'b': bytes 2..6: expected to begin at 4"));
}

TEST(ReadHeader, RefusesTwoTensorsOnTheSameBytes) {
  EXPECT_THAT(reading_a_and_b("4", "[0,4]", "[0,4]", 4), refused("overlap"));
}

TEST(ReadHeader, RefusesAHole) {
  EXPECT_THAT(reading_w("U8", "[4]", "[1,5]", 5), refused("expected to begin at 0"));
  EXPECT_THAT(reading_a_and_b("1", "[0,1]", "[2,3]", 3), refused("hole"));
}

TEST(ReadHeader, RefusesBytesThatNoTensorHas) {
  EXPECT_THAT(reading_w("U8", "[4]", "[0,4]", 5), refused("end at byte 4, found 5"));
}

TEST(ReadHeader, MissesAMemberByName) {
  EXPECT_THAT([] { read(R"({"w":{"shape":[1],"data_offsets":[0,4]}})", "1234"); }, refused("no 'dtype'"));
  EXPECT_THAT([] { read(R"({"w":{"dtype":"F32","data_offsets":[0,4]}})", "1234"); }, refused("no 'shape'"));
  EXPECT_THAT([] { read(R"({"w":{"dtype":"F32","shape":[1]}})", "1234"); }, refused("no 'data_offsets'"));
}

TEST(ReadHeader, RefusesATensorThatIsNoObject) {
  EXPECT_THAT([] { read(R"({"w":7})", ""); }, refused("tensor 'w'"));
}

TEST(ReadHeader, RefusesAHeaderThatIsNoObject) {
  for (const char* header : {"[]", "7", "null", "\"{}\""}) {
    EXPECT_THAT([&] { read(header, ""); }, refused("JSON object")) << header;
  }
}

TEST(ReadHeader, RefusesAHeaderThatIsNoJson) {
  EXPECT_THAT([] { read("{]", ""); }, refused("not valid JSON"));
}

TEST(ReadSafetensors, GivesViewsThatOutliveEverythingElse) {
  const TemporaryFolder folder;
  const auto path = folder.write("a.safetensors",
                                 safetensors_bytes(R"({"w":{"dtype":"U8","shape":[4],"data_offsets":[0,4]}})", "abcd"));

  const TensorView view = read_safetensors(path).at("w");

  EXPECT_EQ(std::string(reinterpret_cast<const char*>(view.data), view.bytes), "abcd");
  EXPECT_EQ(view.owner->path(), path);
}

TEST(ReadSafetensors, NamesTheFileInItsMessages) {
  const TemporaryFolder folder;

  EXPECT_THAT([&] { read_safetensors(folder.write("a.safetensors", "")); }, refused("a.safetensors: expected"));
}

}  // namespace
}  // namespace tastevin::checkpoint
