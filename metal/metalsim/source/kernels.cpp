// Kernels: Metal source compiled as C++ through the shim, and threadgroups whose
// threads are fibers, so that barriers and simdgroup functions really wait.
#include "sim.h"
#include <csetjmp>
#include <csignal>
#include <cctype>
#include <dlfcn.h>
#include <fcntl.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>
#include <algorithm>
#include <fstream>
#include <sstream>

extern char** environ;

namespace {

std::string directory;    // of the shim
std::string cache;        // of compiled kernels
std::string shimVersion;  // names what kernels are compiled with
std::string compiler;

std::string fileText(const std::string& path) {
  std::ifstream in(path);
  std::stringstream s;
  s << in.rdbuf();
  return s.str();
}

std::string hashOf(const std::string& text) {
  uint64_t a = 1469598103934665603ull, b = 1099511628211ull;
  for (unsigned char c : text) {
    a = (a ^ c) * 1099511628211ull;
    b = (b + c) * 6364136223846793005ull + 1442695040888963407ull;
  }
  char out[40];
  snprintf(out, sizeof out, "%016lx%016lx", (long)a, (long)b);
  return out;
}

bool word(char c) { return isalnum((unsigned char)c) || c == '_'; }

std::string trimmed(const std::string& s) {
  size_t a = s.find_first_not_of(" \t\n"), b = s.find_last_not_of(" \t\n");
  return a == std::string::npos ? "" : s.substr(a, b - a + 1);
}

bool hasWord(const std::string& s, const char* w) {
  size_t n = strlen(w);
  for (size_t at = s.find(w); at != std::string::npos; at = s.find(w, at + 1))
    if ((at == 0 || !word(s[at - 1])) && (at + n == s.size() || !word(s[at + n]))) return true;
  return false;
}

const std::map<std::string, std::string> positions = {
    {"thread_position_in_grid", "inGrid"},
    {"thread_position_in_threadgroup", "inGroup"},
    {"threadgroup_position_in_grid", "group"},
    {"threads_per_grid", "perGrid"},
    {"threads_per_threadgroup", "perGroup"},
    {"threadgroups_per_grid", "groups"},
    {"thread_index_in_simdgroup", "lane"},
    {"simdgroup_index_in_threadgroup", "simdgroup"},
    {"threads_per_simdgroup", "width"},
    {"simdgroups_per_threadgroup", "simdgroups"},
    {"thread_index_in_threadgroup", "indexInGroup"},
    {"thread_execution_width", "width"},
    {"dispatch_threads_per_threadgroup", "perFullGroup"},
    {"dispatch_simdgroups_per_threadgroup", "fullSimdgroups"},
    {"dispatch_quadgroups_per_threadgroup", "fullQuads"},
    {"quadgroup_index_in_threadgroup", "quad"},
    {"quadgroups_per_threadgroup", "quads"},
    {"thread_index_in_quadgroup", "quadLane"},
    {"grid_origin", "origin"},
    {"grid_size", "perGrid"},
};

// entry writes the function that calls a kernel with its arguments unpacked, and
// the line that describes them.
bool entry(const std::string& name, const std::string& params, std::string* code, std::string* line, std::string* why) {
  std::vector<std::string> list;
  int depth = 0;
  std::string now;
  for (char c : params) {
    if (strchr("(<[", c)) depth++;
    if (strchr(")>]", c)) depth--;
    if (c == ',' && depth == 0) list.push_back(now), now.clear(); else now += c;
  }
  if (!trimmed(now).empty()) list.push_back(now);
  *line = name + ":";
  std::string call;
  for (auto& p : list) {
    size_t open = p.find("[["), close = p.find("]]");
    if (open == std::string::npos || close == std::string::npos) {
      *why = "kernel " + name + ": the argument '" + trimmed(p) + "' has no attribute";
      return false;
    }
    std::string attr = trimmed(p.substr(open + 2, close - open - 2)), decl = trimmed(p.substr(0, open));
    size_t end = decl.size();
    while (end > 0 && word(decl[end - 1])) end--;
    std::string type = trimmed(decl.substr(0, end)), index;
    size_t paren = attr.find('(');
    if (paren != std::string::npos) {
      index = trimmed(attr.substr(paren + 1, attr.find(')') - paren - 1));
      attr = trimmed(attr.substr(0, paren));
    }
    if (!call.empty()) call += ", ";
    if (attr == "buffer") {
      bool reference = type.back() == '&';
      std::string pointer = reference ? type.substr(0, type.size() - 1) + "*" : type;
      char kind = hasWord(type, "constant") ? 'c' : hasWord(type, "const") ? 'r' : 'w';
      *line += std::string(" ") + kind + index;
      call += std::string(reference ? "*" : "") + "(" + pointer + ")b[" + index + "]";
    } else if (attr == "threadgroup") {
      *line += " g" + index;
      call += "(" + type + ")g[" + index + "]";
    } else {
      auto at = positions.find(attr);
      if (at == positions.end()) {
        *why = "kernel " + name + ": unknown attribute " + attr;
        return false;
      }
      call += "sim::as<" + type + ">::from(t->" + at->second + ")";
    }
  }
  *code += "extern \"C\" void run_" + name + "(void* const* b, void* const* g, const sim::ThreadState* t) { " + name + "(" + call + "); }\n";
  *line += "\n";
  return true;
}

std::string withoutComments(const std::string& s) {
  std::string out;
  for (size_t i = 0; i < s.size(); i++) {
    if (s.compare(i, 2, "//") == 0) {
      while (i < s.size() && s[i] != '\n') i++;
      out += '\n';
    } else if (s.compare(i, 2, "/*") == 0) {
      size_t end = s.find("*/", i + 2);
      for (; i < s.size() && i < end + 1; i++) if (s[i] == '\n') out += '\n';
    } else {
      out += s[i];
    }
  }
  return out;
}

// outside finds a character that is not within brackets.
size_t outside(const std::string& s, char wanted, size_t from = 0) {
  int depth = 0;
  for (size_t i = from; i < s.size(); i++) {
    if (depth == 0 && s[i] == wanted) return i;
    if (strchr("([{<", s[i])) depth++;
    if (strchr(")]}>", s[i])) depth--;
  }
  return std::string::npos;
}

// groupVariables rewrites declarations of threadgroup variables in kernels, which
// C++ does not have: threadgroup float a[4], b; becomes a SIM_LOCAL for each.
// What is declared with a pointer, a reference or a value is left alone.
std::string groupVariables(const std::string& source) {
  static const std::string key = "threadgroup";
  std::string out;
  size_t from = 0;
  for (size_t at = 0; (at = source.find(key, at)) != std::string::npos; at += key.size()) {
    size_t before = source.find_last_not_of(" \t\n", at ? at - 1 : 0), p = at + key.size();
    if (at == 0 || before == std::string::npos || !isspace((unsigned char)source[p])) continue;
    size_t line = source.find_first_not_of(" \t", source.rfind('\n', before) + 1);  // that of a directive ends like a statement
    if (!strchr(";{}", source[before]) && source[line] != '#') continue;
    size_t end = source.find(';', p);
    if (end == std::string::npos) continue;
    std::string decl = source.substr(p, end - p), made, type;
    bool variable = true;
    for (char c : {'*', '&', '=', '(', '{'}) variable &= outside(decl, c) == std::string::npos;
    if (!variable) continue;
    for (bool more = true; more;) {
      size_t comma = outside(decl, ',');
      more = comma != std::string::npos;
      std::string one = trimmed(decl.substr(0, comma));
      if (more) decl = decl.substr(comma + 1);
      size_t bracket = outside(one, '['), last = bracket == std::string::npos ? one.size() : bracket;
      while (last > 0 && isspace((unsigned char)one[last - 1])) last--;
      size_t first = last;
      while (first > 0 && word(one[first - 1])) first--;
      if (type.empty()) type = trimmed(one.substr(0, first));
      made += "SIM_LOCAL(" + one.substr(first, last - first) + ", " + (bracket == std::string::npos ? "" : one.substr(bracket)) + ", " + type + "); ";
    }
    out += source.substr(from, at - from) + made;
    from = end + 1;
  }
  return out + source.substr(from);
}

// classPointers rewrites pointers and references to the types that are classes
// here: C++ has no member functions for objects of other address spaces.
std::string classPointers(const std::string& source) {
  static const std::string classes[] = {"bfloat16_t", "bfloat", "complex64_t"}, spaces[] = {"device", "constant", "threadgroup"};
  std::string out;
  size_t from = 0;
  for (size_t at = 0; at < source.size(); at++) {
    if (!word(source[at]) || (at && word(source[at - 1]))) continue;
    std::string cls;
    for (auto& c : classes) if (source.compare(at, c.size(), c) == 0 && !word(source[at + c.size()])) cls = c;
    size_t mark = source.find_first_not_of(" \t", at + cls.size());
    if (cls.empty() || mark == std::string::npos || (source[mark] != '*' && source[mark] != '&')) continue;
    // The words in front, as far as they are const and an address space.
    std::string qualifiers;
    bool spaced = false;
    size_t begin = at;
    for (;;) {
      size_t end = source.find_last_not_of(" \t\n", begin - 1), start = end;
      if (begin == 0 || end == std::string::npos) break;
      while (start > 0 && word(source[start - 1])) start--;
      std::string w = source.substr(start, end + 1 - start);
      bool space = std::find(std::begin(spaces), std::end(spaces), w) != std::end(spaces);
      if (!space && w != "const") break;
      spaced |= space;
      qualifiers = w + " " + qualifiers;
      begin = start;
    }
    if (!spaced || begin < from) continue;
    out += source.substr(from, begin - from) + (source[mark] == '*' ? "sim::pointer<" : "sim::reference<") + cls + ", " + qualifiers + "sim::bits<" + cls + ">::type> ";
    from = mark + 1;
  }
  return out + source.substr(from);
}

// entries finds the kernels of a source text.
bool entries(const std::string& source, std::string* code, std::string* table, std::string* why) {
  for (size_t at = 0; (at = source.find("kernel", at)) != std::string::npos; at += 6) {
    if ((at && word(source[at - 1])) || word(source[at + 6])) continue;
    size_t p = at + 6;
    if (source.compare(p, 2, "]]") == 0) p += 2;
    while (isspace((unsigned char)source[p])) p++;
    if (source.compare(p, 4, "void")) continue;
    p += 4;
    while (isspace((unsigned char)source[p])) p++;
    size_t start = p;
    while (word(source[p])) p++;
    std::string name = source.substr(start, p - start);
    while (isspace((unsigned char)source[p])) p++;
    if (name.empty() || source[p] != '(') continue;
    int depth = 0;
    size_t open = p;
    do {
      if (source[p] == '(') depth++;
      if (source[p] == ')') depth--;
      p++;
    } while (depth && p < source.size());
    std::string line;
    if (!entry(name, source.substr(open + 1, p - open - 2), code, &line, why)) return false;
    *table += line;
  }
  return true;
}

bool runCompiler(const std::string& in, const std::string& out, std::string* why) {
  std::string log = out + ".log", include = "-I" + directory + "/shim";
  std::vector<const char*> args = {compiler.c_str(), "-std=c++17", "-O1", "-shared", "-fPIC", "-w", "-nostdinc++",
      "-ffp-contract=off", "-fsigned-char", "-fno-exceptions", "-fno-rtti", "-fno-math-errno", "-Xclang", "-fallow-half-arguments-and-returns",
#if defined(__x86_64__)
      "-march=x86-64-v3",
#endif
      include.c_str(), "-x", "c++", in.c_str(), "-o", out.c_str(), "-lm", nullptr};
  posix_spawn_file_actions_t files;
  posix_spawn_file_actions_init(&files);
  posix_spawn_file_actions_addopen(&files, 2, log.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0644);
  pid_t child;
  int failed = posix_spawnp(&child, compiler.c_str(), &files, nullptr, (char**)args.data(), environ);
  posix_spawn_file_actions_destroy(&files);
  int status = 1;
  if (failed) *why = "cannot run " + compiler;
  else while (waitpid(child, &status, 0) < 0 && errno == EINTR) {}
  if (!failed && status != 0) *why = "program_source: " + fileText(log);
  unlink(log.c_str());
  return !failed && status == 0;
}

struct Host {
  void (*barrier)();
  const void* (*gather)(const void* mine, unsigned size, unsigned* lanes);
  unsigned (*lane)();
  void* (*local)(const void* site, unsigned long size);
};

}  // namespace

