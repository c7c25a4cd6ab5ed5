// Runs one part of the tokenizer over pieces from standard input, for tests/oracle/parts_differential.py.
//
// A line that is an object chooses the part; a line that is a string is a piece for it. Each line is answered by one
// line: the tokens as [id, begin, end], the matches as [begin, end], or {"error": ...}. {"time": N} is answered by the
// seconds of processor time that the pieces so far take in the fastest of N rounds.

#include <algorithm>
#include <ctime>
#include <functional>
#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include "base/json.h"
#include "classify/tokenizer/bpe.h"
#include "classify/tokenizer/byte_level_scan.h"
#include "classify/tokenizer/charsmap.h"
#include "classify/tokenizer/regex.h"
#include "classify/tokenizer/scratch.h"
#include "classify/tokenizer/unigram.h"
#include "classify/tokenizer/word_level.h"
#include "tastevin/error.h"

namespace tastevin::tokenizer {
namespace {

using Part = std::function<Json(std::string_view piece)>;

/// What the timed loop of a part does with a piece.
struct Runner {
  Part answer;
  std::function<void(std::string_view piece)> run;
};

Vocabulary vocabulary_of(const Json& vocab) {
  Vocabulary vocabulary;
  for (const auto& [token, id] : vocab.items()) vocabulary.add(token, id.get<std::int32_t>());
  return vocabulary;
}

Json answer_of(const std::vector<PieceToken>& tokens) {
  Json answer = Json::array();
  for (const PieceToken& token : tokens) answer.push_back({token.id, token.begin, token.end});
  return answer;
}

/// A model and what one thread needs to run it.
struct ModelRun {
  std::unique_ptr<const Model> model;
  bool scan = false;  // cut by the byte-level scanner first
  Scratch scratch;
  std::vector<PieceToken> tokens;

