"""Runs rows of the language for the benchmark: a line of JSON in, a line of JSON out."""
import json
import sys
import time


def main():
    print(json.dumps({"version": "CPython " + sys.version.split()[0]}), flush=True)
    env = {}
    for line in sys.stdin:
        ask = json.loads(line)
        try:
            if "source" in ask:
                env = {"__name__": "bench"}
                exec(compile(ask["source"], "row.py", "exec"), env)
            start = time.process_time_ns()
            if "count" in ask:
                env["run"](ask["count"])
            out = {"ns": time.process_time_ns() - start}
        except Exception as e:
            out = {"error": f"{type(e).__name__}: {e}"}
        print(json.dumps(out), flush=True)


main()
