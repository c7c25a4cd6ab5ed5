#pragma once

// The GIL, given up while the library works and taken again for Python, in a process that may end meanwhile. Before
// 3.14, Python ends a thread that asks for the GIL of an interpreter that shuts down by pthread_exit, whose unwinding
// ends the process at the first noexcept function; from 3.14 on it lets the thread sleep for ever. So does this, in all
// versions. What a thread still computes then is waited for, since what it uses goes when the process ends.

#include <cxxabi.h>
#include <nanobind/nanobind.h>
#include <pthread.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <thread>

namespace tastevin::python {

/// Threads that work without the GIL.
inline std::atomic<int> threads_at_work{0};

/// Whether this is the thread in which Python shuts down: the one that holds the GIL from then on.
inline thread_local bool is_last_thread = false;

inline bool is_shutting_down() {
#if PY_VERSION_HEX >= 0x030D0000
  return Py_IsFinalizing() != 0;
#else
  return _Py_IsFinalizing() != 0;
#endif
}

/// Sleeps until the process is gone.
[[noreturn]] inline void park() {
  for (;;) pause();
}

/// Calls what runs Python's code or waits for the GIL. A thread that Python would end in it is parked.
template <class Call>
auto in_python(Call call) {
  try {
    return call();
  } catch (abi::__forced_unwind&) {
    park();
  }
}

/// The GIL is given up as long as this lives.
class WithoutGil {
 public:
  WithoutGil() {
    if (is_shutting_down()) is_last_thread = true;
    ++threads_at_work;
    state_ = PyEval_SaveThread();
  }
  WithoutGil(const WithoutGil&) = delete;
  WithoutGil& operator=(const WithoutGil&) = delete;
  ~WithoutGil() {
    --threads_at_work;
    if (is_shutting_down() && !is_last_thread) park();
    in_python([&] { PyEval_RestoreThread(state_); });
  }

 private:
  PyThreadState* state_;
};

/// Within `WithoutGil`: the GIL is held again as long as this lives.
class WithGil {
 public:
  WithGil() {
    --threads_at_work;
    if (is_shutting_down() && !is_last_thread) park();
    state_ = in_python([] { return PyGILState_Ensure(); });
  }
  WithGil(const WithGil&) = delete;
  WithGil& operator=(const WithGil&) = delete;
  ~WithGil() {
    ++threads_at_work;
    PyGILState_Release(state_);
  }

 private:
  PyGILState_STATE state_;
};

/// Python's last act: waits, ten seconds at most, for threads that still work.
inline void wait_for_threads() {
  constexpr auto kLongest = std::chrono::seconds(10);
  const auto end = std::chrono::steady_clock::now() + kLongest;
  while (threads_at_work > 0 && std::chrono::steady_clock::now() < end)
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
}

/// Once a process. A forked one has none of the threads of its parent.
inline void wait_for_threads_at_exit() {
  Py_AtExit(wait_for_threads);
  pthread_atfork(nullptr, nullptr, [] { threads_at_work = 0; });
}

}  // namespace tastevin::python
