"""Templates, with what Jinja2 3.1.6 makes of them."""

from jinja2 import DictLoader, Environment
from jinja2.sandbox import ImmutableSandboxedEnvironment
exprs = '''{{ x.y is defined if x is defined }}
{{ -x }}|{{ 1 + 2 * 3 - 4 / 2 }}|{{ 7 // 2 }}|{{ 7 % 3 }}|{{ 2 ** 3 ** 2 }}
{{ 'a' in 'abc' }} {{ 1 not in [1] }} {{ not true }} {{ 1 < 2 < 3 }}
{{ [1,2,3][1:] }} {{ 'abc'[::-1] }} {{ (1,) }} {{ () }} {{ {'a': 1, }.a }}
{{ "%s-%d" % ('a', 3) }} {{ "%s"|format('x') }}
{{ none }} {{ true }} {{ 1.0 }} {{ 1e3 }} {{ 0x1f }} {{ 1_000 }}
{{ m[0].role }} {{ m[0]['content']|trim }} {{ m|length }} {{ m|map(attribute='role')|join(', ') }}
{% for x in m %}{{ loop.index0 }}{{ loop.first }}{{ loop.last }}{{ loop.previtem.role if loop.previtem is defined }}{% if x.role == 'user' %}{% continue %}{% endif %}[{{ x.content }}]{% endfor %}
{% for a, b in {'x': 1, 'y': 2}.items() %}{{ a }}={{ b }};{% endfor %}
{%- set z = namespace(found=false) -%}{%- for x in m -%}{%- if x.role == 'user' -%}{%- set z.found = true -%}{%- endif -%}{%- endfor -%}{{ z.found }}
{{ m | tojson }} {{ {'b': [1, 2.5, none, true], 'a': 'é<'} | tojson(indent=2) }}
{{ 'Hello World'|replace('o','0') }} {{ 'abc'|upper }} {{ 'hello world'|title }} {{ 'hello'|capitalize }} {{ ' x '|trim }} {{ 'a,b'.split(',') }}
{{ [3,1,2]|sort }} {{ [3,1,2]|sort(reverse=true) }} {{ [1,1,2]|unique|list }} {{ [1,2,3]|sum }} {{ [1,2,3]|max }} {{ []|first }} {{ [1,2]|last }}
{{ range(5)|batch(2)|list }} {{ range(5)|slice(2)|list }} {{ range(3)|list }}
{{ 3.7|int }} {{ '42'|int + 1 }} {{ 3.14159|round(2) }} {{ 42|string }} {{ 'x'|default('y') }} {{ nope|default('y') }} {{ ''|default('z', true) }}
{{ 'a\\nb'|indent(4) }} {{ 'long text here to cut'|truncate(10) }} {{ 'foo bar'|wordcount }}
{{ x is number }} {{ 'a' is string }} {{ m is sequence }} {{ m is mapping }} {{ m[0] is mapping }} {{ 4 is even }} {{ 4 is divisibleby 2 }} {{ none is none }} {{ nope is undefined }}
{% macro f(a, b='d') %}<{{ a }}{{ b }}>{% endmacro %}{{ f(1) }}{{ f(1, b=2) }}{{ f(1,2,3) }}
{% if x > 3 and x < 10 %}yes{% elif x == 3 %}three{% else %}no{% endif %}
{% set t %}block {{ x }}{% endset %}{{ t|upper }}
{% raw %}{{ raw }}{% endraw %}{# comment #}
{% filter upper %}abc{{ x }}{% endfilter %}
{% with a=1, b=2 %}{{ a + b }}{% endwith %}
{{ nope.foo }}
{{ m[0].nope }}
{{ m[0].nope.x }}
{{ raise_it() }}
{{ x.append(1) }}
{{ lst.append(1) }}
{{ ''.__class__ }}
{{ '{0.__class__}'.format(1) }} {{ '{}'.format('ok') }}
{{ m[0].items() | list }} {{ dict(a=1)|items|list }}
{% for i in range(3) recursive %}{{ i }}{% endfor %}
{% for n in tree recursive %}{{ n.v }}{% if n.c %}({{ loop(n.c) }}){% endif %}{% endfor %}
{{ m|selectattr('role', 'equalto', 'user')|list|length }} {{ m|rejectattr('role','equalto','user')|map(attribute='content')|list }}
{{ m|groupby('role')|list|length }} {% for g, items in m|groupby('role') %}{{ g }}:{{ items|length }} {% endfor %}
{{ [[1,2],[3]]|sum(start=[]) }} {{ 'abc'|list }} {{ {'b':1,'a':2}|dictsort }} {{ [1,2]|map('string')|join }}
{{ 1 if x else 2 }} {{ (x if false) is defined }} {{ x|abs|string ~ 'q' }}
{% for i in [1,2,3] if i > 1 %}{{ i }}{{ loop.length }}{% else %}none{% endfor %}{% for i in [] %}{% else %}empty{% endfor %}
{{ 'a' ~ 1 ~ none ~ [1] }} {{ "it's" }} {{ '"q"' }} {{ 'tab\\there' }}
{% set a, b = 1, 2 %}{{ a }}{{ b }} {% set c = (1, 2) %}{{ c }}
{{ loop }}
{{ 'x' if }}
{% if x %}
{{ foo(
{% for %}{% endfor %}
{{ x | nosuch }}
{{ x is nosuch }}
{% unknown %}
{% endif %}
{{ 'unterminated }}
{% generation %}x{% endgeneration %}
{{ cycler('a','b').next() }} {{ joiner(',')() }}
{{ m[-1].content.strip().split('\\n')[0].startswith('A') }} {{ 'abc'.replace('b','') }} {{ 'x'.join(['a','b']) }}
{{ 5 is eq 5 }} {{ 5 is in [5] }} {{ [] is iterable }} {{ x is sameas x }} {{ true is boolean }} {{ 1 is integer }} {{ 1.5 is float }} {{ 'A' is upper }} {{ m is callable }}
{{ 123456789|filesizeformat }} {{ '<b>x</b>'|striptags }} {{ 'a b'|urlencode }} {{ '<x>'|e }} {{ {'class': 'x'}|xmlattr }}'''.split("\n")
multi = ["a\n{% if true %}\nb\n{% endif %}\nc\n", "  {%- if true %}  x  {%- endif %}  y", "{% for i in [1,2] -%}\n  {{ i }}\n{%- endfor %}\n", "x\n    {% set a = 1 %}\n    {{ a }}\n", "a {#- c -#} b\n{# c #}\nd", "{%+ if true %} z {%+ endif %}", "  {% raw %}\n {{ x }} \n {% endraw %}\nq", "{{ 'a' }}\n\n", "\r\nx\r\n", "{{- 'x' -}} y", "a\n  {%+ if 1 %}b{% endif +%}\nc", "{% block a %}1{% endblock %}{{ self.a() }}"]
tree=[{'v':1,'c':[{'v':2},{'v':3,'c':[{'v':4}]}]},{'v':5}]
def run(env, src):
    try:
        return env.from_string(src).render(m=[{'role':'system','content':' Sys '},{'role':'user','content':'Hi\nthere'},{'role':'assistant','content':'A b'}], x=5, tree=tree, lst=[])
    except Exception as e:
        return type(e).__name__ + ": " + str(e)
