"""CMakePresets.json: presets that share a folder do not leave one another's settings in its cache; tests leave out long runs."""
import json
import pathlib
import unittest

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent


def settings_of(name, presets):
    """Folder and cache variables of a preset, those that it inherits included."""
    preset = presets[name]
    folder, variables = settings_of(preset["inherits"], presets) if "inherits" in preset else (None, {})
    folder = preset.get("binaryDir", folder)
    return folder, variables | preset.get("cacheVariables", {})


class Presets(unittest.TestCase):
    def test_of_one_folder_set_the_same_variables(self):
        # `demo` switched the tests off in the folder of `release`, which did not switch them on: `make test` ran none.
        presets = {preset["name"]: preset for preset in json.loads((ROOT / "CMakePresets.json").read_text())["configurePresets"]}
        keys = {}
        for name, preset in presets.items():
            if preset.get("hidden"):
                continue
            folder, variables = settings_of(name, presets)
            folder = folder.replace("${presetName}", name)
            self.assertEqual(keys.setdefault(folder, set(variables)), set(variables), f"{name} in {folder}")

    def test_of_tests_leave_out_the_long_runs(self):
        presets = {preset["name"]: preset for preset in json.loads((ROOT / "CMakePresets.json").read_text())["testPresets"]}
        for name, preset in presets.items():
            whole = presets[preset["inherits"]] | preset if "inherits" in preset else preset
            self.assertEqual(whole["filter"]["exclude"]["label"], "^slow$", name)


if __name__ == "__main__":
    unittest.main()
