#pragma once

// The pages: one function a family, from its config and weights to its graph. Each is a file of this folder.

#include <memory>

#include <openvino/core/model.hpp>

#include "prepare/checkpoint/config.h"
#include "prepare/graph/weights.h"

namespace tastevin::graph {

/// ALBERT (Lan et al. 2020): one layer, or a few, applied again and again; narrow embeddings.
std::shared_ptr<ov::Model> albert(const checkpoint::ModelConfig& config, Weights& weights);

/// BART (Lewis et al. 2020): an encoder and a decoder that read the same text; the head reads the last end-of-text
/// token.
std::shared_ptr<ov::Model> bart(const checkpoint::ModelConfig& config, Weights& weights);

/// BERT (Devlin et al. 2019): two texts told apart by token types, and a pooler before the head.
std::shared_ptr<ov::Model> bert(const checkpoint::ModelConfig& config, Weights& weights);

/// DeBERTa v2 and v3 (He et al. 2021): attention that scores words against distances, too.
std::shared_ptr<ov::Model> deberta_v2(const checkpoint::ModelConfig& config, Weights& weights);

/// DistilBERT (Sanh et al. 2019): BERT without token types and pooler, half the layers.
std::shared_ptr<ov::Model> distilbert(const checkpoint::ModelConfig& config, Weights& weights);

/// ELECTRA (Clark et al. 2020): BERT with narrow embeddings and a head of its own.
std::shared_ptr<ov::Model> electra(const checkpoint::ModelConfig& config, Weights& weights);

/// ModernBERT (Warner et al. 2024): rotary positions, local and global layers, gated feed-forward, norms before.
std::shared_ptr<ov::Model> modernbert(const checkpoint::ModelConfig& config, Weights& weights);

/// MPNet (Song et al. 2020): BERT with a bias by distance in every layer's attention.
std::shared_ptr<ov::Model> mpnet(const checkpoint::ModelConfig& config, Weights& weights);

/// RoBERTa (Liu et al. 2019), and XLM-RoBERTa and CamemBERT, which are RoBERTa in other languages.
std::shared_ptr<ov::Model> roberta(const checkpoint::ModelConfig& config, Weights& weights);

}  // namespace tastevin::graph
