package documents_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/mlxstar/mlxstar"
	"github.com/mlxstar/mlxstar/internal/suite"
)

// probe shows that a sentence of docs/modules.md is true. What it says to be absent
// must fail, and goes stale when somebody adds it; what it says to be so must run.
type probe struct {
	claim  string
	absent []string
	holds  string
}

// intro is the place of sentences above the tables.
const intro = "intro"

// moduleProbes are the claims of the page by the first name of their row. Together
// they must be all that its column of differences says.
var moduleProbes = map[string][]probe{
	intro: {
		{claim: "There is no network unless the host grants it, as the\ncommand does", absent: []string{"import socket\nsocket.socket()", "import urllib.request\nurllib.request.urlopen('http://x')", "import http.client\nhttp.client.HTTPConnection('x').connect()"}},
		{claim: "there are no other\nprocesses", absent: []string{"import subprocess\nsubprocess.run(['x'])"}},
	},
	"asyncio": {
		{claim: "coroutines that nobody awaits are told of when `run` ends", holds: "import asyncio, warnings\nasync def f(): pass\nasync def main(): held.append(f())\nheld = []\n" +
			"with warnings.catch_warnings(record=True) as w:\n    warnings.simplefilter('always')\n    asyncio.run(main())\nassert [str(x.message) for x in w] == [\"coroutine 'f' was never awaited\"], w"},
		{claim: "a loop that waits for what never happens raises `RuntimeError`", holds: "import asyncio\nasync def f(): await asyncio.Event().wait()\n" +
			"try:\n    asyncio.run(f())\nexcept RuntimeError as e:\n    assert 'never happens' in str(e)\nelse:\n    assert False"},
		{claim: "no TLS", absent: []string{"import asyncio\nasyncio.run(asyncio.open_connection('x', 1, ssl=True))"}},
		{claim: "no processes", absent: []string{"import asyncio\nasyncio.run(asyncio.create_subprocess_exec('x'))"}},
		{claim: "no signals", absent: []string{"import asyncio\nasyncio.new_event_loop().add_signal_handler(2, print)"}},
		{claim: "no watched descriptors", absent: []string{"import asyncio\nasyncio.new_event_loop().add_reader(0, print)"}},
	},
	"bdb":       {{claim: "calls are not traced: `Bdb` is refused", absent: []string{"import bdb\nbdb.Bdb().set_trace()"}}},
	"email":     {{claim: "no policies", absent: []string{"import email.policy"}}, {claim: "no generators", absent: []string{"import email.generator"}}},
	"marshal":   {{claim: "every call is refused", absent: []string{"import marshal\nmarshal.dumps(1)", "import marshal\nmarshal.loads(b'i')"}}},
	"sysconfig": {{claim: "variables of the build are None", holds: "import sysconfig\nassert sysconfig.get_config_var('CC') is None and sysconfig.get_config_var('OPT') is None"}},
	"token": {{claim: "after a character that is none of Python's the blanks before it are no tokens",
		holds: "import io, tokenize\nassert [t.string for t in tokenize.generate_tokens(io.StringIO('a ?').readline)][:2] == ['a', '?']"}},
	"traceback": {{claim: "calls that run are not looked at: `extract_stack` is empty", holds: "import traceback\nassert traceback.extract_stack() == []"}},
	"mlx.data": {
		{claim: "no films", absent: []string{"import mlx.data as dx\ndx.buffer_from_vector([]).load_video('x')"}},
		{claim: "no tokenizers", absent: []string{"import mlx.data as dx\ndx.buffer_from_vector([]).tokenize('x', None)"}},
		{claim: "nothing is downloaded", absent: []string{"from mlx.data.datasets import load_mnist\nload_mnist('/no/such/folder')"}},
	},
	"psutil": {{claim: "no room of disks", absent: []string{"import psutil\npsutil.disk_usage('/')"}}, {claim: "no counts of networks", absent: []string{"import psutil\npsutil.net_io_counters()"}}},
	"calendar": {
		{claim: "no `HTMLCalendar`", absent: []string{"import calendar\ncalendar.HTMLCalendar"}},
		{claim: "names of days and months are English", holds: "import calendar\nassert calendar.day_name[0] == 'Monday' and calendar.month_abbr[12] == 'Dec'"},
	},
	"ctypes": {{claim: "whatever would call native code is refused", absent: []string{"import ctypes\nctypes.CDLL('libc.so.6')", "import ctypes\nctypes.c_int(3)", "import ctypes\nctypes.cdll.libc", "import ctypes\nctypes.pythonapi.f()"}}},
	"numba":  {{claim: "`vectorize` and `guvectorize` are refused", absent: []string{"import numba\nnumba.vectorize()", "import numba\nnumba.guvectorize()"}}},
	"faulthandler": {
		{claim: "`dump_traceback` is refused", absent: []string{"import faulthandler\nfaulthandler.dump_traceback()"}},
		{claim: "`open` starts nothing and gives False", holds: "import webbrowser\nassert webbrowser.open('x') is False"},
	},
	"graphlib": {{claim: "pickles are not told of `copyreg`", absent: []string{"import copyreg, pickle\nclass C:\n    def __reduce__(self): raise ValueError\ncopyreg.pickle(C, lambda c: (C, ()))\npickle.dumps(C())"}}},
	"sentencepiece": {
		{claim: "no sampling, no lists of the best", absent: []string{"import sentencepiece\nsentencepiece.SentencePieceProcessor().NBestEncode('x')", "import sentencepiece\nsentencepiece.SentencePieceProcessor().encode('x', enable_sampling=True)"}},
		{claim: "no training", absent: []string{"import sentencepiece\nsentencepiece.SentencePieceTrainer.train(input='x')"}},
	},
	"tiktoken": {{claim: "`get_encoding` knows no names: no ranks come with the runtime", absent: []string{"import tiktoken\ntiktoken.get_encoding('gpt2')"}}},
	"array": {
		{claim: "characters take 4 bytes", holds: "import array\nassert array.array('u', 'ab').itemsize == 4"},
		{claim: "`buffer_info` is refused", absent: []string{"import array\narray.array('b').buffer_info()"}},
	},
	"ast": {
		{claim: "comments of types are not read", absent: []string{"import ast\nast.parse('1', type_comments=True)", "import ast\nast.parse('() -> int', mode='func_type')"}},
		{claim: "patterns after one that matches everything are errors already here", holds: "import ast\ntry:\n    ast.parse('match x:\\n  case a: pass\\n  case b: pass')\nexcept SyntaxError:\n    pass\nelse:\n    assert False"},
	},
	"io":    {{claim: "no `BufferedRWPair`", absent: []string{"import io\nio.BufferedRWPair"}}},
	"scipy": {{claim: "the rest of SciPy is not there", absent: []string{"import scipy.sparse", "import scipy.optimize", "from scipy.signal import butter"}}},
	"xml.etree.ElementTree": {
		{claim: "no `canonicalize`", absent: []string{"import xml.etree.ElementTree as ET\nET.canonicalize('<a/>')"}},
		{claim: "events come when a document is whole", holds: "import xml.etree.ElementTree as ET\np = ET.XMLPullParser()\np.feed('<a><b/>')\nassert not list(p.read_events())\np.feed('</a>')\np.close()\nassert len(list(p.read_events())) == 2"},
		{claim: "no other module of `xml`", absent: []string{"import xml.dom.minidom", "import xml.sax"}},
	},
	"tarfile": {
		{claim: "members are extracted by the filter `data` unless another is named, as from 3.14 on", holds: "import io, tarfile\nf = io.BytesIO()\nt = tarfile.open(fileobj=f, mode='w')\nt.addfile(tarfile.TarInfo('../x'))\nt.close()\nf.seek(0)\n" +
			"try:\n    tarfile.open(fileobj=f).extractall('y')\nexcept tarfile.OutsideDestinationError:\n    pass\nelse:\n    assert False"},
		{claim: "no xz", absent: []string{"import tarfile\ntarfile.open('x', 'w:xz')"}},
		{claim: "no sparse members", absent: []string{"import io, tarfile\ni = tarfile.TarInfo('s')\ni.type = tarfile.GNUTYPE_SPARSE\ntarfile.open(fileobj=io.BytesIO(i.tobuf())).getnames()"}},
		{claim: "hard links become copies", absent: []string{"import os\nos.link"}},
	},
	"bz2": {
		{claim: "bz2 does not compress", absent: []string{"import bz2\nbz2.compress(b'a')"}},
		{claim: "every call of `lzma` is refused", absent: []string{"import lzma\nlzma.decompress(b'')"}},
		{claim: "preset dictionaries are refused", absent: []string{"import zlib\nzlib.compressobj(zdict=b'a')"}},
	},
	"codecs": {
		{claim: "`register` is refused", absent: []string{"import codecs\ncodecs.register(len)"}},
		{claim: "other places are refused", absent: []string{"import locale\nlocale.setlocale(locale.LC_ALL, 'de_DE')"}},
	},
	"decimal": {{claim: "`exp`, `ln` and powers that are no whole numbers may differ in the last digit",
		holds: "from decimal import Decimal as D\nassert abs(D(2).ln().exp() - 2) < D('1e-25')"}},
	"difflib": {{claim: "no `HtmlDiff`", absent: []string{"import difflib\ndifflib.HtmlDiff"}}},
	"html":    {{claim: "no `html.parser`", absent: []string{"import html.parser"}}, {claim: "no `html5`", absent: []string{"import html.entities\nhtml.entities.html5"}}},
	"http": {
		{claim: "ciphers cannot be chosen", absent: []string{"import ssl\nssl.create_default_context().set_ciphers('ALL')"}},
		{claim: "keys that a password protects are refused", absent: []string{"import ssl, tempfile\nwith tempfile.NamedTemporaryFile() as f:\n    f.write(b'-----BEGIN ENCRYPTED PRIVATE KEY-----')\n    f.flush()\n    ssl.create_default_context().load_cert_chain(f.name)"}},
		{claim: "no datagrams", absent: []string{"import socket\nsocket.socket(socket.AF_INET, socket.SOCK_DGRAM)"}},
	},
	"multiprocessing": {
		{claim: "a process is a thread of this one", holds: "import multiprocessing\nl = []\np = multiprocessing.Process(target=l.append, args=(1,))\np.start()\np.join()\nassert l == [1] and p.exitcode == 0"},
		{claim: "pools call functions at once", holds: "import multiprocessing\nl = []\nmultiprocessing.Pool().map_async(l.append, [1])\nassert l == [1]"},
	},
	"pickle": {{claim: "loading makes instances of the program's own classes and of harmless ones alone", absent: []string{
		"import pickle\npickle.loads(b\"cos\\nremove\\n(S'x'\\ntR.\")", "import pickle\npickle.loads(b\"cbuiltins\\neval\\n(S'1'\\ntR.\")", "import pickle\npickle.loads(b\"cshutil\\nrmtree\\n(S'x'\\ntR.\")"}}},
	"regex": {{claim: "no fuzzy matching", absent: []string{"import regex\nregex.compile('(?:cat){e<=1}').search('cut').group()"}}, {claim: "no named lists", absent: []string{"import regex\nregex.compile(r'\\L<x>', x=['a'])"}}},
	"huggingface_hub": {
		{claim: "what is not on the machine raises `LocalEntryNotFoundError`, which says where to put it", absent: []string{"import huggingface_hub\nhuggingface_hub.snapshot_download('a/b')"}},
		{claim: "what asks the hub is refused", absent: []string{"import huggingface_hub\nhuggingface_hub.HfApi().create_repo('a')", "import huggingface_hub\nhuggingface_hub.upload_file()"}},
	},
	"requests":    {{claim: "every request raises `ConnectionError`", absent: []string{"import requests\nrequests.get('http://x')"}}},
	"safetensors": {{claim: "other frameworks are refused", absent: []string{"from safetensors import safe_open\nsafe_open('x', 'pt')"}}},
	"tokenizers": {
		{claim: "no training", absent: []string{"from tokenizers import trainers", "from tokenizers import Tokenizer\nTokenizer(None)"}},
		{claim: "no offsets", absent: []string{"import tokenizers\ntokenizers.Encoding([], [], [], [], []).offsets"}},
	},
	"transformers": {
		{claim: "models are refused", absent: []string{"import transformers\ntransformers.AutoModel.from_pretrained('x')"}},
		{claim: "and processors of its own", absent: []string{"import transformers\ntransformers.CLIPProcessor.from_pretrained('x')", "from transformers import ProcessorMixin\nProcessorMixin()('x')"}},
		{claim: "the modules `transformers.models.*` import, and their classes raise when they are made", holds: "from transformers.models.bert.modeling_bert import BertModel",
			absent: []string{"from transformers.models.bert.modeling_bert import BertModel\nBertModel()", "import transformers.models.bert.nothing"}},
	},
	"resource": {
		{claim: "limits are remembered and bind nothing", holds: "import resource\nresource.setrlimit(resource.RLIMIT_CPU, (0, 0))\nassert resource.getrlimit(resource.RLIMIT_CPU) == (0, 0)"},
		{claim: "handlers are remembered and an interrupt does not call them", holds: "import signal\nsignal.signal(signal.SIGTERM, print)\nassert signal.getsignal(signal.SIGTERM) is print"},
		{claim: "`alarm` is refused", absent: []string{"import signal\nsignal.alarm(1)"}},
	},
	"subprocess":  {{claim: "what would start a process is refused", absent: []string{"import subprocess\nsubprocess.Popen('x')"}}},
	"unicodedata": {{claim: "no `bidirectional`", absent: []string{"import unicodedata\nunicodedata.bidirectional"}}},
	"urllib":      {{claim: "`https:` raises `URLError`", absent: []string{"import urllib.request\nurllib.request.urlretrieve('https://x/y')"}}},
	"zipfile":     {{claim: "no encryption", holds: "import zipfile\nassert zipfile.ZipInfo('a').flag_bits & 1 == 0"}},
	"argparse":    {{claim: "`FileType` opens files through the runtime", absent: []string{"import argparse\nargparse.FileType('r')('x')"}}},
	"base64": {
		{claim: "no base85 decoding", absent: []string{"import base64\nbase64.b85decode", "import base64\nbase64.a85decode"}},
		{claim: "no uuencoding", absent: []string{"import binascii\nbinascii.a2b_uu", "import binascii\nbinascii.b2a_uu"}},
	},
	"concurrent.futures": {{claim: "processes are threads of this one",
		holds: "from concurrent.futures import ProcessPoolExecutor\nl = []\nf = ProcessPoolExecutor(1).submit(l.append, 1)\nassert f.result() is None and l == [1]"}},
	"csv": {{claim: "`Sniffer` not", absent: []string{"import csv\ncsv.Sniffer"}}},
	"datetime": {{claim: "`fold` is kept and has no effect",
		holds: "from datetime import datetime\na, b = datetime(2024, 10, 27, 2), datetime(2024, 10, 27, 2, fold=1)\nassert b.fold == 1 and a == b"}},
	"fractions": {{claim: "no `from_decimal`", absent: []string{"from fractions import Fraction\nFraction.from_decimal"}}},
	"gc": {
		{claim: "counts nothing", holds: "import gc\nassert gc.collect() == 0"},
		{claim: "thresholds are not there", absent: []string{"import gc\ngc.get_threshold", "import gc\ngc.set_threshold"}},
	},
	"getpass": {{claim: "`getpass` is refused", absent: []string{"import getpass\ngetpass.getpass()"}}},
	"hashlib": {
		{claim: "no BLAKE2", absent: []string{"import hashlib\nhashlib.blake2b", "import hashlib\nhashlib.new('blake2s')"}},
		{claim: "no SHAKE", absent: []string{"import hashlib\nhashlib.shake_128"}},
	},
	"importlib": {
		{claim: "no byte code", holds: "import importlib.machinery as m\nassert m.BYTECODE_SUFFIXES == []"},
		{claim: "no extension modules", holds: "import importlib.machinery as m\nassert m.EXTENSION_SUFFIXES == []"},
	},
	"inspect": {
		{claim: "`currentframe` is None, `stack` empty: there are no frames", holds: "import inspect\nassert inspect.currentframe() is None and inspect.stack() == []"},
	},
	"logging": {
		{claim: "messages do not know their line: `%(lineno)d` is 0",
			holds: "import io, logging\ns = io.StringIO()\nlogging.basicConfig(stream=s, format='%(lineno)d')\nlogging.warning('x')\nassert s.getvalue() == '0\\n', s.getvalue()"},
		{claim: "no handlers that send over the network", absent: []string{"import logging.handlers\nlogging.handlers.SocketHandler", "import logging.handlers\nlogging.handlers.HTTPHandler"}},
	},
	"numbers": {{claim: "numpy's scalars are none of them",
		holds: "import numbers, numpy as np\nassert not isinstance(np.float32(1), numbers.Number)"}},
	"os": {{claim: "no processes", absent: []string{"import os\nos.system", "import os\nos.fork", "import os\nos.popen", "import os\nos.kill"}}},
	"platform": {{claim: "what tells of the machine is empty",
		holds: "import platform\nassert platform.node() == platform.release() == platform.version() == platform.processor() == ''"}},
	"pprint": {{claim: "long strings are not broken",
		holds: "import pprint\nassert pprint.pformat('ab ' * 60).count('\\n') == 0"}},
	"re":     {{claim: "a match that takes longer than a minute raises `TimeoutError`", holds: "import re\nassert re.search(r'(a+)+\\1b', 'aab')"}},
	"shutil": {{claim: "no archives", absent: []string{"import shutil\nshutil.make_archive", "import shutil\nshutil.unpack_archive"}}},
	"sys": {
		{claim: "no frames", absent: []string{"import sys\nsys._getframe", "import sys\nsys._current_frames"}},
		{claim: "no hooks", absent: []string{"import sys\nsys.excepthook", "import sys\nsys.settrace", "import sys\nsys.displayhook"}},
	},
	"threading": {
		{claim: "threads take turns: one runs until it waits, or for some milliseconds while others are ready",
			holds: "import threading\nl = []\nt = threading.Thread(target=l.append, args=(1,))\nt.start()\nassert l == []\nt.join()\nassert l == [1]"},
		{claim: "between two calls of the host none runs", holds: "import threading, time\nt = threading.Thread(target=time.sleep, args=(0,))\nt.start()\nfor i in range(10):\n    assert t.is_alive()"},
		{claim: "waiting for a lock while all others wait raises `RuntimeError`", absent: []string{"import threading\nthreading.Event().wait()", "import threading\nx = threading.Lock()\nx.acquire()\nx.acquire()"}},
	},
	"mmap": {{claim: "files are not mapped into memory", absent: []string{"import mmap\nmmap.mmap(-1, 1)"}}},
	"PIL": {
		{claim: "modes L, P, LA, RGB and RGBA alone", absent: []string{"from PIL import Image\nImage.new('CMYK', (1, 1))", "from PIL import Image\nImage.new('F', (1, 1))"}},
		{claim: "a JPEG's pixels may differ by some steps", holds: "import io\nfrom PIL import Image\nb = io.BytesIO()\nImage.new('RGB', (8, 8), (10, 200, 90)).save(b, 'JPEG', quality=95)\nassert all([abs(x - y) < 9 for x, y in zip(Image.open(b).getpixel((3, 3)), (10, 200, 90))])"},
		{claim: "no drawing", absent: []string{"from PIL import Image, ImageDraw\nImageDraw.Draw(Image.new('RGB', (2, 2)))", "from PIL import ImageFilter\nImageFilter.GaussianBlur(2)", "from PIL import ImageFont\nImageFont.load_default()"}},
	},
	"yaml": {
		{claim: "documents make no instances of classes", absent: []string{"import yaml\nyaml.unsafe_load('!!python/object:collections.Counter {}')"}},
		{claim: "no `scan`, no `parse`", absent: []string{"import yaml\nyaml.scan", "import yaml\nyaml.parse"}},
	},
	"jinja2": {
		{claim: "templates become functions and no code", absent: []string{"import jinja2\njinja2.Environment().compile('a')"}},
		{claim: "no trees", absent: []string{"import jinja2\njinja2.Environment().parse('a')", "import jinja2.nodes", "import jinja2.meta"}},
		{claim: "no line statements", absent: []string{"import jinja2\njinja2.Environment(line_statement_prefix='#')"}},
		{claim: "no async", absent: []string{"import jinja2\njinja2.Environment(enable_async=True)"}},
		{claim: "no extensions of one's own", absent: []string{"import jinja2, jinja2.ext\njinja2.Environment(extensions=[type('E', (jinja2.ext.Extension,), {})])"}},
	},
	"timeit": {{claim: "source text is refused", absent: []string{"import timeit\ntimeit.timeit('1')"}}},
	"types": {{claim: "annotations are not evaluated",
		holds: "def f(x: not_a_name, *, y: 1 / 0 = 2) -> nor.this: return y\nassert f(1) == 2"}},
	"unittest": {
		{claim: "`installHandler` has no effect: interrupts are exceptions", holds: "import unittest\nassert unittest.installHandler() is None and unittest.removeHandler(3) == 3"},
	},
	"uuid": {{claim: "no `uuid1`", absent: []string{"import uuid\nuuid.uuid1"}}},
	"weakref": {{claim: "references keep their objects alive",
		holds: "import gc, weakref\nclass C: pass\nc = C()\nr = weakref.ref(c)\ndel c\ngc.collect()\nassert r() is not None"}},
}

