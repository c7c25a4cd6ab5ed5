#include "prepare/checkpoint/pickle.h"

#include <gtest/gtest.h>

#include <array>

#include "support/fails_with.h"

namespace tastevin::checkpoint {
namespace {

using namespace std::string_literals;

constexpr std::array<std::string_view, 2> kGlobals{"collections.OrderedDict", "torch.Size"};

/// Its texts live as long as `bytes`.
Pickle read(const std::string& bytes) { return read_pickle(bytes, kGlobals, "test"); }

auto reading(const std::string& bytes) {
  return [bytes] { read(bytes); };
}

std::int64_t integer(const std::string& bytes) { return read(bytes).top().integer; }

TEST(ReadPickle, ReadsIntegersOfEveryForm) {
  EXPECT_EQ(integer("\x80\x02K\xff."s), 255);
  EXPECT_EQ(integer("M\xff\xff."s), 65535);
  EXPECT_EQ(integer("J\xff\xff\xff\xff."s), -1);
  EXPECT_EQ(integer("\x8a\x00."s), 0);
  EXPECT_EQ(integer("\x8a\x01\xff."s), -1);
  EXPECT_EQ(integer("\x8a\x05\x00\x00\x00\x00\x01."s), std::int64_t{1} << 32);
}

TEST(ReadPickle, ReadsADictOfTexts) {
  const std::string bytes = "}X\x01\x00\x00\x00kX\x01\x00\x00\x00vs."s;

  const Pickle pickle = read(bytes);

  EXPECT_EQ(pickle.top().kind, PickleKind::dict);
  EXPECT_EQ(pickle.at(pickle.top().items.at(0)).text, "k");
  EXPECT_EQ(pickle.at(pickle.top().items.at(1)).text, "v");
}

TEST(ReadPickle, ReadsTuplesByCountAndByMark) {
  EXPECT_EQ(read("K\x01K\x02\x86."s).top().items.size(), 2U);
  EXPECT_EQ(read("(K\x01K\x02K\x03K\x04t."s).top().items.size(), 4U);
}

TEST(ReadPickle, TakesAValueFromTheMemo) {
  const Pickle pickle = read("K\x07q\x05h\x05\x86."s);

  EXPECT_EQ(pickle.top().items.at(0), pickle.top().items.at(1));
}

TEST(ReadPickle, TakesAnOrderedDictAsADict) {
  EXPECT_EQ(read("ccollections\nOrderedDict\n)R."s).top().kind, PickleKind::dict);
}

TEST(ReadPickle, KeepsACallAsANode) {
  const Pickle pickle = read("ctorch\nSize\nK\x02\x85R."s);

  EXPECT_EQ(pickle.top().kind, PickleKind::call);
  EXPECT_EQ(pickle.at(pickle.top().items.at(0)).text, "torch.Size");
}

TEST(ReadPickle, SaysWhereThePickleEnds) { EXPECT_EQ(read("N.more"s).length, 2U); }

TEST(ReadPickle, NamesAGlobalThatIsNotOnTheList) {
  EXPECT_THAT(reading("cos\nsystem\n."s), refused("'os.system'"));
  EXPECT_THAT(reading("\x8c\x08"
                      "builtins\x8c\x04"
                      "eval\x93."s),
              refused("'builtins.eval'"));
  EXPECT_THAT(reading("ctorch\nSize.__class__\n."s), fails_with(ErrorCode::unsupported_model, "torch.Size.__class__"));
}

TEST(ReadPickle, RefusesOpcodesThatTensorsDoNotNeed) {
  for (const char opcode : {'i', 'o', '\x81', '\x92', '\x82', 'P', 'I', 'L', 'd', 'l', '2', '0', '1'}) {
    EXPECT_THAT(reading("(NN)"s + opcode + "."), refused("opcode")) << static_cast<int>(opcode);
  }
}

TEST(ReadPickle, RefusesToTakeFromAnEmptyStack) {
  for (const char* bytes : {".", "s.", "u.", "t.", "\x85.", "a.", "e.", "R.", "b.", "Q.", "q\x01.", "\x94.", "}(s."}) {
    EXPECT_THAT(reading(bytes), refused("on the stack")) << bytes;
  }
}

TEST(ReadPickle, RefusesAReferenceToNothing) { EXPECT_THAT(reading("h\x01."s), refused("not kept")); }

TEST(ReadPickle, RefusesAKeyWithoutAValue) { EXPECT_THAT(reading("}(Nu."s), refused("key")); }

TEST(ReadPickle, RefusesACallOfSomethingElse) { EXPECT_THAT(reading("N)R."s), refused("expected a global")); }

TEST(ReadPickle, RefusesALengthBeyondTheEnd) {
  EXPECT_THAT(reading("X\xff\xff\xff\xff"
                      "abc"s),
              refused("bytes more"));
  EXPECT_THAT(reading("\x8d\xff\xff\xff\xff\xff\xff\xff\xff"
                      "abc"s),
              refused("bytes more"));
}

TEST(ReadPickle, RefusesAnIntegerBeyond64Bits) { EXPECT_THAT(reading("\x8a\x09"s + "123456789."), refused("64 bits")); }

TEST(ReadPickle, RefusesAnotherProtocol) { EXPECT_THAT(reading("\x80\x05N."s), refused("protocol")); }

TEST(ReadPickle, RefusesMoreValuesThanTheLimit) {
  EXPECT_THAT(reading(std::string(kMaxPickleValues + 1, 'N') + "."), refused("values"));
}

// Neither makes a value, and each is one byte of the file.
TEST(ReadPickle, RefusesMoreMarksAndReferencesThanTheLimit) {
  EXPECT_THAT(reading(std::string(4 * kMaxPickleValues, '(') + "."), refused("marks"));
  EXPECT_THAT(reading("N" + std::string(4 * kMaxPickleValues, '\x94') + "."), refused("references"));
}

TEST(ReadPickle, RefusesMoreBytesThanTheLimit) {
  std::string longest;
  while (longest.size() < kMaxPickleBytes) longest += "\x80\x02";
  EXPECT_THAT(reading(longest + "."), refused("before the limit"));
}

// Python's own reader recurses when it frees such a list.
TEST(ReadPickle, ReadsDeepNestingAndAListInItself) {
  EXPECT_EQ(read("N"s + std::string(1'000'000, '\x85') + ".").top().kind, PickleKind::tuple);
  EXPECT_EQ(read("]q\x01h\x01"
                 "a."s)
                .top()
                .items.size(),
            1U);
}

}  // namespace
}  // namespace tastevin::checkpoint
