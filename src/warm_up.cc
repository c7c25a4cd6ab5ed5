#include "warm_up.h"

#include <algorithm>
#include <set>
#include <tuple>

#include "classify/batch/pack.h"

namespace tastevin {
namespace {

constexpr std::size_t kLongestAlone = 128;  // tokens: nine of ten messages, reviews and tickets are shorter
constexpr std::size_t kManyTexts = 256;

/// Lengths that go to the device together: one text of each size of a row, and many of short and of middling length,
/// evenly spread.
std::vector<std::vector<std::size_t>> common_calls(std::size_t limit) {
  const std::size_t longest = limit == 0 ? kLongestAlone : std::min(limit, kLongestAlone);
  std::vector<std::vector<std::size_t>> calls;
  for (std::size_t length = 1; length <= longest; length = batch::row_length(length) + 1)
    calls.push_back({std::min(batch::row_length(length), longest)});
  for (const std::size_t typical : {longest / 4, longest}) {
    std::vector<std::size_t> many(kManyTexts);
    for (std::size_t i = 0; i < kManyTexts; ++i) many[i] = 1 + i * typical / kManyTexts;
    calls.push_back(std::move(many));
  }
  return calls;
}

std::vector<Encoding> encodings_of(const std::vector<std::size_t>& lengths, std::int32_t token) {
  std::vector<Encoding> encodings(lengths.size());
  for (std::size_t i = 0; i < lengths.size(); ++i) {
    encodings[i].ids.assign(lengths[i], token);
    encodings[i].type_ids.assign(lengths[i], 0);
  }
  return encodings;
}

}  // namespace

void warm_up(const runtime::Session& session, const tokenizer::Tokenizer& tokenizer,
             const batch::PlanOptions& planning) {
  std::set<std::tuple<std::size_t, std::size_t, std::size_t>> done;
  for (const std::vector<std::size_t>& lengths : common_calls(planning.limit)) {
    const std::vector<Encoding> encodings = encodings_of(lengths, tokenizer.pad_id());
    for (const batch::Request& request : batch::plan(lengths, planning)) {
      if (!done.insert({request.rows.size(), request.length, request.slots}).second) continue;
      std::size_t left = session.in_flight();
      session.infer_all(
          [&] {
            return left-- > 0 ? std::optional(batch::pack(request, encodings, tokenizer.pad_id())) : std::nullopt;
          },
          [](const Batch&, const Logits&) {});
    }
  }
}

}  // namespace tastevin
