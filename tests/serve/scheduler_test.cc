// A letter and a number (D06) are a row of tests/reported_bugs.md.

#include "serve/scheduler.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <future>
#include <latch>
#include <set>

#include "classify/decide/decide.h"
#include "support/fails_with.h"

namespace tastevin::serve {
namespace {

using namespace std::chrono_literals;

/// A model that says of each text how long it is; "fail" fails, and "wait" waits until it is let go.
class FakeModel {
 public:
  Classified run(std::span<const Text> texts, const ClassifyOptions& options) {
    Classified classified;
    {
      const std::lock_guard lock(mutex_);
      batches_.emplace_back();
      for (const Text& text : texts) batches_.back().emplace_back(text.text);
    }
    for (const Text& text : texts) {
      if (text.text == "fail") throw Error(ErrorCode::internal, "it failed");
      if (text.text == "gone") throw Error(ErrorCode::unavailable, "no device");
      if (text.text == "broken") throw std::runtime_error("it broke");
      if (text.text == "wait") {
        started_.count_down();
        let_go_.wait();
      }
      Prediction prediction;
      prediction.label = std::to_string(text.text.size()) + (options.max_length > 0 ? " cut" : "");
      prediction.score = 0.75F;
      prediction.scores = {{prediction.label, 0.75F}, {"other", 0.25F}};
      prediction.logits = {1, 2};
      classified.predictions.push_back(prediction);
    }
    return classified;
  }

  Scheduler::Run runner() {
    return [this](std::span<const Text> texts, const ClassifyOptions& options) { return run(texts, options); };
  }

  void wait_until_busy() { started_.wait(); }
  void let_go() { let_go_.count_down(); }
  std::vector<std::vector<std::string>> batches() {
    const std::lock_guard lock(mutex_);
    return batches_;
  }

 private:
  std::mutex mutex_;
  std::vector<std::vector<std::string>> batches_;
  std::latch started_{1};
  std::latch let_go_{1};
};

std::future<Reply> submit(Scheduler& scheduler, Request request) {
  auto promise = std::make_shared<std::promise<Reply>>();
  auto reply = promise->get_future();
  scheduler.submit(std::move(request), [promise](Reply done) { promise->set_value(std::move(done)); });
  return reply;
}

Request request(const std::vector<std::string>& texts, const ClassifyOptions& options = {}) {
  Request request{.inputs = {}, .options = options};
  for (const std::string& text : texts) request.inputs.push_back({text});
  return request;
}

/// Returns when `scheduler` takes no more.
void wait_until_closed(Scheduler& scheduler) {
  for (bool closed = false; !closed; std::this_thread::yield()) {
    try {
      submit(scheduler, request({"more"}));
    } catch (const Error& error) {
      closed = error.code() == ErrorCode::unavailable;  // or the queue is full
    }
  }
}

class SchedulerTest : public ::testing::Test {
 protected:
  /// One worker, busy with a text until `model_.let_go()`.
  std::unique_ptr<Scheduler> busy(const SchedulerOptions& options = {}) {
    auto scheduler = std::make_unique<Scheduler>(model_.runner(), options, 1);
    waiting_ = submit(*scheduler, request({"wait"}));
    model_.wait_until_busy();
    return scheduler;
  }

