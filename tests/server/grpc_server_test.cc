// A letter and a number (D22) are a row of tests/reported_bugs.md.

#include "apps/server/grpc/grpc_server.h"

#include <gmock/gmock.h>
#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>

#include <chrono>
#include <fstream>
#include <future>
#include <iterator>
#include <thread>

#include "inference.grpc.pb.h"
#include "server/certificate.h"
#include "support/files.h"
#include "support/temporary_folder.h"

namespace tastevin::server {
namespace {

namespace pb = inference;
using ::testing::HasSubstr;

/// A server with the bundled model, and a client's stub.
class GrpcServerTest : public ::testing::Test {
 protected:
  void start(ServerOptions options = {}, const std::string& keys = {}) {
    options.grpc_port = 0;
    if (!keys.empty()) keys_ = ApiKeys::read(folder_.write("keys", keys));
    registry_.load("sst2", source_file("models/sst2-tiny"));
    service_.emplace(registry_, options);
    service_->set_ready(true);
    server_.emplace(*service_, keys_);
    server_->set_ready(true);
    connect(grpc::InsecureChannelCredentials());
  }

  void connect(const std::shared_ptr<grpc::ChannelCredentials>& credentials) {
    grpc::ChannelArguments arguments;
    arguments.SetSslTargetNameOverride("localhost");
    channel_ = grpc::CreateCustomChannel("127.0.0.1:" + std::to_string(server_->port()), credentials, arguments);
    stub_ = pb::GRPCInferenceService::NewStub(channel_);
  }

  /// A call without a generated stub: what is answered to an empty message.
  std::string bytes_of(const std::string& method) {
    grpc::GenericStub stub(channel_);
    grpc::ClientContext context;
    const grpc::Slice nothing("");
    const grpc::ByteBuffer request(&nothing, 1);
    grpc::ByteBuffer response;
    std::promise<grpc::Status> ended;
    stub.UnaryCall(&context, method, grpc::StubOptions(), &request, &response,
                   [&ended](const grpc::Status& status) { ended.set_value(status); });
    const grpc::Status status = ended.get_future().get();
    EXPECT_TRUE(status.ok()) << status.error_message();
    std::vector<grpc::Slice> slices;
    EXPECT_TRUE(response.Dump(&slices).ok());
    std::string bytes;
    for (const grpc::Slice& slice : slices) bytes.append(reinterpret_cast<const char*>(slice.begin()), slice.size());
    return bytes;
  }

  void TearDown() override { registry_.close(); }

  static pb::ModelInferRequest request(const std::vector<std::string>& texts) {
    pb::ModelInferRequest request;
    request.set_model_name("sst2");
    request.set_id("x7");
    auto* tensor = request.add_inputs();
    tensor->set_name("text");
    tensor->set_datatype("BYTES");
    tensor->add_shape(static_cast<std::int64_t>(texts.size()));
    for (const std::string& text : texts) tensor->mutable_contents()->add_bytes_contents(text);
    return request;
  }

  grpc::Status infer(const pb::ModelInferRequest& request, const std::string& key = {}) {
    grpc::ClientContext context;
    if (!key.empty()) context.AddMetadata("authorization", "Bearer " + key);
    return stub_->ModelInfer(&context, request, &response_);
  }

