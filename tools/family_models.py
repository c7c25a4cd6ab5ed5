"""The small models of tests/golden/families: together they turn each switch of each family.

Sizes are odd on purpose, and no two of a model agree where the family lets them differ, so that a swapped dimension
cannot pass unseen.
"""

from dataclasses import dataclass, field

VOCABULARY = 300
PAD_INSIDE = 1  # the padding token of RoBERTa and its like, which a text may hold


@dataclass
class Model:
    """A config of a family, and how the file that holds its tensors spells and fills up their names."""

    name: str
    family: str
    settings: dict
    takes_types: bool = False
    strip: str = ""  # a beginning of names that the file leaves out
    prepend: str = ""  # one that it adds
    old_norms: bool = False  # gamma and beta instead of weight and bias
    unread: dict = field(default_factory=dict)  # what the file holds beside

    def __post_init__(self):
        self.settings = {"vocab_size": VOCABULARY} | self.settings

    def stored_name(self, name):
        name = name.removeprefix(self.strip)
        if self.old_norms:
            name = name.replace("LayerNorm.weight", "LayerNorm.gamma").replace("LayerNorm.bias", "LayerNorm.beta")
        return self.prepend + name


def sizes(hidden, heads, layers, inner, labels, **more):
    return {"hidden_size": hidden, "num_attention_heads": heads, "num_hidden_layers": layers,
            "intermediate_size": inner, "num_labels": labels, "max_position_embeddings": 505} | more


def deberta(hidden, heads, layers, inner, labels, **more):
    return sizes(hidden, heads, layers, inner, labels, relative_attention=True, position_biased_input=False) | more


def modernbert(hidden, heads, layers, inner, labels, **more):
    return sizes(hidden, heads, layers, inner, labels, pad_token_id=3, bos_token_id=0, eos_token_id=2, cls_token_id=0,
                 sep_token_id=2, reference_compile=False) | more


def bart(hidden, encoder, decoder, labels, **more):
    layers, heads, inner = zip(encoder, decoder, strict=True)
    return {"d_model": hidden, "encoder_layers": layers[0], "decoder_layers": layers[1],
            "encoder_attention_heads": heads[0], "decoder_attention_heads": heads[1], "encoder_ffn_dim": inner[0],
            "decoder_ffn_dim": inner[1], "num_labels": labels, "max_position_embeddings": 501} | more