def fail(): raise ValueError('no')
for kind in (0, 1):
    env = (Environment if not kind else ImmutableSandboxedEnvironment)(trim_blocks=bool(kind), lstrip_blocks=bool(kind), extensions=["jinja2.ext.loopcontrols"])
    env.globals["raise_it"] = fail
    for s in exprs + multi:
        print(kind, repr(s), '=>', repr(run(env, s)))
e = Environment(autoescape=True)
for s in ["{{ '<a>' }}{{ '<b>'|safe }}{{ '<a>' ~ x }}", "{% macro f(x) %}<i>{{ x }}</i>{% endmacro %}{{ f('<') }}", "{% autoescape false %}{{ '<' }}{% endautoescape %}{{ ['<','>'|safe]|join('&') }}", "{{ {'a':'<'}|tojson }}", "{% set q %}<{% endset %}{{ q }}"]:
    print(s, '=>', run(e, s))

env = Environment(loader=DictLoader({
    "base": "<{% block a %}A{% endblock %}>{% block b %}B{{ x }}{% endblock %}", "child": "{% extends 'base' %}junk{% block a %}[{{ super() }}]{% endblock %}",
    "m": "{% macro f(x, y=2) %}{{ x }}-{{ y }}-{{ varargs }}{% endmacro %}{% set z = 3 %}", "part": "{{ x }}!",
}))
print(env.get_template("child").render(x=1))
print(env.from_string("{% import 'm' as m %}{{ m.f(1) }} {{ m.f(1, 5, 6) }} {{ m.z }} {% from 'm' import f as g %}{{ g('q') }} {% include 'part' %}{% include 'none' ignore missing %}").render(x=2))
print(env.from_string("{% macro m() %}{{ caller(7) }}{% endmacro %}{% call(u) m() %}<{{ u }}>{% endcall %}").render())
try:
    env.get_template("nowhere")
except Exception as e:
    print(type(e).__name__, e)
print(env.compile_expression("a + b * 2")(a=1, b=3), "".join(env.from_string("a{{ 1 }}b").generate()))
