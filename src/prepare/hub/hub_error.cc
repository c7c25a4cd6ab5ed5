#include "prepare/hub/hub_error.h"

#include "base/error.h"

namespace tastevin::hub {
namespace {

std::string named(const Asked& asked) { return "model " + in_quotes(asked.repository.id, 120); }

/// What the Hub says itself, when it says something.
std::string words_of(const Response& response) {
  const std::string_view words = response.header("x-error-message");
  return words.empty() ? "" : ": " + in_quotes(words, 120);
}

std::string answered(const Response& response) {
  return HttpSession::origin_of(response.url) + " answered " + std::to_string(response.status);
}

Error broken(const Response& response) {
  const char* what = response.broken == Broken::unreachable ? "cannot reach " : "lost ";
  return {ErrorCode::unavailable, what + HttpSession::origin_of(response.url) + ": " + response.reason};
}

Error gated(const Asked& asked, const Settings& settings) {
  const std::string page = settings.endpoint + "/" + asked.repository.id;
  return {ErrorCode::unauthorized,
          named(asked) + " is gated: ask for access at " + page +
              (settings.token.empty() ? ", then set HF_TOKEN to a token of your account"
                                      : "; the account of the token that was sent has none yet")};
}

Error no_model(const Asked& asked, const Settings& settings) {
  return {ErrorCode::not_found, settings.endpoint + " has no " + named(asked) +
                                    (settings.token.empty() ? " that is public; for a private one set HF_TOKEN"
                                                            : ", or the token that was sent may not read it")};
}

Error refused_token(const Response& response, const Asked& asked, const Settings& settings) {
  if (settings.token.empty()) return no_model(asked, settings);
  return {ErrorCode::unauthorized, settings.endpoint + " does not accept the token that was sent" + words_of(response)};
}

Error unavailable(const Response& response) {
  const std::string_view wait = response.header("retry-after");
  if (response.status == 429) {
    return {ErrorCode::unavailable, answered(response) + ": too many requests" +
                                        (wait.empty() ? "" : "; it asks to wait " + in_quotes(wait, 40) + " s")};
  }
  return {ErrorCode::unavailable,
          answered(response) + (response.status >= 500 ? ": it fails at the moment" : "") + words_of(response)};
}

/// The answer of the Hub itself: its header X-Error-Code says more than the status.
Error refusal(const Response& response, const Asked& asked, const Settings& settings) {
  const std::string_view reason = response.header("x-error-code");
  if (reason == "GatedRepo") return gated(asked, settings);
  if (reason == "RepoNotFound") return no_model(asked, settings);
  if (reason == "RevisionNotFound") {
    return {ErrorCode::not_found, named(asked) + " has no revision " + in_quotes(asked.repository.revision, 120)};
  }
  if (reason == "EntryNotFound") {
    return {ErrorCode::not_found, named(asked) + " has no file " + in_quotes(asked.file, 120)};
  }
  if (response.status == 401) return refused_token(response, asked, settings);
  if (response.status == 403)
    return {ErrorCode::unauthorized, named(asked) + " may not be read with this token" + words_of(response)};
  if (response.status == 404) return no_model(asked, settings);
  return unavailable(response);
}

}  // namespace

Error error_of(const Response& response, const Asked& asked, const Settings& settings) {
  if (response.broken != Broken::no) return broken(response);
  const bool from_hub = HttpSession::origin_of(response.url) == HttpSession::origin_of(settings.endpoint);
  return from_hub ? refusal(response, asked, settings) : unavailable(response);
}

}  // namespace tastevin::hub
