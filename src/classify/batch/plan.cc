#include "classify/batch/plan.h"

#include <algorithm>
#include <array>
#include <limits>
#include <numeric>

#include "base/ranking.h"

namespace tastevin::batch {
namespace {

constexpr std::size_t kTokensPerRequest = 512;              // more does not run faster (ARCHITECTURE.md section 6)
constexpr std::size_t kFewestTokens = 64;                   // a smaller request is not worth its fixed cost
constexpr std::array<std::size_t, 4> kSlots{1, 4, 12, 32};  // each slot costs a token of the last layer
constexpr std::size_t kMaxSlots = kSlots.back();
constexpr std::array<std::size_t, 6> kCapacities{64, 96, 128, 192, 256, 512};

using Row = std::vector<std::size_t>;

struct Rows {
  std::vector<Row> texts;
  std::vector<std::size_t> used;  // tokens of each row
};

/// Best fit, longest text first: each goes into the fullest row that still takes it (Johnson 1973: at most 11/9 of the
/// fewest rows). Rows are kept by their free space, of which there are `capacity` kinds.
Rows fill_rows(std::span<const std::size_t> order, std::span<const std::size_t> lengths, std::size_t capacity) {
  Rows rows;
  std::vector<std::vector<std::size_t>> by_space(capacity + 1);
  for (const std::size_t text : order) {
    const std::size_t length = std::max<std::size_t>(lengths[text], 1);
    std::size_t space = length;
    while (space <= capacity && by_space[space].empty()) ++space;
    const bool opens = space > capacity;
    const std::size_t row = opens ? rows.texts.size() : by_space[space].back();
    if (opens) {
      rows.texts.emplace_back();
      rows.used.push_back(0);
      space = std::max(capacity, length);
    } else {
      by_space[space].pop_back();
    }
    rows.texts[row].push_back(text);
    rows.used[row] += length;
    if (rows.texts[row].size() < kMaxSlots && space > length) by_space[space - length].push_back(row);
  }
  return rows;
}

Rows one_text_a_row(std::span<const std::size_t> order, std::span<const std::size_t> lengths) {
  Rows rows;
  for (const std::size_t text : order) {
    rows.texts.push_back({text});
    rows.used.push_back(std::max<std::size_t>(lengths[text], 1));
  }
  return rows;
}

/// Tokens that one request should hold, so that few texts still keep every stream of the device busy.
std::size_t budget(const Rows& rows, std::size_t in_flight) {
  const std::size_t total = std::accumulate(rows.used.begin(), rows.used.end(), std::size_t{0});
  const std::size_t share = (total + in_flight - 1) / in_flight;
  return std::clamp(share, kFewestTokens, kTokensPerRequest);
}

/// Cuts the rows, from the longest down, into requests; a request's longest row decides its row length.
std::vector<Request> into_requests(Rows rows, const PlanOptions& options) {
  const std::size_t tokens = budget(rows, options.in_flight);
  const std::vector<std::size_t> order = highest_first(rows.used);
  std::vector<Request> requests;
  for (std::size_t begin = 0; begin < order.size();) {
    Request request{.length = row_length(rows.used[order[begin]]), .slots = 1, .rows = {}};
    if (options.packing == Packing::one_text_a_row && options.limit > 0) {
      request.length = std::max(rows.used[order[begin]], std::min(request.length, options.limit));
    }
    const std::size_t fitting = std::max<std::size_t>(1, (tokens + request.length / 2) / request.length);
    const std::size_t count = std::min(fitting, order.size() - begin);
    for (std::size_t i = begin; i < begin + count; ++i) {
      request.slots = std::max(request.slots, *std::ranges::lower_bound(kSlots, rows.texts[order[i]].size()));
      request.rows.push_back(std::move(rows.texts[order[i]]));
    }
    requests.push_back(std::move(request));
    begin += count;
  }
  return requests;
}

double cost_of(const std::vector<Request>& requests, const CostModel& model) {
  double cost = 0;
  for (const Request& request : requests) cost += model.of(request.rows.size(), request.length);
  return cost;
}

std::vector<Request> cheapest_packing(std::span<const std::size_t> order, std::span<const std::size_t> lengths,
                                      const PlanOptions& options) {
  std::vector<Request> best;
  double least = std::numeric_limits<double>::infinity();
  for (const std::size_t capacity : kCapacities) {
    std::vector<Request> requests = into_requests(fill_rows(order, lengths, capacity), options);
    const double cost = cost_of(requests, options.cost);
    if (cost < least) {
      least = cost;
      best = std::move(requests);
    }
  }
  return best;
}

}  // namespace

std::size_t row_length(std::size_t length) {
  const std::size_t step = length <= 64 ? 4 : length <= 128 ? 8 : length <= 256 ? 16 : length <= 512 ? 32 : 128;
  return (std::max<std::size_t>(length, 1) + step - 1) / step * step;
}

std::vector<Request> plan(std::span<const std::size_t> lengths, const PlanOptions& options) {
  const std::vector<std::size_t> order = highest_first(lengths);
  if (options.packing == Packing::one_text_a_row || lengths.size() == 1) {
    return into_requests(one_text_a_row(order, lengths), options);
  }
  return cheapest_packing(order, lengths, options);
}

}  // namespace tastevin::batch
