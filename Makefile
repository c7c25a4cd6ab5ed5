# The two commands: `make demo` runs the main job on the bundled model, `make test` the whole suite. Both set up what is
# missing first. The rest is for those who work on the code.

.PHONY: demo test build setup wheel dist soak fuzz asan tsan oracle oracle-test goldens format tidy clean

demo:
	@tools/setup.sh build
	@tools/build.sh demo
	@tools/demo.sh

test:
	@tools/setup.sh test
	@tools/build.sh release
	@ctest --test-dir build/release --output-on-failure --no-tests=error -j 2 -LE slow

# The long runs, for those who finish an issue; minutes, one at a time.
soak:
	@tools/setup.sh test
	@tools/build.sh release
	@tools/wheel.sh
	@ctest --test-dir build/release --verbose --no-tests=error -L slow

# Each reader of foreign bytes, 60 s, or as long as `make fuzz SECONDS=5` says.
fuzz:
	@tools/fuzz.sh $(or $(SECONDS),60)

# The whole suite under AddressSanitizer and UndefinedBehaviorSanitizer.
asan:
	@tools/asan.sh

# What runs on several threads, under ThreadSanitizer.
tsan:
	@tools/tsan.sh

build:
	@tools/setup.sh build
	@tools/build.sh demo

setup:
	@tools/setup.sh test

# The wheel of the Python package, in build/wheels.
wheel:
	@tools/setup.sh test
	@tools/wheel.sh

# A release, in build/dist: the source archive and the wheel.
dist:
	@tools/setup.sh test
	@tools/dist.sh

# The reference programs (transformers, tokenizers, torch, optimum-intel): several GB, never needed by `make test`.
oracle:
	@tools/setup.sh build
	@tools/environment.sh oracle

oracle-test: oracle
	@tools/setup.sh test
	@tools/build.sh release
	@.oracle/bin/python -m unittest discover -v -s tests/oracle -p '*_test.py'

goldens: oracle
	@.oracle/bin/python tools/make_golden.py
	@.oracle/bin/python tools/make_family_golden.py
	@.oracle/bin/python tools/make_onnx_golden.py
	@.oracle/bin/python tools/make_pickle_golden.py
	@.oracle/bin/python tools/make_table_golden.py
	@.oracle/bin/python tools/make_metrics_golden.py
	@.oracle/bin/python tools/make_zero_shot_golden.py
	@.oracle/bin/python tools/make_pipeline_golden.py

format:
	@git ls-files -co --exclude-standard '*.h' '*.cc' | xargs clang-format-19 -i

tidy:
	@tools/tidy.sh --all

clean:
	@rm -rf build
