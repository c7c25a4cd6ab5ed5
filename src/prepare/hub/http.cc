#include "prepare/hub/http.h"

#include <curl/curl.h>

#include <algorithm>
#include <array>
#include <exception>

#include "base/ascii.h"
#include "base/error.h"
#include "tastevin/version.h"

namespace tastevin::hub {
namespace {

constexpr int kMaxRedirects = 8;
constexpr long kLowestBytesPerSecond = 100;
constexpr long kBufferBytes = 256L << 10U;
constexpr std::size_t kMaxHeaders = 200;

struct UrlRelease {
  void operator()(CURLU* url) const noexcept { curl_url_cleanup(url); }
};

/// A part of the address as curl reads it, or "" when there is none.
std::string part_of(CURLU* url, CURLUPart part) {
  char* text = nullptr;
  if (curl_url_get(url, part, &text, CURLU_DEFAULT_PORT) != CURLUE_OK) return "";
  std::string value(text);
  curl_free(text);
  return value;
}

bool is_redirect(const Response& response) {
  constexpr std::array kRedirects{301L, 302L, 303L, 307L, 308L};
  return response.broken == Broken::no && std::ranges::find(kRedirects, response.status) != kRedirects.end();
}

/// One exchange in the making. What its callbacks throw must not pass through curl, so it is kept and thrown later.
struct Transfer {
  const Request& request;
  const Receiver& receiver;
  CURL* curl;
  Response response;
  std::exception_ptr thrown;

  void take_header(std::string_view line) {
    if (line.starts_with("HTTP/")) response.headers.clear();  // a new answer: what came before was "100 Continue"
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos || response.headers.size() >= kMaxHeaders) return;
    response.headers[ascii::lower(line.substr(0, colon))] = ascii::trimmed(line.substr(colon + 1));
  }

  void take_body(std::string_view piece) {
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &response.status);
    if (receiver && response.is_success()) {
      receiver(response, piece);
    } else if (response.body.size() + piece.size() <= request.body_limit) {
      response.body += piece;
    } else if (response.is_success()) {
      throw Error(ErrorCode::too_large, HttpSession::origin_of(request.url) + " answered with more than " +
                                            std::to_string(request.body_limit) + " bytes");
    }
  }
};

/// The bytes taken; another number than `size` tells curl to stop.
template <class Take>
std::size_t take(Transfer& transfer, const char* bytes, std::size_t size, Take take_piece) {
  try {
    (transfer.*take_piece)(std::string_view(bytes, size));
    return size;
  } catch (...) {
    transfer.thrown = std::current_exception();
    return size + 1;
  }
}

std::size_t on_header(char* bytes, std::size_t size, std::size_t count, void* transfer) {
  return take(*static_cast<Transfer*>(transfer), bytes, size * count, &Transfer::take_header);
}

std::size_t on_body(char* bytes, std::size_t size, std::size_t count, void* transfer) {
  return take(*static_cast<Transfer*>(transfer), bytes, size * count, &Transfer::take_body);
}

std::string unreachable(CURLcode code, const char* details) {
  switch (code) {
    case CURLE_COULDNT_RESOLVE_HOST:
      return "its name cannot be resolved";
    case CURLE_COULDNT_RESOLVE_PROXY:
      return "the name of the proxy cannot be resolved";
    case CURLE_COULDNT_CONNECT:
      return "it does not accept a connection";
    case CURLE_OPERATION_TIMEDOUT:
      return "no connection came about in time";
    case CURLE_PEER_FAILED_VERIFICATION:
      return std::string("its certificate is not trusted: ") + details;
    default:
      return *details != '\0' ? details : curl_easy_strerror(code);
  }
}

std::string interrupted(CURLcode code) {
  return code == CURLE_OPERATION_TIMEDOUT ? "it fell silent" : "it closed the connection";
}

bool is_interruption(CURLcode code) {
  constexpr std::array kInterruptions{CURLE_RECV_ERROR, CURLE_SEND_ERROR,   CURLE_GOT_NOTHING,       CURLE_PARTIAL_FILE,
                                      CURLE_HTTP2,      CURLE_HTTP2_STREAM, CURLE_OPERATION_TIMEDOUT};
  return std::ranges::find(kInterruptions, code) != kInterruptions.end();
}

}  // namespace

/// curl's handle, whose connections outlive a request, and what a request needs to have released.
struct HttpSession::Handle {
  struct Release {
    void operator()(CURL* handle) const noexcept { curl_easy_cleanup(handle); }
    void operator()(curl_slist* list) const noexcept { curl_slist_free_all(list); }
  };
  std::unique_ptr<CURL, Release> curl{curl_easy_init()};
  std::unique_ptr<curl_slist, Release> headers;
  std::array<char, CURL_ERROR_SIZE> details{};

  void add_header(const std::string& line) {
    curl_slist* longer = curl_slist_append(headers.get(), line.c_str());
    if (longer == nullptr) throw std::bad_alloc();
    if (headers == nullptr) headers.reset(longer);
  }

  template <class Value>
  void set(CURLoption option, Value value) {
    if (curl_easy_setopt(curl.get(), option, value) != CURLE_OK)
      throw Error(ErrorCode::internal, "libcurl does not take option " + std::to_string(option));
  }

  void set_limits(const Settings& settings) {
    const bool plain = settings.endpoint.starts_with("http://");
    set(CURLOPT_PROTOCOLS_STR, plain ? "http,https" : "https");
    set(CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(settings.patience.connect.count()));
    set(CURLOPT_LOW_SPEED_LIMIT, kLowestBytesPerSecond);
    set(CURLOPT_LOW_SPEED_TIME, static_cast<long>(settings.patience.silence.count()));
    set(CURLOPT_NOSIGNAL, 1L);
    if (!settings.ca_bundle.empty()) set(CURLOPT_CAINFO, settings.ca_bundle.c_str());
  }

