#include "prepare/checkpoint/config.h"

#include <gtest/gtest.h>

#include <random>

#include "prepare/checkpoint/config_families.h"
#include "support/fails_with.h"
#include "support/temporary_folder.h"

namespace tastevin::checkpoint {
namespace {

ModelConfig parse(const std::string& json) { return parse_config(parse_json(json, "test"), "config.json"); }

/// A config of this family with these further members.
ModelConfig with(const std::string& model_type, const std::string& members = "") {
  return parse(R"({"model_type":")" + model_type + "\"" + (members.empty() ? "" : "," + members) + "}");
}

auto reading(const std::string& model_type, const std::string& members) {
  return [model_type, members] { with(model_type, members); };
}

auto unsupported(const std::string& word) { return fails_with(ErrorCode::unsupported_model, word); }

TEST(ParseConfig, ReadsDistilBertUnderItsOwnNames) {
  const ModelConfig config =
      with("distilbert", R"("dim":384,"n_layers":3,"n_heads":8,"hidden_dim":1536,"activation":"relu","vocab_size":100,
                            "max_position_embeddings":128,"pad_token_id":7)");

  EXPECT_EQ(config.hidden_size, 384U);
  EXPECT_EQ(config.layers, 3U);
  EXPECT_EQ(config.heads, 8U);
  EXPECT_EQ(config.intermediate_size, 1536U);
  EXPECT_EQ(config.hidden_act, "relu");
  EXPECT_EQ(config.vocab_size, 100U);
  EXPECT_EQ(config.max_positions, 128U);
  EXPECT_EQ(config.pad_token_id, 7U);
}

TEST(ParseConfig, ReadsBertUnderItsOwnNames) {
  const ModelConfig config =
      with("bert", R"("hidden_size":384,"num_hidden_layers":3,"num_attention_heads":8,"intermediate_size":1536,
                      "hidden_act":"gelu_new","layer_norm_eps":1e-5)");

  EXPECT_EQ(config.hidden_size, 384U);
  EXPECT_EQ(config.layers, 3U);
  EXPECT_EQ(config.heads, 8U);
  EXPECT_EQ(config.intermediate_size, 1536U);
  EXPECT_EQ(config.hidden_act, "gelu_new");
  EXPECT_EQ(config.layer_norm_eps, 1e-5);
}

TEST(ParseConfig, ReadsModernBertUnderItsOwnNames) {
  const ModelConfig config = with("modernbert", R"("hidden_activation":"silu","norm_eps":1e-6,"hidden_act":"relu")");

  EXPECT_EQ(config.hidden_act, "silu");
  EXPECT_EQ(config.layer_norm_eps, 1e-6);
}

TEST(ParseConfig, ReadsBartsEncoder) {
  const ModelConfig config =
      with("bart", R"("d_model":64,"encoder_layers":2,"encoder_attention_heads":4,"encoder_ffn_dim":96)");

  EXPECT_EQ(config.hidden_size, 64U);
  EXPECT_EQ(config.layers, 2U);
  EXPECT_EQ(config.heads, 4U);
  EXPECT_EQ(config.intermediate_size, 96U);
  EXPECT_EQ(config.labels.size(), 3U);
}

// As DistilBertConfig does: the common name is an alias that is set last.
TEST(ParseConfig, LetsTheAliasOfAFamilyWin) {
  EXPECT_EQ(with("distilbert", R"("dim":384,"hidden_size":768)").hidden_size, 768U);
}

TEST(ParseConfig, IgnoresANameThatTheFamilyDoesNotHave) {
  EXPECT_EQ(with("distilbert", R"("intermediate_size":9,"hidden_act":"relu")").intermediate_size, 3072U);
  EXPECT_EQ(with("distilbert", R"("hidden_act":"relu")").hidden_act, "gelu");
  EXPECT_EQ(with("bert", R"("dim":9)").hidden_size, 768U);
}

TEST(ParseConfig, FixesTheEpsilonOfDistilBert) {
  EXPECT_EQ(with("distilbert", R"("layer_norm_eps":1e-3)").layer_norm_eps, 1e-12);
}

TEST(ParseConfig, HasTheDefaultsOfEachFamilysConfigClass) {
  const ModelConfig distilbert = with("distilbert");
  EXPECT_EQ(distilbert.layers, 6U);
  EXPECT_EQ(distilbert.hidden_size, 768U);
  EXPECT_EQ(distilbert.vocab_size, 30522U);

  const ModelConfig roberta = with("roberta");
  EXPECT_EQ(roberta.pad_token_id, 1U);
  EXPECT_EQ(roberta.vocab_size, 50265U);

  const ModelConfig albert = with("albert");
  EXPECT_EQ(albert.heads, 64U);
  EXPECT_EQ(albert.hidden_act, "gelu_new");

  EXPECT_EQ(with("deberta-v2").layer_norm_eps, 1e-7);
  EXPECT_EQ(with("electra").hidden_size, 256U);
  EXPECT_EQ(with("modernbert").max_positions, 8192U);
}

TEST(ParseConfig, TakesNullAsAbsent) {
  EXPECT_EQ(with("bert", R"("hidden_size":null,"pad_token_id":null,"hidden_act":null)").hidden_size, 768U);
}

TEST(ParseConfig, RefusesSizesThatAreNone) {
  for (const char* size : {"0", "-1", "1.5", "\"768\"", "[768]", "true", "4294967296", "1e30"}) {
    EXPECT_THAT(reading("bert", R"("hidden_size":)" + std::string(size)), refused("'hidden_size'")) << size;
    EXPECT_THAT(reading("distilbert", R"("n_layers":)" + std::string(size)), refused("'n_layers'")) << size;
  }
}

TEST(ParseConfig, RefusesHeadsThatDoNotDivideTheWidth) {
  EXPECT_THAT(reading("distilbert", R"("dim":100,"n_heads":12)"), refused("12 attention heads"));
}

TEST(ParseConfig, RefusesAPadTokenOutsideTheVocabulary) {
  EXPECT_THAT(reading("bert", R"("vocab_size":10,"pad_token_id":10)"), refused("'pad_token_id'"));
}

TEST(ParseConfig, RefusesAnEpsilonThatIsNone) {
  for (const char* epsilon : {"-1e-5", "2", "\"1e-5\""}) {
    EXPECT_THAT(reading("bert", R"("layer_norm_eps":)" + std::string(epsilon)), refused("'layer_norm_eps'"));
  }
}

TEST(ParseConfig, RefusesAnActivationThatIsNoName) {
  EXPECT_THAT(reading("bert", R"("hidden_act":1)"), refused("'hidden_act'"));
}

TEST(ParseConfig, MissesTheModelTypeByName) {
  EXPECT_THAT([] { parse(R"({"hidden_size":768})"); }, refused("no 'model_type'"));
  EXPECT_THAT([] { parse(R"({"model_type":""})"); }, refused("no 'model_type'"));
  EXPECT_THAT([] { parse(R"({"model_type":null})"); }, refused("no 'model_type'"));
}

TEST(ParseConfig, RefusesAModelTypeThatIsNoName) {
  EXPECT_THAT([] { parse(R"({"model_type":7})"); }, refused("'model_type'"));
}

TEST(ParseConfig, RefusesWhatIsNoObject) {
  EXPECT_THAT([] { parse("[]"); }, refused("JSON object"));
}

TEST(ParseConfig, ReadsArchitectures) {
  EXPECT_EQ(with("bert", R"("architectures":["BertForSequenceClassification"])").architectures.at(0),
            "BertForSequenceClassification");
  EXPECT_TRUE(with("bert", R"("architectures":null)").architectures.empty());
}

TEST(ParseConfig, RefusesArchitecturesThatAreNoNames) {
  EXPECT_THAT(reading("bert", R"("architectures":[1])"), refused("'architectures'"));
  EXPECT_THAT(reading("bert", R"("architectures":"Bert")"), refused("'architectures'"));
}

TEST(ParseConfig, KnowsTheThreeProblemTypes) {
  EXPECT_EQ(with("bert", R"("problem_type":"single_label_classification")").problem_type, Task::single_label);
  EXPECT_EQ(with("bert", R"("problem_type":"multi_label_classification")").problem_type, Task::multi_label);
  EXPECT_EQ(with("bert", R"("problem_type":"regression")").problem_type, Task::regression);
  EXPECT_EQ(with("bert").problem_type, std::nullopt);
  EXPECT_EQ(with("bert", R"("problem_type":null)").problem_type, std::nullopt);
}

TEST(ParseConfig, RefusesAnotherProblemType) {
  EXPECT_THAT(reading("bert", R"("problem_type":"multi_label")"), refused("'multi_label'"));
  EXPECT_THAT(reading("bert", R"("problem_type":"")"), refused("'problem_type'"));
}

TEST(ParseConfig, ReadsLabels) {
  const ModelConfig config = with("bert", R"("id2label":{"1":"yes","0":"no"})");

  EXPECT_EQ(config.labels, (std::vector<std::string>{"no", "yes"}));
  EXPECT_TRUE(config.labels_declared);
}

TEST(ParseConfig, KeepsTheWholeObject) { EXPECT_EQ(with("bert", R"("type_vocab_size":2)").raw["type_vocab_size"], 2); }

// huggingface/text-embeddings-inference#605: a family with code of its own was served by one that looked alike.
TEST(ParseConfig, RefusesCustomCodeOfAFamilyThatWeDoNotKnow) {
  EXPECT_THAT(reading("new", R"("auto_map":{"AutoConfig":"configuration.NewConfig"})"), unsupported("'new'"));
  EXPECT_NO_THROW(with("bert", R"("auto_map":{"AutoConfig":"configuration.BertConfig"})"));
}

TEST(ParseConfig, RefusesQuantizedWeightsByTheirMethod) {
  for (const char* method : {"gptq", "awq", "bitsandbytes"}) {
    EXPECT_THAT(reading("bert", R"("quantization_config":{"quant_method":")" + std::string(method) + "\"}"),
                unsupported(method));
  }
  EXPECT_THAT(reading("bert", R"("quantization_config":{"load_in_8bit":true})"), unsupported("bitsandbytes"));
  EXPECT_NO_THROW(with("bert", R"("quantization_config":null)"));
}

