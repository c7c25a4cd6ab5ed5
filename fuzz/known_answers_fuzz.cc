// The first byte says how many texts there are, the others are what an earlier run is said to have answered: refused,
// or answers that can all be had and are saved as the same bytes.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "tastevin/error.h"
#include "work/jobs/known_answers.h"

// NOLINTNEXTLINE(readability-identifier-naming): the name that libFuzzer calls
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  constexpr std::size_t kMostTexts = 8;
  if (size == 0) return 0;
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  tastevin::jobs::KnownAnswers known({"bad", "good"}, {.logits = true, .labels = true}, 10000);
  for (std::size_t i = 0; i < data[0] % kMostTexts; ++i) known.place_of({std::to_string(i)});
  try {
    known.restore(bytes, "fuzz");
  } catch (const tastevin::Error& error) {
    if (error.code() != tastevin::ErrorCode::invalid_argument) std::abort();
    return 0;
  }
  for (std::size_t i = 0; i < known.size(); ++i) known.at(i);
  if (known.saved(0) != bytes) std::abort();
  return 0;
}
