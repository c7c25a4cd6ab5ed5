#include "prepare/graph/relative.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>

#include <openvino/op/ops.hpp>

#include "prepare/graph/sequence.h"

namespace tastevin::graph {
namespace {

template <class BucketOf>
Buckets buckets_up_to(std::int64_t reach, BucketOf&& bucket_of_distance) {
  Buckets buckets;
  for (std::int64_t distance = -reach; distance <= reach; ++distance) buckets.push_back(bucket_of_distance(distance));
  return buckets;
}

/// How far `distance` is on the way from `near` to `far`, by logarithms: 0 to 1. In single precision, as the reference
/// computes it, because at the edges of buckets the last bit decides.
float logarithmic_share(float distance, float near, float far) {
  return std::log(distance / near) / std::log(far / near);
}

Value mask_where(const Value& seen) { return unsqueeze(choose(seen, scalar(0.0F), scalar(kUnseen)), {-3}); }

}  // namespace

Value distances(const Value& queries, const Value& keys) {
  return subtract(unsqueeze(queries, {-1}), unsqueeze(keys, {-2}));
}

Buckets widening_buckets(std::int64_t count, std::int64_t reach) {
  const std::int64_t half = count / 2;
  const std::int64_t exact = half / 2;
  return buckets_up_to(reach, [=](std::int64_t distance) {
    const std::int64_t direction = distance < 0 ? half : 0;
    const std::int64_t length = std::abs(distance);
    if (length < exact) return direction + length;
    const float share =
        logarithmic_share(static_cast<float>(length), static_cast<float>(exact), static_cast<float>(reach));
    const auto wide = exact + static_cast<std::int64_t>(share * static_cast<float>(half - exact));
    return direction + std::min(wide, half - 1);
  });
}

Buckets centred_buckets(std::int64_t span, std::int64_t far, std::int64_t reach) {
  const std::int64_t exact = span / 2;
  return buckets_up_to(reach, [=](std::int64_t distance) {
    const std::int64_t length = std::abs(distance);
    if (length <= exact) return distance + span;
    const float share =
        logarithmic_share(static_cast<float>(length), static_cast<float>(exact), static_cast<float>(far - 1));
    const auto wide = static_cast<std::int64_t>(std::ceil(share * static_cast<float>(exact - 1))) + exact;
    return std::clamp(span + (distance < 0 ? -wide : wide), std::int64_t{0}, 2 * span - 1);
  });
}

Buckets plain_buckets(std::int64_t span, std::int64_t reach) {
  return buckets_up_to(
      reach, [=](std::int64_t distance) { return std::clamp(distance + span, std::int64_t{0}, 2 * span - 1); });
}

Value bucket_of(const Value& distance, const Buckets& buckets) {
  const auto reach = static_cast<std::int64_t>(buckets.size() / 2);
  return look_up(integers(buckets), add(clip(distance, -reach, reach), scalar(reach)));
}

Value window_mask(const Value& distance, std::int64_t reach) {
  const Value length = std::make_shared<ov::op::v0::Abs>(distance);
  return mask_where(std::make_shared<ov::op::v1::LessEqual>(length, scalar(reach)));
}

Value causal_mask(const Value& distance) {
  return mask_where(std::make_shared<ov::op::v1::GreaterEqual>(distance, scalar(std::int64_t{0})));
}

}  // namespace tastevin::graph