TEST(ParseConfig, RefusesPrunedHeads) {
  EXPECT_THAT(reading("bert", R"("pruned_heads":{"0":[1]})"), unsupported("pruned"));
  EXPECT_NO_THROW(with("bert", R"("pruned_heads":{})"));
}

// The registry of graphs refuses such a family, with the list of those that it has.
TEST(ParseConfig, LeavesAnUnknownFamilyToWhoeverNeedsIt) {
  const ModelConfig config =
      with("nomic_bert", R"("n_embd":768,"n_head":12,"n_layer":12,"activation_function":"swiglu")");

  EXPECT_EQ(config.model_type, "nomic_bert");
  EXPECT_EQ(config.hidden_size, 768U);
  EXPECT_EQ(config.heads, 12U);
  EXPECT_EQ(config.hidden_act, "swiglu");
  EXPECT_EQ(config.vocab_size, 0U);
}

TEST(ParseConfig, TakesNoOffenceAtOddSizesOfAnUnknownFamily) {
  const ModelConfig config = with("segformer", R"("num_attention_heads":[1,2,5,8],"hidden_act":7,"vocab_size":-1)");

  EXPECT_EQ(config.heads, 0U);
  EXPECT_EQ(config.hidden_act, "");
}

TEST(ReadConfig, NamesTheFileInItsMessages) {
  const TemporaryFolder folder;
  folder.write("config.json", R"({"dim":768})");

  EXPECT_THAT([&] { read_config(folder.path()); }, refused("config.json: no 'model_type'"));
}

