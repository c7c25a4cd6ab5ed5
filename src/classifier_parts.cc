#include "classifier_parts.h"

#include <algorithm>
#include <cmath>
#include <string>

#include "base/error.h"
#include "base/reading.h"

namespace tastevin {
namespace {

/// A setting that would have no effect is refused.
void check_windows(const ClassifyOptions& options) {
  const auto refuse = [](const char* what) { throw Error(ErrorCode::invalid_argument, what); };
  const bool windows = options.long_text == LongText::window;
  if (!windows && (options.window > 0 || options.stride > 0 || options.aggregate != Aggregate::mean))
    refuse("window, stride, aggregate: expected long window, found truncate");
  const bool cuts = options.truncation != Truncation::automatic && options.truncation != Truncation::right;
  if (windows && cuts) refuse("long window: nothing is cut; expected no truncation left or error");
  if (windows && options.window > 0 && options.max_length > 0)
    refuse("max-length: expected none beside window, which takes its place");
}

/// Windows of one text must move on, and by half a window at least: a text costs twice its tokens, not some hundred
/// times. `special` tokens stand in each. Those of a pair are bounded by `Feed`, which knows its other text.
void check_stride(const Reading& reading, std::size_t special) {
  const std::size_t window = reading.encoding.max_length;
  const std::size_t room = window - std::min(window, special);
  if (!reading.shared || window == 0 || (room > 0 && *reading.shared <= room / 2)) return;
  throw Error(ErrorCode::invalid_argument, "stride " + std::to_string(*reading.shared) +
                                               ": expected at most half of the " + std::to_string(room) +
                                               " tokens of text in a window of " + std::to_string(window));
}

Reading reading(const ClassifyOptions& options, const ModelInfo& info) {
  check_windows(options);
  const auto within = [&info](const char* name, std::size_t tokens) {
    if (info.positions == 0 || tokens <= info.positions) return tokens == 0 ? info.max_length : tokens;
    throw Error(ErrorCode::invalid_argument, std::string(name) + " " + std::to_string(tokens) +
                                                 ": the model takes at most " + std::to_string(info.positions) +
                                                 " tokens");
  };
  Reading reading{{.max_length = within("max-length", options.max_length),
                   .truncation = options.truncation,
                   .pair_truncation = options.pair_truncation}};
  if (options.long_text == LongText::window) {
    reading.encoding.truncation = Truncation::right;  // the first window begins the text
    if (options.window > 0) reading.encoding.max_length = within("window", options.window);
    reading.shared = options.stride == 0 ? reading.encoding.max_length / 4 : options.stride;
  }
  return reading;
}

}  // namespace

batch::PlanOptions plan_options(const runtime::Session& session, std::size_t limit) {
  return {.packing = session.packs() ? batch::Packing::several_texts_a_row : batch::Packing::one_text_a_row,
          .limit = limit,
          .in_flight = session.in_flight(),
          .cost = {}};
}

void check_answer(const Logits& logits, std::size_t labels) {
  if (logits.labels == labels) return;
  throw Error(ErrorCode::unsupported_model, "the graph gives " + std::to_string(logits.labels) +
                                                " numbers a text: expected one for each of " + std::to_string(labels) +
                                                " labels");
}

void check_finite(std::span<const float> logits) {
  if (std::ranges::all_of(logits, [](float logit) { return std::isfinite(logit); })) return;
  throw Error(ErrorCode::internal,
              "the model answers infinity or NaN: its weights are damaged, or too large for the "
              "precision that it computes in");
}

void throw_naming_the_text(const Error& error, const Feed& feed, const std::vector<std::size_t>& which) {
  if (error.code() != ErrorCode::too_large || which.size() == 1) throw;
  const auto place = static_cast<std::size_t>(std::ranges::find(which, feed.last_text()) - which.begin());
  throw TextError(error.code(), place, error.what());
}

Feed Classifier::Parts::feed(std::span<const Text> texts, const ClassifyOptions& options) const {
  const Reading how = reading(options, info);
  if (std::ranges::any_of(texts, [](const Text& text) { return text.pair.has_value(); })) check_pair_windows(options);
  check_stride(how, tokenizer.special_tokens(false));
  return {tokenizer, texts, how, plan_options(session, std::max(info.max_length, how.encoding.max_length))};
}

}  // namespace tastevin
