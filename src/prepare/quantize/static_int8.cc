#include "prepare/quantize/static_int8.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <utility>
#include <vector>

#include <openvino/op/ops.hpp>

namespace tastevin::int8 {
namespace {

namespace op = ov::op;

constexpr float kLevels = 255;              // steps between the bytes of an activation
constexpr std::size_t kOutputsJudged = 96;  // of each product, when schemes are compared
constexpr std::array kStrengths{0.0F, 0.15F, 0.3F, 0.5F, 0.7F};
constexpr std::array kShares{1.0F, 0.95F, 0.9F, 0.8F, 0.7F, 0.6F, 0.5F};
constexpr std::array kPercentiles{99.995, 99.95, 99.9, 99.5};  // of the sample, counted from either end
constexpr float kSmallest = 1e-5F;

/// The step and the code of 0, so that 0 is exact.
struct Grid {
  float step = 1;
  float zero = 0;

  float rounded(float value) const {
    return (std::clamp(std::nearbyint(value / step) + zero, 0.0F, kLevels) - zero) * step;
  }
  float low() const { return -zero * step; }
  float high() const { return (kLevels - zero) * step; }
};

Grid grid_of(const Scheme& scheme) {
  const float low = std::min(scheme.low, 0.0F);
  const float high = std::max(scheme.high, 0.0F);
  const float step = high > low ? (high - low) / kLevels : 1.0F;
  return {step, std::nearbyint(-low / step)};
}

/// Every n-th output of the products one after another, so that a wide layer costs what a narrow one does.
Matrix judged_weights(const Site& site) {
  Matrix some;
  for (const Product& product : site.products) {
    const Matrix all = weights_of(product);
    some.columns = all.columns;
    const std::size_t every = std::max<std::size_t>(1, all.rows / kOutputsJudged);
    for (std::size_t row = 0; row < all.rows; row += every, ++some.rows)
      some.values.insert(some.values.end(), all.row(row), all.row(row) + all.columns);
  }
  return some;
}

/// The tokens of `sample` as the site's products read them: through the grid, in the weights' scale.
Matrix through(const Matrix& sample, const Scheme& scheme) {
  const Grid grid = grid_of(scheme);
  Matrix result = sample;
  for (std::size_t row = 0; row < sample.rows; ++row) {
    for (std::size_t i = 0; i < sample.columns; ++i)
      result.row(row)[i] = grid.rounded(sample.row(row)[i] / scheme.divisors[i]);
  }
  return result;
}

struct Range {
  float low = 0;
  float high = 0;
};

/// What `percent` of the values of `sample`, each divided by its channel's divisor, do not fall below, and do not
/// exceed.
Range percentiles(const Matrix& sample, const std::vector<float>& divisors, double percent) {
  std::vector<float> values(sample.values.size());
  for (std::size_t i = 0; i < values.size(); ++i) values[i] = sample.values[i] / divisors[i % sample.columns];
  const auto cut = static_cast<std::size_t>(static_cast<double>(values.size() - 1) * (100 - percent) / 100);
  const auto at = [&values](std::size_t place) {
    std::ranges::nth_element(values, values.begin() + static_cast<std::ptrdiff_t>(place));
    return values[place];
  };
  return {at(cut), at(values.size() - 1 - cut)};
}

Matrix transposed(const Matrix& matrix) {
  Matrix result{matrix.columns, matrix.rows, std::vector<float>(matrix.values.size())};
  for (std::size_t row = 0; row < matrix.rows; ++row) {
    for (std::size_t i = 0; i < matrix.columns; ++i) result.row(i)[row] = matrix.row(row)[i];
  }
  return result;
}

/// tokens [n, in] by weights [in, out]; the innermost loop runs along outputs, which compilers vectorize.
Matrix product_of(const Matrix& tokens, const Matrix& weights) {
  Matrix result{tokens.rows, weights.columns, std::vector<float>(tokens.rows * weights.columns, 0)};
  for (std::size_t token = 0; token < tokens.rows; ++token) {
    float* out = result.row(token);
    for (std::size_t in = 0; in < tokens.columns; ++in) {
      const float value = tokens.row(token)[in];
      const float* row = weights.row(in);
      for (std::size_t i = 0; i < weights.columns; ++i) out[i] += value * row[i];
    }
  }
  return result;
}

double squared_difference(const Matrix& left, const Matrix& right) {
  double sum = 0;
  for (std::size_t i = 0; i < left.values.size(); ++i) {
    const double difference = static_cast<double>(left.values[i]) - right.values[i];
    sum += difference * difference;
  }
  return sum;
}

/// The range of `whole` cut to shares of itself and to percentiles of the sample.
std::vector<Range> ranges_of(const Scheme& whole, const Matrix& sample) {
  std::vector<Range> ranges;
  ranges.reserve(kShares.size() + kPercentiles.size());
  for (const float share : kShares) ranges.push_back({whole.low * share, whole.high * share});
  for (const double percent : kPercentiles) ranges.push_back(percentiles(sample, whole.divisors, percent));
  return ranges;
}

/// Judges schemes for one site by the error of some of its outputs.
class Judge {
 public:
  Judge(const Site& site, const Activations& seen)
      : seen_(seen), weights_(judged_weights(site)), exact_(product_of(seen.sample, transposed(weights_))) {}

