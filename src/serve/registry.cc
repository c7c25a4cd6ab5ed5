#include "serve/registry.h"

#include <algorithm>
#include <utility>

#include "base/error.h"

namespace tastevin::serve {
namespace {

[[noreturn]] void unknown(const std::string& name) {
  throw Error(ErrorCode::not_found, "model " + in_quotes(name) + ": is not served here");
}

}  // namespace

ServedModel::ServedModel(std::string name, const std::filesystem::path& path, const ModelOptions& options,
                         const SchedulerOptions& scheduling)
    : name_(std::move(name)),
      classifier_(Classifier::load(path, options)),
      tokenizer_(TextTokenizer::load(path)),
      scheduler_([this](std::span<const Text> texts,
                        const ClassifyOptions& reading) { return classifier_.classify(texts, reading); },
                 scheduling, std::max<std::size_t>(2, classifier_.streams()), classifier_.info().max_length) {
  classifier_.classify("warm-up");  // so that the first answer is as fast as the second
}

Closing::Closing()
    : thread_([this] {
        std::unique_lock lock(mutex_);
        while (true) {
          changed_.wait(lock, [this] { return ending_ || !models_.empty(); });
          if (models_.empty()) return;
          auto model = std::move(models_.front());
          models_.pop_front();
          lock.unlock();
          model.reset();
          lock.lock();
        }
      }) {}

Closing::~Closing() {
  {
    const std::lock_guard lock(mutex_);
    ending_ = true;
  }
  changed_.notify_all();
}

void Closing::take(std::unique_ptr<ServedModel> model) {
  {
    const std::lock_guard lock(mutex_);
    models_.push_back(std::move(model));
  }
  changed_.notify_all();
}

void Registry::load(const std::string& name, const std::filesystem::path& path) {
  const std::lock_guard one_at_a_time(loading_);
  std::filesystem::path from = path;
  if (from.empty()) {
    const std::lock_guard lock(mutex_);
    const Entry* known = find(name);
    if (known == nullptr) unknown(name);
    from = known->path;
  }
  auto loaded = std::make_unique<ServedModel>(name, from, options_, scheduling_);
  std::shared_ptr<ServedModel> model(
      loaded.release(), [closing = closing_](ServedModel* last) { closing->take(std::unique_ptr<ServedModel>(last)); });
  const std::lock_guard lock(mutex_);
  std::erase_if(alive_, [](const std::weak_ptr<ServedModel>& one) { return one.expired(); });
  alive_.push_back(model);
  if (Entry* known = find(name)) {
    known->path = from;
    known->model.swap(model);
  } else {
    entries_.push_back({name, from, std::move(model)});
  }
}

void Registry::unload(const std::string& name) {
  const std::lock_guard lock(mutex_);
  Entry* known = find(name);
  if (known == nullptr) unknown(name);
  known->model.reset();
}

std::shared_ptr<ServedModel> Registry::model(const std::string& name) const {
  const std::lock_guard lock(mutex_);
  const auto found = name.empty() ? entries_.begin() : std::ranges::find(entries_, name, &Entry::name);
  if (found == entries_.end()) unknown(name);
  if (!found->model) throw Error(ErrorCode::unavailable, "model " + in_quotes(found->name) + ": is not loaded");
  return found->model;
}

std::vector<Registry::Entry> Registry::entries() const {
  const std::lock_guard lock(mutex_);
  return entries_;
}

void Registry::drain(std::chrono::milliseconds grace) {
  const auto end = Clock::now() + grace;
  for (const Entry& entry : entries()) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(end - Clock::now());
    if (entry.model) entry.model->scheduler().drain(std::max(left, std::chrono::milliseconds(0)));
  }
}

void Registry::close() {
  std::vector<std::weak_ptr<ServedModel>> alive;
  {
    const std::lock_guard lock(mutex_);
    alive = alive_;
  }
  for (const auto& one : alive) {
    if (const auto model = one.lock()) model->scheduler().close();
  }
}

Registry::Entry* Registry::find(const std::string& name) {
  const auto found = std::ranges::find(entries_, name, &Entry::name);
  return found == entries_.end() ? nullptr : &*found;
}

}  // namespace tastevin::serve
