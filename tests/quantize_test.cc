#include "tastevin/quantize.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <fstream>
#include <random>

#include "base/json.h"
#include "quantize_for.h"
#include "support/fails_with.h"
#include "support/files.h"
#include "support/foreign_ir.h"
#include "support/golden.h"
#include "support/temporary_folder.h"
#include "tastevin/bench.h"
#include "tastevin/classifier.h"

namespace tastevin {
namespace {

using ::testing::HasSubstr;

class Quantize : public ::testing::Test {
 protected:
  /// A file of 60 different texts, a line each.
  std::filesystem::path texts() const {
    std::string lines;
    for (std::size_t i = 0; i < 60; ++i)
      lines += std::string(i % 2 == 0 ? "a wonderful" : "a horrible") + " film number " + std::to_string(i) + "\n";
    return folder_.write("texts.txt", lines);
  }

  /// The same with their labels, named as the model names them.
  std::filesystem::path labelled(const std::string& good = "POSITIVE", const std::string& bad = "NEGATIVE") const {
    std::string lines = "label\ttext\n";
    for (std::size_t i = 0; i < 60; ++i) {
      lines +=
          (i % 2 == 0 ? good + "\ta wonderful" : bad + "\ta horrible") + " film number " + std::to_string(i) + "\n";
    }
    return folder_.write("labelled.tsv", lines);
  }

  QuantizeReport quantize(const QuantizeOptions& options) const { return tastevin::quantize(model_, out_, options); }

  Json manifest() const { return read_json_object(out_ / "tastevin.json"); }