  double error(const Scheme& scheme) const {
    const Matrix weights = transposed(rounded(scaled(weights_, scheme.divisors), scheme.largest_code));
    return squared_difference(product_of(through(seen_.sample, scheme), weights), exact_);
  }

  /// Moves outliers from the activations into the weights: the geometric mean of both magnitudes at strength 0.5.
  Scheme smoothed(float strength) const {
    Scheme scheme{.divisors = std::vector<float>(weights_.columns, 1)};
    for (std::size_t i = 0; i < weights_.columns && strength > 0; ++i) {
      const float activation = std::max({std::abs(seen_.low[i]), std::abs(seen_.high[i]), kSmallest});
      const float weight = std::max(largest_weight(i), kSmallest);
      scheme.divisors[i] = std::pow(activation, strength) / std::pow(weight, 1 - strength);
    }
    for (std::size_t i = 0; i < weights_.columns; ++i) {
      scheme.low = std::min(scheme.low, seen_.low[i] / scheme.divisors[i]);
      scheme.high = std::max(scheme.high, seen_.high[i] / scheme.divisors[i]);
    }
    return scheme;
  }

 private:
  float largest_weight(std::size_t channel) const {
    float largest = 0;
    for (std::size_t row = 0; row < weights_.rows; ++row)
      largest = std::max(largest, std::abs(weights_.row(row)[channel]));
    return largest;
  }

