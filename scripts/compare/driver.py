# Runs parts of scripts for the program beside it: a request a line on standard
# input, {"file", "source", "mlx", "timeout"}, an outcome a line on standard
# output. Each part runs in a fork, so that it can neither change nor end this.
import json
import os
import shutil
import signal
import sys
import tempfile
import time

answers = os.fdopen(os.dup(1), "w")
nothing = os.open(os.devnull, os.O_RDONLY)
try:
    import mlx.core
    import importlib.metadata
    version = importlib.metadata.version("mlx")
except ImportError:
    version = ""
print(json.dumps({"python": sys.version.split()[0], "mlx": version}), file=answers, flush=True)


def frames(tb):
    while tb:
        yield tb
        tb = tb.tb_next


def run(request, out, result):
    os.dup2(out, 1)
    os.dup2(nothing, 0)
    sys.stdin = open(0)
    sys.stdout = open(1, "w", closefd=False)
    # Last, as scripts may have the names of modules.
    sys.path[:] = [d for d in sys.path if d] + [os.path.dirname(request["file"])]
    sys.argv = [request["file"]]
    space = {"__name__": "__main__", "__file__": request["file"], "__builtins__": __builtins__, "__doc__": None}
    outcome = {"Exit": 0}
    try:
        if request["mlx"]:
            exec(request["prelude"], space)
        exec(compile(request["source"], request["file"], "exec"), space)
    except SystemExit as e:
        outcome["Exit"] = e.code if isinstance(e.code, int) else 0 if e.code is None else 1
    except BaseException as e:
        lines = [tb.tb_lineno for tb in frames(e.__traceback__) if tb.tb_frame.f_code.co_filename == request["file"]]
        where = f" (line {lines[-1]})" if lines else ""
        outcome = {"Exit": 1, "Exception": type(e).__name__, "Message": str(e) + where}
    sys.stdout.flush()
    os.write(result, json.dumps(outcome).encode())


for line in sys.stdin:
    request = json.loads(line)
    where = tempfile.mkdtemp()
    out = os.open(where + ".out", os.O_RDWR | os.O_CREAT)
    result = os.open(where + ".json", os.O_RDWR | os.O_CREAT)
    child = os.fork()
    if child == 0:
        try:
            os.chdir(where)
            run(request, out, result)
        finally:
            os._exit(0)
    end, status = time.monotonic() + request["timeout"], None
    while status is None:
        pid, ended = os.waitpid(child, os.WNOHANG)
        if pid:
            status = ended
        elif time.monotonic() > end:
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
            break
        else:
            time.sleep(0.002)
    with open(where + ".json") as f:
        text = f.read()
    if status is None:
        outcome = {"Broken": f"no end within {request['timeout']}s"}
    elif text:
        outcome = json.loads(text)
    else:
        outcome = {"Broken": f"a crash, signal {os.WTERMSIG(status)}"}
    with open(where + ".out", errors="replace") as f:
        outcome["Stdout"] = f.read()
    for fd in (out, result):
        os.close(fd)
    os.unlink(where + ".out")
    os.unlink(where + ".json")
    shutil.rmtree(where, ignore_errors=True)
    print(json.dumps(outcome), file=answers, flush=True)
