#pragma once

// Counters and times for Prometheus.

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>

#include <memory>
#include <string>

#include "serve/registry.h"

namespace tastevin::server {

class Metrics {
 public:
  explicit Metrics(serve::Registry& models);

  void count_request(const std::string& route, const std::string& code, double seconds);
  void observe(const serve::Reply& reply);
  /// Counts a connection as long as it lives; one that hangs in the loop at its end outlives the metrics.
  class OpenConnection {
   public:
    explicit OpenConnection(Metrics& metrics) : registry_(metrics.registry_), connections_(*metrics.connections_) {
      connections_.Increment();
    }
    ~OpenConnection() { connections_.Decrement(); }
    OpenConnection(const OpenConnection&) = delete;
    OpenConnection& operator=(const OpenConnection&) = delete;

   private:
    std::shared_ptr<prometheus::Registry> registry_;  // which has the gauge
    prometheus::Gauge& connections_;
  };

  /// Everything, in Prometheus' text format.
  std::string text() const;

 private:
  serve::Registry& models_;
  std::shared_ptr<prometheus::Registry> registry_;
  prometheus::Family<prometheus::Counter>* requests_;
  prometheus::Histogram* request_seconds_;
  prometheus::Histogram* queue_seconds_;
  prometheus::Histogram* tokenize_seconds_;
  prometheus::Histogram* infer_seconds_;
  prometheus::Gauge* connections_;
};

}  // namespace tastevin::server
