package mtl

import (
	"os"
	"reflect"
	"strings"
	"testing"
	"unsafe"
)

// spelling gives the declared types that a Go type stands for.
var spelling = map[reflect.Type][]string{
	reflect.TypeFor[String]():              {"NS::String*", "String*"},
	reflect.TypeFor[Error]():               {"NS::Error*"},
	reflect.TypeFor[*Error]():              {"NS::Error**"},
	reflect.TypeFor[URL]():                 {"NS::URL*"},
	reflect.TypeFor[Device]():              {"MTL::Device*"},
	reflect.TypeFor[Architecture]():        {"MTL::Architecture*"},
	reflect.TypeFor[CommandQueue]():        {"MTL::CommandQueue*"},
	reflect.TypeFor[CommandBuffer]():       {"MTL::CommandBuffer*"},
	reflect.TypeFor[ComputeEncoder]():      {"MTL::ComputeCommandEncoder*"},
	reflect.TypeFor[Buffer]():              {"MTL::Buffer*"},
	reflect.TypeFor[Library]():             {"MTL::Library*"},
	reflect.TypeFor[Function]():            {"MTL::Function*"},
	reflect.TypeFor[Pipeline]():            {"MTL::ComputePipelineState*"},
	reflect.TypeFor[CompileOptions]():      {"MTL::CompileOptions*"},
	reflect.TypeFor[SharedEvent]():         {"MTL::SharedEvent*", "MTL::Event*"},
	reflect.TypeFor[CaptureManager]():      {"MTL::CaptureManager*"},
	reflect.TypeFor[CaptureSettings]():     {"MTL::CaptureDescriptor*"},
	reflect.TypeFor[ResidencySet]():        {"MTL::ResidencySet*"},
	reflect.TypeFor[ResidencySettings]():   {"MTL::ResidencySetDescriptor*"},
	reflect.TypeFor[MathMode]():            {"MTL::MathMode"},
	reflect.TypeFor[Object]():              {"id"},
	reflect.TypeFor[sel]():                 {"SEL"},
	reflect.TypeFor[id]():                  {"id", "void (^deallocator)(void*, NS::UInteger)"},
	reflect.TypeFor[Size]():                {"MTL::Size"},
	reflect.TypeFor[ResourceOptions]():     {"MTL::ResourceOptions"},
	reflect.TypeFor[DispatchType]():        {"MTL::DispatchType"},
	reflect.TypeFor[BarrierScope]():        {"MTL::BarrierScope"},
	reflect.TypeFor[CommandBufferStatus](): {"MTL::CommandBufferStatus"},
	reflect.TypeFor[CaptureDestination]():  {"MTL::CaptureDestination"},
	reflect.TypeFor[StringEncoding]():      {"StringEncoding"},
	reflect.TypeFor[uint]():                {"NS::UInteger", "UInteger"},
	reflect.TypeFor[uint64]():              {"uint64_t"},
	reflect.TypeFor[bool]():                {"bool"},
	reflect.TypeFor[string]():              {"char*"},
	reflect.TypeFor[unsafe.Pointer]():      {"void*"},
}

func spells(t reflect.Type, declared string) bool {
	declared = strings.TrimPrefix(declared, "const ")
	for _, s := range spelling[t] {
		if s == declared {
			return true
		}
	}
	return false
}

// declarations reads the table of what Apple's C++ headers declare, and that of
// what is taken from other headers, whose last column names them.
func declarations(t *testing.T) map[string][]string {
	declared := map[string][]string{}
	for file, columns := range map[string]int{"testdata/selectors.tsv": 5, "testdata/selectors-elsewhere.tsv": 6} {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, line := range strings.Split(strings.TrimSpace(string(data)), "\n")[1:] {
			f := strings.Split(line, "\t")
			if len(f) != columns || f[columns-1] == "" && columns == 6 {
				t.Fatalf("%s: %q has not %d columns", file, line, columns)
			}
			tag := strings.Replace(f[0], "::", "", 1) + " " + f[1] + f[2]
			if declared[tag] != nil {
				t.Errorf("%s: %s is declared twice", file, tag)
			}
			declared[tag] = f[3:5]
		}
	}
	return declared
}

// TestMethods holds every message to its declaration: class, kind, selector,
// result and arguments.
func TestMethods(t *testing.T) {
	declared := declarations(t)
	set := reflect.TypeFor[methods]()
	for i := range set.NumField() {
		tag := set.Field(i).Tag.Get("objc")
		call, _ := set.Field(i).Type.FieldByName("Call")
		want, ok := declared[tag]
		if !ok {
			t.Errorf("%s: not declared", tag)
			continue
		}
		delete(declared, tag)
		f := call.Type
		if result := want[0]; result == "void" {
			if f.NumOut() != 0 {
				t.Errorf("%s: gives %s, declared void", tag, f.Out(0))
			}
		} else if f.NumOut() != 1 || !spells(f.Out(0), result) {
			t.Errorf("%s: %s, declared to give %s", tag, f, result)
		}
		var args []string
		if want[1] != "" {
			args = strings.Split(want[1], "; ")
		}
		if f.NumIn() != len(args)+2 || strings.Count(tag, ":") != len(args) {
			t.Errorf("%s: %s, declared with %d arguments", tag, f, len(args))
			continue
		}
		for k, a := range args {
			if !spells(f.In(k+2), a) {
				t.Errorf("%s: argument %d is %s, declared %s", tag, k, f.In(k+2), a)
			}
		}
		_, selector, _ := strings.Cut(tag, " ")
		class := strings.Fields(tag)[0]
		self := f.In(0)
		if selector[0] == '+' {
			if self != reflect.TypeFor[id]() {
				t.Errorf("%s: the receiver is %s, want a class", tag, self)
			}
		} else if name := strings.Replace(class, "MTL", "MTL::", 1); class != "MTLCommandEncoder" && strings.HasPrefix(class, "MTL") && !spells(self, name+"*") {
			t.Errorf("%s: the receiver is %s", tag, self)
		}
	}
	for tag := range declared {
		t.Errorf("%s: among the declarations, and not used", tag)
	}
}
