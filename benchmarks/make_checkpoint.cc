// Writes a checkpoint of the shape of DistilBERT-base with random weights (f32, 268 MB): for measuring time and memory,
// where the size matters and the words do not. The tokenizer files are those of another checkpoint.
//
//   make_checkpoint OUT [TOKENIZER_FOLDER]

#include <cmath>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <numeric>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

constexpr std::size_t kLayers = 6;
constexpr std::size_t kWidth = 768;
constexpr std::size_t kHidden = 3072;
constexpr std::size_t kHeads = 12;
constexpr std::size_t kPositions = 512;
constexpr std::size_t kVocabulary = 30522;

struct Tensor {
  std::string name;
  std::vector<std::size_t> shape;
  float mean = 0;
  float deviation = 0;
};

void add_linear(std::vector<Tensor>& tensors, const std::string& name, std::size_t out, std::size_t in) {
  tensors.push_back({name + ".weight", {out, in}, 0, 0.02F});
  tensors.push_back({name + ".bias", {out}, 0, 0.02F});
}

void add_norm(std::vector<Tensor>& tensors, const std::string& name) {
  tensors.push_back({name + ".weight", {kWidth}, 1, 0.05F});
  tensors.push_back({name + ".bias", {kWidth}, 0, 0.05F});
}

void add_layer(std::vector<Tensor>& tensors, const std::string& layer) {
  for (const char* projection : {"q_lin", "k_lin", "v_lin", "out_lin"}) {
    add_linear(tensors, layer + ".attention." + projection, kWidth, kWidth);
  }
  add_norm(tensors, layer + ".sa_layer_norm");
  add_linear(tensors, layer + ".ffn.lin1", kHidden, kWidth);
  add_linear(tensors, layer + ".ffn.lin2", kWidth, kHidden);
  add_norm(tensors, layer + ".output_layer_norm");
}

std::vector<Tensor> distilbert_base() {
  std::vector<Tensor> tensors;
  tensors.push_back({"distilbert.embeddings.word_embeddings.weight", {kVocabulary, kWidth}, 0, 0.05F});
  tensors.push_back({"distilbert.embeddings.position_embeddings.weight", {kPositions, kWidth}, 0, 0.02F});
  add_norm(tensors, "distilbert.embeddings.LayerNorm");
  for (std::size_t i = 0; i < kLayers; ++i) add_layer(tensors, "distilbert.transformer.layer." + std::to_string(i));
  add_linear(tensors, "pre_classifier", kWidth, kWidth);
  add_linear(tensors, "classifier", 2, kWidth);
  return tensors;
}

std::size_t elements(const Tensor& tensor) {
  return std::accumulate(tensor.shape.begin(), tensor.shape.end(), std::size_t{1}, std::multiplies<>());
}

/// The finalizer of SplitMix64 (Steele, Lea and Flood 2014) on a counter: the n-th value needs no value before it.
std::uint64_t random_bits(std::uint64_t counter) {
  std::uint64_t bits = (counter + 1) * 0x9E3779B97F4A7C15U;
  bits = (bits ^ (bits >> 30U)) * 0xBF58476D1CE4E5B9U;
  bits = (bits ^ (bits >> 27U)) * 0x94D049BB133111EBU;
  return bits ^ (bits >> 31U);
}

/// Nearly normal, mean 0 and deviation 1: the sum of four uniform 16-bit numbers.
float random_normal(std::uint64_t counter) {
  const std::uint64_t bits = random_bits(counter);
  const std::uint64_t sum = (bits & 0xFFFFU) + ((bits >> 16U) & 0xFFFFU) + ((bits >> 32U) & 0xFFFFU) + (bits >> 48U);
  const float deviation_of_sum = 65536.0F / std::sqrt(3.0F);
  return (static_cast<float>(sum) - 2 * 65535.0F) / deviation_of_sum;
}

std::string safetensors_header(const std::vector<Tensor>& tensors) {
  Json header;
  header["__metadata__"] = {{"format", "pt"}};
  std::size_t offset = 0;
  for (const Tensor& tensor : tensors) {
    const std::size_t end = offset + elements(tensor) * sizeof(float);
    header[tensor.name] = {{"dtype", "F32"}, {"shape", tensor.shape}, {"data_offsets", {offset, end}}};
    offset = end;
  }
  std::string text = header.dump();
  text.append((8 - text.size() % 8) % 8, ' ');
  return text;
}

void write_weights(const fs::path& path) {
  const std::vector<Tensor> tensors = distilbert_base();
  const std::string header = safetensors_header(tensors);
  const std::uint64_t header_bytes = header.size();
  std::ofstream out(path, std::ios::binary);
  out.write(reinterpret_cast<const char*>(&header_bytes), sizeof header_bytes);
  out << header;
  std::uint64_t counter = 0;
  std::vector<float> values;
  for (const Tensor& tensor : tensors) {
    values.resize(elements(tensor));
    for (float& value : values) value = tensor.mean + tensor.deviation * random_normal(counter++);
    out.write(reinterpret_cast<const char*>(values.data()),
              static_cast<std::streamsize>(values.size() * sizeof(float)));
  }
  if (!out.flush()) throw std::runtime_error(path.string() + ": cannot be written");
}

void write_config(const fs::path& path) {
  const Json config = {{"model_type", "distilbert"},
                       {"architectures", {"DistilBertForSequenceClassification"}},
                       {"activation", "gelu"},
                       {"dim", kWidth},
                       {"hidden_dim", kHidden},
                       {"n_heads", kHeads},
                       {"n_layers", kLayers},
                       {"max_position_embeddings", kPositions},
                       {"vocab_size", kVocabulary},
                       {"pad_token_id", 0},
                       {"sinusoidal_pos_embds", false},
                       {"id2label", {{"0", "NEGATIVE"}, {"1", "POSITIVE"}}},
                       {"label2id", {{"NEGATIVE", 0}, {"POSITIVE", 1}}}};
  std::ofstream(path) << config.dump(1) << "\n";
}

void write_checkpoint(const fs::path& out, const fs::path& tokenizer) {
  fs::create_directories(out);
  for (const char* file : {"tokenizer.json", "tokenizer_config.json"}) {
    fs::copy_file(tokenizer / file, out / file, fs::copy_options::overwrite_existing);
  }
  write_config(out / "config.json");
  write_weights(out / "model.safetensors");
}

}  // namespace

int main(int argc, char** argv) try {
  if (argc < 2 || argc > 3) {
    std::cerr << "usage: make_checkpoint OUT [TOKENIZER_FOLDER = models/sst2-tiny]\n";
    return 2;
  }
  write_checkpoint(argv[1], argc == 3 ? argv[2] : "models/sst2-tiny");
  return 0;
} catch (const std::exception& error) {
  std::cerr << "make_checkpoint: " << error.what() << "\n";
  return 1;
}
