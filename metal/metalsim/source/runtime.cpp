// The Objective-C run time: classes, selectors, messages, reference counts and
// autorelease pools, with a ledger of what is alive and of what was misused.
#include "sim.h"
#include <unordered_set>

namespace {

struct World {
  std::mutex mu;
  std::unordered_map<std::string, SEL> selectors;
  std::map<std::string, Class*> classes;
  std::vector<std::string> misuses;
  std::map<std::string, long> counts, settings;
  std::map<std::string, long> failAt, failSeen;
  // What died lately stays in memory, so that a message to it is seen.
  std::unordered_set<void*> dead;
  std::deque<void*> graves;
};

World& world() {
  static World* w = new World;
  return *w;
}

struct Pool { std::vector<id> objects; };
thread_local std::vector<Pool*> pools;

SEL registered(const char* name) {
  World& w = world();
  std::lock_guard<std::mutex> l(w.mu);
  SEL& s = w.selectors[name];
  if (!s) s = new Selector{name};
  return s;
}

bool isDead(void* o) {
  World& w = world();
  std::lock_guard<std::mutex> l(w.mu);
  return w.dead.count(o) != 0;
}

void* answerNothing() { return nullptr; }

}  // namespace

Class* classNamed(const char* name) {
  World& w = world();
  std::lock_guard<std::mutex> l(w.mu);
  Class*& c = w.classes[name];
  if (!c) c = new Class(name);
  return c;
}

Object::Object(Class* c) : isa(c) {
  if (c) c->live++;
}
Object::~Object() {
  if (isa) isa->live--;
}
Class::Class(const char* n) : Object(nullptr), name(n) {}

Method::Method(const char* cls, char kind, const char* selector, IMP imp) {
  Class* c = classNamed(cls);
  (kind == '+' ? c->own : c->instance)[registered(selector)] = imp;
}

void misuse(const char* format, ...) {
  char text[1024];
  va_list list;
  va_start(list, format);
  vsnprintf(text, sizeof text, format, list);
  va_end(list);
  World& w = world();
  std::lock_guard<std::mutex> l(w.mu);
  if (w.misuses.size() < 200) w.misuses.push_back(text);
}

bool fails(const char* kind) {
  World& w = world();
  std::lock_guard<std::mutex> l(w.mu);
  long n = ++w.failSeen[kind];
  auto at = w.failAt.find(kind);
  return at != w.failAt.end() && (at->second > 0 ? at->second == n : n >= -at->second);
}

void count(const char* what, long n) {
  World& w = world();
  std::lock_guard<std::mutex> l(w.mu);
  w.counts[what] += n;
}

long setting(const char* name) {
  World& w = world();
  std::lock_guard<std::mutex> l(w.mu);
  auto at = w.settings.find(name);
  return at == w.settings.end() ? 0 : at->second;
}

size_t groupMemoryLimit() {
  long chosen = setting("memory");
  return chosen ? size_t(chosen) : 32768;
}

void retain(id o) {
  if (!o) return;
  if (isDead(o)) return misuse("retain of an object that was released");
  o->refs++;
}

void release(id o) {
  if (!o) return;
  if (isDead(o)) return misuse("release of an object that was released already");
  if (!o->isa) return;
  if (--o->refs > 0) return;
  World& w = world();
  void* memory = o;
  o->~Object();
  std::lock_guard<std::mutex> l(w.mu);
  w.dead.insert(memory);
  w.graves.push_back(memory);
  if (w.graves.size() > 4096) {
    void* old = w.graves.front();
    w.graves.pop_front();
    w.dead.erase(old);
    ::operator delete(old);
  }
}

id autorelease(id o) {
  if (!o) return o;
  if (pools.empty()) {
    misuse("%s was autoreleased on a thread without a pool: it leaks", o->isa->name.c_str());
    return o;
  }
  pools.back()->objects.push_back(o);
  return o;
}