TEST(ReadConfig, OfAFolderWithoutConfigSaysSo) {
  const TemporaryFolder folder;

  EXPECT_THAT([&] { read_config(folder.path()); }, fails_with(ErrorCode::not_found, "config.json"));
}

TEST(ReadConfig, ReadsTheBundledConfig) {
  const ModelConfig config = read_config(TASTEVIN_SOURCE_DIR "/models/sst2-tiny");

  EXPECT_EQ(config.model_type, "distilbert");
  EXPECT_EQ(config.layers, 4U);
  EXPECT_EQ(config.labels, (std::vector<std::string>{"NEGATIVE", "POSITIVE"}));
}

TEST(ReadConfig, RefusesEveryDamagedConfigOrReadsItWhole) {
  std::mt19937 random(17);
  const std::string text =
      R"({"model_type":"distilbert","dim":64,"n_heads":4,"id2label":{"0":"a","1":"b"},"activation":"gelu"})";
  for (int round = 0; round < 20'000; ++round) {
    std::string changed = text;
    changed[random() % changed.size()] = static_cast<char>(32 + random() % 95);
    changed[random() % changed.size()] = static_cast<char>(32 + random() % 95);
    try {
      const ModelConfig config = parse(changed);
      EXPECT_FALSE(config.labels.empty());
      EXPECT_LE(config.labels.size(), 100'000U);
    } catch (const Error&) {
    }
  }
}

// guillaume-be/rust-bert#416, mozilla-ai/encoderfile#432: no labels in the config, three rows in the head.
TEST(LabelsOfHead, FollowTheHeadWhenTheConfigSaysNothing) {
  EXPECT_EQ(labels_of_head(with("bert"), 3), (std::vector<std::string>{"LABEL_0", "LABEL_1", "LABEL_2"}));
  EXPECT_EQ(labels_of_head(with("bert"), 1), std::vector<std::string>{"LABEL_0"});
}

TEST(LabelsOfHead, AreTheConfigsWhenTheirNumberIsRight) {
  EXPECT_EQ(labels_of_head(with("bert", R"("id2label":{"0":"a","2":"c"})"), 3),
            (std::vector<std::string>{"a", "LABEL_1", "c"}));
}

TEST(LabelsOfHead, RefuseAHeadThatContradictsTheConfig) {
  EXPECT_THAT([] { labels_of_head(with("bert", R"("id2label":{"0":"a","1":"b"})"), 3); }, refused("2 labels"));
  EXPECT_THAT([] { labels_of_head(with("bert", R"("num_labels":2)"), 3); }, refused("3 outputs"));
}

TEST(LabelsOfHead, RefuseAHeadWithoutOutputsOrWithTooMany) {
  EXPECT_THAT([] { labels_of_head(with("bert"), 0); }, refused("0 outputs"));
  EXPECT_THAT([] { labels_of_head(with("bert"), 100'001); }, refused("100001 outputs"));
}

TEST(FindConfigFamily, KnowsNoOtherName) { EXPECT_EQ(find_config_family("BERT"), nullptr); }

}  // namespace
}  // namespace tastevin::checkpoint