// numpyProbes are the claims of the table of numpy's differences, by the row.
var numpyProbes = map[string]probe{
	"dtypes": {claim: "no strings, objects, records, dates, longdouble", absent: []string{"import numpy as np\nnp.array(['a'])", "import numpy as np\nnp.array([object()])",
		"import numpy as np\nnp.dtype('U3')", "import numpy as np\nnp.dtype([('a', 'i4')])", "import numpy as np\nnp.datetime64", "import numpy as np\nnp.longdouble"}},
	"memory order": {claim: "row-major; `order='F'` orders `ravel` and `flatten`, and `reshape` refuses it",
		absent: []string{"import numpy as np\nnp.arange(6).reshape(3, 2, order='F')"},
		holds:  "import numpy as np\na = np.arange(6).reshape(2, 3)\nassert a.ravel(order='F').tolist() == [0, 3, 1, 4, 2, 5] == a.flatten('F').tolist()"},
	"floating-point warnings": {claim: "`errstate` and `seterr` are accepted and have no effect",
		holds: "import numpy as np\nnp.seterr(all='raise')\nwith np.errstate(divide='raise'):\n    assert (np.ones(1) / np.zeros(1)).tolist() == [float('inf')]"},
	"`float(a)`, `int(a)` of an array of one element": {claim: "its number", holds: "import numpy as np\nassert float(np.array([[2.5]])) == 2.5 and int(np.array([3])) == 3"},
	"scalars as keys of dicts and sets":               {claim: "become Python's numbers", holds: "import numpy as np\nassert type(list({np.int64(3): 1})[0]) is int and type(list({np.float64(0.5)})[0]) is float"},
	"sums":                                            {claim: "within rounding of NumPy's", holds: "import numpy as np\nassert abs(np.full(1000, 0.1).sum() - 100) < 1e-10"},
	"random numbers":                                  {claim: "distributions that are not listed raise", absent: []string{"import numpy as np\nnp.random.binomial", "import numpy as np\nnp.random.default_rng(1).dirichlet([1, 2])"}},
	"`partition`":                                     {claim: "sorts", holds: "import numpy as np\nassert np.partition(np.array([5, 4, 3, 2, 1]), 0).tolist() == [1, 2, 3, 4, 5]"},
	"`empty`":                                         {claim: "zeros", holds: "import numpy as np\nassert not np.empty((3, 4)).any()"},
}

