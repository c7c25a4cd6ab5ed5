#include "classify/tokenizer/unigram.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/error.h"
#include "base/utf8.h"
#include "classify/tokenizer/byte_token.h"
#include "classify/tokenizer/piece_cache.h"
#include "classify/tokenizer/pre_tokenized.h"
#include "classify/tokenizer/scratch.h"

namespace tastevin::tokenizer {
namespace {

constexpr double kUnknownPenalty = 10;
constexpr std::uint32_t kUnreached = UINT32_MAX;

std::size_t length_of_code_point(char lead) {
  const auto byte = static_cast<std::uint8_t>(lead);
  if (byte < 0xC0) return 1;
  return byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4;
}

DoubleArray make_trie(std::span<const ScoredToken> tokens) {
  std::vector<DoubleArray::Key> keys(tokens.size());
  for (std::size_t id = 0; id < tokens.size(); ++id) keys[id] = {tokens[id].token, static_cast<std::uint32_t>(id)};
  return DoubleArray(keys);
}

/// The first way to reach a place stands until a strictly better one comes: the reference's rule for ties.
void improve(UnigramScratch::Node& node, double score, std::size_t begin, std::int32_t id) {
  if (node.begin != kUnreached && score <= node.score) return;
  node = {score, static_cast<std::uint32_t>(begin), id};
}

}  // namespace

Unigram::Unigram(std::span<const ScoredToken> tokens, const UnigramOptions& options)
    : trie_(make_trie(tokens)), options_(options), owner_(PieceCache::new_owner()) {
  if (options.unk_id && (*options.unk_id < 0 || static_cast<std::size_t>(*options.unk_id) >= tokens.size())) {
    throw Error(ErrorCode::bad_checkpoint, "Unigram: unk_id " + std::to_string(*options.unk_id) + " is not one of " +
                                               std::to_string(tokens.size()) + " tokens");
  }
  double lowest = std::numeric_limits<double>::infinity();
  starts_.reserve(tokens.size() + 1);
  scores_.reserve(tokens.size());
  for (const ScoredToken& token : tokens) {
    if (std::isnan(token.score))
      throw Error(ErrorCode::bad_checkpoint, "Unigram: the score of " + in_quotes(token.token) + " is not a number");
    starts_.push_back(text_.size());
    text_.append(token.token);
    scores_.push_back(token.score);
    lowest = std::min(lowest, token.score);
  }
  starts_.push_back(text_.size());
  unknown_score_ = lowest - kUnknownPenalty;
  byte_id_ = byte_token_ids([this](std::string_view token) { return id_of(token).value_or(kNoToken); });
}

std::optional<std::int32_t> Unigram::id_of(std::string_view token) const {
  const auto id = trie_.find(token);
  return id ? std::optional(static_cast<std::int32_t>(*id)) : std::nullopt;
}

std::optional<std::string_view> Unigram::token_of(std::int32_t id) const {
  if (id < 0 || static_cast<std::size_t>(id) >= scores_.size()) return std::nullopt;
  const std::size_t begin = starts_[static_cast<std::size_t>(id)];
  return std::string_view(text_).substr(begin, starts_[static_cast<std::size_t>(id) + 1] - begin);
}

void Unigram::tokenize(std::string_view piece, Scratch& scratch, std::vector<PieceToken>& out) const {
  scratch.cache.serve(owner_);
  if (scratch.cache.replay(piece, out)) return;
  const std::size_t first = out.size();
  find_best_ways(piece, scratch.unigram.nodes);
  read_back(piece, scratch.unigram.nodes, out);
  std::reverse(out.begin() + static_cast<std::ptrdiff_t>(first), out.end());
  scratch.cache.remember(piece, std::span(out).subspan(first));
  give_back_large(scratch.unigram.nodes);
}

void Unigram::find_best_ways(std::string_view piece, std::vector<Node>& nodes) const {
  nodes.assign(piece.size() + 1, Node{0, kUnreached, kNoToken});
  for (std::size_t at = 0; at < piece.size();) {
    const std::size_t step = std::min(length_of_code_point(piece[at]), piece.size() - at);
    const double score = nodes[at].score;
    bool covered = false;
    trie_.each_prefix(piece.substr(at), [&](std::size_t length, std::uint32_t id) {
      improve(nodes[at + length], scores_[id] + score, at, static_cast<std::int32_t>(id));
      covered |= length == step;
    });
    if (!covered) improve(nodes[at + step], unknown_score_ + score, at, options_.unk_id.value_or(kNoToken));
    at += step;
  }
}

/// Appends the tokens of the best way, the last first.
void Unigram::read_back(std::string_view piece, std::span<const Node> nodes, std::vector<PieceToken>& out) const {
  for (std::size_t end = piece.size(); end > 0;) {
    const std::int32_t id = nodes[end].id;
    std::size_t begin = nodes[end].begin;
    if (id == options_.unk_id.value_or(kNoToken)) {
      while (begin > 0 && nodes[begin].id == id) begin = nodes[begin].begin;
      add_unknown(piece.substr(begin, end - begin),
                  {id, static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end)}, out);
    } else {
      out.push_back({id, static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end)});
    }
    end = begin;
  }
}

/// `text` is a run of unknown characters; the reference looks it up once more as a whole before it gives up.
void Unigram::add_unknown(std::string_view text, PieceToken token, std::vector<PieceToken>& out) const {
  if (!options_.unk_id) return;
  const auto id_of_byte = [this](char byte) { return byte_id_[static_cast<std::uint8_t>(byte)]; };
  if (const auto whole = id_of(text)) {
    token.id = *whole;
    out.push_back(token);
  } else if (options_.byte_fallback && std::ranges::none_of(text, [&](char byte) { return id_of_byte(byte) < 0; })) {
    for (std::size_t i = text.size(); i-- > 0;) out.push_back({id_of_byte(text[i]), token.begin, token.end});
  } else {
    out.push_back(token);
  }
}

}  // namespace tastevin::tokenizer
