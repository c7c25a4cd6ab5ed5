#include "prepare/graph/tensor_name.h"

#include <gtest/gtest.h>

namespace tastevin::graph {
namespace {

TEST(CanonicalName, KeepsAPlainName) {
  EXPECT_EQ(canonical_name("bert.pooler.dense.weight"), "bert.pooler.dense.weight");
  EXPECT_EQ(canonical_name("submodule.weight"), "submodule.weight");
}

TEST(CanonicalName, LeavesOutWrappers) {
  EXPECT_EQ(canonical_name("module.bert.pooler.dense.bias"), "bert.pooler.dense.bias");
  EXPECT_EQ(canonical_name("_orig_mod.module.classifier.bias"), "classifier.bias");
  EXPECT_EQ(canonical_name("bert._orig_mod.encoder.layer.0.weight"), "bert.encoder.layer.0.weight");
}

TEST(CanonicalName, ReadsGammaAndBetaOfNormalisations) {
  EXPECT_EQ(canonical_name("bert.embeddings.LayerNorm.gamma"), "bert.embeddings.LayerNorm.weight");
  EXPECT_EQ(canonical_name("bert.embeddings.LayerNorm.beta"), "bert.embeddings.LayerNorm.bias");
  EXPECT_EQ(canonical_name("layer.gamma"), "layer.gamma");
}

}  // namespace
}  // namespace tastevin::graph
