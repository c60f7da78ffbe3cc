package workload

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
)

// Schema is the JSON Schema of configurations, of every format.
func Schema() []byte {
	root := object(reflect.TypeFor[Config]())
	root["$schema"] = "https://json-schema.org/draft/2020-12/schema"
	root["title"] = "mlxstar jobs"
	root["required"] = []string{"jobs"}
	root["$defs"] = map[string]any{"job": object(reflect.TypeFor[Job]())}
	text, err := json.MarshalIndent(root, "", "  ")
	if err != nil {
		panic(err) // maps of strings have JSON
	}
	return append(text, '\n')
}

// object is the schema of a struct.
func object(t reflect.Type) map[string]any {
	properties := map[string]any{}
	for _, k := range keysOf(t) {
		p := schemaOf(k.field.Type, k.field.Tag)
		p["description"] = k.field.Tag.Get("doc")
		properties[k.name] = p
	}
	return map[string]any{"type": "object", "properties": properties, "additionalProperties": false}
}

func schemaOf(t reflect.Type, tag reflect.StructTag) map[string]any {
	switch t {
	case reflect.TypeFor[Size]():
		return map[string]any{"type": []string{"string", "integer"}, "pattern": `^[0-9.]+ ?([KkMmGgTt]i?)?[Bb]?$`, "minimum": 0}
	case reflect.TypeFor[Duration]():
		return map[string]any{"type": []string{"string", "number"}, "pattern": `^([0-9.]+(ns|us|ms|s|m|h))+$`, "minimum": 0}
	case reflect.TypeFor[Threshold]():
		return map[string]any{"type": "string", "pattern": `^[^<>=! ]+ *(<=|>=|==|!=|<|>) *[0-9.+-].*$`}
	case reflect.TypeFor[Job]():
		return map[string]any{"$ref": "#/$defs/job"}
	}
	switch t.Kind() {
	case reflect.Pointer:
		return schemaOf(t.Elem(), tag)
	case reflect.Bool:
		return map[string]any{"type": "boolean"}
	case reflect.String:
		s := map[string]any{"type": "string"}
		if one := strings.Fields(tag.Get("one")); len(one) > 0 {
			s["enum"] = one
		}
		return s
	case reflect.Int, reflect.Uint64:
		s := map[string]any{"type": "integer"}
		if tag.Get("min") == "1" {
			s["minimum"] = 1
		} else if t.Kind() == reflect.Uint64 {
			s["minimum"] = 0
		}
		return s
	case reflect.Slice:
		return map[string]any{"type": "array", "items": schemaOf(t.Elem(), tag)}
	case reflect.Map:
		return map[string]any{"type": "object", "additionalProperties": schemaOf(t.Elem(), tag)}
	case reflect.Struct:
		return object(t)
	}
	return map[string]any{} // any value
}

// Reference is the schema as tables of Markdown.
func Reference() string {
	var s strings.Builder
	for _, part := range []struct {
		title string
		t     reflect.Type
	}{
		{"The file", reflect.TypeFor[Config]()}, {"A job: `jobs.NAME`, and `defaults`", reflect.TypeFor[Job]()},
		{"An input: `inputs.NAME`", reflect.TypeFor[Input]()}, {"An output: `outputs.NAME`", reflect.TypeFor[Output]()},
		{"`grants`", reflect.TypeFor[Grants]()}, {"`limits`", reflect.TypeFor[Limits]()}, {"`retries`", reflect.TypeFor[Retries]()},
		{"`serve`", reflect.TypeFor[Serve]()},
	} {
		fmt.Fprintf(&s, "### %s\n\n| key | value | what it says |\n|---|---|---|\n", part.title)
		for _, k := range keysOf(part.t) {
			fmt.Fprintf(&s, "| `%s` | %s | %s |\n", k.name, strings.ReplaceAll(valueText(k.field.Type), "|", `\|`), strings.ReplaceAll(k.field.Tag.Get("doc"), "|", `\|`))
		}
		s.WriteByte('\n')
	}
	return s.String()
}

// valueText says what a key's value is, for the reference.
func valueText(t reflect.Type) string {
	switch t {
	case reflect.TypeFor[Size]():
		return "size"
	case reflect.TypeFor[Duration]():
		return "time"
	case reflect.TypeFor[Threshold]():
		return "condition"
	}
	switch t.Kind() {
	case reflect.Pointer:
		return valueText(t.Elem())
	case reflect.Bool:
		return "true or false"
	case reflect.String:
		return "string"
	case reflect.Int, reflect.Uint64:
		return "whole number"
	case reflect.Slice:
		return "list of " + valueText(t.Elem())
	case reflect.Map:
		return "table of " + valueText(t.Elem())
	case reflect.Struct:
		return "table"
	}
	return "any"
}
