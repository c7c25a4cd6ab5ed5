#include "service.h"

#include <charconv>
#include <exception>
#include <utility>

#include <boost/asio/async_result.hpp>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace tastevin::server {
namespace {

namespace asio = boost::asio;

/// The header `timeout`: milliseconds that the client waits.
std::optional<serve::Clock::time_point> deadline_of(const Call& call) {
  const std::string text = call.header("timeout");
  if (text.empty()) return std::nullopt;
  std::uint32_t milliseconds = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), milliseconds);
  if (error != std::errc() || end != text.data() + text.size())
    throw Error(ErrorCode::invalid_argument, "header timeout: expected whole milliseconds");
  return serve::Clock::now() + std::chrono::milliseconds(milliseconds);
}

/// Waits for the scheduler without keeping the thread.
asio::awaitable<serve::Reply> reply_to(serve::Scheduler& scheduler, serve::Request request) {
  const auto executor = co_await asio::this_coro::executor;
  // Not in the initiation: what it throws would not come through.
  struct Waiting {
    std::function<void(serve::Reply)> resume;
    std::optional<serve::Reply> early;
    std::mutex mutex;
  };
  const auto waiting = std::make_shared<Waiting>();
  scheduler.submit(std::move(request), [waiting](serve::Reply reply) {
    std::unique_lock lock(waiting->mutex);
    if (!waiting->resume) {
      waiting->early = std::move(reply);
      return;
    }
    lock.unlock();
    waiting->resume(std::move(reply));
  });
  co_return co_await asio::async_initiate<const asio::use_awaitable_t<>&, void(serve::Reply)>(
      [waiting, executor](auto handler) {
        auto shared = std::make_shared<decltype(handler)>(std::move(handler));
        auto resume = [shared, executor](serve::Reply reply) {
          asio::post(executor, [shared, reply = std::move(reply)]() mutable { (*shared)(std::move(reply)); });
        };
        std::unique_lock lock(waiting->mutex);
        if (!waiting->early) {
          waiting->resume = std::move(resume);
          return;
        }
        serve::Reply reply = std::move(*waiting->early);
        lock.unlock();
        resume(std::move(reply));
      },
      asio::use_awaitable);
}

}  // namespace

asio::awaitable<serve::Reply> Service::answers(Call& call, const std::shared_ptr<serve::ServedModel>& model,
                                               std::vector<serve::Input> inputs, const ClassifyOptions& options) {
  if (inputs.size() > options_.max_inputs) {
    throw Error(ErrorCode::too_large, "inputs: expected at most " + std::to_string(options_.max_inputs) + ", found " +
                                          std::to_string(inputs.size()));
  }
  std::vector<std::size_t> places;
  serve::Request request{.inputs = {}, .options = options, .deadline = deadline_of(call), .gone = call.gone};
  serve::Reply all;
  all.outcomes.resize(inputs.size());
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    const serve::Input& input = inputs[i];
    const std::size_t bytes = input.text.size() + (input.pair ? input.pair->size() : 0);
    if (bytes > options_.max_text_bytes) {
      all.outcomes[i].error =
          Error(ErrorCode::too_large, "the text: expected at most " + std::to_string(options_.max_text_bytes) +
                                          " bytes, found " + std::to_string(bytes));
      continue;
    }
    places.push_back(i);
    request.inputs.push_back(std::move(inputs[i]));
  }
  serve::Reply reply = co_await reply_to(model->scheduler(), std::move(request));
  for (std::size_t i = 0; i < places.size(); ++i) all.outcomes[places[i]] = std::move(reply.outcomes[i]);
  all.queue_ms = reply.queue_ms;
  all.tokenize_ms = reply.tokenize_ms;
  all.infer_ms = reply.infer_ms;
  metrics_.observe(all);
  co_return all;
}

asio::awaitable<Answer> Service::apart(std::function<Answer()> work) {
  constexpr std::size_t kMostWaiting = 64;
  if (apart_waiting_ >= kMostWaiting) throw Error(ErrorCode::overloaded, "too many such requests wait");
  ++apart_waiting_;
  const auto home = co_await asio::this_coro::executor;
  co_await asio::post(asio::bind_executor(apart_, asio::use_awaitable));
  std::exception_ptr failure;
  Answer answer;
  try {
    answer = work();
  } catch (...) {
    failure = std::current_exception();
  }
  --apart_waiting_;
  co_await asio::post(asio::bind_executor(home, asio::use_awaitable));
  if (failure) std::rethrow_exception(failure);
  co_return answer;
}

}  // namespace tastevin::server