extern "C" {

id objc_getClass(const char* name) {
  World& w = world();
  std::lock_guard<std::mutex> l(w.mu);
  auto c = w.classes.find(name);
  return c == w.classes.end() ? nullptr : c->second;
}

SEL sel_registerName(const char* name) { return registered(name); }

void* objc_autoreleasePoolPush() {
  pools.push_back(new Pool);
  return pools.back();
}

void objc_autoreleasePoolPop(void* pool) {
  if (pools.empty() || pools.back() != pool) {
    misuse("an autorelease pool was popped on another thread than its own, or out of order");
    return;
  }
  Pool* p = pools.back();
  for (id o : p->objects) release(o);
  pools.pop_back();
  delete p;
}

// sim_lookup finds the function that a message runs.
IMP sim_lookup(id self, SEL op) {
  if (!self) return (IMP)answerNothing;
  if (isDead(self)) {
    misuse("%s was sent to an object that was released", op->name.c_str());
    return (IMP)answerNothing;
  }
  if (!self->isa) {
    Class* c = static_cast<Class*>(self);
    auto at = c->own.find(op);
    if (at == c->own.end()) at = classNamed("NSObject")->own.find(op);
    if (at != c->own.end() && at->second) return at->second;
    misuse("+[%s %s]: no such method", c->name.c_str(), op->name.c_str());
    return (IMP)answerNothing;
  }
  auto at = self->isa->instance.find(op);
  if (at != self->isa->instance.end()) return at->second;
  static Class* root = classNamed("NSObject");
  at = root->instance.find(op);
  if (at != root->instance.end()) return at->second;
  misuse("-[%s %s]: no such method", self->isa->name.c_str(), op->name.c_str());
  return (IMP)answerNothing;
}

// The simulator's own controls.
void sim_fail(const char* kind, long nth) {
  World& w = world();
  std::lock_guard<std::mutex> l(w.mu);
  w.failSeen[kind] = 0;
  if (nth) w.failAt[kind] = nth; else w.failAt.erase(kind);
}

long sim_seen(const char* kind) {
  World& w = world();
  std::lock_guard<std::mutex> l(w.mu);
  return w.failSeen[kind];
}

void sim_set(const char* name, long value) {
  World& w = world();
  std::lock_guard<std::mutex> l(w.mu);
  w.settings[name] = value;
}

long sim_count(const char* what) {
  World& w = world();
  std::lock_guard<std::mutex> l(w.mu);
  return w.counts[what];
}

long sim_live(const char* cls) { return classNamed(cls)->live; }

// sim_misuses hands out the reports since the last call, a line each.
const char* sim_misuses() {
  static thread_local std::string text;
  World& w = world();
  std::lock_guard<std::mutex> l(w.mu);
  text.clear();
  for (auto& m : w.misuses) text += m + "\n";
  w.misuses.clear();
  return text.c_str();
}

}  // extern "C"

static id objectRetain(id self, SEL) { retain(self); return self; }
static void objectRelease(id self, SEL) { release(self); }
static id objectInit(id self, SEL) { return self; }
METHOD("NSObject", '-', "retain", objectRetain);
METHOD("NSObject", '-', "release", objectRelease);
METHOD("NSObject", '-', "init", objectInit);

// What a newer system has is not there while the setting "old" is on.
static const std::string newer[] = {"setMathMode:", "newResidencySetWithDescriptor:error:"};
static bool objectAnswers(id self, SEL, SEL method) {
  if (setting("old")) for (auto& n : newer) if (n == method->name) return false;
  Class* root = classNamed("NSObject");
  return self->isa->instance.count(method) || root->instance.count(method);
}
METHOD("NSObject", '-', "respondsToSelector:", objectAnswers);

static id stringWithCString(id, SEL, const char* s, NSUInteger encoding) {
  if (encoding != 4) misuse("+[NSString stringWithCString:encoding:]: encoding %lu", encoding);
  return autorelease(new String(s));
}
static const char* stringUTF8(id self, SEL) { return static_cast<String*>(self)->text.c_str(); }
static id errorDescription(id self, SEL) { return autorelease(new String(static_cast<Error*>(self)->text)); }
METHOD("NSString", '+', "stringWithCString:encoding:", stringWithCString);
METHOD("NSString", '-', "UTF8String", stringUTF8);
METHOD("NSError", '-', "localizedDescription", errorDescription);

struct URL : Object {
  std::string path;
  explicit URL(std::string p) : Object(classNamed("NSURL")), path(std::move(p)) {}
};
static id urlWithPath(id, SEL, id path) { return autorelease(new URL(static_cast<String*>(path)->text)); }
METHOD("NSURL", '+', "fileURLWithPath:", urlWithPath);
