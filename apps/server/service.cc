#include "service.h"

#include <charconv>
#include <exception>
#include <mutex>
#include <optional>
#include <utility>

#include <boost/asio/async_result.hpp>
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

/// Waits, without keeping the thread, for what `start` hands to its callback: once, from any thread, at once or later.
/// What `start` throws comes through.
template <class T>
asio::awaitable<T> handed_over(const std::function<void(std::function<void(T)>)>& start) {
  struct Waiting {
    std::mutex mutex;
    std::function<void(T)> resume;
    std::optional<T> early;
  };
  const auto executor = co_await asio::this_coro::executor;
  const auto waiting = std::make_shared<Waiting>();
  start([waiting](T value) {
    std::unique_lock lock(waiting->mutex);
    if (!waiting->resume) {
      waiting->early = std::move(value);
      return;
    }
    lock.unlock();
    waiting->resume(std::move(value));
  });
  const auto wait = [waiting, executor](auto handler) {
    const auto shared = std::make_shared<decltype(handler)>(std::move(handler));
    const std::function<void(T)> resume = [shared, executor](T value) {
      asio::post(executor, [shared, value = std::move(value)]() mutable { (*shared)(std::move(value)); });
    };
    std::unique_lock lock(waiting->mutex);
    if (!waiting->early) {
      waiting->resume = resume;
      return;
    }
    T value = std::move(*waiting->early);
    lock.unlock();
    resume(std::move(value));
  };
  co_return co_await asio::async_initiate<const asio::use_awaitable_t<>&, void(T)>(wait, asio::use_awaitable);
}

/// What became of work that was done apart.
struct Done {
  Answer answer;
  std::exception_ptr failure;
};

Done done(const std::function<Answer()>& work) {
  try {
    return {work(), nullptr};
  } catch (...) {
    return {{}, std::current_exception()};
  }
}

}  // namespace

void throw_first_error(const serve::Reply& reply) {
  for (const serve::Outcome& outcome : reply.outcomes)
    if (outcome.error) throw *outcome.error;
}

Service::Prepared Service::prepared(const Call& call, std::vector<serve::Input>& inputs,
                                    const ClassifyOptions& options) const {
  if (inputs.size() > options_.max_inputs) {
    throw Error(ErrorCode::too_large, "inputs: expected at most " + std::to_string(options_.max_inputs) + ", found " +
                                          std::to_string(inputs.size()));
  }
  Prepared prepared;
  prepared.request.options = options;
  prepared.request.deadline = deadline_of(call);
  prepared.request.gone = call.gone;
  prepared.outcomes.resize(inputs.size());
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    const serve::Input& input = inputs[i];
    const std::size_t bytes = input.text.size() + (input.pair ? input.pair->size() : 0);
    if (bytes > options_.max_text_bytes) {
      prepared.outcomes[i].error =
          Error(ErrorCode::too_large, "the text: expected at most " + std::to_string(options_.max_text_bytes) +
                                          " bytes, found " + std::to_string(bytes));
      continue;
    }
    prepared.places.push_back(i);
    prepared.request.inputs.push_back(std::move(inputs[i]));
  }
  return prepared;
}

asio::awaitable<serve::Reply> Service::answers(Call& call, const std::shared_ptr<serve::ServedModel>& model,
                                               std::vector<serve::Input>& inputs, const ClassifyOptions& options) {
  Prepared prepared = this->prepared(call, inputs, options);
  const std::function<void(serve::Scheduler::Done)> submit = [&](serve::Scheduler::Done take) {
    model->scheduler().submit(std::move(prepared.request), std::move(take));
  };
  serve::Reply reply = co_await handed_over<serve::Reply>(submit);
  for (std::size_t i = 0; i < prepared.places.size(); ++i)
    prepared.outcomes[prepared.places[i]] = std::move(reply.outcomes[i]);
  reply.outcomes = std::move(prepared.outcomes);
  metrics_.observe(reply);
  co_return reply;
}

asio::awaitable<Answer> Service::apart(const std::function<Answer()>& work) {
  constexpr std::size_t kMostWaiting = 64;
  if (apart_waiting_ >= kMostWaiting) throw Error(ErrorCode::overloaded, "too many such requests wait");
  ++apart_waiting_;
  // The coroutine stays on its thread: it may be told there, meanwhile, that the client is gone.
  const std::function<void(std::function<void(Done)>)> start = [&](std::function<void(Done)> take) {
    asio::post(apart_, [this, work, take = std::move(take)] {
      Done found = done(work);
      --apart_waiting_;
      take(std::move(found));
    });
  };
  Done found = co_await handed_over<Done>(start);
  if (found.failure) std::rethrow_exception(found.failure);
  co_return std::move(found.answer);
}

}  // namespace tastevin::server
