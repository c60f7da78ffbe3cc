# Documents of XML.
import io
import xml.etree.ElementTree as ET

text = """<?xml version="1.0"?>
<!DOCTYPE data [<!ENTITY who "me &amp; you">]>
<data xmlns:a="urn:a" version='1'>
  <!-- said -->
  <country name="Liechtenstein" code="&#76;I"><rank updated="yes">2</rank><year>2008</year>
    <neighbor name="Austria" direction="E"/><neighbor name="Switzerland" direction="W" /></country>
  <country name="Singapore &lt;3"><rank>5</rank><a:note a:kind="x">&who;</a:note> tail<![CDATA[ <raw> & ]]></country>
  <empty/><?go there?>
</data>
"""
root = ET.fromstring(text)
print(root.tag, root.attrib, len(root), [c.tag for c in root], root[0].attrib, root[1].get("name"), root[0][0].text, repr(root[1][1].tail))
for path in ("country", "country/rank", ".//neighbor", "*", ".//rank/..", "country[@name]", "country[@name='Singapore <3']", "country[rank='5']/a:note", "country[rank]", "country[2]", "country[last()]", ".//neighbor[last()-1]",
             ".", "country/*", ".//*[@direction!='E']", "{*}country", "./country//year", ".//year[.='2008']", "empty/", "nothing"):
    print(path, [e.tag for e in root.findall(path, {"a": "urn:a"})])
print(root.find("country/year").text, root.findtext("country/rank"), root.findtext("x", "none"), root.find("x"), root.findtext("empty"), [e.text for e in root.iter("rank")], "".join(root[1].itertext()))
print(ET.tostring(root[1], encoding="unicode"))
print(ET.tostring(root[0][2]), ET.tostring(root[2], short_empty_elements=False), ET.tostring(root, encoding="utf-8", xml_declaration=True)[:60])
top = ET.Element("top", {"b": "1"}, a='q"<&>\n')
child = ET.SubElement(top, "child", n="é")
child.text, child.tail = "x < y & z é", "after"
top.append(ET.Comment(" note "))
top.insert(0, ET.PI("go", "now"))
ET.SubElement(top, ET.QName("urn:b", "q")).set("{urn:c}k", "v")
ET.SubElement(top, "{http://www.w3.org/XML/1998/namespace}x")
print(ET.tostring(top), ET.tostring(top, "unicode"), ET.tostring(top, "latin-1"))
ET.register_namespace("bb", "urn:b")
out = io.BytesIO()
ET.ElementTree(top).write(out, encoding="UTF-8", xml_declaration=True)
print(out.getvalue(), ET.tostring(top, method="text", encoding="unicode"), ET.tostring(ET.fromstring("<p>a<br/>b<script>1&lt;2</script></p>"), method="html"))
ET.indent(root)
print(ET.tostring(root, encoding="unicode"))
ET.dump(ET.XML("<a><b/>t</a>"))
top.remove(child)
del top[0]
print(len(top), list(top.keys()), top.items() == {"b": "1"}.items(), child in top, bool(ET.Element("x")), ET.iselement(top))
for event, e in ET.iterparse(io.BytesIO(b"<a xmlns='u'><b>1</b><c/></a>"), events=("start", "end", "start-ns", "end-ns")):
    print(event, e if event.endswith("ns") else (e.tag, e.text))
print(ET.XMLID("<a id='1'><b id='2'/></a>")[1].keys(), ET.fromstringlist(["<a>", "<b/>", "</a>"]).tag, ET.parse(io.StringIO("<r>é</r>")).getroot().text)


class Tags:
    def __init__(self):
        self.seen = []

    def start(self, tag, attrs):
        self.seen.append((tag, attrs))

    def data(self, data):
        self.seen.append(data)

    def close(self):
        return self.seen


parser = ET.XMLParser(target=Tags())
parser.feed("<a k='v'>t<b/></a>")
print(parser.close())
for bad in ("", "<a>", "<a></b>", "<a", "text", "<a/><b/>", "<a b=1/>", "<a b='1' b='2'/>", "<a>&no;</a>", "<a>&</a>", "<a><x:b/></a>", "<a>\n <b></a>", "</a>", "<a>]]></a>", " <?xml version='1.0'?><a/>", "<1/>", "<a/>x"):
    try:
        print(ET.fromstring(bad))
    except ET.ParseError as e:
        print(repr(bad), e, e.position)
for call in (lambda: root.find("/a"), lambda: root.find("a[0]"), lambda: root.find("q:a"), lambda: top.append(1), lambda: top.remove(child), lambda: top[9], lambda: ET.Element("a", 1), lambda: ET.tostring(ET.Element("a", b=1))):
    try:
        print(call())
    except Exception as e:
        print(type(e).__name__, e)
