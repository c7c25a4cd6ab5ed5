#include "serve/models_folder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <fstream>
#include <system_error>

#include "serve/registry.h"
#include "support/fails_with.h"
#include "support/files.h"
#include "support/temporary_folder.h"

namespace tastevin::serve {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

class ModelsFolder : public ::testing::Test {
 protected:
  void SetUp() override { fs::create_directory(root_); }

  void add(const std::string& name) {
    fs::create_directories((root_ / name).parent_path());
    fs::copy(source_file("models/sst2-tiny"), root_ / name, fs::copy_options::recursive);
  }

  std::vector<std::string> names() const {
    std::vector<std::string> found;
    for (const FolderModel& model : models_in(root_)) found.push_back(model.name);
    return found;
  }

  FolderWatch watch() {
    return {registry_, root_, models_in(root_), std::chrono::milliseconds(0),
            [this](const std::string& line) { told_.push_back(line); }};
  }

  TemporaryFolder folder_;
  fs::path root_ = folder_.path() / "models";
  Registry registry_{{.device = "CPU"}, {}};
  std::vector<std::string> told_;
};

TEST_F(ModelsFolder, HoldsModelsWithAndWithoutVersions) {
  add("plain");
  add("many/2");
  add("many/10");
  add("many/latest");
  add(".hidden");
  fs::create_directory(root_ / "empty");
  std::ofstream(root_ / "notes.txt") << "x";

  EXPECT_THAT(names(), ElementsAre("many", "plain"));
  EXPECT_EQ(models_in(root_)[0].path, root_ / "many" / "10");
}

TEST_F(ModelsFolder, ThatIsNotThereIsAnError) {
  EXPECT_THAT([&] { models_in(root_ / "no"); }, fails_with(ErrorCode::not_found, "models folder"));
}

TEST_F(ModelsFolder, LoadsANewVersionWhenItHasStoppedChanging) {
  add("m/1");
  registry_.load("m", root_ / "m" / "1");
  const auto first = registry_.model("m");
  FolderWatch watch = this->watch();
  watch.look();
  EXPECT_EQ(registry_.model("m"), first);

  add("m/2");
  watch.look();
  EXPECT_EQ(registry_.model("m"), first) << "it may still be written";
  watch.look();
  EXPECT_NE(registry_.model("m"), first);
  EXPECT_THAT(told_, ElementsAre(HasSubstr("loaded from")));
}

// A version that came while the first models were being loaded was taken for loaded.
TEST_F(ModelsFolder, SeesWhatChangedBeforeTheWatchBegan) {
  add("m/1");
  const std::vector<FolderModel> loaded = models_in(root_);
  registry_.load("m", root_ / "m" / "1");
  const auto first = registry_.model("m");
  add("m/2");
  FolderWatch watch(registry_, root_, loaded, std::chrono::milliseconds(0), [](const std::string&) {});
  watch.look();
  watch.look();
  EXPECT_NE(registry_.model("m"), first);
}

TEST_F(ModelsFolder, KeepsTheOldModelWhereTheNewOneCannotBeLoaded) {
  add("m/1");
  registry_.load("m", root_ / "m" / "1");
  const auto first = registry_.model("m");
  FolderWatch watch = this->watch();

  add("m/2");
  std::ofstream(root_ / "m" / "2" / "config.json") << "{";
  for (int i = 0; i < 4; ++i) watch.look();
  EXPECT_EQ(registry_.model("m"), first);
  EXPECT_THAT(told_, ElementsAre(HasSubstr("the old one is kept")));
  EXPECT_THAT(registry_.entries()[0].failure, HasSubstr("config.json"));
}

TEST_F(ModelsFolder, UnloadsWhatIsGoneAndTakesItBack) {
  add("m");
  registry_.load("m", root_ / "m");
  FolderWatch watch = this->watch();

  fs::rename(root_ / "m", folder_.path() / "away");
  watch.look();
  EXPECT_TRUE(registry_.is_loaded("m")) << "it may be the moment between two renames";
  watch.look();
  EXPECT_FALSE(registry_.is_loaded("m"));

  fs::rename(folder_.path() / "away", root_ / "m");
  for (int i = 0; i < 3; ++i) watch.look();
  EXPECT_TRUE(registry_.is_loaded("m"));
}

// It was said every second.
TEST_F(ModelsFolder, ThatCannotBeReadIsToldOnce) {
  add("m");
  registry_.load("m", root_ / "m");
  FolderWatch watch = this->watch();

  fs::rename(root_, folder_.path() / "away");
  for (int i = 0; i < 3; ++i) watch.look();
  EXPECT_THAT(told_, ElementsAre(HasSubstr("is not there")));
  EXPECT_TRUE(registry_.is_loaded("m"));

  fs::rename(folder_.path() / "away", root_);
  watch.look();
  fs::rename(root_, folder_.path() / "away");
  watch.look();
  EXPECT_THAT(told_, ElementsAre(HasSubstr("is not there"), HasSubstr("is not there")));
}

// Without a file descriptor left, all models seemed to be gone.
TEST_F(ModelsFolder, ThatCannotBeListedKeepsItsModels) {
  add("m");
  registry_.load("m", root_ / "m");
  FolderWatch watch = this->watch();
  rlimit before{};
  getrlimit(RLIMIT_NOFILE, &before);
  const rlimit none{.rlim_cur = 0, .rlim_max = before.rlim_max};
  // A sanitizer needs descriptors to look at a class for the first time: these are its errors.
  EXPECT_NE(std::make_error_code(std::errc::too_many_files_open).message(), "");
  fs::rename(root_, folder_.path() / "away");
  watch.look();
  fs::rename(folder_.path() / "away", root_);

  setrlimit(RLIMIT_NOFILE, &none);
  for (int i = 0; i < 3; ++i) watch.look();
  setrlimit(RLIMIT_NOFILE, &before);

  EXPECT_THAT(told_, ElementsAre(HasSubstr("is not there"), HasSubstr("cannot be read")));
  EXPECT_TRUE(registry_.is_loaded("m"));
}

// It was replaced by a folder of its name, and unloaded with it.
TEST_F(ModelsFolder, LeavesModelsFromElsewhereAlone) {
  registry_.set_folder(root_);
  registry_.load("m", source_file("models/sst2-tiny"));
  const auto first = registry_.model("m");
  FolderWatch watch = this->watch();

  add("m/1");
  for (int i = 0; i < 3; ++i) watch.look();
  EXPECT_EQ(registry_.model("m"), first);
  EXPECT_THAT(told_, ElementsAre(HasSubstr("from elsewhere")));
  registry_.load("m");
  EXPECT_EQ(registry_.entries()[0].path, source_file("models/sst2-tiny"));
  fs::remove_all(root_ / "m");
  for (int i = 0; i < 3; ++i) watch.look();
  EXPECT_TRUE(registry_.is_loaded("m"));
}

TEST_F(ModelsFolder, IsWhereAModelIsLoadedFromByItsName) {
  registry_.set_folder(root_);
  add("m/1");
  registry_.load("m");
  EXPECT_TRUE(registry_.is_loaded("m"));
  EXPECT_THAT([&] { registry_.load("other"); }, fails_with(ErrorCode::not_found, "is not served here"));
  EXPECT_THAT([&] { registry_.load("../models/m"); }, fails_with(ErrorCode::not_found, "is not served here"));
}

}  // namespace
}  // namespace tastevin::serve