extern "C" void sim_setup(const char* dir, const char* cacheDir, const char* version, const char* clang) {
  directory = dir;
  cache = cacheDir;
  shimVersion = version;
  compiler = clang;
}

// ---- threadgroups ----

namespace {

extern "C" void sim_switch(void** save, void* to);

enum State { Idle, Started, Ready, AtBarrier, AtSimd, Done };
const size_t stackSize = 64 << 10;
const unsigned laneWidth = 32, slotSize = 64;

struct Group;

struct Fiber {
  void* sp = nullptr;
  char* stack = nullptr;
  Group* group = nullptr;
  int thread = -1;
};

struct Slots { alignas(16) char data[2][laneWidth][slotSize]; };

struct Group {
  const Launch* launch;
  std::vector<Fiber*> fibers, idle;
  std::vector<State> states;
  std::vector<Fiber*> at;         // the fiber of a thread that waits
  std::vector<unsigned> rounds;   // gathers so far, by thread
  std::vector<ThreadState> where;
  std::vector<Slots> slots;       // by simdgroup
  std::vector<unsigned> present;  // lanes of the last gather, by simdgroup
  std::vector<std::unique_ptr<Memory>> memory;
  std::map<const void*, Memory*> locals;  // by the place of the declaration
  size_t used = 0;                        // bytes of threadgroup memory
  void* groupMemory[8];
  void* sp = nullptr;
  Fiber* running = nullptr;
  int next = 0, total = 0;
  std::string wrong;
};

thread_local Group* current;
thread_local sigjmp_buf escape;
thread_local volatile bool inKernel;
thread_local void* volatile faultAt;
struct sigaction goSegv, goBus;

void onFault(int sig, siginfo_t* info, void* context) {
  if (inKernel) {
    faultAt = info->si_addr;
    siglongjmp(escape, 1);
  }
  struct sigaction& before = sig == SIGSEGV ? goSegv : goBus;
  if (before.sa_flags & SA_SIGINFO) before.sa_sigaction(sig, info, context);
  else if (before.sa_handler != SIG_DFL && before.sa_handler != SIG_IGN) before.sa_handler(sig);
  else signal(sig, SIG_DFL);
}

struct Handlers {
  Handlers() {
    struct sigaction a = {};
    a.sa_sigaction = onFault;
    a.sa_flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER;
    sigaction(SIGSEGV, &a, &goSegv);
    sigaction(SIGBUS, &a, &goBus);
  }
} handlers;

void fiberMain() {
  for (;;) {
    Group* g = current;
    Fiber* self = g->running;
    while (g->next < g->total) {
      int t = g->next++;
      self->thread = t;
      g->states[t] = Started;
      g->at[t] = self;
      g->launch->kernel->run(g->launch->buffers, g->groupMemory, &g->where[t]);
      g = current;
      g->states[t] = Done;
      if (g->running != self || g->at[t] != self) break;
    }
    self->thread = -1;
    g->idle.push_back(self);
    sim_switch(&self->sp, g->sp);
  }
}

void prime(Fiber* f) {
  void** top = (void**)(f->stack + stackSize);
#if defined(__x86_64__)
  *--top = nullptr;              // keeps the stack aligned as after a call
  *--top = (void*)fiberMain;
  for (int i = 0; i < 6; i++) *--top = nullptr;
#else
  top -= 20;
  memset(top, 0, 160);
  top[11] = (void*)fiberMain;
#endif
  f->sp = top;
}

Fiber* newFiber(Group* g) {
  Fiber* f = new Fiber;
  f->stack = (char*)mmap(nullptr, stackSize, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  prime(f);
  g->fibers.push_back(f);
  return f;
}

void resume(Group* g, Fiber* f) {
  g->running = f;
  sim_switch(&g->sp, f->sp);
}

void wait(State s) {
  Group* g = current;
  Fiber* self = g->running;
  g->states[self->thread] = s;
  sim_switch(&self->sp, g->sp);
}

void hostBarrier() { wait(AtBarrier); }

const void* hostGather(const void* mine, unsigned size, unsigned* lanes) {
  Group* g = current;
  int t = g->running->thread, simd = t / laneWidth;
  unsigned parity = g->rounds[t]++ & 1;
  memcpy(g->slots[simd].data[parity][t % laneWidth], mine, size < slotSize ? size : slotSize);
  wait(AtSimd);
  *lanes = current->present[simd];
  return current->slots[simd].data[parity];
}

unsigned hostLane() { return current->running->thread % laneWidth; }

// hostLocal is the memory of a variable that the threadgroup shares.
void* hostLocal(const void* site, unsigned long size) {
  Group* g = current;
  Memory*& m = g->locals[site];
  if (!m) {
    g->memory.emplace_back(m = new Memory(size, 0xFF));
    g->used += (size + 15) / 16 * 16;
    if (g->used > groupMemoryLimit() && g->wrong.empty())
      g->wrong = std::to_string(g->used) + " bytes of threadgroup memory, of " + std::to_string(groupMemoryLimit());
  }
  return m->data;
}

Host host = {hostBarrier, hostGather, hostLane, hostLocal};

// letGo lets threads go on whose companions have arrived; it gives their number.
int letGo(Group* g) {
  int alive = 0, done = 0, barrier = 0, ready = 0;
  for (State s : g->states) {
    done += s == Done;
    alive += s != Done;
    barrier += s == AtBarrier;
  }
  if (alive && barrier == alive) {
    if (done) g->wrong = "a threadgroup_barrier that some threads never reach";
    for (State& s : g->states) if (s == AtBarrier) s = Ready, ready++;
  }
  for (int first = 0; first < g->total; first += laneWidth) {
    int last = std::min(first + (int)laneWidth, g->total);
    unsigned lanes = 0;
    bool all = true;
    for (int t = first; t < last; t++) {
      if (g->states[t] == AtSimd) lanes |= 1u << (t - first);
      else if (g->states[t] != Done) all = false;
    }
    if (!all || !lanes) continue;
    g->present[first / laneWidth] = lanes;
    for (int t = first; t < last; t++) if (g->states[t] == AtSimd) g->states[t] = Ready, ready++;
  }
  return ready;
}

std::string runGroup(Group* g) {
  g->next = 0;
  std::fill(g->states.begin(), g->states.end(), Idle);
  std::fill(g->rounds.begin(), g->rounds.end(), 0);
  while (g->next < g->total) {
    Fiber* f;
    if (g->idle.empty()) f = newFiber(g);
    else f = g->idle.back(), g->idle.pop_back();
    resume(g, f);
  }
  for (;;) {
    int ready = letGo(g);
    if (!g->wrong.empty()) return g->wrong;
    if (!ready) break;
    for (int t = 0; t < g->total; t++) if (g->states[t] == Ready) {
      g->states[t] = Started;
      resume(g, g->at[t]);
    }
  }
  for (State s : g->states) if (s != Done) return "threads wait for each other at different barriers";
  return "";
}

// place tells the threads of a group who they are.
void place(Group* g, Uint3 at, Uint3 groups) {
  const Launch& l = *g->launch;
  unsigned full = l.threads[0] * l.threads[1] * l.threads[2];
  Uint3 first = {at.x * l.threads[0], at.y * l.threads[1], at.z * l.threads[2], 0};
  Uint3 size = {std::min(l.threads[0], l.grid[0] - first.x), std::min(l.threads[1], l.grid[1] - first.y), std::min(l.threads[2], l.grid[2] - first.z), 0};
  g->total = size.x * size.y * size.z;
  g->states.resize(g->total);
  for (unsigned t = 0; t < (unsigned)g->total; t++) {
    ThreadState& s = g->where[t];
    s.inGroup = {t % size.x, t / size.x % size.y, t / (size.x * size.y), 0};
    s.group = at, s.groups = groups, s.origin = {0, 0, 0, 0};
    s.inGrid = {first.x + s.inGroup.x, first.y + s.inGroup.y, first.z + s.inGroup.z, 0};
    s.perGroup = size;
    s.perFullGroup = {l.threads[0], l.threads[1], l.threads[2], 0};
    s.perGrid = {l.grid[0], l.grid[1], l.grid[2], 0};
    s.indexInGroup = t, s.lane = t % laneWidth, s.simdgroup = t / laneWidth, s.width = laneWidth;
    s.simdgroups = (g->total + laneWidth - 1) / laneWidth, s.fullSimdgroups = (full + laneWidth - 1) / laneWidth;
    s.quadLane = t % 4, s.quad = t / 4, s.quads = (g->total + 3) / 4, s.fullQuads = (full + 3) / 4;
  }
}

void freeFibers(Group* g) {
  for (Fiber* f : g->fibers) munmap(f->stack, stackSize), delete f;
  g->fibers.clear();
  g->idle.clear();
}

}  // namespace

std::string launch(const Launch& l) {
  thread_local Group group;
  Group* g = &group;
  current = g;
  g->launch = &l;
  g->wrong.clear();
  g->total = l.threads[0] * l.threads[1] * l.threads[2];
  g->states.assign(g->total, Idle);
  g->at.assign(g->total, nullptr);
  g->rounds.assign(g->total, 0);
  g->where.assign(g->total, ThreadState());
  g->slots.resize((g->total + laneWidth - 1) / laneWidth);
  g->present.assign(g->slots.size(), 0);
  g->memory.clear();
  g->locals.clear();
  g->used = 0;
  for (int i = 0; i < 8; i++) {
    g->groupMemory[i] = nullptr;
    if (!l.groupMemory[i]) continue;
    g->used += l.groupMemory[i];
    g->memory.emplace_back(new Memory(l.groupMemory[i], 0xFF));
    g->groupMemory[i] = g->memory.back()->data;
  }
  volatile unsigned gx = 0, gy = 0, gz = 0;
  if (sigsetjmp(escape, 0)) {
    inKernel = false;
    freeFibers(g);
    char text[256];
    snprintf(text, sizeof text, "%s: access outside of a buffer, in threadgroup (%u,%u,%u)", l.kernel->name.c_str(), gx, gy, gz);
    misuse("%s", text);
    return text;
  }
  std::string wrong;
  unsigned groups[3];
  for (int i = 0; i < 3; i++) groups[i] = (l.grid[i] + l.threads[i] - 1) / l.threads[i];
  for (unsigned z = 0; z < groups[2] && wrong.empty(); z++)
    for (unsigned y = 0; y < groups[1] && wrong.empty(); y++)
      for (unsigned x = 0; x < groups[0] && wrong.empty(); x++) {
        place(g, {x, y, z, 0}, {groups[0], groups[1], groups[2], 0});
        for (auto& m : g->memory) memset(m->data, 0xFF, m->size);
        gx = x, gy = y, gz = z;
        inKernel = true;
        wrong = runGroup(g);
        inKernel = false;
      }
  if (!wrong.empty()) {
    freeFibers(g);
    wrong = l.kernel->name + ": " + wrong;
    misuse("%s", wrong.c_str());
  }
  return wrong;
}

std::shared_ptr<Program> compileSource(const std::string& source, std::string* why) {
  static std::mutex mu;
  static std::map<std::string, std::shared_ptr<Program>>* known = new std::map<std::string, std::shared_ptr<Program>>;
  std::lock_guard<std::mutex> l(mu);
  std::string hash = hashOf(shimVersion + "\x01" + source);
  if (known->count(hash)) return (*known)[hash];
  std::string plain = classPointers(withoutComments(source)), code, table;
  if (!entries(plain, &code, &table, why)) return nullptr;
  std::string path = cache + "/" + hash + ".so";
  if (access(path.c_str(), R_OK) != 0) {
    std::string base = path + "." + std::to_string(getpid()), in = base + ".cpp", out = base + ".tmp";
    // The attribute has the name of an address space, which the shim has taken.
    std::string renamed = groupVariables(plain);
    for (size_t at = 0; (at = renamed.find("[[threadgroup(", at)) != std::string::npos;) renamed.replace(at, 14, "[[sim_group(");
    std::ofstream(in) << "#line 1 \"program_source\"\n" << renamed << "\n" << code << "extern \"C\" const char sim_kernels[] = R\"(" << table << ")\";\n";
    bool ok = runCompiler(in, out, why);
    unlink(in.c_str());
    if (!ok) return nullptr;
    rename(out.c_str(), path.c_str());
    count("compiled");
  }
  auto p = std::make_shared<Program>();
  p->handle = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (!p->handle) return *why = dlerror(), nullptr;
  if (Host** at = (Host**)dlsym(p->handle, "sim_host")) *at = &host;
  std::stringstream lines((const char*)dlsym(p->handle, "sim_kernels"));
  for (std::string line; std::getline(lines, line);) {
    size_t colon = line.find(':');
    Kernel k;
    k.name = line.substr(0, colon);
    std::stringstream words(line.substr(colon + 1));
    for (std::string w; words >> w;) {
      ArgumentKind kind = w[0] == 'r' ? ReadBuffer : w[0] == 'w' ? WriteBuffer : w[0] == 'c' ? ConstantBuffer : GroupMemory;
      k.arguments.push_back({kind, atoi(w.c_str() + 1)});
    }
    k.run = (decltype(k.run))dlsym(p->handle, ("run_" + k.name).c_str());
    p->kernels[k.name] = k;
  }
  return (*known)[hash] = p;
}
