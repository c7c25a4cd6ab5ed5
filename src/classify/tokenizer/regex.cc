#include "classify/tokenizer/regex.h"

#include <oniguruma.h>

#include <array>
#include <mutex>

#include "base/error.h"
#include "base/utf8.h"
#include "classify/tokenizer/regex_pattern.h"

namespace tastevin::tokenizer {
namespace {

constexpr unsigned long kRetryLimitAtOnePlace = 10'000'000;  // the reference's

const OnigUChar* bytes_of(std::string_view text) { return reinterpret_cast<const OnigUChar*>(text.data()); }

std::string reason_of(int code, OnigErrorInfo* info) {
  std::array<OnigUChar, ONIG_MAX_ERROR_MESSAGE_LEN> message{};
  const int length = info == nullptr ? onig_error_code_to_str(message.data(), code)
                                     : onig_error_code_to_str(message.data(), code, info);
  return {reinterpret_cast<const char*>(message.data()), static_cast<std::size_t>(length)};
}

/// The library keeps tables that its first use fills, and compiling is not said to be safe from many threads.
std::mutex& compiler() {
  static std::mutex mutex;
  return mutex;
}

}  // namespace

struct Regex::Compiled {
  Compiled() : limits(onig_new_match_param()) {
    if (limits == nullptr) throw std::bad_alloc();
    onig_initialize_match_param(limits);
    onig_set_retry_limit_in_match_of_match_param(limits, kRetryLimitAtOnePlace);
    onig_set_retry_limit_in_search_of_match_param(limits, kRetryLimit);
  }
  ~Compiled() {
    onig_free(regex);
    onig_free_match_param(limits);
  }
  Compiled(const Compiled&) = delete;
  Compiled& operator=(const Compiled&) = delete;

  regex_t* regex = nullptr;
  OnigMatchParam* limits;  // a search reads it
};

struct Regex::Positions {
  Positions() { onig_region_init(&region); }
  ~Positions() { onig_region_free(&region, 0); }
  Positions(const Positions&) = delete;
  Positions& operator=(const Positions&) = delete;

  OnigRegion region{};
};

Regex::Regex(std::string_view pattern, const std::string& where) {
  const std::string expanded = expand_classes(pattern, where);
  const auto compiled = std::make_shared<Compiled>();
  const std::scoped_lock lock(compiler());
  OnigEncoding utf8 = ONIG_ENCODING_UTF8;
  onig_initialize(&utf8, 1);
  OnigErrorInfo info{};
  const int code = onig_new(&compiled->regex, bytes_of(expanded), bytes_of(expanded) + expanded.size(),
                            ONIG_OPTION_NONE, ONIG_ENCODING_UTF8, ONIG_SYNTAX_ONIGURUMA, &info);
  if (code != ONIG_NORMAL) {
    throw Error(ErrorCode::bad_checkpoint,
                where + ": " + in_quotes(pattern) + " is not a pattern: " + reason_of(code, &info));
  }
  compiled_ = compiled;
}

Regex::Search::Search(const Regex& regex, std::string_view text)
    : regex_(regex), text_(text), positions_(std::make_unique<Positions>()) {}

Regex::Search::~Search() = default;

/// An empty match after another match is passed over, once: the reference's way out of an endless loop.
std::optional<Regex::Match> Regex::Search::next() {
  while (at_ <= text_.size()) {
    const auto match = find();
    if (!match) return std::nullopt;
    at_ = match->end;
    if (match->begin != match->end) {
      skip_empty_ = true;
      return match;
    }
    at_ += at_ < text_.size() ? utf8::decode(text_, at_).length : 1;
    if (!skip_empty_) return match;
    skip_empty_ = false;
  }
  return std::nullopt;
}

std::optional<Regex::Match> Regex::Search::find() {
  const OnigUChar* begin = bytes_of(text_);
  const OnigUChar* end = begin + text_.size();
  OnigRegion& region = positions_->region;
  const int code = onig_search_with_param(regex_.compiled_->regex, begin, end, begin + at_, end, &region,
                                          ONIG_OPTION_NONE, regex_.compiled_->limits);
  if (code == ONIG_MISMATCH) return std::nullopt;
  if (code < 0) {
    throw Error(ErrorCode::too_large, "split pattern: gave up on a text of " + std::to_string(text_.size()) +
                                          " bytes: " + reason_of(code, nullptr));
  }
  return Match{static_cast<std::size_t>(region.beg[0]), static_cast<std::size_t>(region.end[0])};
}

}  // namespace tastevin::tokenizer
