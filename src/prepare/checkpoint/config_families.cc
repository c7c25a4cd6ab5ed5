#include "prepare/checkpoint/config_families.h"

#include <algorithm>

namespace tastevin::checkpoint {
namespace {

constexpr FamilyKeys kBertKeys{
    .hidden_size = {"hidden_size"},
    .layers = {"num_hidden_layers"},
    .heads = {"num_attention_heads"},
    .intermediate_size = {"intermediate_size"},
    .max_positions = {"max_position_embeddings"},
    .hidden_act = {"hidden_act"},
    .layer_norm_eps = {"layer_norm_eps"},
};

constexpr FamilyKeys kDistilBertKeys{
    .hidden_size = {"hidden_size", "dim"},
    .layers = {"num_hidden_layers", "n_layers"},
    .heads = {"num_attention_heads", "n_heads"},
    .intermediate_size = {"hidden_dim"},
    .max_positions = {"max_position_embeddings"},
    .hidden_act = {"activation"},
    .layer_norm_eps = {},
};

constexpr FamilyKeys kModernBertKeys = [] {
  FamilyKeys keys = kBertKeys;
  keys.hidden_act = {"hidden_activation"};
  keys.layer_norm_eps = {"norm_eps"};
  return keys;
}();

constexpr FamilyKeys kBartKeys{
    .hidden_size = {"hidden_size", "d_model"},
    .layers = {"encoder_layers"},
    .heads = {"num_attention_heads", "encoder_attention_heads"},
    .intermediate_size = {"encoder_ffn_dim"},
    .max_positions = {"max_position_embeddings"},
    .hidden_act = {"activation_function"},
    .layer_norm_eps = {},
};

constexpr FamilyKeys kAnyKeys{
    .hidden_size = {"hidden_size", "dim", "d_model", "n_embd", "emb_dim"},
    .layers = {"num_hidden_layers", "n_layers", "num_layers", "n_layer", "encoder_layers"},
    .heads = {"num_attention_heads", "n_heads", "num_heads", "n_head", "encoder_attention_heads"},
    .intermediate_size = {"intermediate_size", "hidden_dim", "d_inner", "n_inner", "encoder_ffn_dim"},
    .max_positions = {"max_position_embeddings", "n_positions"},
    .hidden_act = {"hidden_act", "activation", "hidden_activation", "activation_function"},
    .layer_norm_eps = {"layer_norm_eps", "norm_eps", "layer_norm_epsilon"},
};

// vocabulary, width, layers, heads, feed-forward width, positions, pad id, activation, epsilon
constexpr std::array kFamilies{
    ConfigFamily{"albert", kBertKeys, {30000, 4096, 12, 64, 16384, 512, 0, "gelu_new", 1e-12}},
    ConfigFamily{"bart", kBartKeys, {50265, 1024, 12, 16, 4096, 1024, 1, "gelu", 1e-5}, 3},
    ConfigFamily{"bert", kBertKeys, {30522, 768, 12, 12, 3072, 512, 0, "gelu", 1e-12}},
    ConfigFamily{"camembert", kBertKeys, {30522, 768, 12, 12, 3072, 512, 1, "gelu", 1e-12}},
    ConfigFamily{"deberta", kBertKeys, {50265, 768, 12, 12, 3072, 512, 0, "gelu", 1e-7}},
    ConfigFamily{"deberta-v2", kBertKeys, {128100, 1536, 24, 24, 6144, 512, 0, "gelu", 1e-7}},
    ConfigFamily{"distilbert", kDistilBertKeys, {30522, 768, 6, 12, 3072, 512, 0, "gelu", 1e-12}},
    ConfigFamily{"electra", kBertKeys, {30522, 256, 12, 4, 1024, 512, 0, "gelu", 1e-12}},
    ConfigFamily{"modernbert", kModernBertKeys, {50368, 768, 22, 12, 1152, 8192, 50283, "gelu", 1e-5}},
    ConfigFamily{"mpnet", kBertKeys, {30527, 768, 12, 12, 3072, 512, 1, "gelu", 1e-12}},
    ConfigFamily{"roberta", kBertKeys, {50265, 768, 12, 12, 3072, 512, 1, "gelu", 1e-12}},
    ConfigFamily{"xlm-roberta", kBertKeys, {30522, 768, 12, 12, 3072, 512, 1, "gelu", 1e-12}},
};

}  // namespace

const ConfigFamily* find_config_family(std::string_view model_type) {
  const auto* const found = std::ranges::find(kFamilies, model_type, &ConfigFamily::model_type);
  return found == kFamilies.end() ? nullptr : found;
}

const FamilyKeys& any_family_keys() { return kAnyKeys; }

}  // namespace tastevin::checkpoint
