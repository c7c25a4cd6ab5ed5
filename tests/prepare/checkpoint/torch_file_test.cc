#include "prepare/checkpoint/torch_file.h"

#include <gtest/gtest.h>

#include <random>

#include "base/json.h"
#include "prepare/checkpoint/tensor_store.h"
#include "support/fails_with.h"
#include "support/files.h"
#include "support/temporary_folder.h"

namespace tastevin::checkpoint {
namespace {

std::filesystem::path golden(const std::string& name) { return source_file("tests/golden/pickle/" + name); }

std::string in_hex(const TensorView& tensor) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string hex;
  for (std::size_t i = 0; i < tensor.bytes; ++i) {
    const auto byte = static_cast<unsigned char>(tensor.data[i]);
    hex += kDigits[byte / 16];
    hex += kDigits[byte % 16];
  }
  return hex;
}

/// The sum of every byte of every tensor: reads all that the views allow.
unsigned touch(const Tensors& tensors) {
  unsigned sum = 0;
  for (const auto& [name, tensor] : tensors) {
    for (std::size_t i = 0; i < tensor.bytes; ++i) sum += static_cast<unsigned char>(tensor.data[i]);
  }
  return sum;
}

/// Whether the bytes are accepted; anything but acceptance or `Error` ends the test. The buffer has exactly their size,
/// so that the address sanitizer sees a step outside.
bool accepted(const std::string& bytes) {
  const std::vector<char> file(bytes.begin(), bytes.end());
  try {
    touch(parse_torch_file({file.data(), file.size()}, nullptr, "test"));
    return true;
  } catch (const Error&) {
    return false;
  }
}

auto reading(const std::string& name) {
  return [name] { read_torch_file(golden(name)); };
}

class TorchFileGolden : public testing::TestWithParam<const char*> {};

TEST_P(TorchFileGolden, HasTheTensorsThatTorchWrote) {
  const Json expected = read_json_object(golden("golden.json")).at(GetParam());

  const Tensors tensors = read_torch_file(golden(GetParam()));

  EXPECT_EQ(tensors.size(), expected.size());
  for (const auto& [name, tensor] : expected.items()) {
    const TensorView& found = tensors.at(name);
    EXPECT_EQ(name_of(found.dtype), tensor.at("dtype").get<std::string>()) << name;
    EXPECT_EQ(found.shape, tensor.at("shape").get<std::vector<std::size_t>>()) << name;
    EXPECT_EQ(in_hex(found), tensor.at("bytes").get<std::string>()) << name;
  }
}

TEST_P(TorchFileGolden, CutShortIsRefused) {
  const std::string file = read_file(golden(GetParam()));
  for (std::size_t length = 0; length < file.size(); ++length) EXPECT_FALSE(accepted(file.substr(0, length))) << length;
}

TEST_P(TorchFileGolden, WithAnyBitFlippedIsReadWithinTheFileOrRefused) {
  const std::string file = read_file(golden(GetParam()));
  for (std::size_t at = 0; at < file.size(); ++at) {
    for (unsigned bit = 0; bit < 8; ++bit) {
      std::string flipped = file;
      flipped[at] = static_cast<char>(static_cast<unsigned char>(flipped[at]) ^ (1U << bit));
      accepted(flipped);
    }
  }
}

TEST_P(TorchFileGolden, WithManyBytesChangedIsReadWithinTheFileOrRefused) {
  std::mt19937 random(17);
  const std::string file = read_file(golden(GetParam()));
  for (int round = 0; round < 10'000; ++round) {
    std::string changed = file;
    for (std::size_t changes = 1 + random() % 3; changes != 0; --changes) {
      changed[random() % changed.size()] = static_cast<char>(random() % 256);
    }
    accepted(changed);
  }
}

INSTANTIATE_TEST_SUITE_P(ReadTorchFile, TorchFileGolden,
                         testing::Values("zip.bin", "legacy.bin", "types.bin", "strided.bin", "shared.bin",
                                         "legacy-strided.bin", "parameter.bin", "protocol-4.bin"),
                         [](const auto& which) {
                           std::string name = which.param;
                           for (char& letter : name) letter = letter == '-' || letter == '.' ? '_' : letter;
                           return name;
                         });

TEST(ReadTorchFile, PointsIntoTheFileWhereATensorIsRowMajor) {
  const Tensors tensors = read_torch_file(golden("shared.bin"));

  const TensorView& whole = tensors.at("whole");
  EXPECT_GE(whole.data, whole.owner->data());
  EXPECT_LE(whole.data + whole.bytes, whole.owner->data() + whole.owner->size());
  EXPECT_EQ(tensors.at("tied").data, whole.data);
  EXPECT_EQ(tensors.at("tail").data, whole.data + 6 * sizeof(float));
}

TEST(ReadTorchFile, GivesViewsThatOutliveEverythingElse) {
  const TensorView copy = read_torch_file(golden("strided.bin")).at("transposed");

  EXPECT_EQ(in_hex(copy),
            "00000000"
            "00004040"
            "0000803f"
            "00008040"
            "00000040"
            "0000a040");
  EXPECT_EQ(copy.owner->path(), golden("strided.bin"));
}

TEST(HostileTorchFile, NamesTheCommandAndRunsNothing) {
  EXPECT_THAT(reading("hostile-command.bin"), refused("'posix.system'"));
  EXPECT_FALSE(std::filesystem::exists("hostile"));
}

TEST(HostileTorchFile, CompressedIsRefusedByTheEntrysName) {
  EXPECT_THAT(reading("hostile-compressed.bin"), refused("data.pkl'"));
  EXPECT_THAT(reading("hostile-compressed.bin"), refused("compression method 8"));
}

TEST(HostileTorchFile, OfAnotherByteOrderIsRefused) {
  EXPECT_THAT(reading("hostile-big-endian.bin"), refused("'big'"));
}

TEST(HostileTorchFile, WithATypeThatWeDoNotRunIsUnsupported) {
  EXPECT_THAT(reading("hostile-complex.bin"), fails_with(ErrorCode::unsupported_model, "torch.ComplexFloatStorage"));
}

TEST(HostileTorchFile, OfANestedDictNamesWhatIsNoTensor) {
  EXPECT_THAT(reading("hostile-nested.bin"), refused("tensor 'state_dict': expected a tensor, found a dict"));
}

// Strides of 0 make 4 TB of one element.
TEST(HostileTorchFile, ThatWouldTakeMoreMemoryThanItsSizeIsRefused) {
  EXPECT_THAT(reading("hostile-expanded.bin"), refused("more memory than the file"));
}

TEST(HostileTorchFile, OfAnotherKindIsRefused) {
  for (const char* file : {"", "<!DOCTYPE html>", "PK\x03\x04 and more", "\x80\x02}q\x01."}) {
    EXPECT_FALSE(accepted(file)) << file;
  }
  EXPECT_THAT([] { parse_torch_file("version https://git-lfs.github.com/spec/v1\n", nullptr, "test"); },
              refused("Git LFS pointer"));
}

TEST(HostileTorchFile, WithBytesAfterItsEndIsRefused) {
  EXPECT_FALSE(accepted(read_file(golden("zip.bin")) + '\1'));
  EXPECT_FALSE(accepted(read_file(golden("legacy.bin")) + '\1'));
}

}  // namespace
}  // namespace tastevin::checkpoint
