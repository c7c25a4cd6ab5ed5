#include "grpc_server.h"

#include <grpc/support/log.h>
#include <grpcpp/ext/proto_server_reflection_plugin.h>
#include <grpcpp/grpcpp.h>
#include <grpcpp/health_check_service_interface.h>
#include <inference.grpc.pb.h>

#include <cstdlib>
#include <stop_token>

#include "apps/server/access_log.h"
#include "apps/server/tls.h"
#include "base/error.h"
#include "base/text_file.h"
#include "grpc_status.h"
#include "inference_messages.h"
#include "tastevin/version.h"

namespace tastevin::server {
namespace {

namespace pb = inference;
using grpc::CallbackServerContext;

std::string metadata(const CallbackServerContext& context, const char* name) {
  const auto found = context.client_metadata().find(name);
  return found == context.client_metadata().end() ? "" : std::string(found->second.begin(), found->second.end());
}

/// One call, from its message to its status; it deletes itself when gRPC is done with it.
class UnaryCall : public grpc::ServerUnaryReactor {
 public:
  UnaryCall(Service& service, const char* method, CallbackServerContext& context, std::size_t bytes_in)
      : service_(service),
        context_(context),
        logged_{.id = request_id(metadata(context, "x-request-id")),
                .method = "gRPC",
                .route = std::string("inference.GRPCInferenceService/") + method,
                .status = {},
                .bytes_in = bytes_in,
                .traceparent = metadata(context, "traceparent")} {}

  std::stop_token gone() const { return gone_.get_token(); }

  /// Runs `work` and ends the call; what it throws becomes the status.
  template <class Work>
  void finish_with(Work&& work) {
    try {
      logged_.bytes_out = work();
      end(grpc::Status::OK, "OK");
    } catch (...) {
      fail(error_of(std::current_exception()));
    }
  }

  void fail(const Error& error) {
    if (error.code() == ErrorCode::deadline && is_cancelled()) {
      end(grpc::Status(grpc::StatusCode::CANCELLED, error.what()), "CANCELLED");
      return;
    }
    const GrpcKind kind = grpc_kind(error.code());
    if (error.code() == ErrorCode::overloaded) {
      context_.AddTrailingMetadata("retry-after", "1");                // seconds, as over HTTP
      context_.AddTrailingMetadata("grpc-retry-pushback-ms", "1000");  // the same for clients that retry by themselves
    }
    end(grpc::Status(kind.code, error.what()), kind.name);
  }

 private:
  void end(const grpc::Status& status, const char* name) {
    const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - begun_;
    logged_.status = name;
    logged_.ms = seconds.count() * 1000;
    service_.metrics().count_request(logged_.route, logged_.status, seconds.count());
    log_request(service_.options(), logged_);
    Finish(status);
  }

  /// By the client; gRPC says it of a deadline that has passed too.
  bool is_cancelled() const { return gone_.stop_requested() && context_.deadline() > std::chrono::system_clock::now(); }

  void OnCancel() override { gone_.request_stop(); }
  void OnDone() override { delete this; }  // NOLINT(cppcoreguidelines-owning-memory): the owner is gRPC until here

  Service& service_;
  CallbackServerContext& context_;
  Logged logged_;
  std::chrono::steady_clock::time_point begun_ = std::chrono::steady_clock::now();
  std::stop_source gone_;
};

std::optional<serve::Clock::time_point> deadline_of(const CallbackServerContext& context) {
  const auto deadline = context.deadline();
  if (deadline == std::chrono::system_clock::time_point::max()) return std::nullopt;
  const auto left = deadline - std::chrono::system_clock::now();
  if (left > std::chrono::hours(24)) return std::nullopt;
  return serve::Clock::now() + std::chrono::duration_cast<serve::Clock::duration>(left);
}

class InferenceService : public pb::GRPCInferenceService::CallbackService {
 public:
  InferenceService(server::Service& service, const ApiKeys& keys) : service_(service), keys_(keys) {}

  grpc::ServerUnaryReactor* ServerLive(CallbackServerContext* context, const pb::ServerLiveRequest* request,
                                       pb::ServerLiveResponse* response) override {
    return answered(new_call(*context, "ServerLive", *request), *response, [response] { response->set_live(true); });
  }

  grpc::ServerUnaryReactor* ServerReady(CallbackServerContext* context, const pb::ServerReadyRequest* request,
                                        pb::ServerReadyResponse* response) override {
    return answered(new_call(*context, "ServerReady", *request), *response,
                    [&] { response->set_ready(service_.ready()); });
  }

