// server_client URL TEXT...: asks a running `tastevin serve`. Uses nothing of Tastevin, only curl and a JSON library.

#include <curl/curl.h>

#include <iostream>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

std::size_t append(const char* bytes, std::size_t /*one*/, std::size_t size, std::string* answer) {
  answer->append(bytes, size);
  return size;
}

int main(int argc, char** argv) try {
  if (argc < 3) {
    std::cerr << "usage: server_client URL TEXT...\n";
    return 2;
  }
  const std::vector<std::string> texts(argv + 2, argv + argc);
  const std::string url = std::string(argv[1]) + "/v1/classify";
  const std::string body = nlohmann::json{{"inputs", texts}}.dump();
  std::string answer;
  const std::unique_ptr<CURL, decltype(&curl_easy_cleanup)> request(curl_easy_init(), curl_easy_cleanup);
  curl_easy_setopt(request.get(), CURLOPT_URL, url.c_str());
  curl_easy_setopt(request.get(), CURLOPT_POSTFIELDS, body.c_str());
  curl_easy_setopt(request.get(), CURLOPT_WRITEFUNCTION, append);
  curl_easy_setopt(request.get(), CURLOPT_WRITEDATA, &answer);
  curl_easy_setopt(request.get(), CURLOPT_FAILONERROR, 1L);
  const CURLcode code = curl_easy_perform(request.get());
  if (code != CURLE_OK) throw std::runtime_error(url + ": " + curl_easy_strerror(code));
  std::cout << answer << "\n";
} catch (const std::exception& error) {
  std::cerr << error.what() << "\n";
  return 1;
}
