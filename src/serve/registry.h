#pragma once

// The models that are served, by name. A model that is replaced or unloaded answers what it has taken before it goes,
// on a thread of its own: whoever lets go of it last does not wait for that.

#include <condition_variable>
#include <deque>
#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "serve/scheduler.h"
#include "tastevin/classifier.h"

namespace tastevin::serve {

/// Of `name/version/`, where that is a number, the version; else "1".
std::string version_of(const std::string& name, const std::filesystem::path& path);

/// A model and its queue.
class ServedModel {
 public:
  /// Loads and warms up. Throws as `Classifier::load` does.
  ServedModel(std::string name, const std::filesystem::path& path, const ModelOptions& options,
              const SchedulerOptions& scheduling);
  /// Answers by `run`, called from two threads; it has no classifier.
  ServedModel(std::string name, ModelInfo info, Scheduler::Run run, const SchedulerOptions& scheduling);

  const std::string& name() const { return name_; }
  const ModelInfo& info() const { return info_; }
  const std::string& version() const { return version_; }
  Scheduler& scheduler() { return scheduler_; }
  /// Throws `Error{unavailable}` when there is none.
  const Classifier& classifier() const;
  /// "f32"; empty when there is no classifier.
  std::string precision() const { return classifier_ ? std::string(name_of(classifier_->precision())) : ""; }

 private:
  std::string name_;
  std::optional<Classifier> classifier_;
  ModelInfo info_;
  std::string version_;
  Scheduler scheduler_;  // last: it uses the classifier until it is gone
};

/// Destroys models one after another on its thread; its end waits for all of them.
class Closing {
 public:
  Closing();
  ~Closing();
  Closing(const Closing&) = delete;
  Closing& operator=(const Closing&) = delete;

  void take(std::unique_ptr<ServedModel> model);

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::unique_ptr<ServedModel>> models_;
  bool ending_ = false;
  std::jthread thread_;  // last: it uses the others
};

class Registry {
 public:
  Registry(ModelOptions options, const SchedulerOptions& scheduling)
      : options_(std::move(options)), scheduling_(scheduling) {}

  const SchedulerOptions& scheduling() const { return scheduling_; }

  /// Where models are looked for that have no path of their own.
  void set_folder(std::filesystem::path folder) { folder_ = std::move(folder); }

  /// Makes `name` known before its model is there.
  void announce(const std::string& name, const std::filesystem::path& path);
  /// Puts the model at `path` in the place of what `name` was; that stays where loading throws. An empty path loads a
  /// model from elsewhere than the folder of models again from where it came, which is kept of an unloaded one too, and
  /// any other from its newest version there. Throws `Error{not_found}` for an unknown name, and as `Classifier::load`
  /// does.
  void load(const std::string& name, const std::filesystem::path& path = {});
  /// Puts a model that is there already in the place of what its name was.
  void put(std::unique_ptr<ServedModel> model, const std::filesystem::path& path = {});
  /// Lets go of the model; the name stays known. Throws `Error{not_found}`.
  void unload(const std::string& name);
  /// The same, where the name is known, but that one that never had a model is so no more.
  void forget(const std::string& name);

  /// An empty name is the first that could be loaded. Throws `Error{not_found}` for an unknown one and
  /// `Error{unavailable}` for one that is not loaded, or for an empty one when none has been.
  std::shared_ptr<ServedModel> model(const std::string& name = {}) const;
  bool is_loaded(const std::string& name) const;
  /// Whether `name` is known and has not come from `folder`.
  bool is_from_elsewhere(const std::string& name, const std::filesystem::path& folder) const;

  struct Entry {
    std::string name;
    std::filesystem::path path;
    std::shared_ptr<ServedModel> model;          // null when it is not loaded
    std::string failure = {};                    // of the last attempt to load it; empty when it went well
    std::shared_ptr<SchedulerTally> tally = {};  // of all models that had the name
    bool has_come = false;                       // whether it ever had a model: one that never had is no first one
  };
  /// In the order in which they came.
  std::vector<Entry> entries() const;

  /// No model takes more requests.
  void refuse_more();
  /// The same; returns when all are answered, or after `grace`, which is for all of them together.
  void drain(std::chrono::milliseconds grace);
  /// Every request is answered when it returns, if only by `Error{unavailable}`: those of replaced models too.
  void close();

 private:
  std::filesystem::path path_of(const std::string& name) const;
  void fail(const std::string& name, const std::filesystem::path& path, const std::string& why);
  const Entry* find(const std::string& name) const;
  Entry* find(const std::string& name) { return const_cast<Entry*>(std::as_const(*this).find(name)); }

  ModelOptions options_;
  SchedulerOptions scheduling_;
  std::filesystem::path folder_;
  mutable std::mutex mutex_;
  std::mutex loading_;  // one at a time
  std::vector<Entry> entries_;
  std::vector<std::weak_ptr<ServedModel>> alive_;  // the replaced ones too
  std::shared_ptr<Closing> closing_ = std::make_shared<Closing>();
};

}  // namespace tastevin::serve