  grpc::ServerUnaryReactor* ServerMetadata(CallbackServerContext* context, const pb::ServerMetadataRequest* request,
                                           pb::ServerMetadataResponse* response) override {
    return answered(new_call(*context, "ServerMetadata", *request), *response, [&] {
      check_key(*context);
      response->set_name("tastevin");
      response->set_version(version());
      for (const char* extension : kExtensions) response->add_extensions(extension);
    });
  }

  grpc::ServerUnaryReactor* ModelReady(CallbackServerContext* context, const pb::ModelReadyRequest* request,
                                       pb::ModelReadyResponse* response) override {
    return answered(new_call(*context, "ModelReady", *request), *response, [&] {
      check_key(*context);
      const bool is_loaded = service_.registry().is_loaded(request->name());
      if (is_loaded) check_version(request->version(), *service_.registry().model(request->name()));
      response->set_ready(is_loaded);
    });
  }

  grpc::ServerUnaryReactor* ModelMetadata(CallbackServerContext* context, const pb::ModelMetadataRequest* request,
                                          pb::ModelMetadataResponse* response) override {
    return answered(new_call(*context, "ModelMetadata", *request), *response, [&] {
      check_key(*context);
      const auto model = service_.registry().model(request->name());
      check_version(request->version(), *model);
      write_metadata(*model, *response);
    });
  }

  grpc::ServerUnaryReactor* ModelInfer(CallbackServerContext* context, const pb::ModelInferRequest* request,
                                       pb::ModelInferResponse* response) override {
    UnaryCall* call = new_call(*context, "ModelInfer", *request);
    try {
      check_key(*context);
      const auto model = service_.registry().model(request->model_name());
      check_version(request->model_version(), *model);
      auto infer = std::make_shared<InferRequest>(infer_request(*request, service_.options().max_inputs));
      server::Service::Asked asked{.inputs = std::move(infer->inputs),
                                   .options = infer->options,
                                   .deadline = deadline_of(*context),
                                   .gone = call->gone()};
      service_.submit(*model, std::move(asked), [=](const serve::Reply& reply) {
        call->finish_with([&] {
          write_response(*request, *infer, *model, reply, *response);
          return response->ByteSizeLong();
        });
      });
    } catch (...) {
      call->fail(error_of(std::current_exception()));
    }
    return call;
  }

  grpc::ServerUnaryReactor* RepositoryIndex(CallbackServerContext* context, const pb::RepositoryIndexRequest* request,
                                            pb::RepositoryIndexResponse* response) override {
    return answered(new_call(*context, "RepositoryIndex", *request), *response, [&] {
      check_key(*context);
      for (const auto& entry : service_.registry().entries()) {
        if (request->ready() && !entry.model) continue;
        auto* model = response->add_models();
        model->set_name(entry.name);
        model->set_version(serve::version_of(entry.name, entry.path));
        model->set_state(entry.model ? "READY" : "UNAVAILABLE");
        model->set_reason(entry.failure);
      }
    });
  }

  grpc::ServerUnaryReactor* RepositoryModelLoad(CallbackServerContext* context,
                                                const pb::RepositoryModelLoadRequest* request,
                                                pb::RepositoryModelLoadResponse* /*response*/) override {
    UnaryCall* call = new_call(*context, "RepositoryModelLoad", *request);
    try {
      check_key(*context);
      if (!request->parameters().empty())
        throw Error(ErrorCode::invalid_argument, "parameters: expected none: a model is loaded as it lies there");
      const Wanted wanted = service_.wanted(deadline_of(*context), call->gone());
      service_.run_in_background(Worker::loading, [this, call, wanted, name = request->model_name()] {
        call->finish_with([&] {
          wanted.check();
          service_.registry().load(name);
          return std::size_t{0};
        });
      });
    } catch (...) {
      call->fail(error_of(std::current_exception()));
    }
    return call;
  }

  grpc::ServerUnaryReactor* RepositoryModelUnload(CallbackServerContext* context,
                                                  const pb::RepositoryModelUnloadRequest* request,
                                                  pb::RepositoryModelUnloadResponse* response) override {
    return answered(new_call(*context, "RepositoryModelUnload", *request), *response, [&] {
      check_key(*context);
      service_.registry().unload(request->model_name());
    });
  }

 private:
  template <class Message>
  UnaryCall* new_call(CallbackServerContext& context, const char* method, const Message& message) {
    return new UnaryCall(service_, method, context, message.ByteSizeLong());  // NOLINT(cppcoreguidelines-owning-memory)
  }

