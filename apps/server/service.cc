#include "service.h"

#include <algorithm>
#include <exception>
#include <mutex>
#include <optional>
#include <utility>

#include <boost/asio/async_result.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "base/ascii.h"
#include "base/threshold.h"
#include "request_json.h"

namespace tastevin::server {
namespace {

namespace asio = boost::asio;

/// The header `timeout`: milliseconds that the client waits.
std::optional<serve::Clock::time_point> deadline_of(const Call& call) {
  const std::string text = call.header("timeout");
  if (text.empty()) return std::nullopt;
  const auto milliseconds = ascii::number<std::uint32_t>(text);
  if (!milliseconds) throw Error(ErrorCode::invalid_argument, "header timeout: expected whole milliseconds");
  return call.read + std::chrono::milliseconds(*milliseconds);
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

/// What became of work that was done in the background.
struct Done {
  Answer answer;
  std::exception_ptr failure;
};

Done done(const Service::Work& work, const Wanted& wanted) {
  try {
    wanted.check();
    return {work(wanted), nullptr};
  } catch (...) {
    return {{}, std::current_exception()};
  }
}

/// Waits for an answer that another thread makes.
asio::awaitable<Answer> answer_of(const std::function<void(std::function<void(Done)>)>& start) {
  Done found = co_await handed_over<Done>(start);
  if (found.failure) std::rethrow_exception(found.failure);
  co_return std::move(found.answer);
}

}  // namespace

void throw_first_error(const serve::Reply& reply) {
  for (const serve::Outcome& outcome : reply.outcomes)
    if (outcome.error) throw *outcome.error;
}

bool Service::healthy() const {
  return ready_ && std::ranges::any_of(registry_.entries(), [](const auto& entry) { return entry.model != nullptr; });
}

bool Service::ready() const {
  const auto is_full = [](const auto& entry) { return entry.model && entry.model->scheduler().is_full(); };
  return healthy() && std::ranges::none_of(registry_.entries(), is_full);
}

void Service::submit(serve::ServedModel& model, Asked asked, serve::Scheduler::Done done) {
  check_threshold(asked.options, model.info().task);
  const std::size_t count = asked.inputs.size();
  check_count(count, "inputs", options_.max_inputs);
  serve::Request request{.inputs = {}, .options = asked.options, .deadline = asked.deadline, .gone = asked.gone};
  std::vector<std::size_t> places;  // of the request's inputs among all
  std::vector<serve::Outcome> outcomes(count);
  for (std::size_t i = 0; i < count; ++i) {
    serve::Input& input = asked.inputs[i];
    const std::size_t bytes = input.text.size() + (input.pair ? input.pair->size() : 0);
    if (bytes > options_.max_text_bytes) {
      outcomes[i].error =
          Error(ErrorCode::too_large, "the text: expected at most " + std::to_string(options_.max_text_bytes) +
                                          " bytes, found " + std::to_string(bytes));
      continue;
    }
    places.push_back(i);
    request.inputs.push_back(std::move(input));
  }
  model.scheduler().submit(std::move(request), [this, places = std::move(places), outcomes = std::move(outcomes),
                                                done = std::move(done)](serve::Reply reply) mutable {
    for (std::size_t i = 0; i < places.size(); ++i) outcomes[places[i]] = std::move(reply.outcomes[i]);
    reply.outcomes = std::move(outcomes);
    metrics_.observe(reply);
    done(std::move(reply));
  });
}

asio::awaitable<serve::Reply> Service::answers(Call& call, const std::shared_ptr<serve::ServedModel>& model,
                                               std::vector<serve::Input>& inputs, const ClassifyOptions& options) {
  Asked asked{.inputs = std::move(inputs), .options = options, .deadline = deadline_of(call), .gone = call.gone};
  const std::function<void(serve::Scheduler::Done)> start = [&](serve::Scheduler::Done take) {
    submit(*model, std::move(asked), std::move(take));
  };
  co_return co_await handed_over<serve::Reply>(start);
}

void Service::run_in_background(Worker worker, std::function<void()> work) {
  constexpr std::size_t kMostWaiting = 64;
  const std::lock_guard lock(background_mutex_);
  if (closing_.stop_requested()) throw Error(ErrorCode::unavailable, "the server is being shut down");
  Background& background = background_.at(static_cast<std::size_t>(worker));
  if (background.waiting >= kMostWaiting) throw Error(ErrorCode::overloaded, "too many such requests wait");
  ++background.waiting;
  asio::post(background.thread, [&background, work = std::move(work)] {
    --background.waiting;
    work();
  });
}

Wanted Service::wanted(std::optional<serve::Clock::time_point> deadline, std::stop_token gone) const {
  return {.deadline = deadline, .gone = std::move(gone), .closing = closing_.get_token()};
}

void Service::close() {
  {
    const std::lock_guard lock(background_mutex_);
    closing_.request_stop();
  }
  for (Background& background : background_) background.thread.join();
}

asio::awaitable<Answer> Service::run_in_background(Worker worker, const Call& call, const Work& work) {
  const Wanted wanted = this->wanted(deadline_of(call), call.gone);
  // The coroutine stays on its thread: it may be told there, meanwhile, that the client is gone.
  const std::function<void(std::function<void(Done)>)> start = [&](std::function<void(Done)> take) {
    run_in_background(worker, [work, wanted, take = std::move(take)] { take(done(work, wanted)); });
  };
  co_return co_await answer_of(start);
}

asio::awaitable<Answer> Service::read_on_other_thread(const Handler& handler, Call& call) {
  const std::function<void(std::function<void(Done)>)> start = [&](std::function<void(Done)> take) {
    asio::co_spawn(readers_, handler(call), [take = std::move(take)](std::exception_ptr failure, Answer answer) {
      take({std::move(answer), std::move(failure)});
    });
  };
  co_return co_await answer_of(start);
}

}  // namespace tastevin::server