  TemporaryFolder folder_;
  serve::Registry registry_{{.device = "CPU"}, {}};
  ApiKeys keys_;
  std::optional<Service> service_;
  std::optional<GrpcServer> server_;
  std::shared_ptr<grpc::Channel> channel_;
  std::unique_ptr<pb::GRPCInferenceService::Stub> stub_;
  pb::ModelInferResponse response_;
};

TEST_F(GrpcServerTest, AnswersTextsInTheFormInWhichTheyCame) {
  start();
  const grpc::Status status = infer(request({"a wonderful film", "a dull, lifeless mess"}));

  ASSERT_TRUE(status.ok()) << status.error_message();
  EXPECT_EQ(response_.id(), "x7");
  EXPECT_EQ(response_.outputs(0).name(), "label");
  EXPECT_EQ(response_.outputs(0).contents().bytes_contents(0), "POSITIVE");
  EXPECT_EQ(response_.outputs(0).contents().bytes_contents(1), "NEGATIVE");
  EXPECT_EQ(response_.outputs(1).contents().fp32_contents_size(), 2);
  EXPECT_EQ(response_.raw_output_contents_size(), 0);
}

TEST_F(GrpcServerTest, AnswersRawDataWithRawData) {
  start();
  pb::ModelInferRequest raw = request({});
  raw.mutable_inputs(0)->set_shape(0, 1);
  raw.add_raw_input_contents(std::string("\x03\0\0\0bad", 7));
  raw.add_outputs()->set_name("label");
  raw.mutable_inputs(0)->clear_contents();

  ASSERT_TRUE(infer(raw).ok());
  EXPECT_EQ(response_.raw_output_contents(0), std::string("\x08\0\0\0NEGATIVE", 12));
}

TEST_F(GrpcServerTest, SaysWhatIsWrongByTheErrorTable) {
  start();
  pb::ModelInferRequest unknown = request({"x"});
  unknown.set_model_name("other");
  EXPECT_EQ(infer(unknown).error_code(), grpc::StatusCode::NOT_FOUND);

  pb::ModelInferRequest shape = request({"x"});
  shape.mutable_inputs(0)->set_shape(0, -3);
  EXPECT_EQ(infer(shape).error_code(), grpc::StatusCode::INVALID_ARGUMENT);

  pb::ModelInferRequest output = request({"x"});
  output.add_outputs()->set_name("nothing");
  EXPECT_THAT(infer(output).error_message(), HasSubstr("expected label, score, scores or logits"));

  pb::ModelInferRequest parameter = request({"x"});
  (*parameter.mutable_parameters())["max_length"].set_string_param("ten");
  EXPECT_EQ(infer(parameter).error_code(), grpc::StatusCode::INVALID_ARGUMENT);

  pb::ModelInferRequest cut = request({});
  cut.mutable_inputs(0)->clear_contents();
  cut.mutable_inputs(0)->set_shape(0, 1);
  cut.add_raw_input_contents(std::string("\xff\xff\xff\xff", 4));
  EXPECT_EQ(infer(cut).error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_TRUE(infer(request({"a good one"})).ok());
}

// D22: the default of 4 MiB surprised, and said nothing of a limit.
TEST_F(GrpcServerTest, RefusesMessagesOverItsOwnLimit) {
  start({.max_body_bytes = 10'000});
  EXPECT_EQ(infer(request({std::string(20'000, 'a')})).error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED);
  EXPECT_TRUE(infer(request({std::string(5'000, 'a')})).ok());
}

TEST_F(GrpcServerTest, AsksForAKeyButForLiveAndReady) {
  start({}, "secret\n");
  EXPECT_EQ(infer(request({"x"})).error_code(), grpc::StatusCode::UNAUTHENTICATED);
  EXPECT_EQ(infer(request({"x"}), "wrong").error_code(), grpc::StatusCode::UNAUTHENTICATED);
  EXPECT_TRUE(infer(request({"x"}), "secret").ok());
  grpc::ClientContext context;
  pb::ServerReadyResponse ready;
  EXPECT_TRUE(stub_->ServerReady(&context, {}, &ready).ok());
  EXPECT_TRUE(ready.ready());
}

TEST_F(GrpcServerTest, TellsItsHealth) {
  start();
  EXPECT_EQ(bytes_of("/grpc.health.v1.Health/Check"), "\x08\x01") << "SERVING";
  server_->set_ready(false);
  EXPECT_EQ(bytes_of("/grpc.health.v1.Health/Check"), "\x08\x02") << "NOT_SERVING";
}

TEST_F(GrpcServerTest, SpeaksTls) {
  const ServerOptions options = tls_options(folder_.path());
  start(options);
  EXPECT_EQ(infer(request({"x"})).error_code(), grpc::StatusCode::UNAVAILABLE) << "a client without TLS";
  std::ifstream file(options.tls_cert);
  const std::string cert{std::istreambuf_iterator<char>(file), {}};
  connect(grpc::SslCredentials({cert, "", ""}));
  const grpc::Status status = infer(request({"x"}));
  EXPECT_TRUE(status.ok()) << status.error_message();
}

TEST_F(GrpcServerTest, DropsWhatIsTooLate) {
  start();
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() - std::chrono::milliseconds(1));
  EXPECT_EQ(stub_->ModelInfer(&context, request({"x"}), &response_).error_code(), grpc::StatusCode::DEADLINE_EXCEEDED);
}

// It was counted as a deadline that had passed, and such deadlines as clients that had left.
TEST_F(GrpcServerTest, CountsACallThatItsClientCancels) {
  start();
  std::vector<std::string> texts;
  for (int i = 0; i < 256; ++i) texts.push_back(std::string(2000, 'a') + std::to_string(i));
  grpc::ClientContext context;
  std::jthread calling([&] {
    EXPECT_EQ(stub_->ModelInfer(&context, request(texts), &response_).error_code(), grpc::StatusCode::CANCELLED);
  });
  while (registry_.model("sst2")->scheduler().counts().waiting_requests == 0) std::this_thread::yield();
  context.TryCancel();
  calling.join();

  const auto patience = std::chrono::steady_clock::now() + std::chrono::seconds(60);
  const auto is_counted = [this] { return service_->metrics().text().find("CANCELLED") != std::string::npos; };
  while (!is_counted() && std::chrono::steady_clock::now() < patience) std::this_thread::yield();
  EXPECT_TRUE(is_counted());
}

TEST_F(GrpcServerTest, TellsOfModelsAndLoadsThem) {
  start();
  grpc::ClientContext metadata_context;
  pb::ModelMetadataRequest metadata_request;
  metadata_request.set_name("sst2");
  pb::ModelMetadataResponse metadata;
  ASSERT_TRUE(stub_->ModelMetadata(&metadata_context, metadata_request, &metadata).ok());
  EXPECT_EQ(metadata.outputs(2).name(), "scores");
  EXPECT_EQ(metadata.outputs(2).shape(1), 2);
  EXPECT_EQ(metadata.properties().at("labels"), R"(["NEGATIVE","POSITIVE"])");

  pb::RepositoryModelUnloadRequest unload;
  unload.set_model_name("sst2");
  pb::RepositoryModelUnloadResponse unloaded;
  grpc::ClientContext unload_context;
  ASSERT_TRUE(stub_->RepositoryModelUnload(&unload_context, unload, &unloaded).ok());
  EXPECT_EQ(infer(request({"x"})).error_code(), grpc::StatusCode::UNAVAILABLE);

  pb::RepositoryModelLoadRequest load;
  load.set_model_name("sst2");
  pb::RepositoryModelLoadResponse loaded;
  grpc::ClientContext load_context;
  ASSERT_TRUE(stub_->RepositoryModelLoad(&load_context, load, &loaded).ok());
  EXPECT_TRUE(infer(request({"x"})).ok());
}

}  // namespace
}  // namespace tastevin::server