  void check_key(const CallbackServerContext& context) const {
    if (keys_.open_to(metadata(context, "authorization"))) return;
    throw Error(ErrorCode::unauthorized, "a key is missing or wrong: expected the metadata authorization: Bearer KEY");
  }

  /// Ends a call whose answer is there at once.
  template <class Response, class Work>
  static UnaryCall* answered(UnaryCall* call, const Response& response, Work work) {
    call->finish_with([&] {
      work();
      return response.ByteSizeLong();
    });
    return call;
  }

  server::Service& service_;
  const ApiKeys& keys_;
};

/// Of a time-out in seconds, which is at most twelve days.
int milliseconds(std::size_t seconds) { return static_cast<int>(seconds * 1000); }

std::shared_ptr<grpc::ServerCredentials> credentials(const ServerOptions& options) {
  if (options.tls_cert.empty() && options.tls_key.empty()) return grpc::InsecureServerCredentials();
  tls_context(options.tls_cert, options.tls_key);  // gRPC would not say what is wrong
  grpc::SslServerCredentialsOptions tls;
  tls.pem_key_cert_pairs = {{read_text_file(options.tls_key), read_text_file(options.tls_cert)}};
  return grpc::SslServerCredentials(tls);
}

}  // namespace

class GrpcServer::Parts {
 public:
  Parts(Service& service, const ApiKeys& keys) : inference_(service, keys) {
    constexpr int kMostStreams = 1024;  // calls at a time of one connection
    const ServerOptions& options = service.options();
    if (options.grpc_port > 65535) throw Error(ErrorCode::invalid_argument, "grpc-port: expected at most 65535");
    const std::string where = address(options.host, options.grpc_port);
    // Clients cause most of what gRPC would say, a line for each message that it refuses.
    if (std::getenv("GRPC_VERBOSITY") == nullptr)  // NOLINT(concurrency-mt-unsafe): nobody sets it meanwhile
      gpr_set_log_function([](gpr_log_func_args*) {});
    grpc::EnableDefaultHealthCheckService(true);
    if (keys.empty()) grpc::reflection::InitProtoReflectionServerBuilderPlugin();  // it would not ask for one
    grpc::ServerBuilder builder;
    builder.AddListeningPort(where, credentials(options), &port_);
    builder.SetMaxReceiveMessageSize(static_cast<int>(std::min<std::size_t>(options.max_body_bytes, 1U << 30U)));
    builder.AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);
    builder.AddChannelArgument(GRPC_ARG_MAX_CONCURRENT_STREAMS, kMostStreams);
    builder.AddChannelArgument(GRPC_ARG_SERVER_HANDSHAKE_TIMEOUT_MS, milliseconds(options.header_timeout));
    builder.AddChannelArgument(GRPC_ARG_MAX_CONNECTION_IDLE_MS, milliseconds(options.idle_timeout));
    // As over HTTP, no body is unpacked: a small one can hold a large one.
    builder.SetCompressionAlgorithmSupportStatus(GRPC_COMPRESS_DEFLATE, false);
    builder.SetCompressionAlgorithmSupportStatus(GRPC_COMPRESS_GZIP, false);
    grpc::ResourceQuota quota("calls");
    builder.SetResourceQuota(quota.Resize(options.max_pending_body_bytes));
    builder.RegisterService(&inference_);
    server_ = builder.BuildAndStart();
    if (!server_ || port_ == 0)
      throw Error(ErrorCode::unavailable,
                  where + ": cannot be listened on for gRPC; choose another --grpc-port, or --no-grpc");
    set_ready(false);
  }

  std::uint16_t port() const { return static_cast<std::uint16_t>(port_); }
  void set_ready(bool ready) {
    grpc::HealthCheckServiceInterface& health = *server_->GetHealthCheckService();
    health.SetServingStatus(ready);
    health.SetServingStatus("inference.GRPCInferenceService", ready);
  }
  void stop(std::chrono::milliseconds grace) { server_->Shutdown(std::chrono::system_clock::now() + grace); }

 private:
  InferenceService inference_;
  int port_ = 0;
  std::unique_ptr<grpc::Server> server_;  // last: it calls the others until it is gone
};

GrpcServer::GrpcServer(Service& service, const ApiKeys& keys) : parts_(std::make_unique<Parts>(service, keys)) {}
GrpcServer::~GrpcServer() = default;
std::uint16_t GrpcServer::port() const { return parts_->port(); }
void GrpcServer::set_ready(bool ready) { parts_->set_ready(ready); }
void GrpcServer::stop(std::chrono::milliseconds grace) { parts_->stop(grace); }

}  // namespace tastevin::server
