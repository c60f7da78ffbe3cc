// The classes of Metal. Command buffers are recorded and, once committed, run in
// order on one thread per queue. What Metal's validation layer would stop at is
// reported as misuse.
#include "sim.h"
#include <chrono>
#include <set>
#include <csignal>
#include <sys/mman.h>
#include <unistd.h>

namespace {
const NSUInteger maxBufferLength = 4ul << 30;

void setError(id* out, const std::string& text) {
  if (out) *out = autorelease(new Error(text));
}
}  // namespace

Memory::Memory(size_t n, int poison) : size(n) {
  // The end is aligned to 16 bytes, so that loads of vectors are.
  size_t page = sysconf(_SC_PAGESIZE), whole = (n + 15) / 16 * 16;
  size_t body = (whole + page - 1) / page * page;
  mapped = body + 2 * page;
  base = (char*)mmap(nullptr, mapped, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (base == MAP_FAILED) {
    base = nullptr;
    return;
  }
  mprotect(base + page, body, PROT_READ | PROT_WRITE);
  data = base + page + body - whole;
  if (poison >= 0) memset(data, poison, whole);
}

Memory::Memory(void* at, size_t n) : data((char*)at), size(n) {}

Memory::~Memory() {
  if (base) munmap(base, mapped);
}

struct Device : Object {
  Device() : Object(classNamed("MTLDevice")) {}
};

struct Buffer : Object {
  Memory memory;
  explicit Buffer(size_t n) : Object(classNamed("MTLBuffer")), memory(n, 0xFF) {}
  Buffer(void* at, size_t n) : Object(classNamed("MTLBuffer")), memory(at, n) {}
};

struct Options : Object {
  bool fastMath = true;
  long mathMode = 2;
  Options() : Object(classNamed("MTLCompileOptions")) {}
};

struct Library : Object {
  std::shared_ptr<Program> program;
  Library() : Object(classNamed("MTLLibrary")) {}
};

struct Function : Object {
  std::shared_ptr<Program> program;
  const Kernel* kernel;
  Function(std::shared_ptr<Program> p, const Kernel* k) : Object(classNamed("MTLFunction")), program(p), kernel(k) {}
};

struct Pipeline : Object {
  std::shared_ptr<Program> program;
  const Kernel* kernel;
  Pipeline(std::shared_ptr<Program> p, const Kernel* k) : Object(classNamed("MTLComputePipelineState")), program(p), kernel(k) {}
};

struct SharedEvent : Object {
  std::mutex mu;
  std::condition_variable changed;
  uint64_t value = 0;
  SharedEvent() : Object(classNamed("MTLSharedEvent")) {}
  void set(uint64_t v) {
    std::lock_guard<std::mutex> l(mu);
    if (v > value) value = v;
    changed.notify_all();
  }
  void await(uint64_t v) {
    std::unique_lock<std::mutex> l(mu);
    changed.wait(l, [&] { return value >= v; });
  }
};

struct Binding {
  Buffer* buffer = nullptr;
  size_t offset = 0;
  std::string bytes;
  bool set = false;
};

struct Command {
  enum { Dispatch, BarrierPoint, PassEnd, Signal, Wait } kind;
  Pipeline* pipeline = nullptr;
  std::map<int, Binding> bindings;
  std::map<int, size_t> groupMemory;
  unsigned grid[3], threads[3];
  SharedEvent* event = nullptr;
  uint64_t value = 0;
};

struct CommandBuffer;

// Line is a queue's work in the order of its commits. The thread that does it
// holds it, since the queue itself may die before.
struct Line {
  std::mutex mu;
  std::condition_variable changed;
  std::deque<CommandBuffer*> committed;
  bool closing = false;
  void work();
};

struct CommandQueue : Object {
  std::set<id> residency;
  std::shared_ptr<Line> line = std::make_shared<Line>();
  CommandQueue() : Object(classNamed("MTLCommandQueue")) {
    // Signals that are for the process must not land on a thread that it does not know.
    sigset_t all, before;
    sigfillset(&all);
    for (int fault : {SIGSEGV, SIGBUS, SIGFPE, SIGILL}) sigdelset(&all, fault);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    std::thread([l = line] { l->work(); }).detach();
    pthread_sigmask(SIG_SETMASK, &before, nullptr);
  }
  ~CommandQueue() override {
    std::lock_guard<std::mutex> l(line->mu);
    line->closing = true;
    line->changed.notify_all();
  }
};

struct CommandBuffer : Object {
  CommandQueue* queue;
  std::vector<Command> commands;
  std::vector<id> held;
  std::mutex mu;
  std::condition_variable changed;
  unsigned long status = 0;
  Error* error = nullptr;
  bool encoding = false;
  explicit CommandBuffer(CommandQueue* q) : Object(classNamed("MTLCommandBuffer")), queue(q) { retain(q); }
  ~CommandBuffer() override {
    if (status == 0 && !commands.empty()) misuse("a command buffer with commands was never committed");
    if (encoding) misuse("a command buffer was released while an encoder was open");
    drop();
    if (error) release(error);
    release(queue);
  }
  void hold(id o) {
    retain(o);
    held.push_back(o);
  }
  void drop() {
    for (id o : held) release(o);
    held.clear();
  }
  void finish(const std::string& why) {
    std::lock_guard<std::mutex> l(mu);
    if (!why.empty()) error = new Error(why);
    status = why.empty() ? 4 : 5;
    changed.notify_all();
  }
  std::string execute();
  std::string run(Command& c);
  void checkHazards();
  void countChains(bool whole);
};

struct Encoder : Object {
  CommandBuffer* buffer;
  bool concurrent, ended = false;
  Pipeline* pipeline = nullptr;
  std::map<int, Binding> bindings;
  std::map<int, size_t> groupMemory;
  Encoder(CommandBuffer* b, bool c) : Object(classNamed("MTLComputeCommandEncoder")), buffer(b), concurrent(c) { retain(b); }
  ~Encoder() override {
    if (!ended) misuse("an encoder was released without endEncoding");
    release(buffer);
  }
};

void Line::work() {
  for (;;) {
    CommandBuffer* b;
    {
      std::unique_lock<std::mutex> l(mu);
      changed.wait(l, [&] { return closing || !committed.empty(); });
      if (committed.empty()) return;
      b = committed.front();
      committed.pop_front();
    }
    if (long us = setting("delay")) std::this_thread::sleep_for(std::chrono::microseconds(us));
    std::string why = b->execute();
    b->drop();
    b->finish(why);
    release(b);
  }
}

// countChains counts the barriers that a pass asks for: one less than there are
// dispatches in the longest chain of which each writes what the next uses, or uses what
// the next writes. That is the same place of a buffer, for what is needed at least, or
// the whole buffer, since they may use more of it.
void CommandBuffer::countChains(bool whole) {
  typedef std::pair<Buffer*, size_t> Place;
  std::map<Place, int> wrote, used;  // the longest chain that ends there
  int longest = 0;
  for (auto& c : commands) {
    if (c.kind == Command::PassEnd) {
      for (; longest > 1; longest--) count(whole ? "sharedbarriers" : "neededbarriers");
      wrote.clear(), used.clear(), longest = 0;
    }
    if (c.kind != Command::Dispatch) continue;
    std::vector<std::pair<Place, bool>> mine;
    int chain = 0;
    for (auto& a : c.pipeline->kernel->arguments) {
      if (a.kind == GroupMemory || !c.bindings[a.index].buffer) continue;
      Place at(c.bindings[a.index].buffer, whole ? 0 : c.bindings[a.index].offset);
      bool writes = a.kind == WriteBuffer;
      mine.push_back({at, writes});
      chain = std::max(chain, writes ? std::max(wrote[at], used[at]) : wrote[at]);
    }
    longest = std::max(longest, ++chain);
    for (auto& m : mine) {
      int& last = m.second ? wrote[m.first] : used[m.first];
      last = std::max(last, chain);
    }
  }
}

// checkHazards looks for dispatches that no barrier separates although one of
// them writes a buffer, at the same place, that the other uses.
void CommandBuffer::checkHazards() {
  std::map<std::pair<Buffer*, size_t>, int> used;  // 1: read, 2: written
  for (auto& c : commands) {
    if (c.kind != Command::Dispatch) {
      used.clear();
      continue;
    }
    std::map<std::pair<Buffer*, size_t>, int> mine;
    for (auto& a : c.pipeline->kernel->arguments) {
      if (a.kind == GroupMemory) continue;
      Binding& b = c.bindings[a.index];
      if (b.buffer) mine[{b.buffer, b.offset}] |= a.kind == WriteBuffer ? 2 : 1;
    }
    for (auto& m : mine) {
      int before = used[m.first];
      if ((before & 2) || (before && (m.second & 2)))
        misuse("%s uses a buffer that an earlier dispatch writes or reads, without a barrier", c.pipeline->kernel->name.c_str());
      used[m.first] |= m.second;
    }
  }
}

std::string CommandBuffer::run(Command& c) {
  Launch l = {};
  l.kernel = c.pipeline->kernel;
  std::vector<std::unique_ptr<Memory>> constants;
  for (auto& b : c.bindings) {
    if (b.first >= 31) continue;
    if (b.second.buffer) {
      l.buffers[b.first] = b.second.buffer->memory.data + b.second.offset;
    } else {
      constants.emplace_back(new Memory(b.second.bytes.size(), -1));
      memcpy(constants.back()->data, b.second.bytes.data(), b.second.bytes.size());
      l.buffers[b.first] = constants.back()->data;
    }
  }
  for (auto& g : c.groupMemory) l.groupMemory[g.first] = g.second;
  for (int i = 0; i < 3; i++) l.grid[i] = c.grid[i], l.threads[i] = c.threads[i];
  return launch(l);
}

std::string CommandBuffer::execute() {
  if (fails("execution")) return "simulated: the GPU gave up (kIOGPUCommandBufferCallbackErrorHang)";
  checkHazards();
  countChains(true);
  countChains(false);
  bool backwards = setting("reorder");
  for (size_t i = 0; i < commands.size();) {
    Command& c = commands[i];
    if (c.kind == Command::Signal) { c.event->set(c.value); i++; continue; }
    if (c.kind == Command::Wait) { c.event->await(c.value); i++; continue; }
    if (c.kind == Command::BarrierPoint || c.kind == Command::PassEnd) { i++; continue; }
    size_t end = i;
    while (end < commands.size() && commands[end].kind == Command::Dispatch) end++;
    for (size_t k = 0; k < end - i; k++) {
      std::string why = run(commands[backwards ? end - 1 - k : i + k]);
      if (!why.empty()) {
        // What waits for this buffer must not wait forever.
        for (auto& s : commands) if (s.kind == Command::Signal) s.event->set(s.value);
        return why;
      }
    }
    i = end;
  }
  return "";
}

extern "C" id MTLCreateSystemDefaultDevice() {
  if (fails("device")) return nullptr;
  return new Device;
}

static id deviceName(id, SEL) { return autorelease(new String("Simulated GPU")); }
struct Architecture : Object {
  Architecture() : Object(classNamed("MTLArchitecture")) {}
};
static id deviceArchitecture(id, SEL) { return autorelease(new Architecture); }
static id architectureName(id, SEL) { return autorelease(new String("simulated")); }
static NSUInteger deviceMax(id, SEL) { return maxBufferLength; }
static uint64_t deviceWorkingSet(id, SEL) { return 8ul << 30; }
METHOD("MTLDevice", '-', "name", deviceName);
METHOD("MTLDevice", '-', "architecture", deviceArchitecture);
METHOD("MTLArchitecture", '-', "name", architectureName);
METHOD("MTLDevice", '-', "maxBufferLength", deviceMax);
METHOD("MTLDevice", '-', "recommendedMaxWorkingSetSize", deviceWorkingSet);

static id newBuffer(id, SEL, NSUInteger length, NSUInteger options) {
  if (length == 0) return misuse("newBufferWithLength: a length of 0"), nullptr;
  if (options != 0) misuse("newBufferWithLength: options %lu, and only shared storage is known", options);
  if (length > maxBufferLength || fails("buffer")) return nullptr;
  Buffer* b = new Buffer(length);
  if (!b->memory.data) return release(b), nullptr;
  return b;
}
static id newBufferNoCopy(id, SEL, void* at, NSUInteger length, NSUInteger options, id deallocator) {
  NSUInteger page = sysconf(_SC_PAGESIZE);
  if ((NSUInteger)at % page || length % page || length == 0) return misuse("newBufferWithBytesNoCopy: %lu bytes at %p, want whole pages", length, at), nullptr;
  if (options != 0) misuse("newBufferWithBytesNoCopy: options %lu", options);
  if (deallocator) misuse("newBufferWithBytesNoCopy: a deallocator, and nil is known");
  if (length > maxBufferLength || fails("nocopy")) return nullptr;
  count("nocopy");
  return new Buffer(at, length);
}
METHOD("MTLDevice", '-', "newBufferWithBytesNoCopy:length:options:deallocator:", newBufferNoCopy);

static void* bufferContents(id self, SEL) { return static_cast<Buffer*>(self)->memory.data; }
static NSUInteger bufferLength(id self, SEL) { return static_cast<Buffer*>(self)->memory.size; }
METHOD("MTLDevice", '-', "newBufferWithLength:options:", newBuffer);
METHOD("MTLBuffer", '-', "contents", bufferContents);
METHOD("MTLBuffer", '-', "length", bufferLength);

static id optionsAlloc(id, SEL) { return new Options; }
static void optionsFastMath(id self, SEL, bool on) { static_cast<Options*>(self)->fastMath = on; }
static void optionsMathMode(id self, SEL, long mode) {
  if (mode < 0 || mode > 2) misuse("setMathMode: %ld", mode);
  static_cast<Options*>(self)->mathMode = mode;
}
METHOD("MTLCompileOptions", '+', "alloc", optionsAlloc);
METHOD("MTLCompileOptions", '-', "setMathMode:", optionsMathMode);
METHOD("MTLCompileOptions", '-', "setFastMathEnabled:", optionsFastMath);

static id newLibrary(id, SEL, id source, id options, id* error) {
  if (!source) return misuse("newLibraryWithSource: no source"), nullptr;
  if (fails("library")) return setError(error, "simulated: the compiler gave up"), nullptr;
  std::string why;
  auto program = compileSource(static_cast<String*>(source)->text, &why);
  if (!program) return setError(error, why), nullptr;
  count("libraries");
  Library* l = new Library;
  l->program = program;
  return l;
}
static id newFunction(id self, SEL, id name) {
  Library* l = static_cast<Library*>(self);
  auto k = l->program->kernels.find(static_cast<String*>(name)->text);
  if (k == l->program->kernels.end() || fails("function")) return nullptr;
  return new Function(l->program, &k->second);
}
static id newPipeline(id, SEL, id function, id* error) {
  if (!function) return misuse("newComputePipelineStateWithFunction: no function"), nullptr;
  if (fails("pipeline")) return setError(error, "simulated: no pipeline"), nullptr;
  Function* f = static_cast<Function*>(function);
  return new Pipeline(f->program, f->kernel);
}
static NSUInteger pipelineMax(id self, SEL) { return static_cast<Pipeline*>(self)->kernel->maxThreads; }
static NSUInteger pipelineWidth(id, SEL) { return 32; }
METHOD("MTLDevice", '-', "newLibraryWithSource:options:error:", newLibrary);
METHOD("MTLLibrary", '-', "newFunctionWithName:", newFunction);
METHOD("MTLDevice", '-', "newComputePipelineStateWithFunction:error:", newPipeline);
METHOD("MTLComputePipelineState", '-', "maxTotalThreadsPerThreadgroup", pipelineMax);
METHOD("MTLComputePipelineState", '-', "threadExecutionWidth", pipelineWidth);

static id newQueue(id, SEL) { return fails("queue") ? nullptr : new CommandQueue; }
static id newSharedEvent(id, SEL) { return fails("event") ? nullptr : new SharedEvent; }
static uint64_t eventValue(id self, SEL) {
  SharedEvent* e = static_cast<SharedEvent*>(self);
  std::lock_guard<std::mutex> l(e->mu);
  return e->value;
}
static void eventSet(id self, SEL, uint64_t v) { static_cast<SharedEvent*>(self)->set(v); }
METHOD("MTLDevice", '-', "newCommandQueue", newQueue);
METHOD("MTLDevice", '-', "newSharedEvent", newSharedEvent);
METHOD("MTLSharedEvent", '-', "signaledValue", eventValue);
METHOD("MTLSharedEvent", '-', "setSignaledValue:", eventSet);

static id newCommandBuffer(id self, SEL) {
  if (fails("commandbuffer")) return nullptr;
  return autorelease(new CommandBuffer(static_cast<CommandQueue*>(self)));
}
METHOD("MTLCommandQueue", '-', "commandBuffer", newCommandBuffer);

static bool recording(CommandBuffer* b, const char* what) {
  if (b->status != 0) misuse("%s on a command buffer that was committed", what);
  else if (b->encoding) misuse("%s while an encoder is open", what);
  else return true;
  return false;
}

static void commit(id self, SEL) {
  CommandBuffer* b = static_cast<CommandBuffer*>(self);
  if (!recording(b, "commit")) return;
  b->status = 2;
  count("commandbuffers");
  retain(b);
  Line* q = b->queue->line.get();
  std::lock_guard<std::mutex> l(q->mu);
  q->committed.push_back(b);
  q->changed.notify_all();
}
static void waitUntilCompleted(id self, SEL) {
  CommandBuffer* b = static_cast<CommandBuffer*>(self);
  std::unique_lock<std::mutex> l(b->mu);
  if (b->status == 0) return misuse("waitUntilCompleted on a command buffer that was not committed");
  b->changed.wait(l, [&] { return b->status >= 4; });
}
static NSUInteger bufferStatus(id self, SEL) {
  CommandBuffer* b = static_cast<CommandBuffer*>(self);
  std::lock_guard<std::mutex> l(b->mu);
  return b->status;
}
static id bufferError(id self, SEL) {
  CommandBuffer* b = static_cast<CommandBuffer*>(self);
  std::lock_guard<std::mutex> l(b->mu);
  if (!b->error) return nullptr;
  retain(b->error);
  return autorelease(b->error);
}
static void encodeEvent(CommandBuffer* b, id event, uint64_t value, bool wait) {
  if (!recording(b, wait ? "encodeWaitForEvent" : "encodeSignalEvent")) return;
  if (!event) return misuse("an event of nil was encoded");
  Command c;
  if (wait) c.kind = Command::Wait; else c.kind = Command::Signal;
  c.event = static_cast<SharedEvent*>(event);
  c.value = value;
  b->hold(event);
  b->commands.push_back(c);
}
static void encodeSignal(id self, SEL, id e, uint64_t v) { encodeEvent(static_cast<CommandBuffer*>(self), e, v, false); }
static void encodeWait(id self, SEL, id e, uint64_t v) { encodeEvent(static_cast<CommandBuffer*>(self), e, v, true); }
METHOD("MTLCommandBuffer", '-', "commit", commit);
METHOD("MTLCommandBuffer", '-', "waitUntilCompleted", waitUntilCompleted);
METHOD("MTLCommandBuffer", '-', "status", bufferStatus);
METHOD("MTLCommandBuffer", '-', "error", bufferError);
METHOD("MTLCommandBuffer", '-', "encodeSignalEvent:value:", encodeSignal);
METHOD("MTLCommandBuffer", '-', "encodeWaitForEvent:value:", encodeWait);

static id newEncoder(id self, SEL, NSUInteger type) {
  CommandBuffer* b = static_cast<CommandBuffer*>(self);
  if (fails("encoder") || !recording(b, "computeCommandEncoder")) return nullptr;
  b->encoding = true;
  return autorelease(new Encoder(b, type == 1));
}
METHOD("MTLCommandBuffer", '-', "computeCommandEncoderWithDispatchType:", newEncoder);

static Encoder* open(id self, const char* what) {
  Encoder* e = static_cast<Encoder*>(self);
  if (!e->ended) return e;
  misuse("%s on an encoder that was ended", what);
  return nullptr;
}
static void endEncoding(id self, SEL) {
  Encoder* e = open(self, "endEncoding");
  if (!e) return;
  e->ended = true;
  e->buffer->encoding = false;
  Command c;
  c.kind = Command::PassEnd;
  e->buffer->commands.push_back(c);
}
static void setPipeline(id self, SEL, id p) {
  if (Encoder* e = open(self, "setComputePipelineState")) {
    if (!p) return misuse("setComputePipelineState: nil");
    e->pipeline = static_cast<Pipeline*>(p);
    e->buffer->hold(p);
  }
}
static void setBuffer(id self, SEL, id buffer, NSUInteger offset, NSUInteger index) {
  Encoder* e = open(self, "setBuffer");
  if (!e) return;
  if (index > 30) return misuse("setBuffer: index %lu of 31", index);
  if (!buffer) return misuse("setBuffer: nil at index %lu", index);
  Buffer* b = static_cast<Buffer*>(buffer);
  if (offset >= b->memory.size) misuse("setBuffer: offset %lu of a buffer of %zu bytes", offset, b->memory.size);
  e->buffer->hold(buffer);
  Binding& at = e->bindings[index];
  at.buffer = b, at.offset = offset, at.set = true;
  at.bytes.clear();
}
static void setBytes(id self, SEL, const void* p, NSUInteger length, NSUInteger index) {
  Encoder* e = open(self, "setBytes");
  if (!e) return;
  if (index > 30) return misuse("setBytes: index %lu of 31", index);
  if (length == 0 || length > 4096) return misuse("setBytes: %lu bytes, want 1 to 4096", length);
  Binding& at = e->bindings[index];
  at.buffer = nullptr, at.offset = 0, at.set = true;
  at.bytes.assign((const char*)p, length);
}
static void setGroupMemory(id self, SEL, NSUInteger length, NSUInteger index) {
  Encoder* e = open(self, "setThreadgroupMemoryLength");
  if (!e) return;
  if (index > 7) return misuse("setThreadgroupMemoryLength: index %lu", index);
  if (length % 16 || length == 0) return misuse("setThreadgroupMemoryLength: %lu bytes, want a multiple of 16", length);
  if (length > groupMemoryLimit()) return misuse("setThreadgroupMemoryLength: %lu bytes of %zu", length, groupMemoryLimit());
  e->groupMemory[index] = length;
}

struct Size { NSUInteger width, height, depth; };

static void dispatchGrid(id self, const char* what, Size groups, Size grid, Size threads) {
  Encoder* e = open(self, what);
  if (!e) return;
  if (!e->pipeline) return misuse("%s without a pipeline", what);
  const Kernel* k = e->pipeline->kernel;
  NSUInteger total = threads.width * threads.height * threads.depth;
  if (total == 0 || total > (NSUInteger)k->maxThreads)
    return misuse("%s: %lu threads in a threadgroup of at most %d", k->name.c_str(), total, k->maxThreads);
  if (groups.width == 0 || groups.height == 0 || groups.depth == 0)
    return misuse("%s: a grid of %lu x %lu x %lu threadgroups", k->name.c_str(), groups.width, groups.height, groups.depth);
  if (groups.width > UINT32_MAX / threads.width || groups.height > 65535 || groups.depth > 65535)
    return misuse("%s: a grid of %lu x %lu x %lu threadgroups is beyond what the GPU counts", k->name.c_str(), groups.width, groups.height, groups.depth);
  size_t memory = 0;
  for (auto& a : k->arguments) {
    if (a.kind == GroupMemory) {
      if (!e->groupMemory.count(a.index)) return misuse("%s: threadgroup memory %d is not set", k->name.c_str(), a.index);
      memory += e->groupMemory[a.index];
    } else if (!e->bindings[a.index].set) {
      return misuse("%s: buffer %d is not set", k->name.c_str(), a.index);
    } else if (a.kind == WriteBuffer && !e->bindings[a.index].buffer) {
      return misuse("%s: buffer %d is written, and bytes were set", k->name.c_str(), a.index);
    }
  }
  if (memory > groupMemoryLimit()) return misuse("%s: %zu bytes of threadgroup memory, of %zu", k->name.c_str(), memory, groupMemoryLimit());
  Command c;
  c.kind = Command::Dispatch;
  c.pipeline = e->pipeline;
  c.bindings = e->bindings;
  c.groupMemory = e->groupMemory;
  c.grid[0] = grid.width, c.grid[1] = grid.height, c.grid[2] = grid.depth;
  c.threads[0] = threads.width, c.threads[1] = threads.height, c.threads[2] = threads.depth;
  if (!e->concurrent) {
    Command b;
    b.kind = Command::BarrierPoint;
    e->buffer->commands.push_back(b);
  }
  e->buffer->commands.push_back(std::move(c));
  count("dispatches");
}
static void dispatch(id self, SEL, Size groups, Size threads) {
  dispatchGrid(self, "dispatchThreadgroups", groups, {groups.width * threads.width, groups.height * threads.height, groups.depth * threads.depth}, threads);
}
static void dispatchThreads(id self, SEL, Size grid, Size threads) {
  NSUInteger each[] = {threads.width, threads.height, threads.depth}, all[] = {grid.width, grid.height, grid.depth}, groups[3];
  for (int i = 0; i < 3; i++) groups[i] = each[i] ? (all[i] + each[i] - 1) / each[i] : 0;
  dispatchGrid(self, "dispatchThreads", {groups[0], groups[1], groups[2]}, grid, threads);
}
static void barrier(id self, SEL, NSUInteger scope) {
  Encoder* e = open(self, "memoryBarrier");
  if (!e) return;
  if (!(scope & 1)) misuse("memoryBarrierWithScope: %lu covers no buffers", scope);
  Command c;
  c.kind = Command::BarrierPoint;
  e->buffer->commands.push_back(c);
  count("barriers");
}
METHOD("MTLComputeCommandEncoder", '-', "endEncoding", endEncoding);
METHOD("MTLComputeCommandEncoder", '-', "setComputePipelineState:", setPipeline);
METHOD("MTLComputeCommandEncoder", '-', "setBuffer:offset:atIndex:", setBuffer);
METHOD("MTLComputeCommandEncoder", '-', "setBytes:length:atIndex:", setBytes);
METHOD("MTLComputeCommandEncoder", '-', "setThreadgroupMemoryLength:atIndex:", setGroupMemory);
METHOD("MTLComputeCommandEncoder", '-', "dispatchThreadgroups:threadsPerThreadgroup:", dispatch);
METHOD("MTLComputeCommandEncoder", '-', "dispatchThreads:threadsPerThreadgroup:", dispatchThreads);
METHOD("MTLComputeCommandEncoder", '-', "memoryBarrierWithScope:", barrier);

// A residency set holds buffers; what was added and removed counts when it is
// committed. "wired" counts the bytes that are resident.
struct ResidencySet : Object {
  std::mutex mu;
  std::map<Buffer*, bool> members;  // whether committed
  std::vector<Buffer*> leaving;
  bool requested = false;
  ResidencySet() : Object(classNamed("MTLResidencySet")) {}
  ~ResidencySet() override {
    if (requested) misuse("a residency set was released without endResidency");
    for (auto& m : members) {
      if (m.second) count("wired", -(long)m.first->memory.size);
      release(m.first);
    }
    for (Buffer* b : leaving) release(b);
  }
};
struct ResidencyDescriptor : Object {
  ResidencyDescriptor() : Object(classNamed("MTLResidencySetDescriptor")) {}
};
static id residencyAlloc(id, SEL) { return new ResidencyDescriptor; }
static id newResidencySet(id, SEL, id descriptor, id* error) {
  if (!descriptor) return misuse("newResidencySetWithDescriptor: nil"), nullptr;
  if (fails("residency")) return setError(error, "simulated: no residency set"), nullptr;
  return new ResidencySet;
}
static void addAllocation(id self, SEL, id buffer) {
  ResidencySet* s = static_cast<ResidencySet*>(self);
  std::lock_guard<std::mutex> l(s->mu);
  Buffer* b = static_cast<Buffer*>(buffer);
  if (!s->members.emplace(b, false).second) return misuse("addAllocation of a member");
  retain(b);
}
static void removeAllocation(id self, SEL, id buffer) {
  ResidencySet* s = static_cast<ResidencySet*>(self);
  std::lock_guard<std::mutex> l(s->mu);
  auto at = s->members.find(static_cast<Buffer*>(buffer));
  if (at == s->members.end()) return misuse("removeAllocation of a buffer that is no member");
  if (at->second) count("wired", -(long)at->first->memory.size);
  s->leaving.push_back(at->first);
  s->members.erase(at);
}
static void commitResidency(id self, SEL) {
  ResidencySet* s = static_cast<ResidencySet*>(self);
  std::lock_guard<std::mutex> l(s->mu);
  for (auto& m : s->members) if (!m.second) m.second = true, count("wired", m.first->memory.size);
  for (Buffer* b : s->leaving) release(b);
  s->leaving.clear();
}
static void requestResidency(id self, SEL) { static_cast<ResidencySet*>(self)->requested = true; }
static void endResidency(id self, SEL) { static_cast<ResidencySet*>(self)->requested = false; }
static void addResidencySet(id self, SEL, id set) {
  if (!static_cast<CommandQueue*>(self)->residency.insert(set).second) misuse("addResidencySet of one that the queue has");
}
static void removeResidencySet(id self, SEL, id set) {
  if (!static_cast<CommandQueue*>(self)->residency.erase(set)) misuse("removeResidencySet of one that the queue has not");
}
METHOD("MTLResidencySetDescriptor", '+', "alloc", residencyAlloc);
METHOD("MTLDevice", '-', "newResidencySetWithDescriptor:error:", newResidencySet);
METHOD("MTLResidencySet", '-', "addAllocation:", addAllocation);
METHOD("MTLResidencySet", '-', "removeAllocation:", removeAllocation);
METHOD("MTLResidencySet", '-', "commit", commitResidency);
METHOD("MTLResidencySet", '-', "requestResidency", requestResidency);
METHOD("MTLResidencySet", '-', "endResidency", endResidency);
METHOD("MTLCommandQueue", '-', "addResidencySet:", addResidencySet);
METHOD("MTLCommandQueue", '-', "removeResidencySet:", removeResidencySet);

struct CaptureManager : Object {
  bool capturing = false;
  CaptureManager() : Object(classNamed("MTLCaptureManager")) {}
};
struct CaptureDescriptor : Object {
  id object = nullptr, url = nullptr;
  long destination = 0;
  CaptureDescriptor() : Object(classNamed("MTLCaptureDescriptor")) {}
  ~CaptureDescriptor() override { release(object); release(url); }
};
static id sharedCaptureManager(id, SEL) {
  static CaptureManager* m = new CaptureManager;
  return m;
}
static id captureAlloc(id, SEL) { return new CaptureDescriptor; }
static void captureObject(id self, SEL, id o) { retain(o); static_cast<CaptureDescriptor*>(self)->object = o; }
static void captureDestination(id self, SEL, long d) { static_cast<CaptureDescriptor*>(self)->destination = d; }
static void captureURL(id self, SEL, id u) { retain(u); static_cast<CaptureDescriptor*>(self)->url = u; }
static bool startCapture(id self, SEL, id descriptor, id* error) {
  CaptureManager* m = static_cast<CaptureManager*>(self);
  CaptureDescriptor* d = static_cast<CaptureDescriptor*>(descriptor);
  if (m->capturing) return setError(error, "a capture is running already"), false;
  bool known = (d->destination == 2 && d->url) || (d->destination == 1 && !d->url);
  if (!d->object || !known) return setError(error, "the capture's descriptor is not complete"), false;
  if (setting("nocapture")) return setError(error, "Capturing is not supported."), false;
  count(d->url ? "traces" : "captures");
  return m->capturing = true;
}
static void stopCapture(id self, SEL) {
  CaptureManager* m = static_cast<CaptureManager*>(self);
  if (!m->capturing) misuse("stopCapture without a capture");
  m->capturing = false;
}
METHOD("MTLCaptureManager", '+', "sharedCaptureManager", sharedCaptureManager);
METHOD("MTLCaptureDescriptor", '+', "alloc", captureAlloc);
METHOD("MTLCaptureDescriptor", '-', "setCaptureObject:", captureObject);
METHOD("MTLCaptureDescriptor", '-', "setDestination:", captureDestination);
METHOD("MTLCaptureDescriptor", '-', "setOutputURL:", captureURL);
METHOD("MTLCaptureManager", '-', "startCaptureWithDescriptor:error:", startCapture);
METHOD("MTLCaptureManager", '-', "stopCapture", stopCapture);
