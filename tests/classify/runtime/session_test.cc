#include "classify/runtime/session.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include <openvino/op/ops.hpp>
#include <openvino/openvino.hpp>

#include "support/fails_with.h"
#include "support/files.h"
#include "tastevin/devices.h"

namespace tastevin::runtime {
namespace {

/// A model of the standard interface that sums the unmasked ids of each row: logits [B, 1].
std::shared_ptr<ov::Model> summing_model() {
  const auto input = [](const char* name) {
    auto parameter = std::make_shared<ov::op::v0::Parameter>(ov::element::i64, ov::PartialShape{-1, -1});
    parameter->output(0).set_names({name});
    return parameter;
  };
  const auto ids = input("input_ids");
  const auto mask = input("attention_mask");
  const auto seen = std::make_shared<ov::op::v1::Multiply>(ids, mask);
  const auto floats = std::make_shared<ov::op::v0::Convert>(seen, ov::element::f32);
  const auto axis = ov::op::v0::Constant::create(ov::element::i64, {1}, {1});
  const auto sum = std::make_shared<ov::op::v1::ReduceSum>(floats, axis, true);
  sum->output(0).set_names({"logits"});
  return std::make_shared<ov::Model>(ov::OutputVector{sum}, ov::ParameterVector{ids, mask});
}

Batch batch_of(std::int64_t id) {
  Batch batch;
  batch.rows = 2;
  batch.length = 3;
  batch.input_ids = {id, 1, 2, id, 9, 9};
  batch.segment = {1, 1, 1, 1, 0, 0};
  batch.source = {0, 1};
  return batch;
}

Logits infer(const Session& session, const Batch& batch) {
  std::optional<Batch> next = batch;
  Logits found;
  session.infer_all([&] { return std::exchange(next, std::nullopt); },
                    [&](const Batch&, const Logits& logits) { found = logits; });
  return found;
}

TEST(Session, AnswersARowOfLogitsARowOfTheBatch) {
  const Session session(summing_model(), {}, {.device = "CPU"});

  const Logits logits = infer(session, batch_of(5));

  EXPECT_EQ(logits.slots, 2U);
  EXPECT_EQ(logits.labels, 1U);
  EXPECT_THAT(logits.values, ::testing::ElementsAre(8.0F, 5.0F));
}

// A counter of what is left went below zero, and warming up never ended.
TEST(Session, AsksForNoBatchAfterThereWasNone) {
  const Session session(summing_model(), {}, {.device = "CPU"});
  std::size_t asked = 0;
  std::size_t answered = 0;

  session.infer_all([&] { return ++asked <= 3 ? std::optional(batch_of(5)) : std::nullopt; },
                    [&](const Batch&, const Logits&) { ++answered; });

  EXPECT_EQ(answered, 3U);
  EXPECT_EQ(asked, 4U);
}

// What is in the air when the caller gives up reads memory of its batches until it has landed.
TEST(Session, OutlivesACallerWhoGivesUp) {
  const Session session(summing_model(), {}, {.device = "CPU"});
  for (std::size_t given = 0; given < 4; ++given) {
    std::size_t asked = 0;
    const auto next = [&]() -> std::optional<Batch> {
      if (asked++ < given) return batch_of(5);
      throw Error(ErrorCode::too_large, "no more");
    };
    EXPECT_THAT([&] { session.infer_all(next, [](const Batch&, const Logits&) {}); },
                fails_with(ErrorCode::too_large, "no more"));
    const auto refuse = [](const Batch&, const Logits&) { throw Error(ErrorCode::internal, "not wanted"); };
    EXPECT_THAT([&] { session.infer_all([] { return std::optional(batch_of(5)); }, refuse); },
                fails_with(ErrorCode::internal, "not wanted"));
  }

  EXPECT_THAT(infer(session, batch_of(5)).values, ::testing::ElementsAre(8.0F, 5.0F));
}

TEST(Session, ComputesInSinglePrecisionUnlessTold) {
  // On a CPU that has bf16, the runtime would choose it by itself.
  EXPECT_EQ(Session(summing_model(), {}, {}).precision(), Precision::f32);
}

TEST(Session, RefusesThreadsThatWouldHaveNoEffect) {
  EXPECT_THAT([] { Session(summing_model(), {}, {.device = "AUTO", .threads = 2}); },
              fails_with(ErrorCode::invalid_argument, "threads"));
  EXPECT_THAT([] { Session(summing_model(), {}, {.device = "CPU", .threads = std::size_t{1} << 31U}); },
              fails_with(ErrorCode::invalid_argument, "threads: expected at most"));
}

// OpenVINO's own exception left the library.
TEST(Session, RefusesAGraphWhoseInputHasNoName) {
  const auto model = summing_model();
  model->input(1).set_names({});

  EXPECT_THAT([&] { Session(model, {}, {.device = "CPU"}); }, fails_with(ErrorCode::unsupported_model, "graph"));
}

TEST(Session, ReportsThePrecisionOfTheDeviceThatAutoChose) {
  const Session session(summing_model(), {}, {.device = "AUTO"});

  EXPECT_EQ(session.precision(), Precision::f32);
  EXPECT_THAT(session.device(), ::testing::HasSubstr("CPU"));
}

// Asked for f16, CPUs with AVX512-FP16 compute in it, others with bf16 in bf16 without a word, the rest in f32.
TEST(Session, ComputesInThePrecisionAskedForOrNotAtAll) {
  const ModelOptions half{.device = "CPU", .precision = Precision::f16};
  const std::string cpu = read_file("/proc/cpuinfo");

  if (cpu.find("avx512_fp16") != std::string::npos) {
    EXPECT_EQ(Session(summing_model(), {}, half).precision(), Precision::f16);
  } else {
    EXPECT_THAT([&] { Session(summing_model(), {}, half); },
                fails_with(ErrorCode::unsupported_model, "asked to compute in f16"));
  }
}

TEST(Session, NamesADeviceThatIsNotThere) {
  EXPECT_THAT([&] { Session(summing_model(), {}, {.device = "TPU"}); }, fails_with(ErrorCode::not_found, "'TPU'"));
  EXPECT_THAT([&] { Session(summing_model(), {}, {.device = "AUTO:TPU,CPU"}); },
              fails_with(ErrorCode::not_found, "'TPU'"));
}

TEST(Session, TakesDeviceNamesInAnyCase) { EXPECT_EQ(Session(summing_model(), {}, {.device = "cpu"}).device(), "CPU"); }

TEST(Session, GivesEachOfManyThreadsItsOwnAnswer) {
  // Outputs of shared requests have belonged to another caller's input elsewhere.
  const Session session(summing_model(), {}, {.device = "CPU"});
  std::vector<std::size_t> wrong(8, 0);

  std::vector<std::jthread> threads;
  for (std::size_t t = 0; t < wrong.size(); ++t) {
    threads.emplace_back([&session, &count = wrong[t], t] {
      for (std::int64_t i = 0; i < 1000; ++i) {
        const auto id = static_cast<std::int64_t>(t) * 1000 + i;
        count += static_cast<std::size_t>(infer(session, batch_of(id)).values.back() != static_cast<float>(id));
      }
    });
  }
  threads.clear();

  EXPECT_THAT(wrong, ::testing::Each(0U));
}

TEST(Devices, ListTheCpuWithItsFullName) {
  const auto found = devices();

  const auto cpu = std::ranges::find(found, "CPU", &Device::name);
  ASSERT_NE(cpu, found.end());
  EXPECT_FALSE(cpu->full_name.empty());
}

}  // namespace
}  // namespace tastevin::runtime
