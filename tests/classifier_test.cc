#include "tastevin/classifier.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <span>
#include <thread>

#include "prepare/checkpoint/safetensors.h"
#include "support/bundled.h"
#include "support/expect_golden.h"
#include "support/fails_with.h"
#include "support/files.h"
#include "support/temporary_folder.h"
#include "tastevin/convert.h"

namespace tastevin {
namespace {

constexpr float kPaddingTolerance = 1e-5F;  // f32 sums in another kernel, by the shape of the request
constexpr float kBf16Tolerance = 0.1F;      // 8 bits of mantissa through 6 layers

class TinyGolden : public ::testing::TestWithParam<std::string> {
 protected:
  std::filesystem::path folder_ = source_file("tests/golden/tiny/" + GetParam());
};

TEST_P(TinyGolden, CheckpointAnswersAsTransformersDoes) {
  expect_golden(Classifier::load(folder_), golden_cases(folder_ / "golden.json"));
}

TEST_P(TinyGolden, ConvertedFolderAnswersAsTransformersDoes) {
  const TemporaryFolder out;
  convert(folder_, out / "model");

  expect_golden(Classifier::load(out / "model"), golden_cases(folder_ / "golden.json"));
}

// A logit that is no number became a confident answer with the score `null`.
TEST(Classifier, RefusesAnswersThatAreNoNumbers) {
  const TemporaryFolder folder;
  const auto model = folder.copy_of(source_file("tests/golden/tiny/gelu-f32"), "model");
  std::string bytes = read_file(model / "model.safetensors");
  const auto entries = checkpoint::read_header(bytes, "model.safetensors");
  const auto bias = std::ranges::find(entries, "classifier.bias", &checkpoint::TensorEntry::name);
  ASSERT_NE(bias, entries.end());
  std::ranges::fill(std::span(bytes).subspan(bias->begin, bias->bytes), '\xFF');
  std::ofstream(model / "model.safetensors", std::ios::binary) << bytes;
  const auto classifier = Classifier::load(model);
  const std::vector<Text> texts{{"good"}};
  std::vector<float> row(classifier.info().labels.size());

  EXPECT_THAT([&] { classifier.classify("good"); }, fails_with(ErrorCode::internal, "infinity or NaN"));
  EXPECT_THAT([&] { classifier.logits(texts, row); }, fails_with(ErrorCode::internal, "infinity or NaN"));
}

INSTANTIATE_TEST_SUITE_P(Classifier, TinyGolden,
                         ::testing::Values("gelu-bf16-regression", "gelu-f32", "gelu-f64-one-label",
                                           "relu-f16-multi-label"),
                         [](const auto& which) {
                           std::string name = which.param;
                           std::ranges::replace(name, '-', '_');
                           return name;
                         });

/// The weights of gelu-f32 as torch.save writes them, in its two forms.
class TorchCheckpoint : public ::testing::TestWithParam<std::string> {};

TEST_P(TorchCheckpoint, AnswersAsTransformersDoes) {
  const TemporaryFolder folder;
  const auto model = folder.copy_of(source_file("tests/golden/tiny/gelu-f32"), "model");
  std::filesystem::remove(model / "model.safetensors");
  std::filesystem::copy_file(source_file("tests/golden/pickle/" + GetParam() + ".bin"), model / "pytorch_model.bin");

  expect_golden(Classifier::load(model), golden_cases(model / "golden.json"));
}

INSTANTIATE_TEST_SUITE_P(Classifier, TorchCheckpoint, ::testing::Values("tiny-zip", "tiny-legacy"),
                         [](const auto& which) { return which.param.substr(5); });

/// The bundled model, loaded once for all tests.
TEST(Classifier, AnswersTheMissionsSentences) {
  EXPECT_EQ(bundled().classify("I had a wonderful day").label, "POSITIVE");
  EXPECT_EQ(bundled().classify("The food was horrible.").label, "NEGATIVE");
  EXPECT_EQ(bundled().classify("We went because the restaurant had good reviews.").label, "POSITIVE");
}

TEST(Classifier, BundledModelAnswersAsTransformersDoes) {
  auto cases = golden_cases(source_file("tests/golden/sst2_tiny.json"));
  std::erase_if(cases, [](const GoldenCase& one) { return one.label.empty(); });

  expect_golden(bundled(), cases);
}

TEST(Classifier, Sst2MiniLmAnswersAllOfDevAsTransformersDoes) {
  TASTEVIN_NEEDS_SHARED("models/sst2-minilm");
  TASTEVIN_NEEDS_SHARED("data/sst2/dev.tsv");
  auto cases = golden_cases(source_file("tests/golden/sst2_minilm_dev.json"));
  const auto sentences = sst2_dev();
  ASSERT_EQ(cases.size(), 872U);
  for (std::size_t i = 0; i < cases.size(); ++i) cases[i].text = sentences.at(i);

  expect_golden(Classifier::load(shared_file("models/sst2-minilm"), {.device = "CPU"}), cases);
}

TEST(Classifier, AnswersATextAloneAsInABatch) {
  TASTEVIN_NEEDS_SHARED("data/sst2/dev.tsv");
  const auto sentences = sst2_dev();
  const std::vector<Text> texts(sentences.begin(), sentences.begin() + 200);

  const auto together = bundled().classify(texts, {.logits = true}).predictions;

  for (std::size_t i = 0; i < texts.size(); ++i) {
    const Prediction alone = bundled().classify(texts[i].text, {.logits = true});
    EXPECT_LT(largest_difference(alone.logits, together[i].logits), kPaddingTolerance) << texts[i].text;
  }
}

TEST(Classifier, KeepsLabelsInBf16) {
  TASTEVIN_NEEDS_SHARED("models/sst2-minilm");
  const auto sentences = sst2_dev();
  const std::vector<Text> texts(sentences.begin(), sentences.begin() + 200);
  const auto exact = Classifier::load(shared_file("models/sst2-minilm")).classify(texts, {.logits = true}).predictions;

  std::vector<Prediction> rounded;
  try {
    rounded = Classifier::load(shared_file("models/sst2-minilm"), {.device = "CPU", .precision = Precision::bf16})
                  .classify(texts, {.logits = true})
                  .predictions;
  } catch (const Error&) {
    GTEST_SKIP() << "this CPU does not compute in bf16";
  }

  for (std::size_t i = 0; i < texts.size(); ++i) {
    EXPECT_LT(largest_difference(exact[i].logits, rounded[i].logits), kBf16Tolerance) << texts[i].text;
    const bool clear = std::abs(exact[i].logits[0] - exact[i].logits[1]) > 2 * kBf16Tolerance;
    EXPECT_TRUE(!clear || exact[i].label == rounded[i].label) << texts[i].text;
  }
}

TEST(Classifier, KeepsTheOrderOfTextsOfAnyLength) {
  std::vector<std::string> owned;
  for (std::size_t i = 0; i < 200; ++i) {
    std::string text;
    for (std::size_t word = 0; word < (i * 37) % 101; ++word) text += "word ";
    owned.push_back(text);
  }
  const std::vector<Text> texts(owned.begin(), owned.end());

  const auto predictions = bundled().classify(texts).predictions;

  for (std::size_t i = 0; i < texts.size(); ++i) EXPECT_EQ(predictions[i].tokens, (i * 37) % 101 + 2);
}

TEST(Classifier, TakesAnEmptyText) {
  const Prediction prediction = bundled().classify("");

  EXPECT_EQ(prediction.tokens, 2U);
  EXPECT_FALSE(prediction.label.empty());
}

TEST(Classifier, OfNoTextsReturnsNothing) {
  EXPECT_TRUE(bundled().classify(std::span<const Text>()).predictions.empty());
}

TEST(Classifier, ReadsBrokenUtf8AsReplacementCharacters) {
  const auto broken = bundled().classify("good \xFF movie", {.logits = true});
  const auto repaired = bundled().classify("good \xEF\xBF\xBD movie", {.logits = true});

  EXPECT_EQ(broken.logits, repaired.logits);
}

TEST(Classifier, ReadsPastANulByte) {
  // A text handed on as a C string would end here.
  const auto with_nul = bundled().classify(std::string_view("good\0 movie", 11));

  EXPECT_EQ(with_nul.tokens, bundled().classify("good movie").tokens);
}

TEST(Classifier, CutsLongTextsAndSaysSo) {
  std::string text;
  for (std::size_t i = 0; i < 1000; ++i) text += "word ";

  const Prediction prediction = bundled().classify(text);

  EXPECT_EQ(prediction.tokens, 512U);
  EXPECT_TRUE(prediction.truncated);
}

TEST(Classifier, CutsTheSideThatIsAskedFor) {
  const std::string text = "terrible movie and wonderful acting";

  const auto right = bundled().classify(text, {.max_length = 4, .truncation = Truncation::right, .logits = true});
  const auto left = bundled().classify(text, {.max_length = 4, .truncation = Truncation::left, .logits = true});

  EXPECT_EQ(right.logits, bundled().classify("terrible movie", {.logits = true}).logits);
  EXPECT_EQ(left.logits, bundled().classify("wonderful acting", {.logits = true}).logits);
}

TEST(Classifier, RefusesLongTextsWhenAskedTo) {
  EXPECT_THAT([] { bundled().classify("one two three four", {.max_length = 4, .truncation = Truncation::error}); },
              fails_with(ErrorCode::too_large, "4"));
}

// Of several texts it was not said which.
TEST(Classifier, NamesTheTextThatIsTooLong) {
  const std::vector<Text> texts{{"ok"}, {"ok"}, {"one two three four"}};
  try {
    bundled().classify(texts, {.max_length = 4, .truncation = Truncation::error});
    FAIL();
  } catch (const TextError& error) {
    EXPECT_EQ(error.text(), 2U);
    EXPECT_STREQ(error.what(), "texts[2]: the text has 6 tokens, at most 4 are allowed");
  }
}

TEST(Classifier, RefusesALimitAboveTheModels) {
  EXPECT_THAT([] { bundled().classify("x", {.max_length = 513}); }, fails_with(ErrorCode::invalid_argument, "512"));
}

// A session asked for batches again after there were none, so warming up never ended.
TEST(Classifier, EndsItsWarmUpInEachMode) {
  for (const Mode mode : {Mode::latency, Mode::throughput}) {
    const auto warm =
        Classifier::load(source_file("models/sst2-tiny"), {.device = "CPU", .mode = mode, .warm_up = true});
    EXPECT_EQ(warm.classify("I had a wonderful day").label, "POSITIVE");
  }
}

TEST(Classifier, AnswersTheSameWithItsWeightsInMemory) {
  const Classifier in_memory = Classifier::load(source_file("models/sst2-tiny"), {.device = "CPU", .no_mmap = true});
  const Prediction wanted = bundled().classify("I had a wonderful day", {.logits = true});
  EXPECT_EQ(in_memory.classify("I had a wonderful day", {.logits = true}).logits, wanted.logits);
}

TEST(Classifier, TellsWhatItLoaded) {
  EXPECT_EQ(bundled().info().family, "distilbert");
  EXPECT_EQ(bundled().info().max_length, 512U);
  EXPECT_EQ(bundled().device(), "CPU");
  EXPECT_EQ(bundled().precision(), Precision::f32);
}

TEST(Classifier, AnswersManyThreadsAsItAnswersOne) {
  const std::vector<std::string> owned{"good", "a bad movie", "I had a wonderful day",
                                       "not at all what I expected of it, sadly"};
  std::vector<Prediction> serial;
  for (const std::string& text : owned) serial.push_back(bundled().classify(text, {.logits = true}));
  std::vector<std::size_t> wrong(4, 0);

  std::vector<std::jthread> threads;
  for (std::size_t t = 0; t < wrong.size(); ++t) {
    threads.emplace_back([&, t] {
      for (std::size_t i = 0; i < 100; ++i) {
        const std::size_t which = (i + t) % owned.size();
        wrong[t] +=
            static_cast<std::size_t>(bundled().classify(owned[which], {.logits = true}).logits != serial[which].logits);
      }
    });
  }
  threads.clear();

  EXPECT_THAT(wrong, ::testing::Each(0U));
}

class BrokenModel : public ::testing::Test {
 protected:
  TemporaryFolder folder_;
  std::filesystem::path model_ = folder_.copy_of(source_file("tests/golden/tiny/gelu-f32"), "model");
};

TEST_F(BrokenModel, WithoutAFolderIsNotFound) {
  EXPECT_THAT([&] { Classifier::load(folder_ / "nowhere"); }, fails_with(ErrorCode::not_found, "nowhere"));
}

TEST_F(BrokenModel, WithATruncatedWeightFileIsRefused) {
  std::filesystem::resize_file(model_ / "model.safetensors",
                               std::filesystem::file_size(model_ / "model.safetensors") - 1);

  EXPECT_THAT([&] { Classifier::load(model_); }, fails_with(ErrorCode::bad_checkpoint, "model.safetensors"));
}

TEST_F(BrokenModel, WithoutAModelTypeIsRefused) {
  std::ofstream(model_ / "config.json") << "{}";

  EXPECT_THAT([&] { Classifier::load(model_); }, fails_with(ErrorCode::bad_checkpoint, "model_type"));
}

TEST_F(BrokenModel, OfAnUnknownFamilyIsRefusedByName) {
  Json config = read_json_object(model_ / "config.json");
  config["model_type"] = "xlnet";
  std::ofstream(model_ / "config.json") << config.dump();

  EXPECT_THAT([&] { Classifier::load(model_); }, fails_with(ErrorCode::unsupported_model, "'xlnet'"));

  // Its config may not say how many rows the embedding table has, or call it something else.
  std::ofstream(model_ / "config.json") << R"({"model_type": "new", "n_embd": 24})";
  EXPECT_THAT([&] { Classifier::load(model_); }, fails_with(ErrorCode::unsupported_model, "'new'"));
}

TEST_F(BrokenModel, WithTokensBeyondTheEmbeddingTableIsRefused) {
  // An added token past the last row was gathered out of bounds elsewhere.
  Json tokenizer = read_json_object(model_ / "tokenizer.json");
  tokenizer["added_tokens"].push_back({{"id", 80},
                                       {"content", "[NEW]"},
                                       {"single_word", false},
                                       {"lstrip", false},
                                       {"rstrip", false},
                                       {"normalized", false},
                                       {"special", true}});
  std::ofstream(model_ / "tokenizer.json") << tokenizer.dump();

  EXPECT_THAT([&] { Classifier::load(model_); },
              fails_with(ErrorCode::bad_checkpoint, "80 rows, the tokenizer gives ids up to 80"));
}

TEST_F(BrokenModel, IsNotConvertedAndLeavesNothingBehind) {
  std::filesystem::resize_file(model_ / "model.safetensors", 1000);

  EXPECT_THAT([&] { convert(model_, folder_ / "out"); }, fails_with(ErrorCode::bad_checkpoint, "model.safetensors"));
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder_.path()), {}), 1);
}

}  // namespace
}  // namespace tastevin
