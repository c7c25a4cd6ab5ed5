#include "metrics.h"

#include <prometheus/text_serializer.h>

#include <algorithm>

#include "base/utf8.h"
#include "tastevin/version.h"

namespace tastevin::server {
namespace {

prometheus::Histogram::BucketBoundaries seconds() {
  return {0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10};
}

prometheus::Histogram* histogram(prometheus::Registry& registry, const char* name, const char* help) {
  return &prometheus::BuildHistogram().Name(name).Help(help).Register(registry).Add({}, seconds());
}

/// Figures that are counted elsewhere, as Prometheus has them.
class Snapshot {
 public:
  void add(const char* name, const char* help, prometheus::MetricType type, const std::string& model, double value) {
    auto family = std::ranges::find(families_, name, &prometheus::MetricFamily::name);
    if (family == families_.end()) family = families_.insert(family, {name, help, type, {}});
    prometheus::ClientMetric metric;
    metric.label.push_back({"model", utf8::repaired(model)});
    if (type == prometheus::MetricType::Counter) {
      metric.counter.value = value;
    } else {
      metric.gauge.value = value;
    }
    family->metric.push_back(std::move(metric));
  }

  std::vector<prometheus::MetricFamily> take() { return std::move(families_); }

 private:
  std::vector<prometheus::MetricFamily> families_;
};

/// The commit of a snapshot in the Hub's cache; empty for a folder elsewhere.
std::string revision_of(const std::filesystem::path& model) {
  return model.parent_path().filename() == "snapshots" ? model.filename().string() : "";
}

/// What is served, each model a line of labels.
prometheus::MetricFamily model_info(const std::vector<serve::Registry::Entry>& entries) {
  prometheus::MetricFamily family{
      "tastevin_model_info", "The models that are loaded", prometheus::MetricType::Gauge, {}};
  for (const auto& entry : entries) {
    if (!entry.model) continue;
    prometheus::ClientMetric metric;
    metric.label = {{"model", utf8::repaired(entry.name)},
                    {"version", entry.model->version()},
                    {"precision", entry.model->precision()},
                    {"revision", revision_of(entry.path)},
                    {"family", entry.model->info().family}};
    metric.gauge.value = 1;
    family.metric.push_back(std::move(metric));
  }
  return family;
}

}  // namespace

Metrics::Metrics(serve::Registry& models)
    : models_(models),
      registry_(std::make_shared<prometheus::Registry>()),
      requests_(&prometheus::BuildCounter()
                     .Name("tastevin_requests_total")
                     .Help("Requests by route and status")
                     .Register(*registry_)),
      request_seconds_(histogram(*registry_, "tastevin_request_seconds", "From a request's head to its answer")),
      queue_seconds_(histogram(*registry_, "tastevin_queue_seconds", "Until a request's first text was taken")),
      tokenize_seconds_(histogram(*registry_, "tastevin_tokenize_seconds", "Tokenizing the batches of a request")),
      infer_seconds_(histogram(*registry_, "tastevin_inference_seconds", "Waiting for the device")),
      connections_(&prometheus::BuildGauge()
                        .Name("tastevin_connections")
                        .Help("Connections that are open")
                        .Register(*registry_)
                        .Add({})) {
  prometheus::BuildGauge()
      .Name("tastevin_info")
      .Help("The program")
      .Register(*registry_)
      .Add({{"version", version()}})
      .Set(1);
}

void Metrics::count_request(const std::string& route, const std::string& code, double seconds) {
  requests_->Add({{"route", route}, {"code", code}}).Increment();
  request_seconds_->Observe(seconds);
}

void Metrics::observe(const serve::Reply& reply) {
  constexpr double kMsASecond = 1000;
  queue_seconds_->Observe(reply.queue_ms / kMsASecond);
  tokenize_seconds_->Observe(reply.tokenize_ms / kMsASecond);
  infer_seconds_->Observe(reply.infer_ms / kMsASecond);
}

std::string Metrics::text() const {
  struct Figure {
    const char* name;
    const char* help;
    prometheus::MetricType type;
    double (*of)(const serve::SchedulerCounts&);
  };
  using prometheus::MetricType;
  using serve::SchedulerCounts;
  static constexpr Figure kFigures[] = {
      {"tastevin_batches_total", "Batches that ran", MetricType::Counter,
       [](const SchedulerCounts& counts) { return static_cast<double>(counts.batches); }},
      {"tastevin_texts_total", "Texts that ran", MetricType::Counter,
       [](const SchedulerCounts& counts) { return static_cast<double>(counts.texts); }},
      {"tastevin_tokens_total", "Tokens of texts that ran", MetricType::Counter,
       [](const SchedulerCounts& counts) { return static_cast<double>(counts.tokens); }},
      {"tastevin_filler_tokens_total", "Tokens that ran to fill up rows", MetricType::Counter,
       [](const SchedulerCounts& counts) { return static_cast<double>(counts.filler); }},
      {"tastevin_repeated_texts_total", "Texts that equal another of their batch and did not run", MetricType::Counter,
       [](const SchedulerCounts& counts) { return static_cast<double>(counts.repeated); }},
      {"tastevin_refused_requests_total", "Requests that found the queue full", MetricType::Counter,
       [](const SchedulerCounts& counts) { return static_cast<double>(counts.refused); }},
      {"tastevin_expired_texts_total", "Texts whose deadline passed before they ran", MetricType::Counter,
       [](const SchedulerCounts& counts) { return static_cast<double>(counts.expired); }},
      {"tastevin_dropped_texts_total", "Texts that nobody waited for any more", MetricType::Counter,
       [](const SchedulerCounts& counts) { return static_cast<double>(counts.dropped); }},
      {"tastevin_queue_requests", "Requests that wait", MetricType::Gauge,
       [](const SchedulerCounts& counts) { return static_cast<double>(counts.waiting_requests); }},
      {"tastevin_queue_tokens", "Tokens, about, that wait", MetricType::Gauge,
       [](const SchedulerCounts& counts) { return static_cast<double>(counts.waiting_tokens); }}};
  Snapshot snapshot;
  const auto entries = models_.entries();
  for (const auto& entry : entries) {
    if (!entry.model) continue;
    const SchedulerCounts counts = entry.model->scheduler().counts();  // at one moment
    for (const Figure& figure : kFigures)
      snapshot.add(figure.name, figure.help, figure.type, entry.name, figure.of(counts));
  }
  for (const auto& entry : entries)
    snapshot.add("tastevin_model_loaded", "Whether a model is loaded", MetricType::Gauge, entry.name,
                 entry.model ? 1 : 0);
  auto families = registry_->Collect();
  families.push_back(model_info(entries));
  for (auto& family : snapshot.take()) families.push_back(std::move(family));
  return prometheus::TextSerializer().Serialize(families);
}

}  // namespace tastevin::server
