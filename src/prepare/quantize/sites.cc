#include "prepare/quantize/sites.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include <openvino/op/ops.hpp>

#include "base/error.h"

namespace tastevin::int8 {
namespace {

namespace op = ov::op;

const op::v0::Constant* constant_behind(const Value& value) {
  const ov::Node* node = value.get_node();
  if (ov::is_type<op::v0::Convert>(node)) node = node->get_input_node_ptr(0);
  return ov::as_type<const op::v0::Constant>(node);
}

bool is_real_matrix(const Value& value) {
  const op::v0::Constant* constant = constant_behind(value);
  return constant != nullptr && constant->get_element_type().is_real() && constant->get_shape().size() == 2 &&
         std::ranges::none_of(constant->get_shape(), [](std::size_t size) { return size <= 1; });
}

/// The node itself by its name, or what it reads by the name that the frontend gave the stored tensor.
std::string name_of(const Value& weights) {
  const ov::Node* node = weights.get_node();
  const bool named = node->get_friendly_name() != node->get_name();
  return named ? node->get_friendly_name() : constant_behind(weights)->get_friendly_name();
}

using Nodes = std::set<const ov::Node*>;

Nodes nodes_after(const ov::NodeVector& starts) {
  Nodes seen;
  std::vector<const ov::Node*> open;
  for (const auto& node : starts) open.push_back(node.get());
  while (!open.empty()) {
    const ov::Node* node = open.back();
    open.pop_back();
    for (const Value& output : const_cast<ov::Node*>(node)->outputs()) {
      for (const auto& reader : output.get_target_inputs()) {
        if (seen.insert(reader.get_node()).second) open.push_back(reader.get_node());
      }
    }
  }
  return seen;
}

bool belongs_to_the_body(const ov::Node& node) {
  return ov::is_type_any_of<op::v6::MVN, op::v1::ReduceMean, op::v1::Softmax, op::v8::Softmax,
                            op::v13::ScaledDotProductAttention>(&node);
}

/// What a normalisation or an attention still comes after.
Nodes nodes_before_the_head(const ov::Model& model) {
  Nodes before;
  const auto ordered = model.get_ordered_ops();
  for (auto node = ordered.rbegin(); node != ordered.rend(); ++node) {
    const auto leads_there = [&before](const ov::Node* reader) {
      return belongs_to_the_body(*reader) || before.contains(reader);
    };
    for (const Value& output : (*node)->outputs()) {
      for (const auto& reader : output.get_target_inputs())
        if (leads_there(reader.get_node())) before.insert(node->get());
    }
  }
  return before;
}

ov::NodeVector parameters_of(const ov::Model& model) {
  const auto& parameters = model.get_parameters();
  return {parameters.begin(), parameters.end()};
}

void mark_shared_weights(std::vector<Site>& sites) {
  std::map<Value, std::size_t> readers;
  for (const Site& site : sites) {
    for (const Product& product : site.products) ++readers[product.weights];
  }
  for (Site& site : sites) {
    site.shares_weights =
        std::ranges::any_of(site.products, [&readers](const Product& product) { return readers[product.weights] > 1; });
  }
}

bool looks_up_input_ids(const ov::Node& gather) {
  const ov::Node* ids = gather.get_input_node_ptr(1);
  if (ov::is_type<op::v0::Convert>(ids)) ids = ids->get_input_node_ptr(0);
  return ov::is_type<op::v0::Parameter>(ids) && ids->get_output_tensor(0).get_names().contains("input_ids");
}

bool is_lookup(const std::shared_ptr<ov::Node>& node) {
  return ov::is_type_any_of<op::v1::Gather, op::v7::Gather, op::v8::Gather>(node.get()) &&
         is_real_matrix(node->input_value(0)) && node->get_output_element_type(0) == ov::element::f32;
}

}  // namespace

std::vector<Site> sites_of(const ov::Model& model) {
  const Nodes depends_on_text = nodes_after(parameters_of(model));
  const Nodes before_the_head = nodes_before_the_head(model);
  std::vector<Site> sites;
  std::map<Value, std::size_t> site_of;
  std::map<std::string, std::size_t> times;
  for (const auto& node : model.get_ordered_ops()) {
    const auto matmul = ov::as_type_ptr<op::v0::MatMul>(node);
    if (!matmul || matmul->get_transpose_a() || !is_real_matrix(matmul->input_value(1))) continue;
    // Graphs in f16 stay as they are, and so does what has no known number of axes.
    const Value input = matmul->input_value(0);
    if (input.get_element_type() != ov::element::f32 || input.get_partial_shape().rank().is_dynamic()) continue;
    if (!depends_on_text.contains(matmul->get_input_node_ptr(0)) || !before_the_head.contains(matmul.get())) continue;
    Product product{name_of(matmul->input_value(1)), matmul, matmul->input_value(1),
                    matmul->get_transpose_b() ? std::size_t{0} : std::size_t{1}};
    // Weights that several layers share are told apart by their turn.
    if (const std::size_t turn = ++times[product.name]; turn > 1) product.name.append("#").append(std::to_string(turn));
    const auto [place, is_new] = site_of.emplace(matmul->input_value(0), sites.size());
    if (is_new) sites.push_back({product.name, matmul->input_value(0), {}, false});
    sites[place->second].products.push_back(std::move(product));
  }
  mark_shared_weights(sites);
  return sites;
}

std::vector<std::shared_ptr<ov::Node>> word_lookups(const ov::Model& model) {
  const auto nodes = model.get_ordered_ops();
  const auto words =
      std::ranges::find_if(nodes, [](const auto& node) { return is_lookup(node) && looks_up_input_ids(*node); });
  if (words == nodes.end()) return {};
  std::vector<std::shared_ptr<ov::Node>> lookups;
  std::ranges::copy_if(nodes, std::back_inserter(lookups), [&](const auto& node) {
    return is_lookup(node) && node->input_value(0) == (*words)->input_value(0);
  });
  return lookups;
}

std::string table_name(const ov::Node& lookup) { return name_of(lookup.input_value(0)); }

bool is_quantized(const ov::Model& model) {
  return std::ranges::any_of(model.get_ops(), [](const auto& node) {
    if (ov::is_type<op::v0::FakeQuantize>(node.get())) return true;
    const auto constant = ov::as_type_ptr<op::v0::Constant>(node);
    if (!constant || constant->get_shape().size() < 2) return false;
    const ov::element::Type type = constant->get_element_type();
    return type == ov::element::i8 || type == ov::element::u8 || type == ov::element::i4 || type == ov::element::u4;
  });
}

bool is_constant(const Value& value) { return constant_behind(value) != nullptr; }

std::vector<float> values_of(const Value& constant) {
  std::vector<float> values = constant_behind(constant)->cast_vector<float>();
  if (std::ranges::all_of(values, [](float value) { return std::isfinite(value); })) return values;
  throw Error(ErrorCode::bad_checkpoint, "weights " + in_quotes(name_of(constant), 200) + ": hold infinity or NaN");
}

}  // namespace tastevin::int8