  TemporaryFolder folder_;
  std::filesystem::path model_ = source_file("models/sst2-tiny");
  std::filesystem::path out_ = folder_ / "int8";
};

void expect_the_missions_answers(const std::filesystem::path& model) {
  const Classifier classifier = Classifier::load(model, {.device = "CPU", .cache_dir = "none"});
  EXPECT_EQ(classifier.classify("I had a wonderful day").label, "POSITIVE");
  EXPECT_EQ(classifier.classify("The food was horrible.").label, "NEGATIVE");
  EXPECT_EQ(classifier.classify("We went because the restaurant had good reviews.").label, "POSITIVE");
}

TEST_F(Quantize, OfWeightsNeedsNoData) {
  const QuantizeReport report = quantize({});

  expect_the_missions_answers(out_);
  EXPECT_FALSE(report.quality);
  EXPECT_EQ(report.promise, "");
  EXPECT_THAT(report.warnings, ::testing::Contains(HasSubstr("nothing is promised")));
  EXPECT_LT(report.model.after.weight_bytes * 100, report.model.before.weight_bytes * 55);  // it was f16
  EXPECT_EQ(manifest().at("weights"), "i8");
  EXPECT_EQ(manifest().at("quantization").at("method"), "weights");
  EXPECT_EQ(manifest().at("quantization").at("weight_bytes").at("before"), report.model.before.weight_bytes);
}

TEST_F(Quantize, OfActivationsKeepsItsPromiseOnTextsThatWereHeldBack) {
  const QuantizeReport report = quantize({.method = QuantizeMethod::full, .calibration = texts(), .samples = 40});

  expect_the_missions_answers(out_);
  ASSERT_TRUE(report.quality);
  EXPECT_EQ(report.calibrated_on, 40U);
  EXPECT_EQ(report.quality->texts, 20U);
  EXPECT_GE(report.quality->agreement.percent, 99);
  EXPECT_EQ(report.promise, "at least 99 % of the texts keep their label");
  for (const QuantizedLayer& layer : report.layers) EXPECT_TRUE(layer.sensitivity) << layer.name;
}

TEST_F(Quantize, HoldsBackAFifthOfAFileThatIsNoLargerThanTheSamples) {
  const QuantizeReport report = quantize({.method = QuantizeMethod::full, .calibration = texts(), .samples = 300});

  EXPECT_EQ(report.calibrated_on, 48U);
  EXPECT_EQ(report.quality->texts, 12U);
}

TEST_F(Quantize, OfWeightsIsJudgedByAllTextsOfTheFile) {
  const QuantizeReport report = quantize({.calibration = texts()});

  EXPECT_EQ(report.calibrated_on, 0U);
  EXPECT_EQ(report.quality->texts, 60U);
}

// It was ignored without a word.
TEST_F(Quantize, RefusesSamplesWhereNothingIsCalibrated) {
  EXPECT_THAT([&] { quantize({.calibration = texts(), .samples = 20}); },
              fails_with(ErrorCode::invalid_argument, "samples"));
}

TEST_F(Quantize, OfLabelsThatHoldOnTheirOwnPromisesThatTheyStillDo) {
  model_ = source_file("tests/golden/tiny/relu-f16-multi-label");

  EXPECT_EQ(quantize({.calibration = texts(), .min_agreement = 50.0F}).promise,
            "at least 50 % of the texts keep their label");
}

TEST_F(Quantize, OfARegressionPromisesNothingButMeasures) {
  model_ = source_file("tests/golden/tiny/gelu-bf16-regression");

  const QuantizeReport report = quantize({.calibration = texts()});

  EXPECT_EQ(report.promise, "");
  EXPECT_THAT(report.warnings, ::testing::Contains(HasSubstr("regression")));
  EXPECT_GT(report.quality->largest_logit_difference, 0);
}

TEST_F(Quantize, IsJudgedByLabelsWhereThereAreSome) {
  const QuantizeReport report = quantize({.data = labelled()});

  ASSERT_TRUE(report.quality && report.quality->labelled);
  EXPECT_EQ(report.promise, "accuracy falls by at most 0.5 points");
  EXPECT_GT(report.quality->accuracy.before.percent, 90);
  EXPECT_LE(report.quality->accuracy.before.low, report.quality->accuracy.before.percent);
  EXPECT_GE(report.quality->accuracy.before.high, report.quality->accuracy.before.percent);
}

TEST_F(Quantize, TakesLabelsByTheirIds) {
  EXPECT_EQ(quantize({.data = labelled("1", "0")}).quality->accuracy.before.percent,
            quantize({.data = labelled()}).quality->accuracy.before.percent);
}

TEST_F(Quantize, GivesLayersBackUntilThePromiseHoldsOrWritesNothing) {
  // No int8 model is better than its original by a point when that one makes no mistake: every layer is tried.
  EXPECT_THAT([&] { quantize({.data = labelled(), .max_drop = -1.0F}); },
              fails_with(ErrorCode::rejected, "nothing was written"));

  EXPECT_FALSE(std::filesystem::exists(out_));
}

/// The bundled model with inner layers that bytes cannot hold: each output has a weight so large that all others round
/// to 0, and that one meets a channel that is always 0.
std::filesystem::path with_outliers(const TemporaryFolder& folder) {
  constexpr std::size_t kWidth = 128;
  constexpr std::size_t kInner = 512;
  constexpr std::size_t kChannel = 7;
  constexpr std::string_view kZero("\0\0", 2);  // in f16
  constexpr std::string_view kFiveHundred("\xD0\x5F", 2);
  const auto model = folder.copy_of(source_file("models/sst2-tiny"), "outliers");
  std::string file = read_file(model / "model.safetensors");
  std::uint64_t header_size = 0;
  std::memcpy(&header_size, file.data(), sizeof header_size);
  const Json header = parse_json(file.substr(sizeof header_size, header_size), "header");
  const auto set = [&](const std::string& tensor, std::size_t index, std::string_view value) {
    const std::size_t begin = header.at("distilbert.transformer.layer." + tensor).at("data_offsets").at(0);
    const std::size_t place = sizeof header_size + header_size + begin + 2 * index;
    std::ranges::copy(value, file.begin() + static_cast<std::ptrdiff_t>(place));
  };
  for (const char* layer : {"0.", "1.", "2.", "3."}) {
    set(std::string(layer) + "sa_layer_norm.weight", kChannel, kZero);
    set(std::string(layer) + "sa_layer_norm.bias", kChannel, kZero);
    for (std::size_t i = 0; i < kInner; ++i)
      set(std::string(layer) + "ffn.lin1.weight", i * kWidth + kChannel, kFiveHundred);
  }
  std::ofstream(model / "model.safetensors", std::ios::binary) << file;
  return model;
}

TEST_F(Quantize, GivesBackLayersThatBreakThePromiseAndKeepsTheRestInInt8) {
  model_ = with_outliers(folder_);
  std::mt19937 dice(1);
  std::string mixed;  // whose labels hang by a hair, unlike those of texts()
  for (std::size_t i = 0; i < 200; ++i) {
    for (std::size_t word = 0; word < 8; ++word)
      mixed += std::array{"good ", "bad ", "not ", "dull ", "lovely ", "film ", "but ", "never "}.at(dice() % 8);
    mixed += '\n';
  }

  const QuantizeReport report = quantize({.calibration = folder_.write("mixed.txt", mixed), .min_agreement = 97.0F});

  EXPECT_GE(report.quality->agreement.percent, 97);
  EXPECT_TRUE(std::ranges::any_of(report.layers, &QuantizedLayer::kept));
  for (const QuantizedLayer& layer : report.layers)
    EXPECT_TRUE(!layer.kept || layer.name.ends_with("ffn.lin1.weight")) << layer.name;
}

TEST_F(Quantize, LeavesTheTableOfWordsWhenAskedTo) {
  const std::size_t with = quantize({}).model.after.weight_bytes;

  EXPECT_GT(quantize({.keep_embeddings = true}).model.after.weight_bytes, with);
}

TEST_F(Quantize, TakesFoldersOfEveryForm) {
  const TemporaryFolder onnx;
  const auto model = onnx.copy_of(source_file("tests/golden/tiny/gelu-f32"), "model");
  std::filesystem::copy_file(source_file("tests/golden/onnx/model.onnx"), model / "model.onnx");

  tastevin::quantize(model / "model.onnx", out_);

  const auto cases = golden_cases(model / "golden.json");
  const Classifier classifier = Classifier::load(out_, {.device = "CPU", .cache_dir = "none"});
  EXPECT_EQ(classifier.info().form, "model folder");
  for (const GoldenCase& one : cases) {
    if (one.pair) continue;
    const Prediction found = classifier.classify(one.text, {.logits = true});
    for (std::size_t i = 0; i < one.logits.size(); ++i) EXPECT_NEAR(found.logits[i], one.logits[i], 0.1) << one.text;
  }
}

TEST_F(Quantize, TakesTheIrOfOthers) {
  const TemporaryFolder folder;
  const auto model = foreign_ir(folder);

  for (const QuantizeMethod method : {QuantizeMethod::weights, QuantizeMethod::full}) {
    const QuantizeReport report =
        tastevin::quantize(model, out_, {.method = method, .calibration = texts(), .min_agreement = 90.0F});

    EXPECT_FALSE(report.layers.empty());
    EXPECT_LT(report.quality->largest_logit_difference, 0.1);
    EXPECT_LT(report.model.after.weight_bytes, report.model.before.weight_bytes);
  }
}

TEST_F(Quantize, AnswersFromTheCacheAsCompiled) {
  quantize({.method = QuantizeMethod::full, .calibration = texts()});
  const ModelOptions options{.device = "CPU", .cache_dir = (folder_ / "cache").string()};

  const auto compiled = Classifier::load(out_, options).classify("a fine film", {.logits = true});
  const auto cached = Classifier::load(out_, options).classify("a fine film", {.logits = true});

  EXPECT_EQ(compiled.logits, cached.logits);
  EXPECT_FALSE(std::filesystem::is_empty(folder_ / "cache"));
}

TEST_F(Quantize, WarnsOfACpuThatDoesNotMultiplyBytes) {
  const QuantizeReport report = quantize_for({.avx2 = true, .avx512 = true}, model_, out_, {}, {});

  EXPECT_EQ(report.instruction_set, "AVX-512");
  EXPECT_THAT(report.warnings, ::testing::Contains(HasSubstr("VNNI")));
}

TEST_F(Quantize, RefusesTooFewTexts) {
  const auto few = folder_.write("few.txt", "one\ntwo\none\n\n");

  EXPECT_THAT([&] { quantize({.method = QuantizeMethod::full, .calibration = few}); },
              fails_with(ErrorCode::invalid_argument, "that differ, found 2"));
  std::string twenty;
  for (std::size_t i = 0; i < 20; ++i) twenty += "film " + std::to_string(i) + "\n";
  EXPECT_THAT([&] { quantize({.method = QuantizeMethod::full, .calibration = folder_.write("20.txt", twenty)}); },
              fails_with(ErrorCode::invalid_argument, "to judge by, found 4"));
}

TEST_F(Quantize, RefusesAColumnThatIsNotThere) {
  EXPECT_THAT([&] { quantize({.calibration = labelled(), .column = "review"}); },
              fails_with(ErrorCode::not_found, "'review'"));
  EXPECT_THAT([&] { quantize({.data = labelled(), .label_column = "stars"}); },
              fails_with(ErrorCode::not_found, "'stars'"));
}

TEST_F(Quantize, RefusesALabelThatTheModelDoesNotKnow) {
  EXPECT_THAT([&] { quantize({.data = labelled("good")}); },
              fails_with(ErrorCode::invalid_argument, "row 1: expected a label of the model ('NEGATIVE', 'POSITIVE')"));
  EXPECT_THAT([&] { quantize({.data = labelled("2", "0")}); }, fails_with(ErrorCode::invalid_argument, "'2'"));
}

TEST_F(Quantize, RefusesAModelThatIsInt8Already) {
  quantize({});

  EXPECT_THAT([&] { tastevin::quantize(out_, folder_ / "again"); },
              fails_with(ErrorCode::invalid_argument, "int8 already"));
}

TEST_F(Quantize, RefusesAPromiseThatNothingCanJudge) {
  EXPECT_THAT([&] { quantize({.min_agreement = 99.0F}); }, fails_with(ErrorCode::invalid_argument, "min-agreement"));
  EXPECT_THAT([&] { quantize({.calibration = texts(), .max_drop = 1.0F}); },
              fails_with(ErrorCode::invalid_argument, "max-drop"));
  EXPECT_THAT([&] { quantize({.calibration = texts(), .min_agreement = 101.0F}); },
              fails_with(ErrorCode::invalid_argument, "found 101"));
  EXPECT_THAT([&] { quantize({.calibration = texts(), .metric = Metric::macro_f1}); },
              fails_with(ErrorCode::invalid_argument, "metric"));
  EXPECT_THAT([&] { quantize({.column = "text"}); }, fails_with(ErrorCode::invalid_argument, "column"));
  EXPECT_THAT([&] { quantize({.label_column = "x"}); }, fails_with(ErrorCode::invalid_argument, "label-column"));
  EXPECT_THAT([&] { quantize({.method = QuantizeMethod::full}); },
              fails_with(ErrorCode::invalid_argument, "(calibration)"));
}

TEST_F(Quantize, RefusesAFolderThatIsNotItsOwnBeforeItWorks) {
  std::filesystem::create_directories(out_);
  folder_.write("int8/letter.txt", "mine");

  EXPECT_THAT([&] { quantize({.calibration = "not there"}); }, fails_with(ErrorCode::invalid_argument, "int8"));
}

TEST(QuantizeReport, IsAPageOfItsOwn) {
  QuantizeReport report;
  report.model.before.folder = "a<b>";
  report.promise = "x & y";
  report.quality = QuantizeQuality{};
  report.layers = {{"first", 3, 0.25, false}, {"second", 1, 0.5, true}};

  const std::string page = to_html(report);

  EXPECT_THAT(page, HasSubstr("a&lt;b&gt;"));
  EXPECT_THAT(page, HasSubstr("x &amp; y"));
  EXPECT_THAT(page, HasSubstr("first and 2 more"));
  EXPECT_THAT(page, HasSubstr("prefers-color-scheme: dark"));
  EXPECT_THAT(page, ::testing::Not(HasSubstr("<script")));
  EXPECT_THAT(page, ::testing::Not(HasSubstr("http")));
}

}  // namespace
}  // namespace tastevin