// show runs a probe in a runtime that has no files.
func (p *probe) show(t *testing.T, rt *mlxstar.Runtime) {
	t.Helper()
	for _, src := range p.absent {
		err := rt.Exec(t.Context(), "absent.py", src)
		switch e, ok := err.(*mlxstar.Error); {
		case err == nil:
			t.Errorf("docs/modules.md says %q, but this runs:\n%s", p.claim, src)
		case !ok || slices.Contains([]string{"SyntaxError", "NameError", "AssertionError", "SystemError"}, e.Type):
			t.Errorf("the probe of %q fails of itself: %v\n%s", p.claim, err, src)
		}
	}
	if p.holds == "" {
		return
	}
	if err := rt.Exec(t.Context(), "holds.py", p.holds); err != nil {
		t.Errorf("docs/modules.md says %q, but: %v\n%s", p.claim, err, p.holds)
	}
}

// TestModulesDifferences holds docs/modules.md to what scripts see: each word about
// what differs has a probe, and each probe its words.
func TestModulesDifferences(t *testing.T) {
	page := suite.Read(t, "docs/modules.md")
	above, _, _ := strings.Cut(page, "\n## ")
	seen, rt := map[string]bool{intro: true}, suite.NewRuntime(t, mlxstar.Options{})
	for _, p := range moduleProbes[intro] {
		if !strings.Contains(above, p.claim) {
			t.Errorf("docs/modules.md does not say %q", p.claim)
		}
		p.show(t, rt)
	}
	for line := range strings.Lines(page) {
		cells := strings.Split(strings.TrimSpace(line), "|")
		switch {
		case len(cells) == 5 && strings.HasPrefix(cells[1], " `"):
			name := namesIn(cells[1])[0]
			seen[name] = true
			rest := strings.TrimSpace(cells[3])
			for _, p := range moduleProbes[name] {
				if !strings.Contains(line, p.claim) {
					t.Errorf("docs/modules.md does not say of %s: %q", name, p.claim)
				}
				rest = strings.Replace(rest, p.claim, "", 1)
				p.show(t, rt)
			}
			if rest = strings.Trim(rest, " ,;-"); rest != "" && rest != "see below" {
				t.Errorf("docs/modules.md says of %s what no probe shows: %q", name, rest)
			}
		case len(cells) == 4 && cells[1] != " what " && !strings.HasPrefix(cells[1], "--"):
			name := strings.TrimSpace(cells[1])
			seen[name] = true
			p, ok := numpyProbes[name]
			if !ok || !strings.Contains(cells[2], p.claim) {
				t.Errorf("docs/modules.md says of numpy's %s what no probe shows: %q", name, cells[2])
			}
			p.show(t, rt)
		}
	}
	for name := range moduleProbes {
		if !seen[name] {
			t.Errorf("docs/modules.md has no row of %s", name)
		}
	}
	for name := range numpyProbes {
		if !seen[name] {
			t.Errorf("docs/modules.md has no row of numpy's %s", name)
		}
	}
}