MODELS = [
    Model("bert", "bert", sizes(24, 3, 2, 40, 3), takes_types=True),
    Model("bert-old-names", "bert", sizes(20, 5, 3, 28, 1, hidden_act="relu", type_vocab_size=1, layer_norm_eps=1e-5),
          strip="bert.", old_norms=True,
          unread={"cls.predictions.bias": [VOCABULARY], "embeddings.position_ids": [1, 505]}),
    Model("bert-one-layer", "bert", sizes(18, 3, 1, 32, 5, hidden_act="gelu_new"), takes_types=True,
          prepend="module._orig_mod."),
    Model("roberta", "roberta", sizes(24, 4, 2, 36, 3, type_vocab_size=1, layer_norm_eps=1e-5),
          unread={"roberta.pooler.dense.weight": [24, 24], "roberta.pooler.dense.bias": [24], "lm_head.bias": [300]}),
    Model("roberta-pad-0", "roberta", sizes(20, 2, 3, 44, 2, pad_token_id=0, hidden_act="silu"), takes_types=True, strip="roberta."),
    Model("xlm-roberta", "xlm-roberta", sizes(28, 7, 2, 36, 4, type_vocab_size=1)),
    Model("camembert", "camembert", sizes(24, 3, 2, 28, 2, type_vocab_size=1, hidden_act="gelu_fast")),
    Model("electra", "electra", sizes(24, 3, 2, 40, 3, embedding_size=14), takes_types=True,
          unread={"discriminator_predictions.dense.bias": [24]}),
    Model("electra-one-width", "electra", sizes(20, 4, 2, 36, 2, embedding_size=20, hidden_act="quick_gelu"),
          takes_types=True),
    Model("albert", "albert", sizes(24, 4, 3, 40, 3, embedding_size=10), takes_types=True),
    Model("albert-groups", "albert", sizes(20, 2, 5, 28, 2, embedding_size=12, num_hidden_groups=2, inner_group_num=2,
                                           hidden_act="gelu_pytorch_tanh"), takes_types=True),
    Model("mpnet", "mpnet", sizes(24, 3, 2, 40, 3), unread={"mpnet.pooler.dense.bias": [24]}),
    Model("mpnet-wide-table", "mpnet", sizes(20, 5, 3, 28, 2, relative_attention_num_buckets=40, hidden_act="relu",
                                             layer_norm_eps=1e-5)),
    Model("deberta-v3", "deberta-v2", deberta(24, 3, 2, 40, 3, pos_att_type="p2c|c2p", share_att_key=True,
                                              position_buckets=16, norm_rel_ebd="layer_norm"),
          unread={"mask_predictions.dense.bias": [24]}),
    Model("deberta-v3-buckets", "deberta-v2", deberta(20, 2, 2, 28, 2, pos_att_type=["p2c", "c2p"], share_att_key=True,
                                                      position_buckets=256, max_relative_positions=512,
                                                      norm_rel_ebd="layer_norm", pooler_hidden_act="tanh")),
    Model("deberta-v2-plain", "deberta-v2", deberta(24, 4, 2, 36, 3, pos_att_type="c2p|p2c", max_relative_positions=40,
                                                    position_biased_input=True, type_vocab_size=2, embedding_size=16),
          takes_types=True),
    Model("deberta-v2-c2p", "deberta-v2", deberta(18, 3, 3, 32, 2, pos_att_type="c2p", position_buckets=9,
                                                  max_relative_positions=100, hidden_act="gelu_new")),
    Model("deberta-v2-p2c", "deberta-v2", deberta(20, 2, 2, 44, 2, pos_att_type="p2c", type_vocab_size=1)),
    Model("deberta-v2-absolute", "deberta-v2", deberta(20, 5, 2, 28, 3, relative_attention=False, pos_att_type="c2p",
                                                       norm_rel_ebd="layer_norm", position_biased_input=True)),
    Model("deberta-v2-one-head", "deberta-v2", deberta(16, 1, 2, 24, 3, pos_att_type="c2p|p2c", position_buckets=8,
                                                       norm_rel_ebd="layer_norm")),
    Model("deberta-v2-conv", "deberta-v2", deberta(24, 3, 3, 40, 3, pos_att_type="p2c|c2p", share_att_key=True,
                                                   position_buckets=32, norm_rel_ebd="layer_norm", conv_kernel_size=3,
                                                   conv_act="gelu")),
    Model("modernbert", "modernbert", modernbert(24, 3, 5, 40, 3, local_attention=16),
          unread={"decoder.bias": [VOCABULARY]}),
    Model("modernbert-mean", "modernbert",
          modernbert(20, 2, 4, 28, 2, local_attention=9, global_attn_every_n_layers=2, local_rope_theta=None,
                     global_rope_theta=500.0, classifier_pooling="mean", classifier_activation="silu",
                     hidden_activation="silu", norm_bias=True, attention_bias=True, mlp_bias=True, classifier_bias=True,
                     norm_eps=1e-6)),
    Model("modernbert-local-last", "modernbert", modernbert(32, 4, 2, 36, 4, local_attention=4)),
    Model("modernbert-one-layer", "modernbert", modernbert(16, 2, 1, 20, 2), strip="model."),
    Model("bart", "bart", bart(24, (2, 3, 40), (2, 3, 36), 3)),
    Model("bart-uneven", "bart", bart(20, (1, 2, 28), (3, 5, 44), 2, activation_function="relu", scale_embedding=True),
          unread={"model.encoder.embed_tokens.weight": [VOCABULARY, 20], "model.decoder.embed_tokens.weight":
                  [VOCABULARY, 20]}),
]