  void operator()(std::string_view text) {
    tokens.clear();
    if (!scan) return model->tokenize(text, scratch, tokens);
    for (std::size_t at = 0; at < text.size();) {
      const std::size_t end = byte_level::next_cut(text, at);
      model->tokenize(text.substr(at, end - at), scratch, tokens);
      at = end;
    }
  }
};

Runner runner_of(std::unique_ptr<const Model> model, const Json& spec) {
  const auto run = std::make_shared<ModelRun>();
  run->model = std::move(model);
  run->scan = bool_or(spec, "scan", false, "part");
  const auto answer = [run](std::string_view piece) {
    (*run)(piece);
    return answer_of(run->tokens);
  };
  return {answer, [run](std::string_view piece) { (*run)(piece); }};
}

Runner make_bpe(const Json& spec) {
  std::vector<MergeRule> rules;
  for (const Json& rule : spec.at("merges")) {
    rules.push_back({rule.at(0).get_ref<const std::string&>(), rule.at(1).get_ref<const std::string&>()});
  }
  BpeOptions options;
  if (spec.contains("unk_token")) options.unk_token = spec.at("unk_token").get<std::string>();
  options.continuing_subword_prefix = string_or(spec, "continuing_subword_prefix", "", "part");
  options.end_of_word_suffix = string_or(spec, "end_of_word_suffix", "", "part");
  options.fuse_unk = bool_or(spec, "fuse_unk", false, "part");
  options.byte_fallback = bool_or(spec, "byte_fallback", false, "part");
  options.ignore_merges = bool_or(spec, "ignore_merges", false, "part");
  if (bool_or(spec, "raw_bytes", false, "part")) options.pieces = BpePieces::raw_bytes;
  return runner_of(std::make_unique<Bpe>(vocabulary_of(spec.at("vocab")), rules, options), spec);
}

Runner make_unigram(const Json& spec) {
  std::vector<ScoredToken> tokens;
  for (const Json& token : spec.at("vocab")) {
    tokens.push_back({token.at(0).get_ref<const std::string&>(), token.at(1).get<double>()});
  }
  UnigramOptions options;
  if (spec.contains("unk_id")) options.unk_id = spec.at("unk_id").get<std::int32_t>();
  options.byte_fallback = bool_or(spec, "byte_fallback", false, "part");
  return runner_of(std::make_unique<Unigram>(tokens, options), spec);
}

Runner make_word_level(const Json& spec) {
  return runner_of(
      std::make_unique<WordLevel>(vocabulary_of(spec.at("vocab")), require_string(spec, "unk_token", "part")), spec);
}

Runner make_regex(const Json& spec) {
  const auto regex = std::make_shared<const Regex>(require_string(spec, "pattern", "part"), "part");
  const auto run = [regex](std::string_view text, auto&& take) { regex->each_match(text, take); };
  return {[run](std::string_view text) {
            Json answer = Json::array();
            run(text, [&](std::size_t begin, std::size_t end) { answer.push_back({begin, end}); });
            return answer;
          },
          [run](std::string_view text) { run(text, [](std::size_t, std::size_t) {}); }};
}

Runner make_scan(const Json& /*spec*/) {
  const auto run = [](std::string_view text, auto&& take) {
    for (std::size_t at = 0; at < text.size();) {
      const std::size_t end = byte_level::next_cut(text, at);
      take(at, end);
      at = end;
    }
  };
  return {[run](std::string_view text) {
            Json answer = Json::array();
            run(text, [&](std::size_t begin, std::size_t end) { answer.push_back({begin, end}); });
            return answer;
          },
          [run](std::string_view text) { run(text, [](std::size_t, std::size_t) {}); }};
}

Runner make_charsmap(const Json& spec) {
  const auto map =
      std::make_shared<const Charsmap>(Charsmap::from_base64(require_string(spec, "base64", "part"), "part"));
  const auto out = std::make_shared<std::string>();
  const auto run = [map, out](std::string_view text) {
    out->clear();
    map->apply(text, [&](std::string_view, std::string_view replacement) { out->append(replacement); });
  };
  return {[run, out](std::string_view text) {
            run(text);
            return Json(*out);
          },
          run};
}

Runner make_part(const Json& spec) {
  const std::string name = require_string(spec, "part", "part");
  if (name == "bpe") return make_bpe(spec);
  if (name == "unigram") return make_unigram(spec);
  if (name == "word_level") return make_word_level(spec);
  if (name == "regex") return make_regex(spec);
  if (name == "scan") return make_scan(spec);
  if (name == "charsmap") return make_charsmap(spec);
  throw Error(ErrorCode::invalid_argument, "no part is called " + name);
}

double fastest_round(const Runner& runner, const std::vector<std::string>& pieces, std::size_t rounds) {
  double best = 1e30;
  for (std::size_t round = 0; round < rounds; ++round) {
    const std::clock_t start = std::clock();
    for (const std::string& piece : pieces) runner.run(piece);
    best = std::min(best, static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC);
  }
  return best;
}

/// One conversation: the part of the last object, and the pieces it has had.
class Conversation {
 public:
  Json answer(const Json& line) {
    if (line.is_string()) {
      pieces_.push_back(line.get<std::string>());
      return runner_.answer(pieces_.back());
    }
    if (line.contains("time")) return fastest_round(runner_, pieces_, line.at("time").get<std::size_t>());
    pieces_.clear();
    spec_ = line;  // the rules may view it
    runner_ = make_part(spec_);
    return true;
  }

 private:
  Json spec_;
  Runner runner_;
  std::vector<std::string> pieces_;
};

}  // namespace
}  // namespace tastevin::tokenizer

int main() {
  std::ios::sync_with_stdio(false);
  tastevin::tokenizer::Conversation conversation;
  for (std::string line; std::getline(std::cin, line);) {
    tastevin::Json answer;
    try {
      answer = conversation.answer(tastevin::parse_json(line, "line"));
    } catch (const std::exception& error) {
      answer = {{"error", error.what()}};
    }
    std::cout << answer.dump() << '\n';
  }
}
