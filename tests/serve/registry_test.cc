#include "serve/registry.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <future>
#include <latch>
#include <thread>

#include "support/fails_with.h"
#include "support/files.h"
#include "support/temporary_folder.h"
#include "tastevin/tokenize.h"

namespace tastevin::serve {
namespace {

class RegistryTest : public ::testing::Test {
 protected:
  std::string label_of(const std::shared_ptr<ServedModel>& model, const std::string& text) const {
    std::promise<Reply> reply;
    model->scheduler().submit({.inputs = {{text}}}, [&reply](Reply done) { reply.set_value(std::move(done)); });
    return reply.get_future().get().outcomes.at(0).prediction.label;
  }

  const std::filesystem::path sentiment_ = source_file("models/sst2-tiny");
  const std::filesystem::path tiny_ = source_file("tests/golden/tiny/gelu-f32");
  Registry registry_{{.device = "CPU"}, {}};
};

TEST_F(RegistryTest, AnswersByName) {
  registry_.load("sentiment", sentiment_);
  registry_.load("tiny", tiny_);

  EXPECT_EQ(label_of(registry_.model("sentiment"), "a wonderful film"), "POSITIVE");
  EXPECT_EQ(registry_.model()->name(), "sentiment");
  EXPECT_EQ(registry_.entries().size(), 2U);
  EXPECT_THAT([&] { registry_.model("none"); }, fails_with(ErrorCode::not_found, "'none'"));
}

// Its folder was looked for beneath the file.
TEST_F(RegistryTest, ServesAnOnnxFile) {
  const TemporaryFolder folder;
  const auto model = folder.copy_of(tiny_, "model");
  std::filesystem::remove(model / "model.safetensors");
  std::filesystem::copy_file(source_file("tests/golden/onnx/model.onnx"), model / "model.onnx");

  registry_.load("tiny", model / "model.onnx");

  const auto served = registry_.model("tiny");
  EXPECT_EQ(label_of(served, "a"), served->classifier().classify("a").label);
  EXPECT_EQ(TextTokenizer::load(model / "model.onnx").tokenize({"a b"}).ids,
            served->classifier().tokenize({"a b"}).ids);
}

TEST_F(RegistryTest, KeepsTheOldModelWhereTheNewOneCannotBeLoaded) {
  registry_.load("sentiment", sentiment_);

  EXPECT_THAT([&] { registry_.load("sentiment", "/nowhere"); }, fails_with(ErrorCode::not_found, "nowhere"));

  EXPECT_EQ(label_of(registry_.model("sentiment"), "a wonderful film"), "POSITIVE");
}

TEST_F(RegistryTest, LetsAReplacedModelFinish) {
  registry_.load("sentiment", sentiment_);
  const auto before = registry_.model("sentiment");
  registry_.load("sentiment");
  registry_.unload("sentiment");

  EXPECT_EQ(label_of(before, "a wonderful film"), "POSITIVE");
  EXPECT_THAT([&] { registry_.model("sentiment"); }, fails_with(ErrorCode::unavailable, "not loaded"));
  registry_.load("sentiment");
  EXPECT_EQ(label_of(registry_.model("sentiment"), "a wonderful film"), "POSITIVE");
}

// A counter that falls back to nothing is a restart to those who watch it.
TEST_F(RegistryTest, CountsOnWhereAModelIsLoadedAgain) {
  registry_.load("sentiment", sentiment_);
  label_of(registry_.model("sentiment"), "a wonderful film");
  registry_.load("sentiment");
  label_of(registry_.model("sentiment"), "a horrible film");
  registry_.unload("sentiment");
  registry_.load("sentiment");

  EXPECT_EQ(registry_.model("sentiment")->scheduler().counts().texts, 2U);
}

// The second model took requests while the first was waited for, and had what that left of the grace.
TEST_F(RegistryTest, ClosesAllModelsAtOnceAndThenWaits) {
  std::latch busy(1);
  std::latch let_go(1);
  const auto hold = [&](std::span<const Text> texts, const ClassifyOptions&) {
    busy.count_down();
    let_go.wait();
    Classified classified;
    classified.predictions.resize(texts.size());
    return classified;
  };
  const auto refuse = [](std::span<const Text>, const ClassifyOptions&) -> Classified {
    throw Error(ErrorCode::internal, "it should not run");
  };
  registry_.put(std::make_unique<ServedModel>("first", ModelInfo(), hold, SchedulerOptions()));
  registry_.put(std::make_unique<ServedModel>("second", ModelInfo(), refuse, SchedulerOptions()));
  std::promise<Reply> held;
  registry_.model("first")->scheduler().submit({.inputs = {{"x"}}}, [&held](Reply done) { held.set_value(done); });
  busy.wait();

  std::jthread draining([this] { registry_.drain(std::chrono::hours(1)); });
  const auto is_closed = [this] {
    try {
      registry_.model("second")->scheduler().submit({.inputs = {{"x"}}}, [](const Reply&) {});
      return false;
    } catch (const Error& error) {
      return error.code() == ErrorCode::unavailable;
    }
  };
  const auto end = Clock::now() + std::chrono::minutes(1);
  while (!is_closed() && Clock::now() < end) std::this_thread::yield();
  EXPECT_TRUE(is_closed()) << "while the first is busy";
  let_go.count_down();
  held.get_future().get();
}

TEST_F(RegistryTest, AnswersEveryRequestBeforeItCloses) {
  registry_.load("sentiment", sentiment_);
  std::vector<std::future<Reply>> replies;
  for (int i = 0; i < 50; ++i) {
    auto reply = std::make_shared<std::promise<Reply>>();
    replies.push_back(reply->get_future());
    const auto model = registry_.model();
    model->scheduler().submit({.inputs = std::vector<Input>(20, Input{"a wonderful film " + std::to_string(i)})},
                              [reply, model](Reply done) { reply->set_value(std::move(done)); });
    if (i == 25) registry_.load("sentiment");
  }
  registry_.close();

  for (auto& reply : replies) {
    ASSERT_EQ(reply.wait_for(std::chrono::seconds(0)), std::future_status::ready);
    for (const Outcome& outcome : reply.get().outcomes)
      EXPECT_TRUE(outcome.error ? outcome.error->code() == ErrorCode::unavailable
                                : outcome.prediction.label == "POSITIVE");
  }
}

// A damaged model that was deleted stayed in the index, and became the first one.
TEST_F(RegistryTest, ForgetsANameThatNeverHadAModel) {
  EXPECT_THROW(registry_.load("damaged", source_file("tests/golden")), Error);
  registry_.load("tiny", tiny_);

  registry_.unload("damaged");
  EXPECT_EQ(registry_.model()->name(), "tiny");
  registry_.forget("damaged");
  registry_.forget("tiny");

  ASSERT_EQ(registry_.entries().size(), 1U);
  EXPECT_THAT([&] { registry_.model(); }, fails_with(ErrorCode::unavailable, "'tiny': is not loaded"));
}

// Where no model was named, another one answered.
TEST_F(RegistryTest, KeepsTheFirstNameThatWasUnloadedAfterAFailedReload) {
  registry_.load("first", tiny_);
  registry_.load("second", sentiment_);
  EXPECT_THROW(registry_.load("first", source_file("tests/golden")), Error);

  registry_.unload("first");
  EXPECT_THAT([&] { registry_.model(); }, fails_with(ErrorCode::unavailable, "'first': is not loaded"));
  EXPECT_THROW(registry_.load("first", source_file("tests/golden")), Error);
  EXPECT_THAT([&] { registry_.model(); }, fails_with(ErrorCode::unavailable, "'first': is not loaded"));
}

TEST_F(RegistryTest, KnowsNoNameThatWasNeverLoaded) {
  EXPECT_THAT([&] { registry_.load("none"); }, fails_with(ErrorCode::not_found, "'none'"));
  EXPECT_THAT([&] { registry_.unload("none"); }, fails_with(ErrorCode::not_found, "'none'"));
  EXPECT_THAT([&] { registry_.model(); }, fails_with(ErrorCode::unavailable, "no model is loaded"));
}

// While the first model was loaded, its name was "not served here".
TEST_F(RegistryTest, KnowsANameBeforeItsModelIsThere) {
  registry_.announce("first", tiny_);
  registry_.announce("second", sentiment_);

  EXPECT_THAT([&] { registry_.model("first"); }, fails_with(ErrorCode::unavailable, "'first': is not loaded"));
  EXPECT_THAT([&] { registry_.model(); }, fails_with(ErrorCode::unavailable, "no model is loaded"));
  registry_.load("second");
  registry_.announce("second", tiny_);

  EXPECT_EQ(registry_.model()->name(), "second");
  ASSERT_EQ(registry_.entries().size(), 2U);
  EXPECT_EQ(registry_.entries()[1].path, sentiment_);
}

}  // namespace
}  // namespace tastevin::serve
