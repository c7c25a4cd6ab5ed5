// What a pickle may say of a tensor, tested through files of the older form, which a few lines can write.

#include "prepare/checkpoint/pickled_tensors.h"

#include <gtest/gtest.h>

#include <cstdint>

#include "prepare/checkpoint/torch_file.h"
#include "support/fails_with.h"

namespace tastevin::checkpoint {
namespace {

using namespace std::string_literals;

using Numbers = std::vector<std::int64_t>;

std::string number(std::int64_t value) { return {reinterpret_cast<const char*>(&value), sizeof value}; }
std::string integer(std::int64_t value) { return "\x8a\x08"s + number(value); }
std::string text(const std::string& value) {
  return "X"s + number(static_cast<int>(value.size())).substr(0, 4) + value;
}

std::string tuple(const Numbers& numbers) {
  std::string pickle = "(";
  for (const std::int64_t one : numbers) pickle += integer(one);
  return pickle + "t";
}

struct TensorFields {
  std::string storage_type = "ctorch\nFloatStorage\n";
  std::int64_t elements = 4;
  std::string view = "N";
  std::int64_t offset = 0;
  Numbers shape{4};
  Numbers strides{1};
};

std::string pickled(const TensorFields& tensor) {
  return "ctorch._utils\n_rebuild_tensor_v2\n(("s + text("storage") + tensor.storage_type + text("k") + text("cpu") +
         integer(tensor.elements) + tensor.view + "tQ" + integer(tensor.offset) + tuple(tensor.shape) +
         tuple(tensor.strides) + "\x89}tR";
}

/// A file whose state dict is `state`, with one storage "k" of the numbers 1 to 4.
std::string file_of(const std::string& state) {
  constexpr float kStorage[] = {1, 2, 3, 4};
  return "\x80\x02\x8a\x0al\xfc\x9c\x46\xf9 j\xa8P\x19.\x80\x02M\xe9\x03.}."s + state + ".]" + text("k") + "a." +
         number(4) + std::string(reinterpret_cast<const char*>(kStorage), sizeof kStorage);
}

std::string file_of(const TensorFields& tensor) { return file_of("}"s + text("w") + pickled(tensor) + "s"); }

auto reading(const std::string& file) {
  return [file] { parse_torch_file(file, nullptr, "test"); };
}

TEST(PickledTensors, AreReadWhereTheirNumbersFit) {
  const std::string file = file_of(TensorFields{.offset = 2, .shape = {1, 2}, .strides = {99, 1}});

  const TensorView view = parse_torch_file(file, nullptr, "test").at("w");

  EXPECT_EQ(view.bytes, 8U);
  EXPECT_EQ(reinterpret_cast<const char*>(view.data), file.data() + file.size() - 8);
}

TEST(PickledTensors, AreRefusedBeyondTheirStorage) {
  EXPECT_THAT(reading(file_of(TensorFields{.offset = 1})), refused("tensor 'w': its elements end at 5 of a storage"));
  EXPECT_THAT(reading(file_of(TensorFields{.shape = {2, 2}, .strides = {3, 1}})), refused("end at 5"));
  EXPECT_THAT(reading(file_of(TensorFields{.shape = {5}, .strides = {1}})), refused("end at 5"));
  EXPECT_THAT(reading(file_of(TensorFields{.offset = INT64_MAX, .shape = {}, .strides = {}})), refused("storage of 4"));
}

TEST(PickledTensors, AreRefusedWithNegativeNumbers) {
  EXPECT_THAT(reading(file_of(TensorFields{.offset = -1})), refused("found -1"));
  EXPECT_THAT(reading(file_of(TensorFields{.shape = {-4}})), refused("found -4"));
  EXPECT_THAT(reading(file_of(TensorFields{.offset = 3, .strides = {-1}})), refused("found -1"));
  EXPECT_THAT(reading(file_of(TensorFields{.elements = -4})), refused("found -4"));
}

TEST(PickledTensors, AreRefusedWhereNumbersOverflow) {
  constexpr std::int64_t kLarge = std::int64_t{1} << 40;
  for (const TensorFields& tensor : {TensorFields{.shape = {kLarge, kLarge}, .strides = {0, 0}},
                                     TensorFields{.shape = {kLarge, kLarge, 0}, .strides = {1, 1, 1}},
                                     TensorFields{.shape = {INT64_MAX}, .strides = {0}},
                                     TensorFields{.shape = {1 << 30, 2}, .strides = {INT64_MAX, 1}}}) {
    EXPECT_THAT(reading(file_of(tensor)), refused("overflows"));
  }
}

TEST(PickledTensors, AreRefusedWhenTheStorageIsAnother) {
  EXPECT_THAT(reading(file_of(TensorFields{.elements = 5})), refused("expected 5 elements, found 4"));
  EXPECT_THAT(reading(file_of(TensorFields{.view = ")"})), refused("expected a none"));
}

TEST(PickledTensors, AreRefusedWithMoreStridesThanSizes) {
  EXPECT_THAT(reading(file_of(TensorFields{.strides = {1, 1}})), refused("another number of strides"));
}

TEST(PickledTensors, AreRefusedAboveTheLimitOfDimensions) {
  EXPECT_EQ(parse_torch_file(file_of(TensorFields{.shape = Numbers(kMaxRank, 1), .strides = Numbers(kMaxRank, 1)}),
                             nullptr, "test")
                .size(),
            1U);
  EXPECT_THAT(reading(file_of(TensorFields{.shape = Numbers(kMaxRank + 1, 1), .strides = {}})),
              refused("at most 16 dimensions"));
}

TEST(PickledTensors, AreRefusedWithATypeThatIsNoStorage) {
  EXPECT_THAT(reading(file_of(TensorFields{.storage_type = "ctorch\nSize\n"})), refused("'torch.Size'"));
  EXPECT_THAT(reading(file_of(TensorFields{.storage_type = "N"})), refused("expected a global"));
}

TEST(PickledTensors, AreRefusedTwiceUnderOneName) {
  const std::string one = text("w") + pickled({});
  EXPECT_THAT(reading(file_of("}("s + one + one + "u")), refused("tensor 'w': twice"));
}

// A parameter of a parameter of a parameter ... must not become a recursion as deep.
TEST(PickledTensors, AreWrappedInOneParameterAtMost) {
  const std::string parameter = "ctorch._utils\n_rebuild_parameter\n";
  EXPECT_EQ(
      parse_torch_file(file_of("}"s + text("w") + parameter + pickled({}) + "\x88}\x87Rs"), nullptr, "test").size(),
      1U);
  EXPECT_THAT(reading(file_of("}"s + text("w") + parameter + parameter + pickled({}) + "\x88}\x87R\x88}\x87Rs")),
              refused("_rebuild_parameter"));
}

TEST(PickledTensors, NeedADictOfNames) {
  EXPECT_THAT(reading(file_of("]"s)), refused("expected a dict"));
  EXPECT_THAT(reading(file_of("}NNs"s)), refused("names of tensors"));
  EXPECT_THAT(reading(file_of("}"s + text("w") + "Ns")), refused("tensor 'w': expected a tensor, found a none"));
}

}  // namespace
}  // namespace tastevin::checkpoint