  const Activations& seen_;
  Matrix weights_;
  Matrix exact_;
};

/// The mean over the tokens of what one output becomes.
std::vector<float> mean_token(const Matrix& tokens) {
  std::vector<double> sum(tokens.columns, 0);
  for (std::size_t row = 0; row < tokens.rows; ++row) {
    for (std::size_t i = 0; i < tokens.columns; ++i) sum[i] += tokens.row(row)[i];
  }
  std::vector<float> mean(tokens.columns);
  for (std::size_t i = 0; i < tokens.columns; ++i)
    mean[i] = static_cast<float>(sum[i] / static_cast<double>(tokens.rows));
  return mean;
}

float dot(const float* left, const std::vector<float>& right) {
  double sum = 0;
  for (std::size_t i = 0; i < right.size(); ++i) sum += static_cast<double>(left[i]) * right[i];
  return static_cast<float>(sum);
}

/// Adds `correction` to what `matmul` gives: to the bias that is added already, or as one.
void add_to_bias(const std::shared_ptr<ov::Node>& matmul, const std::vector<float>& correction) {
  const auto readers = matmul->output(0).get_target_inputs();
  if (readers.size() == 1 && ov::is_type<op::v1::Add>(readers.begin()->get_node())) {
    ov::Node* add = readers.begin()->get_node();
    const std::size_t side = 1 - readers.begin()->get_index();
    const ov::Node* bias = add->get_input_node_ptr(side);
    if (ov::is_type<op::v0::Convert>(bias)) bias = bias->get_input_node_ptr(0);
    if (ov::is_type<op::v0::Constant>(bias) && ov::shape_size(bias->get_shape()) == correction.size()) {
      std::vector<float> values = values_of(add->input_value(side));
      std::ranges::transform(values, correction, values.begin(), std::plus<>());
      add->input(side).replace_source_output(
          op::v0::Constant::create(ov::element::f32, add->get_input_shape(side), values));
      return;
    }
  }
  const auto bias = op::v0::Constant::create(ov::element::f32, {correction.size()}, correction);
  const auto add = std::make_shared<op::v1::Add>(matmul, bias);
  for (auto reader : readers) reader.replace_source_output(add);
}

/// The CPU plugin takes one range for the whole tensor, so the divisors go before it.
Value fake_quantized(const Value& input, const Scheme& scheme) {
  const Grid grid = grid_of(scheme);
  const auto low = op::v0::Constant::create(ov::element::f32, {}, {grid.low()});
  const auto high = op::v0::Constant::create(ov::element::f32, {}, {grid.high()});
  return std::make_shared<op::v0::FakeQuantize>(divided(input, scheme.divisors), low, high, low, high,
                                                static_cast<std::size_t>(kLevels) + 1);
}

/// Weights that several sites share stay one constant; those sites have no divisors.
using SharedWeights = std::map<Value, Value>;

void quantize_site(const Site& site, const Scheme& scheme, const Activations& seen, SharedWeights& shared) {
  const Value input = fake_quantized(site.input, scheme);
  const std::vector<float> mean = mean_token(seen.sample);
  const std::vector<float> mean_rounded = mean_token(through(seen.sample, scheme));
  for (const Product& product : site.products) {
    const Matrix exact = weights_of(product);
    const Matrix stored = scaled(exact, scheme.divisors);
    const Matrix rounded_weights = rounded(stored, scheme.largest_code);
    std::vector<float> correction(exact.rows);
    for (std::size_t row = 0; row < exact.rows; ++row)
      correction[row] = dot(exact.row(row), mean) - dot(rounded_weights.row(row), mean_rounded);
    Value own;
    Value& weights = site.shares_weights ? shared[product.weights] : own;
    if (weights.get_node() == nullptr) weights = as_int8(stored, product.name, scheme.largest_code);
    product.matmul->input(0).replace_source_output(input);
    replace_weights(product, weights);
    add_to_bias(product.matmul, correction);
  }
}

}  // namespace

Scheme best_scheme(const Site& site, const Activations& seen, float largest_code) {
  const Judge judge(site, seen);
  Scheme best = judge.smoothed(0);
  double least = std::numeric_limits<double>::infinity();
  const auto consider = [&](Scheme scheme) {
    scheme.largest_code = largest_code;
    const double error = judge.error(scheme);
    if (error < least) {
      least = error;
      best = scheme;
    }
  };
  for (const float strength : kStrengths) {
    if (strength == 0 || !site.shares_weights) consider(judge.smoothed(strength));
  }
  const Scheme whole = best;
  for (const Range& range : ranges_of(whole, seen.sample))
    consider({.divisors = whole.divisors, .low = range.low, .high = range.high});
  return best;
}

void quantize_sites(const std::shared_ptr<ov::Model>& model, const std::map<std::string, Scheme>& schemes,
                    const std::map<std::string, Activations>& seen, const std::set<std::string>& kept) {
  SharedWeights shared;
  for (const Site& site : sites_of(*model)) {
    const auto scheme = schemes.find(site.name);
    if (scheme == schemes.end() || kept.contains(site.name)) continue;
    quantize_site(site, scheme->second, seen.at(site.name), shared);
  }
  model->validate_nodes_and_infer_types();
}

}  // namespace tastevin::int8