  void set_request(const Request& request) {
    set(CURLOPT_URL, request.url.c_str());
    set(CURLOPT_NOBODY, request.method == Method::head ? 1L : 0L);
    if (request.from > 0) set(CURLOPT_RANGE, (std::to_string(request.from) + "-").c_str());
    set(CURLOPT_BUFFERSIZE, kBufferBytes);
    set(CURLOPT_ERRORBUFFER, details.data());
  }

  void set_headers(const std::string& token) {
    headers.reset();
    add_header(std::string("User-Agent: tastevin/") + version());
    add_header("Accept-Encoding: identity");  // sizes and ranges are those of the file
    if (!token.empty()) add_header("Authorization: Bearer " + token);
    set(CURLOPT_HTTPHEADER, headers.get());
  }

  void set_callbacks(Transfer& transfer) {
    set(CURLOPT_HEADERFUNCTION, &on_header);
    set(CURLOPT_HEADERDATA, static_cast<void*>(&transfer));
    set(CURLOPT_WRITEFUNCTION, &on_body);
    set(CURLOPT_WRITEDATA, static_cast<void*>(&transfer));
  }

  bool was_connected() const {
    curl_off_t microseconds = 0;
    curl_easy_getinfo(curl.get(), CURLINFO_PRETRANSFER_TIME_T, &microseconds);
    return microseconds > 0;
  }
};

std::string_view Response::header(std::string_view name) const {
  const auto found = headers.find(name);
  return found == headers.end() ? std::string_view() : found->second;
}

HttpSession::HttpSession(const Settings& settings) : settings_(settings), origin_(origin_of(settings.endpoint)) {
  static const CURLcode ready = curl_global_init(CURL_GLOBAL_DEFAULT);
  handle_ = std::make_unique<Handle>();
  if (ready != CURLE_OK || handle_->curl == nullptr) throw Error(ErrorCode::internal, "libcurl does not start");
  if (origin_.empty()) {
    throw Error(ErrorCode::invalid_argument, "the Hub's address: expected one such as https://huggingface.co, found " +
                                                 in_quotes(settings.endpoint));
  }
}

HttpSession::~HttpSession() = default;

std::string HttpSession::origin_of(const std::string& url) {
  const std::unique_ptr<CURLU, UrlRelease> parsed(curl_url());
  if (parsed == nullptr || curl_url_set(parsed.get(), CURLUPART_URL, url.c_str(), 0) != CURLUE_OK) return "";
  const std::string scheme = part_of(parsed.get(), CURLUPART_SCHEME);
  const std::string port = part_of(parsed.get(), CURLUPART_PORT);
  const bool usual = (scheme == "https" && port == "443") || (scheme == "http" && port == "80");
  return scheme + "://" + ascii::lower(part_of(parsed.get(), CURLUPART_HOST)) + (usual ? "" : ":" + port);
}

Response HttpSession::send(const Request& request, const Receiver& receiver) {
  Request next = request;
  for (int hop = 0; hop <= kMaxRedirects; ++hop) {
    Response response = exchange(next, receiver);
    const bool described = request.method == Method::head && !response.header("x-linked-etag").empty();
    if (!is_redirect(response) || described) return response;
    next.url = redirect_target(response);
  }
  throw Error(ErrorCode::unavailable,
              settings_.endpoint + " redirects without end (more than " + std::to_string(kMaxRedirects) + " times)");
}

std::string HttpSession::redirect_target(const Response& response) const {
  char* target = nullptr;  // absolute, and owned by curl
  curl_easy_getinfo(handle_->curl.get(), CURLINFO_REDIRECT_URL, &target);
  const std::string origin = target == nullptr ? "" : origin_of(target);
  const bool secure = origin.starts_with("https://");
  const bool plain = origin.starts_with("http://") && settings_.endpoint.starts_with("http://");
  if (!secure && !plain) {
    const std::string_view location = response.header("location");  // what follows '?' may be a signature
    throw Error(ErrorCode::unavailable, origin_of(response.url) + " redirects to " +
                                            in_quotes(location.substr(0, location.find('?')), 80) +
                                            ", which is no address that we follow");
  }
  return target;
}

Response HttpSession::exchange(const Request& request, const Receiver& receiver) {
  Transfer transfer{request, receiver, handle_->curl.get(), {}, nullptr};
  transfer.response.url = request.url;
  curl_easy_reset(handle_->curl.get());
  handle_->details.front() = '\0';
  handle_->set_limits(settings_);
  handle_->set_request(request);
  handle_->set_headers(origin_of(request.url) == origin_ ? settings_.token : "");
  handle_->set_callbacks(transfer);

  const CURLcode code = curl_easy_perform(handle_->curl.get());
  Response& response = transfer.response;
  curl_easy_getinfo(handle_->curl.get(), CURLINFO_RESPONSE_CODE, &response.status);
  if (transfer.thrown) std::rethrow_exception(transfer.thrown);
  if (code != CURLE_OK) {
    const bool was_connected = handle_->was_connected() && is_interruption(code);
    response.broken = was_connected ? Broken::interrupted : Broken::unreachable;
    response.reason = was_connected ? interrupted(code) : unreachable(code, handle_->details.data());
  }
  return std::move(response);
}

}  // namespace tastevin::hub
