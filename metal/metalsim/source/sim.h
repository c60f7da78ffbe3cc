// What the parts of the simulator share: objects with counted references, the
// report of misuse, and faults on request.
#pragma once
#include <atomic>
#include <condition_variable>
#include <cstdarg>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <unordered_map>
#include <vector>

typedef unsigned long NSUInteger;

struct Selector { std::string name; };
typedef const Selector* SEL;
typedef void (*IMP)();

// Class is itself an object: messages to it find the methods marked "+".
struct Object;
struct Class;

struct Object {
  Class* isa;
  std::atomic<long> refs{1};
  explicit Object(Class* c);
  virtual ~Object();
};
typedef Object* id;

struct Class : Object {
  std::string name;
  std::unordered_map<SEL, IMP> instance, own;
  std::atomic<long> live{0};
  explicit Class(const char* n);
};

// Method enters a function under a class and a selector before main begins.
struct Method { Method(const char* cls, char kind, const char* selector, IMP imp); };
#define METHOD(cls, kind, selector, f) static Method method_##f(cls, kind, selector, (IMP)(f))

Class* classNamed(const char* name);
void retain(id o);
void release(id o);
id autorelease(id o);

// misuse reports what Metal's validation would stop at.
void misuse(const char* format, ...) __attribute__((format(printf, 1, 2)));

// fails counts an event of a kind and says whether it is the one that is to fail.
bool fails(const char* kind);
void count(const char* what, long n = 1);
long setting(const char* name);
// groupMemoryLimit is how many bytes the threads of a group may share: Metal's, unless
// the setting "memory" says otherwise.
size_t groupMemoryLimit();

struct String : Object {
  std::string text;
  explicit String(std::string s) : Object(classNamed("NSString")), text(std::move(s)) {}
};

struct Error : Object {
  std::string text;
  explicit Error(std::string s) : Object(classNamed("NSError")), text(std::move(s)) {}
};

// Memory is a run of bytes that ends where no access is possible.
struct Memory {
  char* base = nullptr;
  size_t mapped = 0;
  char* data = nullptr;
  size_t size = 0;
  Memory(size_t n, int poison);
  Memory(void* at, size_t n);  // somebody else's, without an end that faults
  ~Memory();
  Memory(const Memory&) = delete;
};

// Kernels: compiled source, and what is known of each function's arguments.
enum ArgumentKind { ReadBuffer, WriteBuffer, ConstantBuffer, GroupMemory };
struct Argument { ArgumentKind kind; int index; };
struct ThreadState;
struct Kernel {
  std::string name;
  std::vector<Argument> arguments;
  void (*run)(void* const* buffers, void* const* group, const ThreadState* t);
  int maxThreads = 1024;
};
struct Program {
  void* handle = nullptr;
  std::map<std::string, Kernel> kernels;
};
// compile gives nullptr and the compiler's words where the source is wrong.
std::shared_ptr<Program> compileSource(const std::string& source, std::string* why);

struct Uint3 { unsigned x, y, z, pad; };

// ThreadState is what a kernel may ask about the thread it runs as. The shim
// declares the same.
struct ThreadState {
  Uint3 inGrid, inGroup, group, perGrid, perGroup, groups, perFullGroup, origin;
  unsigned lane, simdgroup, width, simdgroups, indexInGroup, fullSimdgroups, quadLane, quad, quads, fullQuads;
};

struct Launch {
  const Kernel* kernel;
  void* buffers[31];
  size_t groupMemory[8];
  unsigned threads[3];  // of a threadgroup
  unsigned grid[3];     // all of them: the last groups may be smaller
};
// launch runs a grid to its end; it gives what went wrong, or "".
std::string launch(const Launch& l);
