#include "classify/batch/pack.h"

#include <algorithm>
#include <numeric>

namespace tastevin::batch {
namespace {

/// Places one text at token `at` of the rectangle, as the text number `number` (from 1) of its row.
void place(Batch& batch, const Encoding& encoding, std::size_t at, std::int64_t number) {
  const auto begin = static_cast<std::ptrdiff_t>(at);
  const std::size_t size = encoding.ids.size();
  std::ranges::copy(encoding.ids, batch.input_ids.begin() + begin);
  std::ranges::copy(encoding.type_ids, batch.token_type_ids.begin() + begin);
  std::iota(batch.position_ids.begin() + begin, batch.position_ids.begin() + begin + static_cast<std::ptrdiff_t>(size),
            std::int64_t{0});
  std::fill_n(batch.segment.begin() + begin, size, number);
  batch.tokens += size;
}

}  // namespace

Batch pack(const Request& request, std::span<const Encoding> encodings, std::int32_t pad_id) {
  const std::size_t rows = request.rows.size();
  const std::size_t size = rows * request.length;
  Batch batch{.rows = rows,
              .length = request.length,
              .slots = request.slots,
              .input_ids = std::vector<std::int64_t>(size, pad_id),
              .position_ids = std::vector<std::int64_t>(size, 0),
              .token_type_ids = std::vector<std::int64_t>(size, 0),
              .segment = std::vector<std::int64_t>(size, 0),
              .first = std::vector<std::int64_t>(rows * request.slots, 0),
              .source = std::vector<std::size_t>(rows * request.slots, kNoText)};
  for (std::size_t row = 0; row < rows; ++row) {
    std::size_t at = 0;
    for (std::size_t slot = 0; slot < request.rows[row].size(); ++slot) {
      const std::size_t text = request.rows[row][slot];
      place(batch, encodings[text], row * request.length + at, static_cast<std::int64_t>(slot) + 1);
      batch.first[row * request.slots + slot] = static_cast<std::int64_t>(at);
      batch.source[row * request.slots + slot] = text;
      at += encodings[text].ids.size();
    }
  }
  return batch;
}

}  // namespace tastevin::batch
