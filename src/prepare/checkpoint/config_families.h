#pragma once

// How each family's config class of transformers 4.57 spells the sizes of a model, and what each is when `config.json`
// does not say. A spelling lists its keys in the order in which they win, as the class's attribute map decides.

#include <array>
#include <cstddef>
#include <string_view>

namespace tastevin::checkpoint {

using Keys = std::array<const char*, 5>;  // the unused rest is null

struct FamilyKeys {
  Keys hidden_size;
  Keys layers;
  Keys heads;
  Keys intermediate_size;
  Keys max_positions;
  Keys hidden_act;
  Keys layer_norm_eps;  // no key: fixed in the family's code
};

struct FamilyDefaults {
  std::size_t vocab_size;
  std::size_t hidden_size;
  std::size_t layers;
  std::size_t heads;
  std::size_t intermediate_size;
  std::size_t max_positions;
  std::size_t pad_token_id;
  const char* hidden_act;
  double layer_norm_eps;
};

struct ConfigFamily {
  std::string_view model_type;
  FamilyKeys keys;
  FamilyDefaults defaults;
  std::size_t labels = 2;  // when the config says nothing of labels
};

/// The family of this `model_type`, or null.
const ConfigFamily* find_config_family(std::string_view model_type);

/// The spellings under which a config of any other family may have these sizes.
const FamilyKeys& any_family_keys();

}  // namespace tastevin::checkpoint
