#include "serve/registry.h"

#include <algorithm>
#include <utility>

#include "base/error.h"
#include "base/process_memory.h"
#include "serve/models_folder.h"

namespace tastevin::serve {
namespace {

[[noreturn]] void unknown(const std::string& name) {
  throw Error(ErrorCode::not_found, "model " + in_quotes(name) + ": is not served here");
}

}  // namespace

std::string version_of(const std::string& name, const std::filesystem::path& path) {
  const std::filesystem::path plain = path.lexically_normal();
  const std::filesystem::path folder = plain.has_filename() ? plain : plain.parent_path();
  const std::string last = folder.filename().string();
  return version_number(last) && folder.parent_path().filename() == name ? last : "1";
}

ServedModel::ServedModel(std::string name, const std::filesystem::path& path, const ModelOptions& options,
                         const SchedulerOptions& scheduling)
    : name_(std::move(name)),
      classifier_(Classifier::load(path, options)),
      info_(classifier_->info()),
      version_(version_of(name_, path)),
      scheduler_([this](std::span<const Text> texts,
                        const ClassifyOptions& reading) { return classifier_->classify(texts, reading); },
                 scheduling, std::max<std::size_t>(2, classifier_->streams()), info_.max_length) {
  classifier_->classify("warm-up");  // so that the first answer is as fast as the second
}

ServedModel::ServedModel(std::string name, ModelInfo info, Scheduler::Run run, const SchedulerOptions& scheduling)
    : name_(std::move(name)),
      info_(std::move(info)),
      version_("1"),
      scheduler_(std::move(run), scheduling, 2, info_.max_length) {}

const Classifier& ServedModel::classifier() const {
  if (!classifier_) throw Error(ErrorCode::unavailable, "model " + in_quotes(name_) + ": has no classifier of its own");
  return *classifier_;
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
          release_freed_memory();  // threads that come and go with models leave holes in all arenas
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

void Registry::announce(const std::string& name, const std::filesystem::path& path) {
  const std::lock_guard lock(mutex_);
  if (find(name) == nullptr) entries_.push_back({name, path, nullptr, {}, std::make_shared<SchedulerTally>()});
}

void Registry::load(const std::string& name, const std::filesystem::path& path) {
  const std::lock_guard one_at_a_time(loading_);
  const std::filesystem::path from = path.empty() ? path_of(name) : path;
  std::unique_ptr<ServedModel> loaded;
  try {
    loaded = std::make_unique<ServedModel>(name, from, options_, scheduling_);
  } catch (...) {
    fail(name, from, error_of(std::current_exception()).what());
    throw;
  }
  put(std::move(loaded), from);
}

std::filesystem::path Registry::path_of(const std::string& name) const {
  if (!folder_.empty() && !is_from_elsewhere(name, folder_)) {
    for (const FolderModel& model : models_in(folder_))
      if (model.name == name) return model.path;
  }
  const std::lock_guard lock(mutex_);
  const Entry* known = find(name);
  if (known == nullptr) unknown(name);
  return known->path;
}

void Registry::put(std::unique_ptr<ServedModel> model, const std::filesystem::path& path) {
  std::shared_ptr<ServedModel> shared(
      model.release(), [closing = closing_](ServedModel* last) { closing->take(std::unique_ptr<ServedModel>(last)); });
  const std::lock_guard lock(mutex_);
  std::erase_if(alive_, [](const std::weak_ptr<ServedModel>& one) { return one.expired(); });
  alive_.push_back(shared);
  const std::string& name = shared->name();
  if (Entry* known = find(name)) {
    shared->scheduler().count_on(known->tally);
    known->path = path;
    known->failure.clear();
    known->model.swap(shared);
    known->has_come = true;
  } else {
    entries_.push_back({name, path, shared, {}, shared->scheduler().tally(), true});
  }
}

void Registry::fail(const std::string& name, const std::filesystem::path& path, const std::string& why) {
  const std::lock_guard lock(mutex_);
  Entry* known = find(name);
  if (known == nullptr)
    known = &entries_.emplace_back(Entry{name, path, nullptr, {}, std::make_shared<SchedulerTally>()});
  known->failure = why;
  if (!known->model) known->path = path;
}

void Registry::unload(const std::string& name) {
  const std::lock_guard lock(mutex_);
  Entry* known = find(name);
  if (known == nullptr) unknown(name);
  known->model.reset();
  if (known->has_come) known->failure.clear();
}

void Registry::forget(const std::string& name) {
  const std::lock_guard lock(mutex_);
  std::erase_if(entries_, [&name](const Entry& entry) { return entry.name == name && !entry.has_come; });
  if (Entry* known = find(name)) {
    known->model.reset();
    known->failure.clear();
  }
}

std::shared_ptr<ServedModel> Registry::model(const std::string& name) const {
  const std::lock_guard lock(mutex_);
  const auto found =
      name.empty() ? std::ranges::find_if(entries_, &Entry::has_come) : std::ranges::find(entries_, name, &Entry::name);
  if (found == entries_.end() && name.empty()) throw Error(ErrorCode::unavailable, "no model is loaded");
  if (found == entries_.end()) unknown(name);
  if (!found->model) throw Error(ErrorCode::unavailable, "model " + in_quotes(found->name) + ": is not loaded");
  return found->model;
}

bool Registry::is_loaded(const std::string& name) const {
  const std::lock_guard lock(mutex_);
  const Entry* known = find(name);
  return known != nullptr && known->model != nullptr;
}

bool Registry::is_from_elsewhere(const std::string& name, const std::filesystem::path& folder) const {
  const std::lock_guard lock(mutex_);
  const Entry* known = find(name);
  return known != nullptr && !is_of_folder(known->path, folder, name);
}

std::vector<Registry::Entry> Registry::entries() const {
  const std::lock_guard lock(mutex_);
  return entries_;
}

void Registry::refuse_more() {
  for (const Entry& entry : entries())
    if (entry.model) entry.model->scheduler().refuse_more();
}

void Registry::drain(std::chrono::milliseconds grace) {
  const auto end = Clock::now() + grace;
  refuse_more();
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

const Registry::Entry* Registry::find(const std::string& name) const {
  const auto found = std::ranges::find(entries_, name, &Entry::name);
  return found == entries_.end() ? nullptr : &*found;
}

}  // namespace tastevin::serve
