#pragma once

// Which texts run together, in rows of which length: the plan that the cost model finds cheapest. A shape that a device
// has not seen costs it 7 to 21 ms and memory, so row lengths and texts a row are rounded to few sizes. How many rows
// the last request of a call has is left open, since rows of filler would cost more: some 200 shapes come up, of padded
// rows 300, most of them seldom, and the device forgets those that it has not seen for long.

#include <cstddef>
#include <span>
#include <vector>

#include "classify/batch/cost_model.h"

namespace tastevin::batch {

/// One request to the device: rows of equal length, each holding the texts (by their place in the call) of one row.
struct Request {
  std::size_t length = 0;  // tokens a row
  std::size_t slots = 1;   // texts a row at most
  std::vector<std::vector<std::size_t>> rows;
};

enum class Packing { several_texts_a_row, one_text_a_row };

struct PlanOptions {
  Packing packing = Packing::several_texts_a_row;
  std::size_t limit = 0;      // longest text that the model takes; 0 = no limit. Bounds padded rows.
  std::size_t in_flight = 1;  // requests that the device runs side by side
  CostModel cost;
};

/// Puts each text into exactly one row; a text longer than every row size gets a row of its own length.
/// O(n log n) in the number of texts; some 1 us a text.
std::vector<Request> plan(std::span<const std::size_t> lengths, const PlanOptions& options);

/// `length` rounded up to a row size: multiples of 4 to 64, of 8 to 128, of 16 to 256, of 32 to 512, of 128 beyond.
std::size_t row_length(std::size_t length);

}  // namespace tastevin::batch