  FakeModel model_;
  std::future<Reply> waiting_;
};

TEST_F(SchedulerTest, AnswersInTheOrderOfTheInputs) {
  Scheduler scheduler(model_.runner(), {}, 2);

  const Reply reply = submit(scheduler, request({"a", "bb", "", "dddd"})).get();

  std::vector<std::string> labels;
  for (const Outcome& outcome : reply.outcomes) labels.push_back(outcome.prediction.label);
  EXPECT_THAT(labels, ::testing::ElementsAre("1", "2", "0", "4"));
}

TEST_F(SchedulerTest, AnswersNothingAtOnce) {
  Scheduler scheduler(model_.runner(), {}, 1);
  EXPECT_TRUE(submit(scheduler, request({})).get().outcomes.empty());
}

// D10: after one failing batch nothing was answered any more. D09: one bad text failed its neighbours.
TEST_F(SchedulerTest, GivesATextsErrorToNoOther) {
  Scheduler scheduler(model_.runner(), {}, 1);

  const Reply reply = submit(scheduler, request({"a", "fail", "ccc", "broken", "e"})).get();

  EXPECT_EQ(reply.outcomes[0].prediction.label, "1");
  EXPECT_EQ(reply.outcomes[1].error->code(), ErrorCode::internal);
  EXPECT_EQ(reply.outcomes[2].prediction.label, "3");
  EXPECT_STREQ(reply.outcomes[3].error->what(), "it broke");
  EXPECT_EQ(reply.outcomes[4].prediction.label, "1");
  EXPECT_FALSE(submit(scheduler, request({"a"})).get().outcomes[0].error);
}

// Each half was tried anew: 2 n - 1 calls of a device that was not there.
TEST_F(SchedulerTest, AsksADeviceThatIsGoneOnce) {
  Scheduler scheduler(model_.runner(), {}, 1);

  const Reply reply = submit(scheduler, request({"a", "gone", "b", "c"})).get();

  for (const Outcome& outcome : reply.outcomes) EXPECT_EQ(outcome.error->code(), ErrorCode::unavailable);
  EXPECT_EQ(model_.batches().size(), 1U);
}

TEST_F(SchedulerTest, LetsASingleTextPassALongQueue) {
  const auto scheduler = busy({.batch_tokens = 40});
  auto many = submit(*scheduler, request(std::vector<std::string>(100, "many")));
  auto single = submit(*scheduler, request({"single"}));
  model_.let_go();
  single.get();
  many.get();

  const auto batches = model_.batches();
  EXPECT_THAT(batches[1], ::testing::Contains("single"));
  EXPECT_GT(batches.size(), 5U);
}

TEST_F(SchedulerTest, RunsTextsOfManyRequestsTogether) {
  const auto scheduler = busy();
  std::vector<std::future<Reply>> replies;
  for (int i = 0; i < 20; ++i) replies.push_back(submit(*scheduler, request({std::string(1, 'a')})));
  model_.let_go();
  for (auto& reply : replies) reply.get();

  EXPECT_EQ(model_.batches().size(), 2U);
  EXPECT_EQ(scheduler->counts().texts, 21U);
  EXPECT_EQ(scheduler->counts().batches, 2U);
}

TEST_F(SchedulerTest, KeepsReadingsApart) {
  const auto scheduler = busy();
  auto plain = submit(*scheduler, request({"a"}));
  auto cut = submit(*scheduler, request({"b"}, {.max_length = 5}));
  auto again = submit(*scheduler, request({"c"}, {.top_k = 2}));
  model_.let_go();

  EXPECT_EQ(plain.get().outcomes[0].prediction.label, "1");
  EXPECT_EQ(cut.get().outcomes[0].prediction.label, "1 cut");
  EXPECT_EQ(again.get().outcomes[0].prediction.scores.size(), 2U);
  EXPECT_THAT(model_.batches()[1], ::testing::ElementsAre("a", "c"));
}

TEST_F(SchedulerTest, CutsAnswersAsEachRequestAsks) {
  Scheduler scheduler(model_.runner(), {}, 1);
  const auto answer = [&](const ClassifyOptions& options) {
    return submit(scheduler, request({"a"}, options)).get().outcomes[0].prediction;
  };

  EXPECT_EQ(answer({}).scores.size(), 1U);
  EXPECT_TRUE(answer({}).logits.empty());
  EXPECT_EQ(answer({.top_k = 0, .threshold = 0.5F}).scores.size(), 1U);
  EXPECT_EQ(answer({.top_k = 5, .logits = true}).scores.size(), 2U);
  EXPECT_EQ(answer({.logits = true}).logits.size(), 2U);
}

TEST_F(SchedulerTest, RefusesWhatTheQueueCannotHold) {
  const auto scheduler = busy({.queue_requests = 2});
  auto first = submit(*scheduler, request({"a"}));
  auto second = submit(*scheduler, request({"a"}));
  EXPECT_THAT([&] { submit(*scheduler, request({"a"})); }, fails_with(ErrorCode::overloaded, "2 requests"));
  model_.let_go();
  first.get();
  second.get();

  EXPECT_EQ(scheduler->counts().refused, 1U);
  EXPECT_EQ(submit(*scheduler, request({"a"})).get().outcomes.size(), 1U);
}

// D06: a text of more tokens than the budget was never answered.
TEST_F(SchedulerTest, RunsATextThatIsLargerThanAnyBudget) {
  Scheduler scheduler(model_.runner(), {.batch_tokens = 1, .queue_tokens = 1}, 1);
  const std::string text(100'000, 'x');
  EXPECT_EQ(submit(scheduler, request({text, text})).get().outcomes[1].prediction.label, "100000");
}

// D15: work went on for clients that had left.
TEST_F(SchedulerTest, DropsWhatNobodyWaitsForAndWhatIsTooLate) {
  const auto scheduler = busy();
  std::stop_source client;
  Request gone = request({"gone", "gone"});
  gone.gone = client.get_token();
  Request late = request({"late"});
  late.deadline = Clock::now();
  late.gone = client.get_token();  // as gRPC has it
  auto dropped = submit(*scheduler, std::move(gone));
  auto expired = submit(*scheduler, std::move(late));
  client.request_stop();
  model_.let_go();

  EXPECT_EQ(dropped.get().outcomes[1].error->code(), ErrorCode::deadline);
  EXPECT_EQ(expired.get().outcomes[0].error->code(), ErrorCode::deadline);
  EXPECT_EQ(model_.batches().size(), 1U);
  EXPECT_EQ(scheduler->counts().dropped, 2U);
  EXPECT_EQ(scheduler->counts().expired, 1U);
  EXPECT_EQ(scheduler->counts().waiting_tokens, 0U);
  EXPECT_EQ(scheduler->counts().waiting_requests, 0U);
}

TEST_F(SchedulerTest, FinishesWhatItHasTakenAndTakesNoMore) {
  const auto scheduler = busy();
  auto before = submit(*scheduler, request({"a"}));
  std::jthread drained([&] { scheduler->drain(10s); });
  wait_until_closed(*scheduler);
  model_.let_go();
  drained.join();

  EXPECT_EQ(before.wait_for(0s), std::future_status::ready);
}

TEST_F(SchedulerTest, AnswersWhatStillWaitsWhenItIsGone) {
  auto scheduler = busy();
  auto left = submit(*scheduler, request({"a", "b"}));
  std::jthread end([&] { scheduler->close(); });
  wait_until_closed(*scheduler);
  model_.let_go();
  end.join();

  const Reply reply = left.get();
  ASSERT_TRUE(reply.outcomes[1].error);
  EXPECT_FALSE(waiting_.get().outcomes[0].error);
  EXPECT_EQ(reply.outcomes[1].error->code(), ErrorCode::unavailable);
}

/// A worker that would wait for company forever.
class SchedulerCompanyTest : public SchedulerTest {
 protected:
  /// One worker that has just answered `clients` together.
  std::unique_ptr<Scheduler> answered(std::size_t clients, SchedulerOptions options = {}) {
    options.patience = [](Clock::duration) -> Clock::duration { return 24h; };
    auto scheduler = busy(options);
    std::vector<std::future<Reply>> replies;
    for (std::size_t i = 0; i < clients; ++i) replies.push_back(submit(*scheduler, request({"first"})));
    model_.let_go();
    for (auto& reply : replies) reply.get();
    return scheduler;
  }
};

TEST_F(SchedulerCompanyTest, WaitsUntilAsManyAskAgainAsWereAnswered) {
  const auto scheduler = answered(2);
  auto one = submit(*scheduler, request({"one"}));
  auto two = submit(*scheduler, request({"two"}));
  one.get();
  two.get();

  EXPECT_THAT(model_.batches().back(), ::testing::ElementsAre("one", "two"));
}

TEST_F(SchedulerCompanyTest, DoesNotWaitForASingleClient) {
  const auto scheduler = answered(1);
  for (const char* text : {"one", "two", "three"}) submit(*scheduler, request({text})).get();

  EXPECT_EQ(model_.batches().size(), 5U);
}

TEST_F(SchedulerCompanyTest, WaitsNoLongerThanUntilABatchIsFull) {
  const auto scheduler = answered(3, {.batch_tokens = 40});

  EXPECT_FALSE(submit(*scheduler, request({std::string(200, 'x')})).get().outcomes[0].error);
}

TEST_F(SchedulerCompanyTest, WaitsForNobodyWhenItTakesNoMore) {
  const auto scheduler = answered(3);
  auto last = submit(*scheduler, request({"last"}));
  scheduler->drain(1h);

  EXPECT_EQ(last.wait_for(0s), std::future_status::ready);
}

TEST_F(SchedulerTest, WaitsForCompanyATwentiethOfWhatTheBatchTookAtMost5Milliseconds) {
  EXPECT_EQ(patience_after(20ms), 1ms);
  EXPECT_EQ(patience_after(10s), 5ms);
  EXPECT_EQ(patience_after(0s), 0s);
}

TEST_F(SchedulerTest, AnswersThoseWhoComeWhenOthersStayAway) {
  SchedulerOptions options;
  options.patience = [](Clock::duration) -> Clock::duration { return 1ms; };
  const auto scheduler = busy(options);
  auto one = submit(*scheduler, request({"one"}));
  auto two = submit(*scheduler, request({"two"}));
  model_.let_go();
  one.get();
  two.get();

  EXPECT_FALSE(submit(*scheduler, request({"three"})).get().outcomes[0].error);
}

TEST_F(SchedulerTest, GivesEveryTextItsOwnAnswerFromManyThreads) {
  Scheduler scheduler(model_.runner(), {.batch_tokens = 64, .max_wait_us = 50}, 3);
  std::vector<std::jthread> clients;
  for (std::size_t client = 0; client < 8; ++client) {
    clients.emplace_back([&scheduler, client] {
      for (std::size_t i = 0; i < 200; ++i) {
        const std::string text((client * 31 + i * 7) % 50, 'x');
        const Reply reply = submit(scheduler, request({text, "y", text + "z"})).get();
        ASSERT_EQ(reply.outcomes[0].prediction.label, std::to_string(text.size()));
        ASSERT_EQ(reply.outcomes[2].prediction.label, std::to_string(text.size() + 1));
      }
    });
  }
  clients.clear();

  EXPECT_EQ(scheduler.counts().texts, 8U * 200 * 3);
  EXPECT_EQ(scheduler.counts().waiting_requests, 0U);
}

std::string described(const Prediction& prediction) {
  std::string all = prediction.label + " " + std::to_string(prediction.score) + ":";
  for (const ScoredLabel& scored : prediction.scores) all += " " + scored.label + " " + std::to_string(scored.score);
  all += ";";
  for (const std::string& label : prediction.labels) all += " " + label;
  return all + "; " + std::to_string(prediction.logits.size()) + " logits";
}

// What is cut from the answer of a batch has two homes: here, and where a text runs alone.
TEST(SchedulerCut, LeavesWhatDecideLeavesOfATextAlone) {
  const std::vector<float> row{0.2F, -1, 3, 0.2F};
  for (const Task task : {Task::single_label, Task::multi_label}) {
    const Activation activation = task == Task::multi_label ? Activation::sigmoid : Activation::softmax;
    decide::Meaning meaning{{"a", "b", "c", "d"}, task, activation};
    meaning.calibration = {.reject_below = 0.99F, .other = "other"};
    if (task == Task::multi_label) meaning.calibration.thresholds = {0.6F, 0.2F, 0.9F, 0.1F};
    const auto run = [&](std::span<const Text>, const ClassifyOptions& reading) {
      Classified classified;
      classified.predictions = {decide::decide(row, meaning, reading)};
      return classified;
    };
    Scheduler scheduler(run, {}, 1);
    for (const std::size_t top_k : {0U, 1U, 2U, 9U}) {
      for (const std::optional<float> threshold : {std::optional<float>(), {0.0F}, {0.1F}, {0.5F}, {1.0F}}) {
        const ClassifyOptions options{.top_k = top_k, .threshold = threshold, .logits = top_k == 2};
        const Reply reply = submit(scheduler, request({"x"}, options)).get();
        EXPECT_EQ(described(reply.outcomes.at(0).prediction), described(decide::decide(row, meaning, options)))
            << name_of(task) << ", top_k " << top_k << ", threshold " << threshold.value_or(-1);
      }
    }
  }
}

}  // namespace
}  // namespace tastevin::serve
