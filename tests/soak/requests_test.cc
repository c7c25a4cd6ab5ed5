// Many requests of random sizes: what must not grow, and what must not change.

#include <gtest/gtest.h>
#include <sys/resource.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <fstream>
#include <random>
#include <thread>

#include "base/process_memory.h"
#include "support/files.h"
#include "tastevin/classifier.h"

namespace tastevin {
namespace {

constexpr std::size_t kRequests = 20000;
constexpr std::size_t kWarmUp = 12000;  // until most of the shapes that the mix makes were seen

/// Requests of 1 to 16 texts of 1 to 512 words, small ones more often; the same for the same seed.
class Requests {
 public:
  explicit Requests(unsigned seed) : random_(seed) {}

  std::vector<std::string> next() {
    std::vector<std::string> texts(up_to(16));
    for (std::string& text : texts) {
      for (std::size_t words = up_to(512); words > 0; --words) text += kWords.at(random_() % kWords.size());
    }
    return texts;
  }

 private:
  /// 1 to `most`, each order of magnitude as often as another.
  std::size_t up_to(std::size_t most) {
    const double share = static_cast<double>(random_()) / static_cast<double>(std::mt19937::max());
    return static_cast<std::size_t>(std::pow(static_cast<double>(most), share));
  }

  static constexpr std::array<const char*, 8> kWords{"good ", "bad ", "the ", "film ", "was ", "not ", "worth ", "it "};
  std::mt19937 random_;
};

std::vector<Prediction> classify(const Classifier& classifier, const std::vector<std::string>& texts) {
  const std::vector<Text> views(texts.begin(), texts.end());
  return classifier.classify(views, {.logits = true}).predictions;
}

/// Pieces that the process's memory consists of: kernels that are compiled and never freed show here.
std::size_t mappings() {
  std::ifstream maps("/proc/self/maps");
  return static_cast<std::size_t>(std::count(std::istreambuf_iterator<char>(maps), {}, '\n'));
}

double anonymous_mib() { return static_cast<double>(process_memory().anonymous) / (1 << 20); }

TEST(Requests, OfRandomSizesLeaveMemoryFlatAfterWarmUp) {
  // The runtime keeps what it learnt of each shape: without few shapes and a cap, memory grew for hours (public
  // reports).
  const Classifier classifier = Classifier::load(source_file("models/sst2-tiny"), {.device = "CPU"});
  Requests requests(1);
  for (std::size_t i = 0; i < kWarmUp; ++i) classify(classifier, requests.next());
  const double before = anonymous_mib();
  const std::size_t mappings_before = mappings();

  for (std::size_t i = 0; i < kRequests; ++i) classify(classifier, requests.next());

  const double after = anonymous_mib();
  std::printf("anonymous memory: %.1f MiB after warm-up, %.1f MiB after %zu requests\n", before, after, kRequests);
  EXPECT_LT(after, before * 1.05);
  EXPECT_LT(mappings(), mappings_before + 50);
}

double peak_mib() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_maxrss) / 1024;
}

std::string words(std::size_t count) {
  std::string text;
  for (std::size_t i = 0; i < count; ++i) text += i % 7 == 0 ? "good " : "film ";
  return text;
}

TEST(Requests, OfALongTextNeedNoMoreMemoryThanThoseOfShortOnes) {
  const Classifier classifier = Classifier::load(source_file("models/sst2-tiny"), {.device = "CPU"});
  ClassifyOptions options;
  options.long_text = LongText::window;
  classifier.classify(words(10'000), options);
  const double before = peak_mib();

  const Prediction answer = classifier.classify(words(100'000), options);

  std::printf("peak: %.1f MiB after 10,000 tokens, %.1f MiB after 100,000\n", before, peak_mib());
  EXPECT_GE(answer.tokens, 100'000U);
  EXPECT_GT(answer.windows.size(), 190U);
  EXPECT_LT(peak_mib(), before + 32);
}

TEST(Requests, FromManyThreadsAndTwoModelsGetTheirOwnAnswers) {
  // New shapes prepared at the same moment once spoilt one another's kernels.
  constexpr std::size_t kRounds = 20;
  constexpr std::size_t kThreads = 4;
  constexpr std::size_t kPerThread = 40;
  std::vector<std::vector<std::string>> texts;
  Requests requests(2);
  while (texts.size() < kThreads * kPerThread) texts.push_back(requests.next());
  const auto file = source_file("models/sst2-tiny");
  const Classifier serial = Classifier::load(file, {.device = "CPU", .mode = Mode::latency});
  std::vector<std::vector<Prediction>> expected;
  for (const auto& request : texts) expected.push_back(classify(serial, request));

  for (std::size_t round = 0; round < kRounds; ++round) {
    const std::array fresh{Classifier::load(file, {.device = "CPU"}), Classifier::load(file, {.device = "CPU"})};
    std::vector<double> worst(kThreads, 0);
    std::vector<std::jthread> threads;
    for (std::size_t thread = 0; thread < kThreads; ++thread) {
      threads.emplace_back([&, thread] {
        for (std::size_t i = thread; i < texts.size(); i += kThreads) {
          const auto found = classify(fresh.at(thread % fresh.size()), texts[i]);
          for (std::size_t k = 0; k < found.size(); ++k) {
            const double difference = std::abs(found[k].logits[0] - expected[i][k].logits[0]);
            worst[thread] = std::max(worst[thread], difference);
          }
        }
      });
    }
    threads.clear();
    EXPECT_LT(*std::ranges::max_element(worst), 1e-5) << "round " << round;
  }
}

}  // namespace
}  // namespace tastevin
