#pragma once

// Checkpoints built in a test: tensors in memory of the test's own, no file needed.

#include <cstring>
#include <memory>
#include <string>
#include <vector>

#include "prepare/checkpoint/config.h"
#include "prepare/checkpoint/tensor_store.h"
#include "support/temporary_folder.h"

namespace tastevin {

/// Collects f32 tensors and writes them as one raw file, which the views then map as a checkpoint's do.
class CheckpointBuilder {
 public:
  CheckpointBuilder& add(const std::string& name, std::vector<std::size_t> shape) {
    std::size_t count = 1;
    for (const std::size_t size : shape) count *= size;
    std::vector<float> values(count);
    for (float& value : values) value = next();
    return add_bytes(name, std::move(shape), checkpoint::DType::f32,
                     {reinterpret_cast<const char*>(values.data()), count * sizeof(float)});
  }

  CheckpointBuilder& add_bytes(const std::string& name, std::vector<std::size_t> shape, checkpoint::DType dtype,
                               std::string bytes) {
    entries_.push_back({name, std::move(shape), dtype, bytes_.size(), bytes.size()});
    bytes_ += bytes;
    return *this;
  }

  checkpoint::TensorStore build(const TemporaryFolder& folder) const {
    const auto file = std::make_shared<const MappedFile>(folder.write("weights.raw", bytes_));
    checkpoint::Tensors tensors;
    for (const Entry& entry : entries_) {
      tensors[entry.name] = {entry.dtype, entry.shape, file->data() + entry.begin, entry.size, file};
    }
    return checkpoint::TensorStore(std::move(tensors));
  }

 private:
  struct Entry {
    std::string name;
    std::vector<std::size_t> shape;
    checkpoint::DType dtype;
    std::size_t begin;
    std::size_t size;
  };

  float next() {
    state_ = state_ * 6364136223846793005U + 1442695040888963407U;
    return static_cast<float>(static_cast<double>(state_ >> 40U) / (1U << 24U) - 0.5) * 0.2F;
  }

  std::vector<Entry> entries_;
  std::string bytes_;
  std::uint64_t state_ = 7;
};

/// A DistilBERT of 2 layers x 8, 2 heads, 11 words, 16 positions, 3 labels, without its tensors.
inline checkpoint::ModelConfig small_distilbert_config() {
  checkpoint::ModelConfig config;
  config.where = "config.json";
  config.model_type = "distilbert";
  config.architectures = {"DistilBertForSequenceClassification"};
  config.labels = {"a", "b", "c"};
  config.vocab_size = 11;
  config.hidden_size = 8;
  config.layers = 2;
  config.heads = 2;
  config.intermediate_size = 12;
  config.max_positions = 16;
  config.hidden_act = "gelu";
  return config;
}

inline CheckpointBuilder small_distilbert_tensors(const std::string& prefix = "distilbert.") {
  CheckpointBuilder builder;
  const auto linear = [&builder](const std::string& name, std::size_t out, std::size_t in) {
    builder.add(name + ".weight", {out, in}).add(name + ".bias", {out});
  };
  const auto norm = [&builder](const std::string& name) {
    builder.add(name + ".weight", {8}).add(name + ".bias", {8});
  };
  builder.add(prefix + "embeddings.word_embeddings.weight", {11, 8});
  builder.add(prefix + "embeddings.position_embeddings.weight", {16, 8});
  norm(prefix + "embeddings.LayerNorm");
  for (const char* index : {"0", "1"}) {
    const std::string layer = prefix + "transformer.layer." + index + ".";
    for (const char* name : {"q_lin", "k_lin", "v_lin", "out_lin"}) linear(layer + "attention." + name, 8, 8);
    norm(layer + "sa_layer_norm");
    linear(layer + "ffn.lin1", 12, 8);
    linear(layer + "ffn.lin2", 8, 12);
    norm(layer + "output_layer_norm");
  }
  linear("pre_classifier", 8, 8);
  linear("classifier", 3, 8);
  return builder;
}

}  // namespace tastevin
