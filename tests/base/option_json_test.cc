#include "base/option_json.h"

#include <gtest/gtest.h>

#include "support/fails_with.h"

namespace tastevin {
namespace {

ClassifyOptions options_of(const Json& object) {
  ClassifyOptions options;
  std::set<std::string> known;
  read_options(object, options, known);
  refuse_unknown(object, known, "options");
  return options;
}

TEST(OptionJson, NamesFieldsWithUnderscores) {
  const ClassifyOptions options =
      options_of({{"top_k", 3}, {"function_to_apply", "sigmoid"}, {"threshold", 0.5}, {"logits", true}});

  EXPECT_EQ(options.top_k, 3U);
  EXPECT_EQ(options.function_to_apply, Activation::sigmoid);
  EXPECT_EQ(options.threshold, 0.5F);
  EXPECT_TRUE(options.logits);
}

TEST(OptionJson, TakesAWholeNumberHoweverItIsWritten) { EXPECT_EQ(options_of({{"top_k", 3.0}}).top_k, 3U); }

TEST(OptionJson, NullIsAsIfItWereNotThere) { EXPECT_EQ(options_of({{"top_k", nullptr}}).top_k, 1U); }

TEST(OptionJson, RefusesValuesOfOtherTypes) {
  for (const Json& object : {Json{{"top_k", 1.5}}, Json{{"top_k", "1"}}, Json{{"threshold", "0.5"}},
                             Json{{"logits", 1}}, Json{{"function_to_apply", "relu"}}})
    EXPECT_THAT([&] { options_of(object); }, fails_with(ErrorCode::invalid_argument, "expected")) << object;
}

TEST(OptionJson, RefusesNamesThatAreNotListed) {
  EXPECT_THAT([] { options_of({{"top-k", 1}}); }, fails_with(ErrorCode::invalid_argument, "'top-k'"));
}

}  // namespace
}  // namespace tastevin
